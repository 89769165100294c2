"""A conversation belongs to who holds it, and the page says what to do."""

from __future__ import annotations

from index.errors import BusyError
from rag.pipeline import Turn
from tests.ui.fakes import FakePipeline
from ui.chat import EMPTY, Conversation, respond


def ask(pipeline: FakePipeline, question: str, conversation: Conversation = ()) -> Conversation:
    *_, (_, after, _, _) = respond(pipeline.typed, question, conversation)
    return after


def test_the_question_is_shown_before_its_answer(pipeline: FakePipeline) -> None:
    waiting, done = respond(pipeline.typed, " 面积？ ", ())
    assert "面积？" in waiting[0]
    assert "yw-searching" in waiting[0]
    assert "yw-searching" not in done[0]
    assert done[2] == ""  # the box is emptied


def test_an_empty_question_changes_nothing(pipeline: FakePipeline) -> None:
    before = ask(pipeline, "面积？")
    ((page, after, _, note),) = respond(pipeline.typed, "  ", before)
    assert after == before
    assert EMPTY in note
    assert "面积？" in page
    assert len(pipeline.asked) == 1


def test_earlier_turns_are_the_history(pipeline: FakePipeline) -> None:
    first = ask(pipeline, "面积？")
    ask(pipeline, "然后呢？", first)
    assert first[0].answer is not None
    assert pipeline.asked[-1].history == (Turn("面积？", first[0].answer.text),)


def test_two_conversations_stay_apart(pipeline: FakePipeline) -> None:
    mine, yours = ask(pipeline, "面积一？"), ask(pipeline, "面积二？")
    mine = ask(pipeline, "面积三？", mine)
    assert [each.question for each in mine] == ["面积一？", "面积三？"]
    assert [each.question for each in yours] == ["面积二？"]


def test_an_error_is_said_and_not_raised(pipeline: FakePipeline) -> None:
    pipeline.error = BusyError("The index is being written.", "Ask again soon.")
    (turn,) = ask(pipeline, "面积？")
    assert turn.problem == "The index is being written. Ask again soon."
