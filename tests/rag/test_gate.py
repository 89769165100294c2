"""What the gate lets out: nothing whose numbers, names, dates or denials the quote lacks."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Span
from index.store import Store
from rag.draft import Quote
from rag.gate import Means, judge, sentences_in, sentences_of
from rag.reader.light import LightReader
from rag.reader.reading import words_in

ZH = "青禾区2021年4月引进企业300余家，投资6.34亿元，同比增长12.5%。"
EN = "The Star Islet park, opened in April 2021, covers 12.5 square kilometres."


@pytest.fixture
def means(store: Store) -> Means:
    """Meanings are told by a real encoder elsewhere: here the rules are on trial, not it."""
    return Means(store.tokenizer, store.concepts, lambda one, other: 1.0, read(store))


def read(store: Store) -> Callable[[str, str], str]:
    return partial(words_in, LightReader(store))


def quoted(text: str, answer: str = "") -> Quote:
    start = text.index(answer)
    highlights = (Span(start, start + len(answer)),) if answer else ()
    return Quote("d", 0, len(text), text, highlights)


def fault(said: str, quote: str, means: Means, question: str) -> str:
    (judged,) = judge([said], [quoted(quote)], question, means)
    return judged.fault


@pytest.mark.parametrize(
    "said",
    [
        "青禾区投资6.34亿元[1]。", "青禾区投资6.34亿元。[1]", "青禾區投資六億三千四百萬元[1]。",
        "青禾区2021年4月引进企业300余家【1】。", "投资63400万元，同比增长12.5%[1]。",
    ],
)  # fmt: skip
def test_what_the_quote_says_leaves(said: str, means: Means) -> None:
    assert fault(said, ZH, means, "青禾区投资多少？") == ""


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("青禾区投资6.34亿元。", "no marker"),
        ("青禾区投资6.34亿元[2]。", "a marker of no quote"),
        ("青禾区投资6.34亿元[0]。", "a marker of no quote"),
        ("青禾区投资6.35亿元[1]。", "a number"),
        ("青禾区投资6.34万元[1]。", "a number"),
        ("青禾区投资6.34亿美元[1]。", "a number"),
        ("青禾区2022年投资6.34亿元[1]。", "a number"),
        ("青禾区5月引进企业300余家[1]。", "a number"),
        ("青禾区同比增长12.5个百分点[1]。", "a number"),
        ("上海投资6.34亿元[1]。", "a name"),
        ("青禾区没有投资6.34亿元[1]。", "a negation"),
        ("这里的风景很优美[1]。", "its words"),
        ("青禾区投资多少[1]。", "a question"),
        ("青禾区投资6.34亿元[1]？", "a question"),
        ("It invested 634 million yuan [1].", "another language"),
    ],
)
def test_what_the_quote_does_not_say_stays(said: str, expected: str, means: Means) -> None:
    assert fault(said, ZH, means, "青禾区投资多少？") == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("The Star Islet park covers 12.5 square kilometres [1].", ""),
        ("It opened in April 2021 [1].", ""),
        ("The Star Islet park covers 12.5 square metres [1].", "a number"),
        ("It opened in May 2021 [1].", "a number"),
        ("The Moon Islet park covers 12.5 square kilometres [1].", "a name"),
        ("The Star Islet park does not cover 12.5 square kilometres [1].", "a negation"),
    ],
)
def test_english(said: str, expected: str, means: Means) -> None:
    assert fault(said, EN, means, "How large is the park?") == expected


def test_names_of_the_quote_stand_as_they_are_written(means: Means) -> None:
    quote = "The Star Islet County zone's 77 firms pay 5 yuan."
    assert (
        fault("The Star Islet County Zone's 77 firms pay 5 yuan [1].", quote, means, "Who?") == ""
    )
    assert fault("The Star Isle pays 5 yuan [1].", quote, means, "Who?") == "a name"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("规划面积21平方公里[1]。", ""),
        ("The planned area is 21 square kilometres [1].", ""),
        ("规划面积15平方公里，建成区面积21平方公里[1]。", "its answer"),
        ("建成区面积15平方公里[1]。", "its answer"),
    ],
)
def test_the_reader_must_find_the_same_answer(said: str, expected: str, means: Means) -> None:
    """Figures that change places, and what is true and beside the question, pass all the rest."""
    quote = quoted("规划面积21平方公里，建成区面积15平方公里。", "21平方公里")
    question = "How large is it?" if said.isascii() else "规划面积多少平方公里？"
    (judged,) = judge([said], [quote], question, means)
    assert judged.fault == expected


def test_what_was_said_is_not_said_again(means: Means) -> None:
    judged = judge(["青禾区投资6.34亿元[1]。" * 2], [quoted(ZH)], "投资多少？", means)
    assert [j.fault for j in judged] == ["", "said before"]


@pytest.mark.parametrize("said", ["青禾区[1]投资6.34", "青禾区投资6.34亿元。[1]青禾区[1]没有"])
def test_what_was_cut_off_is_no_sentence(said: str, means: Means) -> None:
    assert "".join(text for text, _ in sentences_in([said])) in ("", "青禾区投资6.34亿元。")


def test_amounts_and_names_cross_languages(means: Means) -> None:
    question = "How much was invested?"
    assert fault("634 million yuan was invested [1].", ZH, means, question) == ""
    assert fault("634 million dollars was invested [1].", ZH, means, question) == "a number"
    assert fault("635 million yuan was invested [1].", ZH, means, question) == "a number"


def test_each_sentence_is_held_to_its_own_quote(means: Means) -> None:
    said = "青禾区投资6.34亿元[1]。白露区投资8.2亿元[2]。白露区投资6.34亿元[2]。"
    judged = judge([said], [quoted(ZH), quoted("白露區投資8.2億元。")], "投资多少？", means)
    assert [j.fault for j in judged] == ["", "", "a number"]


def test_what_is_far_in_meaning_stays(store: Store) -> None:
    means = Means(store.tokenizer, store.concepts, lambda one, other: 0.1, read(store))
    assert fault("青禾区投资6.34亿元[1]。", ZH, means, "投资多少？") == "its meaning"


def test_markers_belong_to_the_sentence_that_they_end() -> None:
    assert sentences_of("甲是1[1]。乙是2。[2]\n- 丙[1][2]") == [
        ("甲是1。", (1,)), ("乙是2。", (2,)), ("- 丙", (1, 2)),
    ]  # fmt: skip
    assert sentences_of("One is 1.5 [1]. Two is 2. [2]") == [
        ("One is 1.5.", (1,)), ("Two is 2.", (2,)),
    ]  # fmt: skip
    assert sentences_of("  \n[1]\n") == []


def test_a_sentence_is_told_when_the_next_begins() -> None:
    told: list[str] = []

    def pieces() -> Iterator[str]:
        for piece in ("甲是1.5。", "[1]", "[2] ", "乙", "是2。"):
            yield piece
            told.append("|")

    for text, _ in sentences_in(pieces()):
        told.append(text)
    assert told == ["|", "|", "|", "甲是1.5。", "|", "|", "乙是2。"]


@given(st.lists(st.sampled_from(["甲", "乙1", "Two ", "3", "。", ". ", "[1]", "[", "12]", "\n"])))
def test_how_a_stream_is_cut_changes_nothing(pieces: list[str]) -> None:
    assert list(sentences_in(pieces)) == list(sentences_in(["".join(pieces)]))
