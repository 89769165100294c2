"""Answers to the questions that were asked last, for as long as they hold."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from threading import Lock
from time import perf_counter

from index.store import Store
from rag.answer import Answer
from rag.pipeline import Question

MOST = 256


class AnswerCache:
    """Any change of the index empties it, so that nothing removed is quoted again; the settings
    are those of the process. Threads may share it."""

    def __init__(self, store: Store, most: int = MOST) -> None:
        self._store = store
        self._most = most
        self._lock = Lock()
        self._state: int | None = None
        self._answers: OrderedDict[Question, Answer] = OrderedDict()

    def get(self, question: Question, make: Callable[[Question], Answer]) -> tuple[Answer, bool]:
        """The answer, and whether it was there already; its timings are then those of finding it
        here. What `make` raises is raised, and not kept; nor is an answer with a warning, for what
        it warns of may pass: a language model that was not there."""
        started = perf_counter()
        state = self._current()
        with self._lock:
            found = self._answers.get(question)
            if found:
                self._answers.move_to_end(question)
                total = (perf_counter() - started) * 1000
                return replace(found, timings_ms={"total": total}), True
        answer = make(question)
        if answer.warnings:
            return answer, False
        with self._lock:
            if self._state == state:  # else it may be of an index that is no more
                self._answers[question] = answer
                if len(self._answers) > self._most:
                    self._answers.popitem(last=False)
        return answer, False

    def drop_stale(self) -> None:
        """Forget at once, and not when the next question comes, what may have been removed."""
        self._current()

    def _current(self) -> int:
        state = self._store.generation()
        with self._lock:
            if state != self._state:
                self._answers.clear()
                self._state = state
        return state
