"""`yuanwen serve`: the API and the chat on one address."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from contextlib import closing

import h11
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from index.errors import YuanwenError
from rag.pipeline import open_pipeline
from rag.settings import Settings
from ui.api import create_app
from ui.http.logs import log_to_stderr
from ui.progress import LOADING, waiting

# For what is being answered when the server is told to stop.
GRACE_SECONDS = 30
HEADER_SECONDS = 10
# Between requests. Whoever hangs up first may do so just as the other begins to send, and a server
# under load is late to see that: a client then has no answer and cannot tell why. So clients go
# first: httpx after 5 seconds, which is uvicorn's time too, nginx before another server after 60.
KEEP_ALIVE_SECONDS = 75


def serve(settings: Settings) -> None:
    """Serve until interrupted, or told to stop by SIGTERM, which ends it with status 0.

    The port is taken first, so that a wrong one fails at once. That others cannot reach it without
    a token is for `ui.http.exposure` to check, before.
    """
    log_to_stderr()
    with listen(settings.host, settings.port) as listener:
        with waiting(LOADING):
            pipeline = open_pipeline(settings)
            app = create_app(pipeline, settings)
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        url = f"http://{host}:{listener.getsockname()[1]}"
        sys.stdout.write(f"Yuanwen 原文: {url} (Ctrl-C stops it)\n")
        sys.stdout.flush()
        # uvicorn raises the signal anew when it has stopped, for whoever handled it before.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        with closing(pipeline.store):
            Server(app).run(sockets=[listener])


class Server(uvicorn.Server):
    """Hangs up on open pages when it stops: each keeps a connection, which would hold it up."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=_Protocol,
                log_config=None,  # the log is one, and has been set up
                access_log=False,
                server_header=False,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._chat = app.state.chat

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._chat.stop_event.set()
        await super().shutdown(sockets)


class _Protocol(H11Protocol):
    """Hangs up where the headers of a request do not come; uvicorn waits for them forever."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def handle_events(self) -> None:
        super().handle_events()
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        """From the first byte on, or the connection; between requests uvicorn keeps the time."""
        if self.conn.their_state is not h11.IDLE or self.timeout_keep_alive_task:
            self._stop_waiting()
        elif not self._waiting:
            self._waiting = self.loop.call_later(HEADER_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._waiting:
            self._waiting.cancel()
            self._waiting = None


def listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = str(error.strerror).partition(" (while attempting")[0]
        raise YuanwenError(
            f"Cannot listen on {host}:{port}: {reason}.",
            "Stop what uses it, or choose another with --port (0 takes a free one).",
        ) from error
