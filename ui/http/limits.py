"""How often a client may ask, and how much it may send in how long."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from math import ceil
from time import monotonic

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.http.faults import fault

MIB = 1024 * 1024
# The largest question with the longest history has 2.6 MiB where JSON escapes all of it.
BODY_BYTES, BODY_SECONDS = 4 * MIB, 20.0
# By path, where that is not enough: (bytes, seconds).
LARGER = {
    "/verify": (16 * MIB, 60.0),
    "/documents": (128 * MIB, 300.0),
    "/gradio_api/upload": (128 * MIB, 300.0),
}
_CLIENTS = 10_000


class RateLimit:
    """Each client has an allowance of a minute's requests, which fills up again steadily.

    For use in one thread. IPv6 clients count by /64, which is what one of them usually has.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = monotonic) -> None:
        self.per_minute = per_minute
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def spend(self, client: str, requests: int = 1) -> int:
        """0, or in how many seconds it may try again: then nothing is spent."""
        key, now, rate = _network(client), self._clock(), self.per_minute / 60
        left, since = self._left.pop(key, (float(self.per_minute), now))
        left = min(self.per_minute, left + (now - since) * rate)
        wait = 0 if left >= 1 else ceil((1 - left) / rate)
        self._left[key] = (left if wait else max(left - requests, 0.0), now)
        if len(self._left) > _CLIENTS:
            self._left.popitem(last=False)  # who has been away longest
        return wait


def _network(client: str) -> str:
    try:
        address = ip_address(client)
    except ValueError:
        return client
    if isinstance(address, IPv6Address) and not address.ipv4_mapped:
        return str(int(address) >> 64)
    return client


class BodyLimit:
    """ASGI middleware: a body that is too large is refused as soon as that is known, whether it
    states its length or comes in chunks without one, and one that trickles in when time is up."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most, seconds = LARGER.get(scope["path"], (BODY_BYTES, BODY_SECONDS))
        stated = Headers(scope=scope).get("content-length", "")
        if stated.isdecimal() and int(stated) > most:
            refusal = fault(413, _too_large(most), headers=_HANG_UP)
            await refusal(scope, receive, send)
            return
        await self._app(scope, _limited(receive, most, seconds), send)


# The rest of a body that nobody reads would be taken for the next request.
_HANG_UP = {"Connection": "close"}


def _limited(receive: Receive, most: int, seconds: float) -> Receive:
    """Raises FastAPI's HTTPException, which passes through where a route reads the body."""
    deadline = asyncio.get_running_loop().time() + seconds
    read, complete = 0, False

    async def receive_some() -> Message:
        nonlocal read, complete
        if complete:
            return await receive()  # waits for the client to go away, which may take its time
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError as error:
            slow = f"The body did not come within {seconds:.0f} seconds"
            raise HTTPException(408, slow, headers=_HANG_UP) from error
        read += len(message.get("body", b""))
        complete = not message.get("more_body", False)
        if read > most:
            raise HTTPException(413, _too_large(most), headers=_HANG_UP)
        return message

    return receive_some


def _too_large(most: int) -> str:
    return f"The body has more than {most:,} bytes, which is the limit here"
