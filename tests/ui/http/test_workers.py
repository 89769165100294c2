"""Few at a time, few waiting, and a quick refusal for the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from threading import Event
from typing import Any

import pytest
from fastapi import HTTPException, Request

from index.errors import OverloadError
from ui.http.logs import request_id
from ui.http.workers import Workers


def request(receive: Callable[[], Awaitable[Any]]) -> Request:
    return Request({"type": "http", "headers": []}, receive)


def test_who_finds_the_queue_full_is_told_at_once() -> None:
    workers, held = Workers(1, 2), Event()
    running = [workers.submit(held.wait) for _ in range(3)]
    with pytest.raises(OverloadError, match="3 requests"):
        workers.submit(held.wait)
    held.set()
    assert [future.result() for future in running] == [True] * 3
    assert workers.submit(held.wait).result()
    workers.close()
    assert workers.pending == 0


def test_an_error_frees_its_place_too() -> None:
    workers = Workers(1, 0)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            workers.submit(divmod, 1, 0).result()
    workers.close()


def test_who_goes_away_leaves_the_queue() -> None:
    async def main() -> None:
        workers, held = Workers(1, 1), Event()
        running = workers.submit(held.wait)

        async def gone() -> Any:
            return {"type": "http.disconnect"}

        with pytest.raises(HTTPException) as error:
            await workers.run(request(gone), held.wait)
        assert error.value.status_code == 499
        assert workers.pending == 1
        held.set()
        assert running.result()
        workers.close()

    asyncio.run(main())


def test_who_stays_gets_the_result_or_the_error() -> None:
    async def main() -> None:
        workers = Workers(1, 1)

        async def forever() -> Any:
            await asyncio.Event().wait()

        assert await workers.run(request(forever), divmod, 7, 2) == (3, 1)
        with pytest.raises(ZeroDivisionError):
            await workers.run(request(forever), divmod, 7, 0)
        workers.close()

    asyncio.run(main())


def test_what_runs_is_finished_at_the_end_and_what_waits_is_not() -> None:
    workers, held = Workers(1, 1), Event()
    running, waiting = workers.submit(held.wait, 0.2), workers.submit(held.wait)
    workers.close()
    assert running.result() is False
    assert waiting.cancelled()


def test_a_thread_knows_the_request_it_works_for() -> None:
    workers = Workers(1, 1)
    request_id.set("this-one")
    assert workers.submit(request_id.get).result() == "this-one"
    request_id.set("")
    workers.close()
