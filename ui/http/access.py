"""Who may come in: with a token, or, where none is set, from this machine alone.

No page of another site may send anything, whoever looks at it. Without tokens the server answers
to this machine's own names only: a page whose name was made to point here (DNS rebinding) calls it
by another one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.settings import Settings
from ui.http.exposure import is_loopback
from ui.http.faults import fault
from ui.http.keys import Grant, Keys, bearer, session
from ui.http.limits import RateLimit
from ui.http.login import LOGIN_PATH, login_page

# Open to all: whether the server is up, and the door itself.
OPEN = {"/ready", LOGIN_PATH}
READING_METHODS = {"GET", "HEAD", "OPTIONS"}
# Everything else that is sent counts as a change, so that a new route is closed until listed here.
READING_POSTS = {
    "/ask",
    "/search",
    "/verify",
    "/v1/chat/completions",
    LOGIN_PATH,
    # What the chat's page needs of Gradio's routes: not those that store files.
    "/gradio_api/queue/join",
    "/gradio_api/component_server/",
    "/gradio_api/cancel",
    "/gradio_api/reset",
}
# As many requests as a try at the token counts for: few tries fit into a minute.
TRY_TOKEN = 60

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?")


class Access:
    """ASGI middleware before everything that answers, Gradio's routes and websockets too."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._keys = Keys.of(settings)
        self._limit = RateLimit(settings.rate_limit)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer: ASGIApp = self._app
        if scope["type"] != "lifespan":
            answer = self._refusal(scope, Headers(scope=scope)) or self._app
        await answer(scope, receive, send)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        host = headers.getlist("host")
        if len(host) != 1 or not _HOST.fullmatch(host[0]):
            return fault(400, "The request must have one Host header, with a name or an address.")
        if foreign(scope, headers, host[0]):
            return fault(403, "This request comes from the page of another site.")
        if not self._keys:
            return None if is_loopback(_name(host[0])) else _wrong_host(host[0])
        return self._limited(scope) or self._unentitled(scope, headers)

    def _limited(self, scope: Scope) -> Response | None:
        trying = scope["path"] == LOGIN_PATH and scope.get("method") == "POST"
        wait = self._limit.spend(_client(scope), TRY_TOKEN if trying else 1)
        if not wait:
            return None
        return fault(
            429,
            f"More than {self._limit.per_minute} requests a minute.",
            f"Wait {wait} seconds.",
            {"Retry-After": str(wait)},
        )

    def _unentitled(self, scope: Scope, headers: Headers) -> Response | None:
        if scope["path"] in OPEN:
            return None
        grant = self._keys.grant(headers)
        if grant == "none" and (bearer(headers) or session(headers)):
            self._limit.spend(_client(scope), TRY_TOKEN)
        wanted: Grant = "change" if changes(scope) else "read"
        if grant in (wanted, "change"):
            return None
        if grant == "read":
            return fault(
                403,
                "This token lets you read; to change documents takes the other one.",
                "Send the token that YUANWEN_WRITE_TOKEN has; without that, nobody may.",
            )
        if wants_page(scope, headers):
            return login_page(401)
        return fault(
            401,
            "There is no valid token.",
            "Send the header: Authorization: Bearer TOKEN",
            {"WWW-Authenticate": "Bearer"},
        )


def changes(scope: Scope) -> bool:
    """Would this request change something? A websocket has no method, and reads."""
    method = scope.get("method", "GET")
    return method not in READING_METHODS and (
        method != "POST" or scope["path"] not in READING_POSTS
    )


def foreign(scope: Scope, headers: Mapping[str, str], host: str) -> bool:
    """Was it sent by a page of another site? That a link there leads here is no harm.

    Browsers say so with Origin and Sec-Fetch-Site, which no page can set; other clients send
    neither. Another port of this machine is another site as well.
    """
    origin = headers.get("origin")
    if origin is not None:
        return not _same_site(origin, host)
    followed = (
        scope.get("method") == "GET"
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
    )
    return headers.get("sec-fetch-site") in {"cross-site", "same-site"} and not followed


def _same_site(origin: str, host: str) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and parts.netloc.lower() == host.lower()


def _name(host: str) -> str:
    """Of "name:port"; the port may be another one where it is forwarded."""
    found = _HOST.fullmatch(host)
    return found[1] if found else ""


def _wrong_host(host: str) -> Response:
    return fault(
        421,
        f"This server is not called {host!r}.",
        "Without tokens it answers to localhost, 127.0.0.1 and [::1] only; behind a proxy, set "
        "YUANWEN_TOKEN.",
    )


def wants_page(scope: Scope, headers: Mapping[str, str]) -> bool:
    return scope.get("method") == "GET" and "text/html" in headers.get("accept", "")


def _client(scope: Scope) -> str:
    return str((scope.get("client") or ("unknown",))[0])
