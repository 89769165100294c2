"""Saved answers as they are read: every shape that is printed, and what is said of any other."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from index.errors import UsageError
from rag.answer import ShortAnswer, ask_body
from rag.draft import Quote
from rag.verify import Saved
from tests.rag.makers import saved
from tests.ui import fakes
from ui.saved import read_answers

ANSWER = ask_body(fakes.answered())
REFUSAL = ask_body(fakes.refused())
FAILURE = {"id": "q3", "error": "RuntimeError: it broke"}


def read(text: str) -> list[list[Saved]]:
    answers = read_answers(text.encode("utf-8"), "answers.jsonl")
    return [[saved for _, _, saved in answer.saved()] for answer in answers]


@pytest.mark.parametrize("ascii_only", [True, False])
def test_everything_that_is_pinned_down_is_read_back(*, ascii_only: bool) -> None:
    for answer in (fakes.answered(), fakes.refused()):
        text = json.dumps(ask_body(answer), ensure_ascii=ascii_only)
        assert read(text) == [saved(answer)]
    [[whole]] = read(json.dumps(ANSWER))
    start, short = fakes.SHORT_START, fakes.SHORT
    assert whole.short_answers == (Quote(fakes.DOCUMENT.id, start, start + len(short), short),)
    assert [span.start for span in whole.quote.highlights] == [start]


def test_a_short_answer_belongs_to_its_own_citation() -> None:
    one = fakes.answered()
    first = fakes.citation(start=0, quote=fakes.TEXT[:5])
    both = replace(one, citations=(first, replace(one.citations[0], n=2)))
    shorts = (replace(one.short_answers[0], citation=2), ShortAnswer("开发", 1, 0, 2))
    answer = replace(both, short_answers=shorts)
    assert read(json.dumps(ask_body(answer))) == [saved(answer)]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(map(json.dumps, [ANSWER, FAILURE, REFUSAL])),
        "\r\n\r\n".join(map(json.dumps, [ANSWER, FAILURE, REFUSAL])) + "\r\n",
        "\n".join(json.dumps(each, indent=2) for each in [ANSWER, FAILURE, REFUSAL]),
        json.dumps([ANSWER, FAILURE, REFUSAL]),
        "\ufeff" + json.dumps([ANSWER, FAILURE, REFUSAL], indent=2),
    ],
    ids=["lines", "CRLF and empty lines", "spread over lines", "an array", "with a mark"],
)
def test_every_shape_is_read(text: str) -> None:
    assert read(text) == [saved(fakes.answered()), [], saved(fakes.refused())]


def test_a_shell_that_writes_utf_16() -> None:
    data = json.dumps(ANSWER, ensure_ascii=False).encode("utf-16")
    assert len(read_answers(data, "answer.json")) == 1


def test_none_at_all_is_said_by_an_array_but_not_by_an_empty_file() -> None:
    assert read("[]") == []
    for nothing in ("", " \n\n"):
        with pytest.raises(UsageError, match=r"^answers\.jsonl: there is nothing in it\.$"):
            read(nothing)


def changed(**fields: Any) -> dict[str, Any]:
    """The answer with a citation that is changed so."""
    return {**ANSWER, "citations": [{**ANSWER["citations"][0], **fields}]}


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (changed(start="1"), ".citations[0].start: Input should be a valid integer."),
        (changed(start=1.5), ".citations[0].start: Input should be a valid integer"),
        (changed(end=True), ".citations[0].end: Input should be a valid integer."),
        (changed(start=-1), ".citations[0].start: Input should be greater than or equal to 0."),
        (changed(quote=""), ".citations[0].quote: String should have at least 1 character."),
        (changed(quote=None), ".citations[0].quote: Input should be a valid string."),
        (changed(quote="\ud800"), ".citations[0].quote: Input should be a valid string"),
        (changed(document_id="\ud800"), ".citations[0].document_id: Input should be a valid"),
        (changed(highlights=[{"start": 1}]), ".citations[0].highlights[0].end: Field required."),
        ({"question": "q"}, ".citations: Field required."),
        ({**ANSWER, "citations": {}}, ".citations: Input should be a valid list."),
        ({**REFUSAL, "related": [{}]}, ".related[0].n: Field required."),
        ({**ANSWER, "citations": []}, "said to stand in citation 1, which is not there."),
        ("answer", "str found where an object was expected."),
        ([ANSWER, 7], "[1]: int found where an object was expected."),
        ([ANSWER, changed(n=None)], "[1].citations[0].n: Input should be a valid integer."),
    ],
)  # fmt: skip
def test_what_is_no_answer(broken: Any, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(json.dumps(ANSWER) + "\n\n" + json.dumps(broken))
    assert caught.value.message.startswith("answers.jsonl, line 3: ")
    assert message in caught.value.message
    assert "yuanwen ask --json" in caught.value.hint


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ('{"a": nonsense}', "line 2: not valid JSON: Expecting value at column 7."),
        ('{"a": [1, 2', "line 2: not valid JSON: Expecting ',' delimiter at column 12."),
        (
            '{"a": 1\n\n "b"}',
            "line 4: not valid JSON: Expecting ',' delimiter at column 2,"
            " in what begins in line 2.",
        ),
        ("[" * 100_000, "line 2: JSON that cannot be read: "),
        ('{"a": ' + "1" * 5_000 + "}", "line 2: JSON that cannot be read: "),
    ],
)
def test_malformed_json_says_where(broken: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(json.dumps(ANSWER) + "\n" + broken)
    assert caught.value.message.startswith(f"answers.jsonl, {message}")


def test_lines_are_counted_through_answers_that_fill_several() -> None:
    text = json.dumps(ANSWER, indent=2)
    with pytest.raises(UsageError, match=f"line {text.count(chr(10)) + 2}: int found"):
        read(f"{text}\n7")


def test_what_is_no_text() -> None:
    with pytest.raises(UsageError, match=r"^answers\.jsonl: not utf-8: .* at byte 1\.$"):
        read_answers(b"{\xff}", "answers.jsonl")
