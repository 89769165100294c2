"""Many clients at once, on a real server over the collection that ships."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.bench_serve import load, serving


@pytest.fixture(scope="module", params=["light", "trained"])
def server(collection: Path, request: pytest.FixtureRequest) -> Iterator[tuple[str, int]]:
    with serving(collection, request.param) as served:
        yield served


@pytest.mark.soak
def test_sixteen_clients_for_a_minute(server: tuple[str, int]) -> None:
    told = load(*server, clients=16, seconds=60)
    assert set(told.statuses) == {200}
    assert told.growth < 0.05, told


@pytest.mark.soak
def test_two_hundred_clients_get_an_answer_or_are_told_to_wait(server: tuple[str, int]) -> None:
    told = load(*server, clients=200, seconds=20)
    assert set(told.statuses) == {200, 503}
    again = load(*server, clients=1, seconds=3)
    assert set(again.statuses) == {200}
