"""The collection that ships, and the questions about it, are what the rest relies on."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from eval.datasets import Choices, load_set
from eval.normalise import normalise
from index.load import load_document, read_file
from index.load.clean import clean
from index.load.markdown import read_markdown
from index.records import Document
from rag.language import language_of

CORPUS = Path(__file__).parents[1] / "corpus"
LANGUAGES = ["zh-Hans", "zh-Hans", "zh-Hans", "zh-Hans", "zh-Hant", "en"]


def documents() -> list[Document]:
    loaded = (load_document(read_file(path), path.name) for path in sorted(CORPUS.glob("*.md")))
    return [document for document in loaded if document]


@pytest.mark.parametrize(("number", "language"), list(enumerate(LANGUAGES)))
def test_each_document_is_in_the_script_that_it_states(number: int, language: str) -> None:
    document = documents()[number]
    assert document.source.startswith(f"00{number}-")
    assert document.language == language
    if language != "en":  # the overview has the names in Chinese beside the English ones
        assert language_of(document.text) == language


def test_there_are_six_documents_each_with_a_title() -> None:
    found = documents()
    assert len(found) == len(LANGUAGES)
    assert all(document.title for document in found)


def test_the_set_has_two_equal_halves_and_enough_to_refuse() -> None:
    questions = load_set("corpus", Choices()).questions
    assert len(questions) >= 160
    assert sum(not question.answerable for question in questions) >= 40
    assert len(set(Counter(question.split for question in questions).values())) == 1


def test_a_quarter_of_the_turns_of_dialogues_stand_alone() -> None:
    questions = load_set("dialogues", Choices()).questions
    assert len({question.group for question in questions}) >= 40
    assert all(1 <= len(question.history) <= 2 for question in questions)
    for half in ("dev", "test"):
        alone = [question.stands_alone for question in questions if question.split == half]
        assert len(alone) >= 40 and sum(alone) >= len(alone) / 4
    # The turns of one dialogue are in one half.
    assert len({(q.group, q.split) for q in questions}) == len({q.group for q in questions})


@pytest.mark.parametrize("name", ["corpus", "dialogues"])
def test_every_answer_stands_in_a_document_that_the_question_lists(name: str) -> None:
    texts = {document.source: normalise(document.text) for document in documents()}
    for question in load_set(name, Choices()).questions:
        listed = [t for s, t in texts.items() if any(part in s for part in question.sources)]
        for wordings in question.gold:
            found = any(normalise(wording) in text for wording in wordings for text in listed)
            assert found, question.id


def test_nothing_of_the_collection_is_set_apart() -> None:
    for path in sorted(CORPUS.glob("00*.md")):
        content = read_markdown(read_file(path))
        assert clean(content) == content
