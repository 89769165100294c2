"""The chat as its page uses it, through Gradio's routes: what is asked, and what comes of it."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.ui.conftest import ROOT

# Of pandas, which Gradio's queue asks how long events take.
pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")

PAGE = sorted((ROOT / "ui/page").iterdir())
_sessions = count()


def asked(client: TestClient, payload: object) -> tuple[Any, Any]:
    """The first and the last that the page is told; what is between them Gradio sends as
    differences. Both are None where the page is told nothing."""
    [number] = [
        each["id"]
        for each in client.get("/config").json()["dependencies"]
        if each["targets"][0][1] == "ask"
    ]
    session = f"session-{next(_sessions)}"
    joined = {"data": [], "fn_index": number, "session_hash": session, "event_data": payload}
    assert client.post("/gradio_api/queue/join", json=joined).status_code == 200
    with client.stream("GET", f"/gradio_api/queue/data?session_hash={session}") as stream:
        lines = [line.removeprefix("data: ") for line in stream.iter_lines() if line]
    outputs = [each["output"] for each in map(json.loads, lines) if "output" in each]
    assert not any("error" in output for output in outputs), outputs
    [first], [last] = outputs[0]["data"], outputs[-1]["data"]
    return first, last


def called(client: TestClient, name: str, payload: object) -> Any:
    """What a function of chat.py returns to the page."""
    [number] = [
        each["id"]
        for each in client.get("/config").json()["components"]
        if each["props"].get("elem_id") == "yuanwen"
    ]
    body = {"session_hash": "x", "component_id": number, "fn_name": name, "data": payload}
    response = client.post("/gradio_api/component_server", json=body)
    assert response.status_code == 200
    return response.json()


def question(text: str, number: Any = 1) -> dict[str, Any]:
    return {"number": number, "ask": {"question": text}}


def test_an_answer_has_the_body_of_the_api(client: TestClient) -> None:
    waiting, turn = asked(client, question("大善县的人口是多少？"))
    assert (waiting["done"], waiting["body"]) == (False, None)
    body = client.post("/ask", json={"question": "大善县的人口是多少？"}).json()
    assert turn["done"]
    assert turn["body"] == body | {"timings_ms": turn["body"]["timings_ms"]}
    assert "大善县的人口是" in turn["html"]


@pytest.mark.parametrize("payload", [None, {}, [], question("面积？", number=0)])
def test_no_payload_is_an_error_of_the_server(client: TestClient, payload: object) -> None:
    assert asked(client, payload) == (None, None)
    assert called(client, "restore", payload) == []


def test_what_was_removed_is_not_restored(client: TestClient) -> None:
    text = "小山乡的人口是7万人。"
    upload = client.post("/documents", files=[("files", ("hill.txt", text.encode()))])
    _, told = asked(client, question("小山乡的人口是多少？"))
    assert text in [citation["quote"] for citation in told["body"]["citations"]]
    client.delete(f"/documents/{upload.json()['outcomes'][0]['document_id']}")
    saved = {"turns": [{"question": "?", "body": told["body"]}]}
    [turn] = called(client, "restore", saved)
    assert turn["gone"]
    assert "小山乡" not in json.dumps(turn, ensure_ascii=False)


def test_examples_are_suggested(client: TestClient) -> None:
    assert "小河镇的规划面积是多少平方公里？" in called(client, "suggest", None)


def test_no_event_is_offered_to_programs(client: TestClient) -> None:
    """They have the API."""
    assert client.get("/gradio_api/info").json()["named_endpoints"] == {}


@pytest.mark.parametrize("path", PAGE, ids=lambda path: path.name)
def test_every_file_of_the_page_is_served(
    client: TestClient, guarded: TestClient, path: Path
) -> None:
    assert client.get(f"/page/{path.name}").content == path.read_bytes()
    assert guarded.get(f"/page/{path.name}").status_code == 401


@pytest.mark.parametrize("path", ["queue/join", "component_server"])
def test_nobody_asks_without_a_token(guarded: TestClient, path: str) -> None:
    assert guarded.post(f"/gradio_api/{path}", json={}).status_code == 401
