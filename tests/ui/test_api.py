"""The HTTP door over a fake pipeline: bodies, limits, and one shape for every error."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from index.errors import BusyError, StaleIndexError, YuanwenError
from index.records import Filters
from rag.answer import ask_body
from rag.pipeline import Turn
from rag.settings import Settings
from tests.ui import fakes
from tests.ui.fakes import FakePipeline
from ui.api import create_app
from ui.http.faults import STATUSES


@pytest.fixture
def client(pipeline: FakePipeline) -> Iterator[TestClient]:
    app = create_app(pipeline.typed, Settings())
    with TestClient(app, "http://localhost", raise_server_exceptions=False) as client:
        yield client


def assert_error(response: Any, status: int, code: str) -> str:
    assert response.status_code == status
    error = response.json()["error"]
    assert set(error) == {"code", "message", "hint"}
    assert error["code"] == code
    assert error["message"]
    return str(error["message"])


def test_ask(client: TestClient) -> None:
    body = client.post("/ask", json={"question": "面积多少？"}).json()
    assert body == ask_body(fakes.answered("面积多少？"))


def test_every_field_reaches_the_pipeline(client: TestClient, pipeline: FakePipeline) -> None:
    request = {
        "question": "面积？",
        "top_k": 7,
        "history": [{"question": "a", "answer": "b"}],
        "filters": {
            "documents": ["x"],
            "source_prefix": "zones/",
            "date_from": "2014",
            "date_to": "2015",
            "language": "zh",
        },
        "generator": "extractive",
    }
    assert client.post("/ask", json=request).status_code == 200
    asked = pipeline.asked[-1]
    assert (asked.top_k, asked.generator) == (7, "extractive")
    assert asked.history == (Turn("a", "b"),)
    assert asked.filters == Filters(("x",), "zones/", "2014", "2015", "zh")


def test_a_refusal_is_an_answer(client: TestClient) -> None:
    response = client.post("/ask", json={"question": "谁是市长？"})
    assert response.status_code == 200
    assert response.json()["reason"] == "low_confidence"


def test_small_talk_has_a_reason_and_no_source(client: TestClient) -> None:
    body = client.post("/ask", json={"question": "你好"}).json()
    assert (body["abstained"], body["reason"]) == (True, "small_talk")
    assert body["citations"] == body["related"] == body["hits"] == []


def test_what_the_system_says_itself_is_a_segment_without_citations(client: TestClient) -> None:
    body = client.post("/ask", json={"question": "How large is it?"}).json()
    assert [segment["citations"] for segment in body["segments"]] == [[1], []]
    assert body["answer"] == f"{fakes.QUOTE}[1]{fakes.NOTE}"
    assert body["short_answer"] == fakes.SHORT


def test_stream(client: TestClient) -> None:
    response = client.post("/ask", json={"question": "面积？", "stream": True})
    assert response.headers["content-type"].startswith("text/event-stream")
    events = response.text.split("\n\n")
    assert events[0].startswith("event: token\ndata: ")
    assert json.loads(events[0].split("data: ")[1]) == {"text": f"{fakes.QUOTE}[1]"}
    assert events[1].startswith("event: answer\ndata: ")
    assert json.loads(events[1].split("data: ")[1]) == ask_body(fakes.answered("面积？"))
    assert events[2:] == ["data: [DONE]", ""]


@pytest.mark.parametrize("path", ["/ask", "/search"])
@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"date_from": "2022-13"}, "'2022-13', which is no date"),
        ({"date_to": "May"}, "'May', which is no date"),
        ({"date_from": "2023", "date_to": "2022"}, "2023, is after the latest, 2022"),
    ],
)
def test_filters_that_make_no_sense(
    client: TestClient, path: str, filters: dict[str, str], message: str
) -> None:
    response = client.post(path, json={"question": "q", "filters": filters})
    assert message in assert_error(response, 400, "bad_request")


def test_warnings_are_in_both_bodies(client: TestClient, pipeline: FakePipeline) -> None:
    assert client.post("/search", json={"question": "q"}).json()["warnings"] == []
    pipeline.warnings = ("Not quite.",)
    for path in ("/ask", "/search"):
        assert client.post(path, json={"question": "q"}).json()["warnings"] == ["Not quite."]


def test_search(client: TestClient) -> None:
    body = client.post("/search", json={"question": "面积？", "top_k": 3}).json()
    assert body["question"] == "面积？"
    assert [(hit["lexical"], hit["dense"]) for hit in body["hits"]] == [(0.5, 0.8)]


def test_verify(client: TestClient) -> None:
    answer, refusal = ask_body(fakes.answered()), ask_body(fakes.refused())
    place = {"start": fakes.START, "end": fakes.START + len(fakes.QUOTE)}
    known = {"n": 1, "document_id": fakes.DOCUMENT.id, "reason": None}
    ok = {"answer": 0, "part": "citations", **known, "status": "ok", **place}
    counts = {"ok": 1, "moved": 0, "stale": 0}
    assert client.post("/verify", json=answer).json() == {"citations": [ok], **counts}
    moved = {**answer["citations"][0], "start": 0, "end": len(fakes.QUOTE), "highlights": []}
    gone = {**moved, "quote": "驿城区"}
    several = [answer, refusal, {**answer, "short_answers": [], "citations": [moved, gone]}]
    response = client.post("/verify", json={"answers": several})
    assert response.status_code == 200
    assert response.json() == {
        "citations": [
            ok,
            {**ok, "answer": 1, "part": "related"},
            {**ok, "answer": 2, "status": "moved"},
            {
                **ok,
                "answer": 2,
                "status": "stale",
                "reason": "quote_gone",
                "start": None,
                "end": None,
            },
        ],
        "ok": 2,
        "moved": 1,
        "stale": 1,
    }
    empty = client.post("/verify", json={"answers": []}).json()
    assert empty == {"citations": [], "ok": 0, "moved": 0, "stale": 0}


def test_what_ask_returns_verify_takes(client: TestClient) -> None:
    for question in ("面积？", "谁是市长？"):
        body = client.post("/ask", json={"question": question}).content
        headers = {"content-type": "application/json"}
        assert client.post("/verify", content=body, headers=headers).json()["ok"] == 1


ANSWER = ask_body(fakes.answered())
CITATION = ANSWER["citations"][0]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "'citations': Field required."),
        ({**ANSWER, "citations": [{**CITATION, "end": "9"}]}, "'citations.0.end': Input should be"),
        ({**ANSWER, "citations": [{**CITATION, "start": -1}]}, "'citations.0.start': Input should"),
        ({**ANSWER, "citations": [{**CITATION, "quote": "长" * 100_001}]}, "'citations.0.quote': "),
        ({**ANSWER, "citations": [CITATION] * 1_001}, "'citations': List should have at most 1000"),
        ({**ANSWER, "related": [CITATION] * 1_001}, "'related': List should have at most 1000"),
        ({**ANSWER, "citations": []}, "The body: A short answer is said to stand in citation 1"),
        ({"answers": [ANSWER, {}]}, "'answers.1.citations': Field required."),
        ({"answers": [ANSWER] * 101}, "'answers': List should have at most 100"),
        ({"answers": ANSWER}, "'answers': Input should be a valid list."),
        ({"answers": [], "more": 1}, "'more': Extra inputs are not permitted."),
        ([ANSWER], "The body: Input should be a valid dictionary"),
        ("answer", "The body: Input should be a valid dictionary"),
    ],
)
def test_what_cannot_be_verified(client: TestClient, body: Any, message: str) -> None:
    response = client.post("/verify", json=body)
    assert message in assert_error(response, 422, "invalid_request")


def test_both_forms_of_verify_are_described(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    operation = described["paths"]["/verify"]["post"]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    names = {form["$ref"].rpartition("/")[2] for form in schema["oneOf"]}
    assert names == {"SavedBody", "SavedBodies"}
    assert names <= described["components"]["schemas"].keys()
    assert "`moved`" in operation["description"]


def test_health(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "ok", "documents": 1}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"question": 1},
        {"question": "长" * 2001},
        {"question": "q", "top_k": 0},
        {"question": "q", "top_k": True},
        {"question": "q", "unknown": 1},
        {"question": "q", "filters": {"unknown": 1}},
        {"question": "q", "history": [{"question": "q", "answer": "a"}] * 21},
        {"question": "q", "history": [{"question": "q"}]},
        {"question": "\ud800"},
        {"question": "q", "\ud800": 1},
        [],
        "not an object",
    ],
)
def test_malformed_fields(client: TestClient, body: Any) -> None:
    response = client.post(
        "/ask", content=json.dumps(body), headers={"content-type": "application/json"}
    )
    assert_error(response, 422, "invalid_request")


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [(b"{", 422, "invalid_request"), (b"{\xff", 400, "bad_request")],
)
def test_not_json(client: TestClient, content: bytes, status: int, code: str) -> None:
    headers = {"content-type": "application/json"}
    assert_error(client.post("/ask", content=content, headers=headers), status, code)


def test_an_empty_question(client: TestClient) -> None:
    assert_error(client.post("/ask", json={"question": " \n"}), 400, "bad_request")


def test_unknown_paths_and_methods(client: TestClient) -> None:
    assert_error(client.get("/ask/more"), 404, "not_found")
    assert_error(client.get("/nowhere"), 404, "not_found")
    assert_error(client.post("/docs"), 404, "not_found")
    assert_error(client.get("/ask"), 405, "method_not_allowed")
    assert_error(client.delete("/health"), 405, "method_not_allowed")
    assert client.get("/ask").headers["allow"] == "POST"


def test_every_error_class_has_a_status() -> None:
    assert set(STATUSES) == set(fakes.error_classes())


@pytest.mark.parametrize("error", [BusyError, StaleIndexError, YuanwenError])
def test_errors_of_the_pipeline(
    client: TestClient, pipeline: FakePipeline, error: type[YuanwenError]
) -> None:
    pipeline.error = error("What was found.", "What to do.")
    response = client.post("/ask", json={"question": "q"})
    assert assert_error(response, STATUSES[error], error.code) == "What was found."
    assert response.json()["error"]["hint"] == "What to do."


def test_a_bug_says_nothing_of_itself(client: TestClient, pipeline: FakePipeline) -> None:
    pipeline.error = RuntimeError("secret")
    message = assert_error(client.post("/ask", json={"question": "q"}), 500, "internal")
    assert "secret" not in message


def test_the_chat_is_at_the_root_and_nothing_comes_from_a_cdn(client: TestClient) -> None:
    page = client.get("/")
    assert page.headers["content-type"].startswith("text/html")
    assert "原文 Yuanwen" in page.text
    assert client.get("/openapi.json").json()["paths"].keys() >= {"/ask", "/search", "/health"}
    assert_error(client.get("/docs"), 404, "not_found")
