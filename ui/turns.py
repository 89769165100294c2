"""The turns of a chat. The browser has the conversation: it sends what is asked together with what
was said before, and after a reload all of it, to hear what still holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Protocol

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from index.errors import YuanwenError
from index.records import Filters
from index.view import View
from rag.answer import Answer, Hit, ask_body
from rag.draft import Quote
from rag.pipeline import Question
from rag.verify import Saved, verify
from ui.checked import check
from ui.examples import Examples
from ui.http.schemas import AskBody, Body, Text
from ui.labels import labels_for
from ui.render import Exchange, exchange_html
from ui.saved import SavedBody

MOST_TURNS = 100

_ANSWER = TypeAdapter(Answer)


class Answering(Protocol):
    """The pipeline, or the server's queue before it."""

    def ask(self, question: Question) -> Answer: ...


class AskedTurn(Body):
    """A question with its history; `number` is its place in the conversation, from 1."""

    number: Annotated[int, Field(ge=1)]
    ask: AskBody


class SavedTurn(BaseModel):
    """What the browser keeps of a turn: `body` is that of /ask, None where there is no answer;
    `gone` where there was one that no longer holds."""

    question: Text
    documents: list[Text] = []
    body: dict[str, Any] | None = None
    gone: bool = False


class SavedTurns(Body):
    turns: Annotated[list[SavedTurn], Field(max_length=MOST_TURNS)]


@dataclass(frozen=True, slots=True)
class Update:
    """What the page shows of a turn from now on; `body` is what it keeps once that is `done`."""

    number: int
    html: str
    body: Mapping[str, Any] | None = None
    gone: bool = False
    done: bool = True


def answered(
    answering: Answering, store: View, examples: Examples, sent: Mapping[str, Any]
) -> Iterator[Update]:
    """The question at once, then its answer; after a refusal, what else may be asked."""
    turn = AskedTurn.model_validate(sent)
    text, number = turn.ask.question, turn.number
    yield Update(number, exchange_html(number, Exchange(text)), done=False)
    try:
        asked = turn.ask.asked()
        answer = answering.ask(asked)
        searched = len(store.admitted(asked.filters))
    except YuanwenError as error:
        problem = f"{error.message} {error.hint}".strip()
        yield Update(number, exchange_html(number, Exchange(text, problem=problem)))
        return
    body = ask_body(answer)
    exchange = Exchange(text, answer, searched=searched)
    yield Update(number, exchange_html(number, exchange), body)
    if answer.abstained and answer.reason != "small_talk":
        near = tuple(examples.near([each.document_id for each in answer.related]))
        exchange = Exchange(text, answer, searched=searched, suggested=near)
        yield Update(number, exchange_html(number, exchange), body)


def restored(answering: Answering, store: View, sent: Mapping[str, Any]) -> list[Update]:
    """Every turn as far as it holds: what is no longer in the documents is not shown again."""
    turns = SavedTurns.model_validate(sent).turns
    return [_restored(answering, store, number, turn) for number, turn in enumerate(turns, 1)]


def _restored(answering: Answering, store: View, number: int, turn: SavedTurn) -> Update:
    labels = labels_for(turn.question)
    answer = _still(answering, store, turn)
    if answer is None:
        gone = turn.gone or turn.body is not None
        exchange = Exchange(turn.question, problem=labels.gone if gone else labels.unanswered)
        return Update(number, exchange_html(number, exchange), gone=gone)
    here = {info.id for info in store.documents()}
    filters = Filters(documents=tuple(each for each in turn.documents if each in here))
    exchange = Exchange(turn.question, answer, searched=len(store.admitted(filters)))
    return Update(number, exchange_html(number, exchange), ask_body(answer))


def _still(answering: Answering, store: View, turn: SavedTurn) -> Answer | None:
    """The answer that was saved; None where something that it quotes is gone, or where it is none
    (what a browser has stored may be anything).

    A reply to small talk is given anew: it names documents and has no citations to check.
    """
    try:
        answer = _ANSWER.validate_python(turn.body)
        checked = check(store, [SavedBody.model_validate(turn.body)])
    except ValidationError:
        return None
    if answer.reason == "small_talk":
        return answering.ask(Question(turn.question))
    if any(each.verdict.status == "stale" for each in checked):
        return None
    verdicts = verify(store, [_as_saved(hit) for hit in answer.hits])
    hits = zip(answer.hits, verdicts, strict=True)
    return replace(answer, hits=tuple(hit for hit, verdict in hits if verdict.status == "ok"))


def _as_saved(hit: Hit) -> Saved:
    return Saved(Quote(hit.document_id, hit.start, hit.end, hit.text))
