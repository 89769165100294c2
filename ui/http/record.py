"""Every request gets an id, a line in the log and its place in the metrics."""

from __future__ import annotations

import logging
import re
from secrets import token_hex
from time import perf_counter

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.http.faults import METHODS, bug
from ui.http.logs import request_id
from ui.http.metrics import Metrics

_log = logging.getLogger(__name__)
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
HEADER = "X-Request-ID"


class Record:
    """ASGI middleware, the first that a request passes. It also answers where everything else
    failed, so that this answer has the headers of all others."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        request_id.set(given if _ID.fullmatch(given) else token_hex(8))
        started, status = perf_counter(), 0

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id.get()
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        except Exception as error:
            if not status:
                await bug(Request(scope), error)(scope, receive, send_noted)
            raise  # the server logs it
        finally:
            self._note(scope, status, perf_counter() - started)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        # The route's pattern, not what was asked for, and no method but HTTP's: both are labels,
        # of which there must be few.
        route = getattr(scope.get("route"), "path", "other")
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._metrics.responded(method, route, status, seconds)
        fields = {
            "method": method,
            "path": scope["path"],
            "status": status,
            "ms": round(seconds * 1000, 1),
        }
        _log.info("request", extra={"fields": fields})
