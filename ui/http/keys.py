"""The two tokens, and what a request that shows one may do."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from typing import Literal, Self

from starlette.datastructures import Headers

from rag.settings import Settings

Grant = Literal["none", "read", "change"]

COOKIE = "yuanwen"


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """Empty where none is set: then whoever gets this far may do everything."""

    read: str = ""
    change: str = ""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        read, change = settings.token, settings.write_token
        return cls(
            read.get_secret_value() if read else "", change.get_secret_value() if change else ""
        )

    def __bool__(self) -> bool:
        return bool(self.read or self.change)

    def grant(self, headers: Headers) -> Grant:
        """Every comparison is made, each in constant time: how long it takes says nothing."""
        token, cookie = bearer(headers), session(headers)
        change = _same(token, self.change) | _same(cookie, session_of(self.change))
        read = _same(token, self.read) | _same(cookie, session_of(self.read))
        if change:
            return "change"
        return "read" if read or not self.read else "none"

    def admits(self, token: str) -> bool:
        return _same(token, self.read) | _same(token, self.change)


def session_of(token: str) -> str:
    """What the cookie holds: made from the token, so that a new token ends every session, and
    that a cookie does not give the token away."""
    return hmac.digest(token.encode(), b"yuanwen session", sha256).hex() if token else ""


def bearer(headers: Headers) -> str:
    """The token in the one Authorization header; empty where there is none, or several."""
    sent = headers.getlist("authorization")
    scheme, _, token = sent[0].partition(" ") if len(sent) == 1 else ("", "", "")
    return token.strip() if scheme.lower() == "bearer" else ""


def session(headers: Headers) -> str:
    try:
        cookies = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return ""
    return cookies[COOKIE].value if COOKIE in cookies else ""


def _same(shown: str, expected: str) -> bool:
    return hmac.compare_digest(shown.encode(), expected.encode()) & bool(expected)
