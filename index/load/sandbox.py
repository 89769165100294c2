"""The other end of child.py: a file's bytes to its document, whatever they do to their reader.

One child serves all threads of a process. It is started with the first file and stays. It is
spawned, never forked, so that a server with threads may use it.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from contextlib import suppress
from threading import Lock, Timer
from typing import Any

from index.errors import FileError
from index.load import limits
from index.load.frames import read_frame, write_frame
from index.records import Block, Document

# In bytes, of a file and its answer: a child that has had more ends, to give its memory back.
_KEEP = 4 * limits.MIB


class _Child:
    def __init__(self) -> None:
        self._late = False
        self._process = subprocess.Popen(
            # Not the working directory's modules (-P), but all that this process can import.
            [sys.executable, "-P", "-c", "from index.load import child; child.main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
                "OMP_NUM_THREADS": "1",  # each thread of a numerical library maps memory of its own
            },
        )

    def lives(self) -> bool:
        return self._process.poll() is None

    def ask(self, data: bytes, source: str) -> bytes:
        """The frame that it answers. Raises FileError where it broke down, or was too slow."""
        assert self._process.stdin and self._process.stdout  # noqa: S101
        timer = Timer(limits.SECONDS, self._give_up)
        timer.daemon = True
        timer.start()
        answer = b""
        try:
            with suppress(BrokenPipeError):
                write_frame(self._process.stdin, source.encode("utf-8", "surrogatepass"))
                write_frame(self._process.stdin, data)
                answer = read_frame(self._process.stdout)
        finally:
            timer.cancel()
        if answer:
            return answer
        if self._late:
            raise FileError(
                f"reading it takes longer than {limits.SECONDS} s.", "Split it, or simplify it."
            )
        raise FileError(
            f"its reader broke down on it, or needed more than {limits.MEMORY:,} bytes.",
            "Open and save it with the program that made it, or split it.",
        )

    def stop(self) -> None:
        self._process.kill()
        with suppress(BrokenPipeError):  # of what was not written yet
            self._process.communicate()

    def _give_up(self) -> None:
        self._late = True
        self._process.kill()


_lock = Lock()
_idle: list[_Child] = []


def load_document(data: bytes, source: str) -> Document | None:
    """Make a document of a file's bytes; None where its front matter says `index: false`.

    Raises FileError that says why it cannot become one.
    """
    with _lock:
        child = _living() or _Child()
        try:
            answer = child.ask(data, source)
        except BaseException:  # Ctrl-C too leaves a child behind whose answer nobody waits for
            child.stop()
            raise
        if len(data) + len(answer) > _KEEP:
            child.stop()
        else:
            _idle.append(child)
    return _document(json.loads(answer.decode("utf-8", "surrogatepass")))


def _living() -> _Child | None:
    """The child that waits, unless something has killed it meanwhile."""
    child = _idle.pop() if _idle else None
    if child and not child.lives():
        child.stop()
        return None
    return child


def _document(answer: dict[str, Any]) -> Document | None:
    if "error" in answer:
        raise FileError(*answer["error"])
    fields = answer["document"]
    if fields is None:
        return None
    return Document(**{**fields, "blocks": tuple(Block(*row) for row in fields["blocks"])})


@atexit.register
def _stop_idle() -> None:
    while _idle:
        _idle.pop().stop()
