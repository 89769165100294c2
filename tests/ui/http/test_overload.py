"""A full queue, and clients that go away, as the app answers them."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Event

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from rag.answer import Answer
from rag.pipeline import Question, to_nobody
from rag.settings import Settings
from rag.stated import Say
from tests.ui.conftest import eventually
from tests.ui.fakes import FakePipeline
from ui.api import create_app
from ui.http import service
from ui.http.faults import RETRY_SECONDS
from ui.server import Server


class HeldPipeline(FakePipeline):
    """Answers once it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = Event()

    def ask(self, question: Question, say: Say = to_nobody) -> Answer:
        if question.text.startswith("held"):
            self.asked.append(question)
            self.let_go.wait()
        return super().ask(question, say)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[HeldPipeline, TestClient]]:
    """One worker and one place to wait."""
    monkeypatch.setattr(service, "THREADS", 1)
    monkeypatch.setattr(service, "WAITING", 1)
    pipeline = HeldPipeline()
    app = create_app(pipeline.typed, Settings())
    with TestClient(app, "http://localhost", raise_server_exceptions=False) as client:
        eventually(lambda: "yuanwen_pending 0.0" in client.get("/metrics").text)
        yield pipeline, client
        pipeline.let_go.set()


def test_who_is_too_many_is_told_at_once_and_soon_answered(
    held: tuple[HeldPipeline, TestClient],
) -> None:
    pipeline, client = held
    with ThreadPoolExecutor() as pool:
        asked = [pool.submit(client.post, "/ask", json={"question": f"held {n}"}) for n in "ab"]
        eventually(lambda: "yuanwen_pending 2.0" in client.get("/metrics").text)
        for path in ("/ask", "/search", "/v1/chat/completions"):
            messages = [{"role": "user", "content": "q"}]
            body = (
                {"model": "extractive", "messages": messages} if "v1" in path else {"question": "q"}
            )
            refused = client.post(path, json=body)
            assert refused.status_code == 503
            assert refused.json()["error"]["code"] == "overloaded"
            assert refused.headers["retry-after"] == "1"
        assert client.get("/health").status_code == 200  # it is alive
        pipeline.let_go.set()
        assert [each.result().status_code for each in asked] == [200, 200]
    assert client.post("/ask", json={"question": "q"}).status_code == 200


@pytest.mark.parametrize("stream", [True, False])
def test_who_hangs_up_leaves_the_server_as_it_was(served: tuple[str, int], stream: bool) -> None:
    url = f"http://{served[0]}:{served[1]}"
    body = json.dumps({"question": "大善县的人口是多少？", "stream": stream}).encode()
    head = (
        "POST /ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    for sent in (head.encode() + body, head.encode() + body[:9]):
        for _ in range(20):
            with closing(socket.create_connection(served)) as connection:
                connection.sendall(sent)
    eventually(lambda: "yuanwen_pending 0.0" in httpx.get(f"{url}/metrics").text)
    answer = httpx.post(f"{url}/ask", json={"question": "小河镇的规划面积？"}, timeout=60)
    assert answer.status_code == 200


def test_clients_let_go_of_a_connection_before_the_server_does(app: FastAPI) -> None:
    """Else a request that is sent just then is lost, without an answer."""
    kept = httpx.Limits().keepalive_expiry or 0
    assert Server(app).config.timeout_keep_alive > max(kept, RETRY_SECONDS)
