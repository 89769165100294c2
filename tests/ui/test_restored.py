"""What the browser kept of a chat, whatever it is: only what still stands is shown again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.errors import StoreError
from index.store import Store
from rag.answer import Answer, ask_body
from rag.pipeline import Pipeline, Question
from tests.ui import fakes
from tests.ui.conftest import named
from tests.ui.fakes import FakePipeline
from tests.ui.markup import Marks
from ui.labels import LABELS
from ui.render import Exchange, exchange_html
from ui.turns import Update, restored

ASKED, REFUSED = "大善县的人口是多少？", "大善县的地铁有几条线路？"
PEOPLE, AREA = "大善县的人口是45万人。", "小河镇的规划面积是21平方公里。"


def kept(answer: Answer, **more: Any) -> dict[str, Any]:
    """A turn as it comes back from the browser."""
    turn: dict[str, Any] = {"question": answer.question, "documents": [], "gone": False}
    turn |= {"body": ask_body(answer), **more}
    return dict(json.loads(json.dumps(turn)))


def again(pipeline: Pipeline, *turns: object) -> list[Update]:
    return restored(pipeline.ask, pipeline.store, {"turns": turns})


def test_an_answer_that_stands_is_shown_again(real: Pipeline) -> None:
    answer = real.ask(Question(ASKED))
    turn = kept(answer)
    [update] = again(real, turn)
    assert update == Update(1, exchange_html(1, Exchange(ASKED, answer, searched=2)), turn["body"])
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
    assert restored(pipeline.typed.ask, pipeline.typed.store, payload) == []


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
    """The same with a script in every string that may be anything, the key beside it."""
    if isinstance(value, dict):
        return {each: poisoned(inner, each) for each, inner in value.items()}
    if isinstance(value, list):
        return [poisoned(inner, key) for inner in value]
    if isinstance(value, str) and key not in CHECKED:
        return f"\"'><script>{key}</script>"
    return value


@pytest.mark.parametrize("answer", [fakes.answered(), fakes.refused()])
def test_scripts_that_were_stored_are_text(pipeline: FakePipeline, answer: Answer) -> None:
    turn = kept(answer)
    body = poisoned(turn["body"]) | {
        "short_answers": turn["body"]["short_answers"],  # compared, too
        "hits": [{**poisoned(hit), "text": hit["text"]} for hit in turn["body"]["hits"]],
        "warnings": ["<script>warnings</script>"],
        "resolved_question": "<script>resolved</script>",
    }
    [update] = again(pipeline.typed, {**turn, "question": "<script>?", "body": body})
    assert not update.gone
    assert "script" not in Marks(update.html).tags
    escaped = {"publisher", "source", "title", "warnings", "resolved"}
    assert {name for name in escaped if f"&lt;script&gt;{name}&lt;" in update.html} == escaped
