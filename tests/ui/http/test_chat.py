"""The chat as its page uses it: Gradio's queue carries what is asked, and what comes of it."""

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


def event(client: TestClient, name: str, payload: object) -> tuple[Any, Any]:
    """The first and the last that the page is told of an event that it triggers; what is between
    them Gradio sends as differences. The last is None where the page is told nothing."""
    [number] = [
        each["id"]
        for each in client.get("/config").json()["dependencies"]
        if each["targets"][0][1] == name
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


def question(text: str, number: Any = 1) -> dict[str, Any]:
    return {"number": number, "ask": {"question": text}}


def test_an_answer_has_the_body_of_the_api(client: TestClient) -> None:
    first, last = event(client, "ask", question("大善县的人口是多少？"))
    assert [(turn["done"], turn["body"]) for turn in first["turns"]] == [(False, None)]
    [turn] = last["turns"]
    body = client.post("/ask", json={"question": "大善县的人口是多少？"}).json()
    assert turn["done"]
    assert turn["body"] == body | {"timings_ms": turn["body"]["timings_ms"]}
    assert "大善县的人口是" in turn["html"]


@pytest.mark.parametrize("name", ["ask", "restore"])
@pytest.mark.parametrize("payload", [None, {}, [], question("面积？", number=0)])
def test_no_payload_is_an_error_of_the_server(
    client: TestClient, name: str, payload: object
) -> None:
    _, last = event(client, name, payload)
    assert last is None or last["turns"] == []


def test_what_was_removed_is_not_restored(client: TestClient) -> None:
    text = "小山乡的人口是7万人。"
    upload = client.post("/documents", files=[("files", ("hill.txt", text.encode()))])
    _, told = event(client, "ask", question("小山乡的人口是多少？"))
    body = told["turns"][0]["body"]
    assert text in [citation["quote"] for citation in body["citations"]]
    client.delete(f"/documents/{upload.json()['outcomes'][0]['document_id']}")
    first, _ = event(client, "restore", {"turns": [{"question": "?", "body": body}]})
    [turn] = first["turns"]
    assert turn["gone"]
    assert "小山乡" not in json.dumps(turn, ensure_ascii=False)


def test_examples_come_when_all_is_restored(client: TestClient) -> None:
    _, last = event(client, "restore", {"turns": []})
    assert "小河镇的规划面积是多少平方公里？" in last["examples"]


def test_no_event_is_offered_to_programs(client: TestClient) -> None:
    """They have the API."""
    assert client.get("/gradio_api/info").json()["named_endpoints"] == {}


@pytest.mark.parametrize("path", PAGE, ids=lambda path: path.name)
def test_every_file_of_the_page_is_served(
    client: TestClient, guarded: TestClient, path: Path
) -> None:
    assert client.get(f"/page/{path.name}").content == path.read_bytes()
    assert guarded.get(f"/page/{path.name}").status_code == 401


def test_nobody_asks_without_a_token(guarded: TestClient) -> None:
    joined = {"data": [], "fn_index": 0, "session_hash": "x", "event_data": question("面积？")}
    assert guarded.post("/gradio_api/queue/join", json=joined).status_code == 401
