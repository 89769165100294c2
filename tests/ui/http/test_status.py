"""What the server says of itself: ready, counted, logged, and none of it what was asked."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from fastapi.testclient import TestClient

from index.errors import EncoderError
from rag.settings import Settings
from tests.ui.conftest import eventually
from tests.ui.fakes import FakePipeline
from ui.api import create_app
from ui.http.logs import JsonLines

SECRET = "面积的秘密问题"  # noqa: S105 - a question


@pytest.fixture
def log() -> Iterator[StringIO]:
    lines, logger = StringIO(), logging.getLogger("ui")
    handler, level = logging.StreamHandler(lines), logger.level
    handler.setFormatter(JsonLines())
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield lines
    logger.removeHandler(handler)
    logger.setLevel(level)


def lines(log: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def client_of(pipeline: FakePipeline, **settings: Any) -> TestClient:
    app = create_app(pipeline.typed, Settings(**settings))
    return TestClient(app, "http://localhost", raise_server_exceptions=False)


def test_ready_only_when_it_is_warm(pipeline: FakePipeline) -> None:
    with client_of(pipeline) as client:
        eventually(lambda: client.get("/ready").status_code == 200)
        assert pipeline.warmed.is_set()
        assert client.get("/ready").json() == {"status": "ready"}


def test_not_ready_says_why(pipeline: FakePipeline, log: StringIO) -> None:
    pipeline.cold = EncoderError("The weights are damaged.", "Install them again.")
    with client_of(pipeline) as client:
        eventually(lambda: "damaged" in client.get("/ready").text)
        response = client.get("/ready")
        assert response.status_code == 503
        assert response.headers["retry-after"] == "1"
        assert response.json()["error"]["code"] == "not_ready"
        assert client.get("/health").status_code == 200
    assert any("Install them again" in line["message"] for line in lines(log))


def test_a_bug_while_getting_ready_is_said_too(pipeline: FakePipeline, log: StringIO) -> None:
    pipeline.cold = TypeError("an unexpected keyword")
    with client_of(pipeline) as client:
        eventually(lambda: "TypeError" in client.get("/ready").text)
        assert client.get("/ready").status_code == 503


def test_metrics_count_and_name_nothing(local: TestClient) -> None:
    local.post("/ask", json={"question": SECRET})
    local.get(f"/documents/{SECRET}")
    local.request("BREW", "/health")
    response = local.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain")
    for line in (
        'yuanwen_requests_total{method="POST",route="/ask",status="200"}',
        'yuanwen_request_seconds_bucket{le="+Inf",route="/ask"}',
        'route="/documents/{document_id}",status="404"',
        'method="other"',
        'yuanwen_answers_total{outcome="answered"}',
        "yuanwen_dropped_citations_total 0.0",
        "yuanwen_pending",
        "yuanwen_documents 1.0",
        "process_resident_memory_bytes",
    ):
        assert line in response.text
    assert SECRET not in response.text


def test_a_request_is_logged_with_its_id_and_without_its_question(
    local: TestClient, log: StringIO
) -> None:
    response = local.post("/ask?x=y", json={"question": SECRET}, headers={"X-Request-ID": "abc-1"})
    assert response.headers["x-request-id"] == "abc-1"
    answered, requested = lines(log)
    assert (answered["outcome"], answered["citations"]) == ("answered", 1)
    assert (requested["method"], requested["path"], requested["status"]) == ("POST", "/ask", 200)
    assert answered["request_id"] == requested["request_id"] == "abc-1"
    assert SECRET not in log.getvalue()


def test_questions_are_logged_where_one_wants_them(pipeline: FakePipeline, log: StringIO) -> None:
    with client_of(pipeline, log_questions=True) as client:
        client.post("/ask", json={"question": SECRET})
    assert lines(log)[0]["question"] == SECRET


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, 'a"}', "a\tb"])
def test_an_id_that_is_none_is_replaced(local: TestClient, given: str) -> None:
    replaced = local.get("/ready", headers={"X-Request-ID": given}).headers["x-request-id"]
    assert replaced != given
    assert replaced.isalnum()


def test_a_path_cannot_add_a_line(local: TestClient, log: StringIO) -> None:
    local.get('/documents/x%0a{"level":"info","message":"forged"}')
    assert [line["message"] for line in lines(log)] == ["request"]


def test_a_bug_has_an_id_headers_and_its_place_in_the_metrics(pipeline: FakePipeline) -> None:
    with client_of(pipeline) as client:
        pipeline.error = RuntimeError("secret")
        response = client.post("/ask", json={"question": "q"})
        assert response.status_code == 500
        assert response.headers["x-request-id"]
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "secret" not in response.text
        assert 'route="/ask",status="500"' in client.get("/metrics").text
