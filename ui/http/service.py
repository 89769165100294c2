"""The pipeline as the server uses it: few questions at a time, each answer noted and kept."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import partial
from time import perf_counter

from index.errors import YuanwenError
from rag.answer import Answer, Segment
from rag.pipeline import Pipeline, Question, to_nobody
from rag.settings import Settings
from rag.stated import Say
from ui.http.cache import AnswerCache
from ui.http.faults import bug_message
from ui.http.metrics import Metrics
from ui.http.telling import listen
from ui.http.workers import Workers

# Two cores: while one question is in the network, another is prepared.
THREADS, WAITING = 2, 32
CHANGES_WAITING = 4

_log = logging.getLogger(__name__)


class Service:
    """`questions` are worked on beside `changes`, of which there is one at a time."""

    def __init__(self, pipeline: Pipeline, settings: Settings) -> None:
        self.pipeline = pipeline
        self.store = pipeline.store
        self.settings = settings
        self.questions = Workers(THREADS, WAITING)
        self.changes = Workers(1, CHANGES_WAITING)
        self.cache = AnswerCache(pipeline.store)
        self.metrics = Metrics(lambda: self.questions.pending, lambda: len(self.store.documents()))
        self.ready = False
        self.problem = "The encoder and the index are being loaded."

    def warm(self) -> None:
        try:
            self.pipeline.warm()
        except YuanwenError as error:
            self.problem = error.message
            _log.error("cannot get ready: %s %s", error.message, error.hint)
        except Exception as error:  # nobody waits for this thread: say it where it is asked for
            self.problem = bug_message(error)
            _log.exception("cannot get ready")
        else:
            self.ready = True

    def ask(self, question: Question, say: Say = to_nobody) -> Answer:
        """As the pipeline does, in this thread."""
        started = perf_counter()
        answer, cached = self.cache.get(question, partial(self.pipeline.ask, say=say))
        for segment in answer.segments if cached else ():
            say(segment)
        outcome = answer.reason or "answered"
        self.metrics.answered(outcome, dropped=answer.dropped, cached=cached)
        fields: dict[str, object] = {
            "outcome": outcome,
            "confidence": round(answer.confidence, 3),
            "citations": len(answer.citations),
            "dropped": answer.dropped,
            "cached": cached,
            "ms": round((perf_counter() - started) * 1000, 1),
        }
        if self.settings.log_questions:
            fields["question"] = answer.question
        _log.info("answered", extra={"fields": fields})
        return answer

    def close(self) -> None:
        """Finish what is running."""
        self.questions.close()
        self.changes.close()


class Asking:
    """The service for whoever has a thread of his own to wait in: the chat."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def ask(self, question: Question) -> Answer:
        """Raises OverloadError where too many are waiting."""
        return self._service.questions.submit(self._service.ask, question).result()

    def stream(self, question: Question) -> Iterator[Segment | Answer]:
        """The segments, each as soon as it is final, then the answer that they make. Raises what
        `ask` raises; closing it gives the question up."""
        return listen(self._service.questions, self._service.ask, question)
