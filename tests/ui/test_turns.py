"""What the chat's page sends, whatever it is, and what it is told to show of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from index.encoder import HashEncoder
from index.errors import BusyError, StoreError
from index.store import Store
from rag.answer import Answer, ask_body
from rag.pipeline import Pipeline, Question, Turn
from rag.settings import Settings
from tests.ui import fakes
from tests.ui.conftest import write_files
from tests.ui.fakes import FakePipeline
from tests.ui.markup import Marks
from ui.examples import Examples
from ui.http.schemas import MAX_QUESTION
from ui.labels import LABELS
from ui.turns import Update, answered, restored

PEOPLE, AREA = "大善县的人口是45万人。", "小河镇的规划面积是21平方公里。"
ASKED, REFUSED = "大善县的人口是多少？", "大善县的地铁有几条线路？"


def sent(question: str, number: int = 1, **more: Any) -> dict[str, Any]:
    return {"number": number, "ask": {"question": question, **more}}


def told(pipeline: Pipeline, payload: object) -> list[Update]:
    return list(answered(pipeline, pipeline.store, Examples(pipeline), payload))


def kept(answer: Answer, **more: Any) -> dict[str, Any]:
    """A turn as it comes back from the browser."""
    turn: dict[str, Any] = {"question": answer.question, "documents": [], "gone": False}
    turn |= {"body": ask_body(answer), **more}
    return dict(json.loads(json.dumps(turn)))


def again(pipeline: Pipeline, *turns: object) -> list[Update]:
    return restored(pipeline, pipeline.store, {"turns": turns})


# ---- asking ---------------------------------------------------------------------------------


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


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return write_files(tmp_path / "files")


@pytest.fixture
def real(tmp_path: Path, files: Path) -> Iterator[Pipeline]:
    """Over a small collection that may be changed, with the light reader."""
    data = tmp_path / "data"
    with Store.open(data, HashEncoder(), write=True) as store:
        store.add([files])
        yield Pipeline(store, Settings(data=data, reader="light"))


def named(store: Store, name: str) -> str:
    """The id of the document of that name."""
    return next(info.id for info in store.documents() if info.source.endswith(name))


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


# ---- restoring ------------------------------------------------------------------------------


def test_an_answer_that_stands_is_shown_again(real: Pipeline) -> None:
    answer = real.ask(Question(ASKED))
    turn = kept(answer)
    [update] = again(real, turn)
    assert update == Update(1, told(real, sent(ASKED))[-1].html, turn["body"])
    assert Marks(update.html).texts["t1-c1"] == PEOPLE


def test_a_refusal_is_restored_with_what_was_searched(real: Pipeline) -> None:
    answer = real.ask(Question(REFUSED))
    two = named(real.store, "two.txt")
    whole, part = again(real, kept(answer), kept(answer, documents=[two, "removed since"]))
    assert "已在 2 个文件里查找。" in whole.html
    assert "已在 1 个文件里查找。" in part.html
    assert whole.body == part.body == kept(answer)["body"]


def removed(store: Store, files: Path) -> None:
    store.remove(named(store, "one.md"))


def rewritten(text: str) -> Callable[[Store, Path], None]:
    def rewrite(store: Store, files: Path) -> None:
        (files / "one.md").write_text(text, "utf-8")
        store.add([files])

    return rewrite


@pytest.mark.parametrize("change", [removed, rewritten("# 大善县\n\n此处无数。")])
def test_nothing_is_left_of_an_answer_whose_quote_is_gone(
    real: Pipeline, files: Path, change: Callable[[Store, Path], None]
) -> None:
    turn = kept(real.ask(Question(ASKED)), question="?")
    change(real.store, files)
    [update] = again(real, turn)
    assert update.gone
    assert update.done
    assert update.body is None
    assert LABELS["en"].gone in update.html
    assert not set(PEOPLE) & set(update.html)
    turn |= {"body": None, "gone": True}
    assert again(real, turn) == [update]  # and it stays so


def test_a_refusal_beside_what_is_gone_is_gone(real: Pipeline) -> None:
    turn = kept(real.ask(Question(REFUSED)), question="?")
    assert turn["body"]["related"]
    real.store.remove(named(real.store, "one.md"))
    [update] = again(real, turn)
    assert update.gone
    assert not set(PEOPLE) & set(update.html)


def test_hits_of_removed_documents_vanish(real: Pipeline) -> None:
    turn = kept(real.ask(Question(ASKED)))
    assert [hit["text"] for hit in turn["body"]["hits"]] == [PEOPLE, AREA]
    real.store.remove(named(real.store, "two.txt"))
    [update] = again(real, turn)
    assert not update.gone
    assert update.body
    assert [hit["text"] for hit in update.body["hits"]] == [PEOPLE]
    assert Marks(update.html).texts["t1-c1"] == PEOPLE
    for word in ("小河镇", "two.txt"):
        assert word not in update.html
        assert word not in json.dumps(update.body, ensure_ascii=False)


def test_a_quote_that_moved_is_kept(real: Pipeline, files: Path) -> None:
    turn = kept(real.ask(Question(ASKED)))
    rewritten(f"# 大善县\n\n前面多了一段。\n\n{PEOPLE}")(real.store, files)
    [update] = again(real, turn)
    assert not update.gone
    assert update.body
    assert update.body["citations"] == turn["body"]["citations"]
    assert Marks(update.html).texts["t1-c1"] == PEOPLE


def test_small_talk_is_answered_anew_without_titles_that_are_gone(real: Pipeline) -> None:
    turn = kept(real.ask(Question("你好")))
    assert "大善县" in turn["body"]["answer"]
    real.store.remove(named(real.store, "one.md"))
    [update] = again(real, turn)
    assert "你好" in update.html
    assert "大善县" not in update.html
    assert update.body
    assert "大善县" not in update.body["answer"]


def test_a_turn_that_was_never_answered_says_so(real: Pipeline) -> None:
    answer = real.ask(Question(ASKED))
    stopped, stands = again(real, kept(answer, body=None), kept(answer))
    assert LABELS["zh-Hans"].unanswered in stopped.html
    assert (stopped.body, stopped.gone) == (None, False)
    assert (stands.number, stands.gone) == (2, False)


def test_what_cannot_be_checked_now_is_kept_unseen(
    pipeline: FakePipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise StoreError("The index cannot be read.", "Ask whoever runs it.")

    turns = [kept(fakes.answered()), kept(fakes.answered(), body=None, gone=True)]
    monkeypatch.setattr(pipeline.store, "document", broken)
    monkeypatch.setattr(pipeline.store, "documents", broken)
    for turn, update in zip(turns, again(pipeline.typed, *turns), strict=True):
        assert "The index cannot be read. Ask whoever runs it." in update.html
        assert fakes.QUOTE not in update.html
        assert (update.body, update.gone) == (turn["body"], turn["gone"])


def test_small_talk_without_a_question_is_said_to_be_none(pipeline: FakePipeline) -> None:
    [update] = again(pipeline.typed, kept(fakes.chatted(), question=""))
    assert "The question is empty." in update.html


@pytest.mark.parametrize(
    "payload",
    [None, [], "turns", {}, {"turns": None}, {"turns": [5]}, {"turns": [{"question": None}]}],
    ids=repr,
)
def test_what_is_no_conversation_restores_nothing(pipeline: FakePipeline, payload: object) -> None:
    assert restored(pipeline.typed, pipeline.typed.store, payload) == []


GOOD = kept(fakes.answered())["body"]


@pytest.mark.parametrize(
    "body",
    [
        5,
        "body",
        [],
        {},
        {"error": "E"},
        {**GOOD, "citations": "x"},
        {**GOOD, "hits": [{}]},
        {**GOOD, "segments": [{"text": 1}]},
        {**GOOD, "segments": [{"text": "\ud800"}]},
        {**GOOD, "confidence": "high"},
        {**GOOD, "reason": "none"},
        {**GOOD, "citations": [{**GOOD["citations"][0], "document_id": "\ud800"}]},
        {**GOOD, "citations": [{**GOOD["citations"][0], "quote": "驿城区"}]},
    ],
)
def test_a_body_that_is_no_answer_counts_as_gone(pipeline: FakePipeline, body: Any) -> None:
    [update] = again(pipeline.typed, {"question": "?", "documents": [], "body": body})
    assert (update.gone, update.body) == (True, None)
    assert LABELS["en"].gone in update.html


# What is compared with the documents, or has one of a few values.
CHECKED = {"document_id", "quote", "reason"}


def poisoned(value: Any, key: str = "") -> Any:
    """The body with a script in every string that may be anything."""
    if isinstance(value, dict):
        return {each: poisoned(inner, each) for each, inner in value.items()}
    if isinstance(value, list):
        return [poisoned(inner, key) for inner in value]
    if value is None or (isinstance(value, str) and key not in CHECKED):
        return f"\"'><script>{key}</script>" if key not in ("page", "reason") else None
    return value


@pytest.mark.parametrize("answer", [fakes.answered(), fakes.refused()])
def test_scripts_that_were_stored_are_text(pipeline: FakePipeline, answer: Answer) -> None:
    turn = kept(answer)
    body = poisoned(turn["body"]) | {
        "short_answers": turn["body"]["short_answers"],  # compared, too
        "hits": [{**poisoned(hit), "text": hit["text"]} for hit in turn["body"]["hits"]],
        "warnings": ["<script>warnings</script>"],
    }
    [update] = again(pipeline.typed, {**turn, "question": "<script>?", "body": body})
    assert not update.gone
    assert "script" not in Marks(update.html).tags
    escaped = {"publisher", "source", "title", "warnings"}
    assert {name for name in escaped if f"&lt;script&gt;{name}&lt;" in update.html} == escaped
