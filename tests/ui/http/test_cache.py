"""Answers are kept for as long as the index is what it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.encoder import HashEncoder
from index.store import Store
from rag.answer import Answer
from rag.pipeline import Question
from tests.ui import fakes
from tests.ui.conftest import write_files
from ui.http.cache import AnswerCache


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "data", HashEncoder(), write=True) as store:
        store.add([write_files(tmp_path / "files")])
        yield store


def make(question: Question) -> Answer:
    return fakes.answered(question.text)


def test_the_same_question_is_answered_once(store: Store) -> None:
    cache = AnswerCache(store)
    first, cached = cache.get(Question("a"), make)
    assert not cached
    again, cached = cache.get(Question("a"), make)
    assert cached
    assert again.timings_ms.keys() == {"total"}
    assert (again.text, again.citations) == (first.text, first.citations)
    for other in (Question("b"), Question("a", top_k=1), Question("a", generator="x")):
        assert cache.get(other, make)[1] is False


def test_a_change_empties_it_whoever_made_it(store: Store, tmp_path: Path) -> None:
    """Its own connection, and another one, as of another process."""
    reader = Store.open(tmp_path / "data", HashEncoder())
    for one in (store, reader):
        cache = AnswerCache(one)
        cache.get(Question("a"), make)
        with store.for_writing() as writer:
            writer.remove(writer.documents()[0].id)
        assert cache.get(Question("a"), make)[1] is False
        assert cache.get(Question("a"), make)[1] is True
    reader.close()


def test_dropping_forgets_at_once(store: Store) -> None:
    cache = AnswerCache(store)
    cache.get(Question("a"), make)
    store.remove(store.documents()[0].id)
    cache.drop_stale()
    assert not cache._answers


def test_an_answer_of_an_index_that_is_no_more_is_not_kept(store: Store) -> None:
    cache = AnswerCache(store)

    def meanwhile(question: Question) -> Answer:
        store.remove(store.documents()[0].id)
        cache.drop_stale()
        return make(question)

    cache.get(Question("a"), meanwhile)
    assert cache.get(Question("a"), make)[1] is False


def test_an_error_is_not_kept(store: Store) -> None:
    cache = AnswerCache(store)

    def fail(question: Question) -> Answer:
        raise RuntimeError("once")

    with pytest.raises(RuntimeError):
        cache.get(Question("a"), fail)
    assert cache.get(Question("a"), make)[1] is False


def test_an_answer_with_a_warning_is_not_kept(store: Store) -> None:
    """Else a model that was away for a moment would be away until the index changes."""
    cache = AnswerCache(store)

    def warn(question: Question) -> Answer:
        return replace(make(question), warnings=("The model did not answer.",))

    assert cache.get(Question("a"), warn)[0].warnings
    answer, cached = cache.get(Question("a"), make)
    assert (answer.warnings, cached) == ((), False)


def test_only_the_latest_are_kept(store: Store) -> None:
    cache = AnswerCache(store, most=2)
    for text in "abac":  # b was asked longest ago
        cache.get(Question(text), make)
    assert [cache.get(Question(text), make)[1] for text in "acb"] == [True, True, False]
