import re
from pathlib import Path

import pytest

from index.fold import fold_text, is_han
from index.tokens import Tokenizer
from rag.question import Kind
from tests.rag.makers import analyse

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("青禾区什么时候成立？", "date"),
        ("青禾區什麼時候成立？", "date"),
        ("青禾区哪一年修的路？", "date"),
        ("青禾區於何時成立？", "date"),
        ("When was the bridge opened?", "date"),
        ("In which year did it open?", "date"),
        ("青禾区区长是谁？", "person"),
        ("青禾區區長是誰？", "person"),
        ("Who runs the park?", "person"),
        ("青禾区有多少家企业？", "quantity"),
        ("青禾區有幾家企業？", "quantity"),
        ("青禾区面积多大？", "quantity"),
        ("青禾区绿化占比？", "quantity"),
        ("How many schools are there?", "quantity"),
        ("How much did it cost?", "quantity"),
        ("What percentage is forest?", "quantity"),
        ("青禾区为什么修路？", "other"),
        ("青禾区几乎没有路吗？", "other"),
        ("Why was the road built?", "other"),
        ("Is the whole show over?", "other"),
    ],
)
def test_a_question_asks_for_a_kind_of_thing(question: str, kind: Kind) -> None:
    assert analyse(question).kind == kind


def test_content_is_folded_and_without_question_words() -> None:
    assert analyse("请问青禾区有多少家企业？").content == ("青禾区", "家", "企业")
    assert analyse("請問青禾區有多少家企業？").content == ("青禾区", "家", "企业")
    assert analyse("Who built the BRIDGES?").content == ("built", "bridg")
    assert analyse("企业，企业").content == ("企业",)


@pytest.mark.parametrize("question", ["", "？", "😀", "多少", "what is it?"])
def test_a_question_may_say_nothing(question: str) -> None:
    assert analyse(question).content == ()


def test_figures_and_years() -> None:
    asked = analyse("2021年的１,250家企业里，3.5%在1800米以上吗？2021")
    assert asked.figures == ("2021", "1250", "3.5", "1800")
    assert asked.years == ("2021",)
    assert analyse("12021家企业").years == ()


@pytest.mark.parametrize(
    ("question", "counter"),
    [
        ("青禾区有多少家企业？", "家"),
        ("青禾區有幾條河？", "条"),
        ("多少？", ""),
        ("How many?", ""),
    ],
)
def test_the_measure_word_is_noticed(question: str, counter: str) -> None:
    assert analyse(question).counter == counter


def test_both_scripts_are_taken_apart_alike() -> None:
    hans, hant = analyse("青禾区2021年投资多少亿元？"), analyse("青禾區2021年投資多少億元？")
    assert (hans.language, hant.language) == ("zh-Hans", "zh-Hant")
    assert (hans.kind, hans.content, hans.years, hans.counter) == (
        hant.kind,
        hant.content,
        hant.years,
        hant.counter,
    )


def test_the_tables_name_nothing_of_the_collection() -> None:
    sources = [*(ROOT / "rag").rglob("*.py"), ROOT / "index" / "function_words.py"]
    code = fold_text("".join(path.read_text(encoding="utf-8") for path in sources))
    for path in (ROOT / "corpus").glob("*.md"):
        for title in re.findall(r"^title: (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE):
            told = [
                word
                for word in Tokenizer().words(fold_text(title))
                if len(word) > 1 and is_han(word[0])
            ]
            assert [word for word in told if word in code] == []


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("2015年青禾区收入多少？", ("2015",)),
        ("青禾区2015收入多少？", ("2015",)),
        ("What was the income in 2015?", ("2015",)),
        ("What was 2015's income?", ("2015",)),
        ("How many of the 2,000 employees are women?", ()),
        ("2000 employees: how many women?", ()),
        ("2000家企业里有几家学校？", ()),
        ("2000万元用在哪里？", ()),
    ],
)
def test_a_count_is_no_year(question: str, years: tuple[str, ...]) -> None:
    assert analyse(question).years == years
