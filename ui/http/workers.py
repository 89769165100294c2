"""A few threads and a short queue before them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from fastapi import HTTPException, Request

from index.errors import OverloadError

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class Workers:
    """Whoever finds the queue full is told so at once: waiting longer would help nobody."""

    def __init__(self, threads: int, waiting: int) -> None:
        self._pool = ThreadPoolExecutor(threads, "yuanwen")
        self._most = threads + waiting
        self._lock = Lock()
        self.pending = 0

    def submit(
        self,
        function: Callable[Parameters, Result],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Future[Result]:
        """Raises OverloadError where the queue is full. What is logged keeps its request's id."""
        with self._lock:
            if self.pending >= self._most:
                raise OverloadError(
                    f"{self.pending} requests are being worked on or waiting already.",
                    "Try again in a second.",
                )
            self.pending += 1
        call = partial(function, *args, **kwargs)
        future = self._pool.submit(copy_context().run, call)
        future.add_done_callback(self._done)
        return future

    async def run(
        self,
        request: Request,
        function: Callable[Parameters, Result],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Result:
        """Raises OverloadError, and HTTPException where the client goes away before its turn."""
        future = self.submit(function, *args, **kwargs)
        try:
            return await unless_gone(request, asyncio.wrap_future(future))
        finally:
            future.cancel()  # leaves its place in the queue, if it is still there

    def close(self) -> None:
        """Finish what is running; what waits is given up."""
        self._pool.shutdown(cancel_futures=True)

    def _done(self, future: Future[Result]) -> None:
        with self._lock:
            self.pending -= 1


async def unless_gone(request: Request, working: asyncio.Future[Result]) -> Result:
    """What comes of the work. Raises HTTPException, and cancels it, where the client goes away."""
    gone = asyncio.ensure_future(_gone(request))
    either: set[asyncio.Future[Any]] = {working, gone}
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise HTTPException(499, "The client has gone")
    finally:
        gone.cancel()
        working.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
