"""`yuanwen serve`: the API and the chat on one address."""

from __future__ import annotations

import socket
import sys
from contextlib import closing

import uvicorn
from fastapi import FastAPI

from index.errors import YuanwenError
from rag.pipeline import open_pipeline
from rag.settings import Settings
from ui.api import create_app
from ui.progress import LOADING, waiting

GRACE_SECONDS = 3


def serve(settings: Settings) -> None:
    """Serve until interrupted. The port is taken first, so that a wrong one fails at once."""
    with _listen(settings.host, settings.port) as listener:
        with waiting(LOADING):
            pipeline = open_pipeline(settings)
            app = create_app(pipeline, settings)
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        url = f"http://{host}:{listener.getsockname()[1]}"
        sys.stdout.write(f"Yuanwen 原文: {url} (Ctrl-C stops it)\n")
        sys.stdout.flush()
        with closing(pipeline.store):
            _Server(app).run(sockets=[listener])


class _Server(uvicorn.Server):
    """Hangs up on open pages when it stops: each keeps a connection, which would hold it up."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(
            uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=GRACE_SECONDS)
        )
        self._chat = app.state.chat

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._chat.stop_event.set()
        await super().shutdown(sockets)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = str(error.strerror).partition(" (while attempting")[0]
        raise YuanwenError(
            f"Cannot listen on {host}:{port}: {reason}.",
            "Stop what uses it, or choose another with --port (0 takes a free one).",
        ) from error
