"""What the chat's page sends, whatever it is, and what it is told to show of it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from typing import Any

import pytest

from index.errors import BusyError
from rag.answer import ask_body
from rag.pipeline import Pipeline, Question, Turn
from rag.settings import Settings
from tests.ui import fakes
from tests.ui.conftest import named
from tests.ui.fakes import FakePipeline
from ui.examples import Examples
from ui.http.schemas import MAX_QUESTION
from ui.http.service import Asking, Service
from ui.turns import Update, answered

REFUSED = "大善县的地铁有几条线路？"


def sent(question: str, number: int = 1, **more: Any) -> dict[str, Any]:
    return {"number": number, "ask": {"question": question, **more}}


def told(pipeline: Pipeline, payload: object) -> list[Update]:
    service = Service(pipeline, Settings())
    with closing(service):
        stream = Asking(service).stream
        return list(answered(stream, pipeline.store, Examples(pipeline), payload))


def test_the_question_is_shown_before_its_answer(pipeline: FakePipeline) -> None:
    waiting, done = told(pipeline.typed, sent("面积？", number=3))
    assert (waiting.number, waiting.done, waiting.body) == (3, False, None)
    assert "面积？" in waiting.html
    assert "yw-searching" in waiting.html
    assert (done.number, done.done) == (3, True)
    assert "yw-searching" not in done.html
    assert done.body == ask_body(fakes.answered("面积？"))


def test_history_and_filters_reach_the_pipeline(pipeline: FakePipeline) -> None:
    history = [{"question": "面积？", "answer": "21"}]
    filters = {"documents": [fakes.DOCUMENT.id]}
    told(pipeline.typed, sent("然后呢？", history=history, filters=filters))
    assert pipeline.asked[0].history == (Turn("面积？", "21"),)
    assert pipeline.asked[0].filters.documents == (fakes.DOCUMENT.id,)


def test_an_error_is_said_and_not_raised(pipeline: FakePipeline) -> None:
    pipeline.error = BusyError("The index is being <written>.", "Ask again soon.")
    *_, last = told(pipeline.typed, sent("面积？"))
    assert last.done
    assert last.body is None
    assert "The index is being &lt;written&gt;. Ask again soon." in last.html


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (sent("  "), "The question is empty."),
        (sent("面积？", filters={"documents": ["none"]}), "There is no document"),
        (sent("面积？", filters={"date_from": "soon"}), "soon"),
        (sent("x" * (MAX_QUESTION + 1)), f"at most {MAX_QUESTION} characters"),
        (sent("\ud800"), "valid string"),
        ({"number": 1, "ask": None}, "The body: "),
        ({"number": 1, "ask": {"question": ["面积？"]}}, "valid string"),
        ({"number": 1, "ask": {"question": "面积？", "history": [{}]}}, "history.0.question"),
    ],
)
def test_what_cannot_be_asked_ends_the_turn(
    pipeline: FakePipeline, payload: Mapping[str, Any], message: str
) -> None:
    *_, last = told(pipeline.typed, payload)
    assert (last.number, last.done, last.body) == (1, True, None)
    assert 'class="yw-problem"' in last.html
    assert message in last.html
    last.html.encode()


@pytest.mark.parametrize(
    "payload",
    [
        None,
        [],
        "面积？",
        {},
        *({**sent("面积？"), "number": n} for n in (0, -1, "1", 1.5, True, None)),
    ],
    ids=repr,
)
def test_what_names_no_turn_is_not_answered(pipeline: FakePipeline, payload: object) -> None:
    assert told(pipeline.typed, payload) == []
    assert pipeline.asked == []


def test_small_talk_is_followed_by_no_suggestions(pipeline: FakePipeline) -> None:
    assert [update.done for update in told(pipeline.typed, sent("你好"))] == [False, True]


def suggestions(update: Update) -> list[str]:
    return [piece.split('"')[0] for piece in update.html.split('data-ask="')[1:]]


def test_a_refusal_is_followed_by_what_can_be_answered(real: Pipeline) -> None:
    _, refusal, more = told(real, sent(REFUSED))
    assert refusal.body == more.body
    assert refusal.done
    assert "已在 2 个文件里查找。" in refusal.html
    assert suggestions(refusal) == []
    assert len(suggestions(more)) == 2
    for question in suggestions(more):
        assert not real.ask(Question(question)).abstained


def test_suggestions_keep_to_the_documents_that_are_asked(real: Pipeline) -> None:
    filters = {"documents": [named(real.store, "two.txt")]}
    *_, more = told(real, sent(REFUSED, filters=filters))
    assert "已在 1 个文件里查找。" in more.html
    assert suggestions(more) == ["小河镇的规划面积是多少平方公里？"]
