"""A small HTTP server that answers as a language model might, and as it should not."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class FakeModel:
    """`says` is streamed; `fails` names what goes wrong. `asked` has every body that came."""

    url: str = ""
    says: str = ""
    fails: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@contextmanager
def fake_model() -> Iterator[FakeModel]:
    model = FakeModel()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            model.asked.append({"path": self.path, **json.loads(body)})
            model.keys.append(self.headers.get("authorization", ""))
            if model.fails == "hangs":
                time.sleep(2)
                return
            self.send_response(500 if model.fails == "errs" else 200)
            self.end_headers()
            self._stream()

        def _stream(self) -> None:
            pieces = [model.says[i : i + 5] for i in range(0, len(model.says), 5)]
            for piece in pieces:
                self._send({"choices": [{"delta": {"content": piece}}]})
            if model.fails == "drips":
                for _ in range(40):
                    self._send({"choices": [{"delta": {"content": " "}}]})
                    time.sleep(0.05)
            if model.fails == "garbles":
                self.wfile.write(b"data: <html>\n\n")
            if model.fails == "lacks":
                self.wfile.write(b'data: {"choices": [{"text": "x"}]}\n\n')
            if model.fails != "breaks":
                self.wfile.write(b"data: [DONE]\n\n")

        def _send(self, body: dict[str, Any]) -> None:
            self.wfile.write(f"data: {json.dumps(body)}\n\n".encode())
            self.wfile.flush()

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def handle(self) -> None:
            with suppress(BrokenPipeError, ConnectionResetError):  # who asked has given up
                super().handle()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    model.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield model
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
