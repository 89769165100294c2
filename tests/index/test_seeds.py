"""Five real pages from ../shared/seeds, against what corpus/ has of them by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from eval.datasets import Choices, load_set
from eval.normalise import normalise
from index.fold import fold_text
from index.load import load_document
from index.records import Document
from tests.index.pages import asides, kept

ROOT = Path(__file__).parents[2]
SEEDS = ROOT.parent / "shared" / "seeds"

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="needs the pages in ../shared/seeds")

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
NUMBERS = range(5)


def read(path: Path) -> Document:
    document = load_document(path.read_bytes(), path.name)
    assert document is not None
    return document


def page(number: int) -> Document:
    return read(next(SEEDS.glob(f"00{number}_*")))


def by_hand(number: int) -> Document:
    return read(next((ROOT / "corpus").glob(f"00{number}-*")))


def shared(one: str, other: str) -> set[str]:
    """What of six characters stands in both."""
    parts = {one[i : i + 6] for i in range(len(one) - 5)}
    return {part for part in parts if part in other}


@pytest.mark.parametrize("number", NUMBERS)
def test_every_number_of_the_article_stays_text(number: int) -> None:
    raw = page(number)
    text = " ".join(kept(raw))
    wanted = {*_NUMBER.findall(by_hand(number).text)} & {*_NUMBER.findall(raw.text)}
    assert len(wanted) > 10
    assert wanted <= {*_NUMBER.findall(text)}


@pytest.mark.parametrize("number", NUMBERS)
def test_every_name_that_was_taken_from_the_page_stays_text(number: int) -> None:
    """Names, terms and slogans: whatever six characters in a row both versions have."""
    raw = page(number)
    wanted = shared(normalise(by_hand(number).text), normalise(raw.text))
    assert len(wanted) > 200
    lost = wanted - shared(normalise("".join(kept(raw))), normalise(raw.text))
    assert len(lost) <= 2, lost  # one phrase stands in an unrelated teaser too


def test_every_answer_that_a_page_states_stays_text() -> None:
    pages = [page(number) for number in NUMBERS]
    found = 0
    for question in load_set("corpus", Choices()).questions:
        for raw in (p for p in pages if any(part in p.source for part in question.sources)):
            text = normalise("\n".join(kept(raw)))
            for wording in {normalise(w) for fact in question.gold for w in fact}:
                if wording in normalise(raw.text):
                    found += 1
                    assert wording in text, question.id
    assert found > 150


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, ["扫一扫", "登录", "友情链接", "当前位置", "海关总署", ".jpg"]),
        (1, ["投稿邮箱", "新闻热线"]),
        (2, ["资源大小", "迅雷", "友情提示", "金币"]),
        (4, ["版权声明", "法律顾问", "不得转载", "心情排行"]),
    ],
)
def test_what_stands_around_the_article_is_set_apart(number: int, words: list[str]) -> None:
    raw = page(number)
    text, around = fold_text("\n".join(kept(raw))), fold_text("\n".join(asides(raw)))
    for word in words:
        assert word not in text
        assert word in around or word not in fold_text(raw.text)


def test_the_teasers_behind_the_article_are_set_apart() -> None:
    raw = page(1)
    assert len(asides(raw)) == 11  # where to send news to, and ten
    assert asides(raw) == raw.text.split("\n")[-11:]


def test_words_that_the_page_edge_broke_are_whole() -> None:
    text = page(3).text
    assert "70余万平方米" in text
    assert "富泰华大力开展技术改造" in text


@pytest.mark.parametrize("number", NUMBERS)
def test_publisher_and_date_are_those_that_were_read_by_hand(number: int) -> None:
    raw, hand = page(number), by_hand(number)
    assert (raw.publisher, raw.date) == (hand.publisher, hand.date)
