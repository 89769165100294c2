"""The turns of a chat. The browser has the conversation: it sends what is asked together with what
was said before, and after a reload all of it, to hear what still holds."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from index.errors import YuanwenError
from index.view import View
from rag.answer import Answer, Hit, Segment, ask_body
from rag.draft import Quote
from rag.pipeline import Question
from rag.verify import Saved, verify
from ui.bodies import to_json
from ui.examples import Examples
from ui.http.faults import BUG_HINT, bug_message, first_fault
from ui.http.schemas import AskBody, Body, Text
from ui.labels import labels_for
from ui.render import Exchange, exchange_html
from ui.saved import SavedBody

Ask = Callable[[Question], Answer]
Stream = Callable[[Question], Iterator[Segment | Answer]]  # segments as they come, then all

_ANSWER = TypeAdapter(Answer)

_log = logging.getLogger(__name__)


class AskedTurn(Body):
    """A question with its history; `number` is its place in the conversation, from 1; `sent` comes
    back with its updates, to tell it from others that had this place. `ask` is an AskBody, or else
    what is wrong with it is said in this turn."""

    number: Annotated[int, Field(ge=1, strict=True)]
    sent: int = 0
    ask: Any


class SavedTurn(BaseModel):
    """What the browser keeps of a turn: `body` is that of /ask, None where there is no answer;
    `gone` where there was one that no longer holds."""

    question: Text
    documents: list[Text] = []
    body: Any = None
    gone: bool = False


class SavedTurns(Body):
    turns: list[SavedTurn]


@dataclass(frozen=True, slots=True)
class Update:
    """What the page shows of a turn from now on; `body` is what it keeps once that is `done`."""

    number: int
    html: str
    body: Mapping[str, Any] | None = None
    gone: bool = False
    done: bool = True


def answered(stream: Stream, store: View, examples: Examples, sent: object) -> Iterator[Update]:
    """The answer as it comes, then whole; after a refusal, what else may be asked. Nothing where
    what was sent names no turn that could wait for it."""
    try:
        turn = AskedTurn.model_validate(sent)
    except ValidationError:
        return
    number, text = turn.number, ""
    try:
        body = AskBody.model_validate(turn.ask)
        text = body.question
        asked = body.asked()
        exchange = Exchange(text)
        for each in stream(asked):
            if isinstance(each, Segment):
                exchange = replace(exchange, said=(*exchange.said, each))
                yield Update(number, exchange_html(number, exchange), done=False)
            else:
                answer = each
        searched = len(store.admitted(asked.filters))
    except Exception as error:  # a bug too must not leave the page waiting
        if not isinstance(error, (YuanwenError, ValidationError)):
            _log.exception("cannot answer")
        yield Update(number, _problem_html(number, text, error))
        return
    exchange = Exchange(text, answer, searched=searched)
    yield Update(number, exchange_html(number, exchange), ask_body(answer))
    if answer.abstained and answer.reason != "small_talk":
        near = examples.near([each.document_id for each in answer.related], asked.filters)
        exchange = replace(exchange, suggested=tuple(near))
        yield Update(number, exchange_html(number, exchange), ask_body(answer))


def _problem_html(number: int, question: str, error: Exception) -> str:
    if isinstance(error, ValidationError):
        problem = first_fault(error.errors())
    elif isinstance(error, YuanwenError):
        problem = f"{error.message} {error.hint}".strip()
    else:
        problem = f"{bug_message(error)} {BUG_HINT}"
    return exchange_html(number, Exchange(question, problem=problem))


def restored(ask: Ask, store: View, sent: object) -> list[Update]:
    """Every turn as far as it holds: what is no longer in the documents is not shown again.
    Nothing where what was sent is no conversation."""
    try:
        turns = SavedTurns.model_validate(sent).turns
    except ValidationError:
        return []
    here = cache(lambda: {info.id for info in store.documents()})  # read once, for all of them
    return [_restored(ask, store, here, number, turn) for number, turn in enumerate(turns, 1)]


def _restored(
    ask: Ask, store: View, here: Callable[[], set[str]], number: int, turn: SavedTurn
) -> Update:
    """What cannot be checked now is not shown, and kept for another time. `here` are the ids of
    the documents that there are."""
    try:
        answer = _still(ask, store, turn)
        there = here()
    except YuanwenError as error:
        return Update(number, _problem_html(number, turn.question, error), turn.body, turn.gone)
    if answer is None:
        labels = labels_for(turn.question)
        gone = turn.gone or turn.body is not None
        exchange = Exchange(turn.question, problem=labels.gone if gone else labels.unanswered)
        return Update(number, exchange_html(number, exchange), gone=gone)
    searched = len(there.intersection(turn.documents) if turn.documents else there)
    exchange = Exchange(turn.question, answer, searched=searched)
    return Update(number, exchange_html(number, exchange), ask_body(answer))


def _still(ask: Ask, store: View, turn: SavedTurn) -> Answer | None:
    """The answer that was saved; None where something that it quotes is gone, or where it is none
    (what a browser has stored may be anything).

    A reply to small talk is given anew: it names documents and has no citations to check.
    """
    try:
        answer = _ANSWER.validate_json(to_json(turn.body))  # as JSON: no lone surrogates
        cited = SavedBody.model_validate(turn.body).saved()
    except ValidationError:
        return None
    if answer.reason == "small_talk":
        return ask(Question(turn.question))
    if any(verdict.status == "stale" for verdict in verify(store, [each for *_, each in cited])):
        return None
    verdicts = verify(store, map(_as_saved, answer.hits))
    hits = zip(answer.hits, verdicts, strict=True)
    return replace(answer, hits=tuple(hit for hit, verdict in hits if verdict.status == "ok"))


def _as_saved(hit: Hit) -> Saved:
    return Saved(Quote(hit.document_id, hit.start, hit.end, hit.text))
