"""The allowance of a client, and the size and pace of a body, by a clock and messages of ours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from ui.http import limits
from ui.http.limits import RateLimit


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_allowance_fills_up_again() -> None:
    clock = Clock()
    limit = RateLimit(60, clock)
    assert [limit.spend("a") for _ in range(61)] == [0] * 60 + [1]
    assert limit.spend("b") == 0
    clock.now = 1.0
    assert [limit.spend("a"), limit.spend("a")] == [0, 1]
    clock.now = 1_000.0
    assert [limit.spend("a") for _ in range(61)] == [0] * 60 + [1]


def test_a_large_cost_leaves_nothing_but_no_debt() -> None:
    clock = Clock()
    limit = RateLimit(6, clock)
    assert [limit.spend("a", 60), limit.spend("a")] == [0, 10]
    clock.now = 10.0
    assert limit.spend("a") == 0


def test_a_network_is_one_client() -> None:
    limit = RateLimit(1, Clock())
    assert limit.spend("2001:db8::1") == 0
    assert limit.spend("2001:db8::ffff:2") > 0
    assert limit.spend("2001:db8:1::1") == 0
    assert limit.spend("::ffff:192.0.2.1") == limit.spend("::ffff:192.0.2.2") == 0


def test_the_clients_that_are_remembered_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_CLIENTS", 2)
    limit = RateLimit(1, Clock())
    assert [limit.spend(client) for client in "abc"] == [0, 0, 0]
    assert limit.spend("c") > 0
    assert limit.spend("a") == 0  # forgotten


def chunks(size: int, count: int) -> Iterator[bytes]:
    for _ in range(count):
        yield b" " * size


@pytest.mark.parametrize("path", ["/ask", "/search", "/gradio_api/queue/join"])
def test_too_large_a_body(local: TestClient, path: str) -> None:
    response = local.post(path, content=b" " * (limits.BODY_BYTES + 1))
    assert (response.status_code, response.json()["error"]["code"]) == (413, "too_large")
    assert response.headers["connection"] == "close"


def test_a_length_that_is_a_lie_is_seen_through(local: TestClient) -> None:
    headers = {"Content-Length": "10", "Content-Type": "application/json"}
    response = local.post("/ask", content=b" " * (limits.BODY_BYTES + 1), headers=headers)
    assert response.status_code == 413


def test_a_body_in_chunks_states_no_length_and_is_measured(local: TestClient) -> None:
    response = local.post("/ask", content=chunks(limits.MIB, 5))
    assert (response.status_code, response.json()["error"]["code"]) == (413, "too_large")
    assert local.post("/verify", content=chunks(limits.MIB, 5)).status_code == 422
