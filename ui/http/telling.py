"""An answer told while it is being made: from the thread that works on it to whoever listens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import aclosing
from queue import SimpleQueue
from threading import Event

from fastapi import Request

from rag.answer import Answer, Segment
from rag.pipeline import Question
from rag.stated import Say
from ui.http.workers import Workers, unless_gone

Asked = Callable[[Question, Say], Answer]
# What is put into a queue: segments as they come, at last the answer, or what was raised instead.
Told = Segment | Answer | BaseException


class _NobodyListensError(Exception):
    """Ends the making of an answer, with the stream of a model that is at it."""


def listen(workers: Workers, ask: Asked, question: Question) -> Iterator[Segment | Answer]:
    """The segments of an answer, each as soon as it is final, then the answer itself. Raises what
    asking raises, and OverloadError where too many wait; closing it gives the question up."""
    told: SimpleQueue[Told] = SimpleQueue()
    give_up = _tell(workers, ask, question, told.put)
    try:
        while isinstance(each := _raised(told.get()), Segment):
            yield each
        yield each
    finally:
        give_up()


async def hear(
    request: Request, workers: Workers, ask: Asked, question: Question
) -> AsyncIterator[Segment | Answer]:
    """`listen` for a route. It returns when the first of them is there, so that what asking raises
    still decides the status. Raises HTTPException where the client goes away before."""
    heard = _heard(workers, ask, question)
    first = await unless_gone(request, asyncio.ensure_future(anext(heard)))
    return _behind(first, heard)


async def _behind(
    first: Segment | Answer, heard: AsyncGenerator[Segment | Answer, None]
) -> AsyncIterator[Segment | Answer]:
    async with aclosing(heard):
        yield first
        async for each in heard:
            yield each


async def _heard(
    workers: Workers, ask: Asked, question: Question
) -> AsyncGenerator[Segment | Answer, None]:
    told: asyncio.Queue[Told] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def put(each: Told) -> None:
        loop.call_soon_threadsafe(told.put_nowait, each)

    give_up = _tell(workers, ask, question, put)
    try:
        while isinstance(each := _raised(await told.get()), Segment):
            yield each
        yield each
    finally:
        give_up()


def _tell(
    workers: Workers, ask: Asked, question: Question, put: Callable[[Told], None]
) -> Callable[[], None]:
    """Have a question answered in the queue; what is returned gives it up."""
    gone = Event()

    def say(segment: Segment) -> None:
        if gone.is_set():
            raise _NobodyListensError
        put(segment)

    answering = workers.submit(ask, question, say)

    def finish() -> None:
        if gone.is_set():
            return
        try:
            put(answering.exception() or answering.result())
        except CancelledError as cancelled:  # the server stops
            put(cancelled)

    def give_up() -> None:
        gone.set()
        answering.cancel()

    answering.add_done_callback(lambda _: finish())
    return give_up


def _raised(each: Told) -> Segment | Answer:
    if isinstance(each, BaseException):
        raise each
    return each
