"""Follow-ups over a small collection with names of its own, in both scripts and in English."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoder import HashEncoder
from index.store import Store
from rag.followup import Turn, resolve
from rag.names import Known, known_of
from rag.pipeline import Pipeline, Question
from rag.settings import load_settings
from tests.rag.makers import write


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Known:
    folder = tmp_path_factory.mktemp("known")
    pages = {
        "云谷新区2021年年报": "云谷新区2021年投资额8亿元。面积30平方公里，人口12万人。",
        "白露區發展概況": "白露區面積50平方公里，區長是林小禾。",
        "Star Islet park": "The park covers 12 square kilometres. 40 schools.",
    }
    for title, text in pages.items():
        write(folder / "pages" / f"{title}.md", f"---\ntitle: {title}\n---\n{text}")
    store = Store.open(folder / "index", HashEncoder(), write=True)
    store.add([folder / "pages"])
    return known_of(store)


def after(known: Known, *questions: str, answer: str = "") -> str | None:
    """The last question in the light of those before it, the last of which had the answer."""
    *history, asked = questions
    turns = [Turn(question, "") for question in history[:-1]]
    return resolve(asked, [*turns, Turn(history[-1], answer)], known)


CHINESE = [
    # The matter, the name or the time in the place of its like.
    ("云谷新区2021年的投资额是多少？", "那人口呢？", "云谷新区2021年的人口是多少？"),
    ("云谷新区面积多大？", "那白露区呢？", "白露区面积多大？"),
    ("云谷新区面积多大？", "白露区的呢", "白露区面积多大？"),
    ("云谷新区2021年的投资额是多少？", "2020年呢？", "云谷新区2020年的投资额是多少？"),
    ("云谷新区2021年的投资额是多少？", "再往前一年？", "云谷新区2020年的投资额是多少？"),
    ("云谷新区2021年的投资额是多少？", "下一年呢", "云谷新区2022年的投资额是多少？"),
    ("云谷新区的投资额是多少？", "2020年？", "云谷新区2020年的投资额是多少？"),
    ("云谷新区2021年的投资额是多少？", "上半年呢", "云谷新区2021年上半年的投资额是多少？"),
    # Pronouns, and what is left out.
    ("云谷新区的投资额是多少？", "它的面积是多少", "云谷新区的面积是多少"),
    ("云谷新区的投资额是多少？", "该区人口多少？", "云谷新区人口多少？"),
    ("云谷新区的投资额是多少？", "那里有地铁吗？", "云谷新区有地铁吗？"),
    ("云谷新区的投资额是多少？", "有多少人口？", "云谷新区有多少人口？"),
    ("云谷新区的投资额是多少？", "人口呢，有多少", "云谷新区人口有多少"),
    ("云谷新区2021年的投资额是多少？", "同比增长多少？", "云谷新区2021年的投资额同比增长多少？"),
    # In the script of whoever asks.
    ("白露區面積多大？", "它的人口是多少？", "白露區的人口是多少？"),
    ("白露区面积多大？", "雲谷新區呢？", "雲谷新區面積多大？"),
]


@pytest.mark.parametrize(("before", "question", "whole"), CHINESE)
def test_a_chinese_question_is_made_whole(
    known: Known, before: str, question: str, whole: str
) -> None:
    found = after(known, before, question)
    # Whether 人口 is one script or the other cannot be told: such a question counts as Simplified.
    assert found in (whole, whole.replace("區", "区").replace("雲", "云").replace("積", "积"))


ENGLISH = [
    (
        "What is the area of the Star Islet park?",
        "And its schools?",
        "What about the Star Islet park’s schools?",
    ),
    (
        "What is the area of the Star Islet park?",
        "how many schools are there?",
        "how many schools are there in the Star Islet park?",
    ),
    (
        "What is the area of the Star Islet park?",
        "What about the population?",
        "What is the population of the Star Islet park?",
    ),
    (
        "How many people live in Bailu District?",
        "And in Yungu?",
        "How many people live in Yungu?",
    ),
    (
        "How much was invested in Yungu in 2021?",
        "And the year before?",
        "How much was invested in Yungu in 2020?",
    ),
    (
        "How much was invested in Yungu?",
        "and in 2019",
        "How much was invested in Yungu in 2019?",
    ),
    (
        "What was the revenue of Yungu District in 2021?",
        "By how much did it grow?",
        "By how much did the revenue of Yungu District grow?",
    ),
    ("When was Dew Works founded?", "Where is it based?", "Where is Dew Works based?"),
]


@pytest.mark.parametrize(("before", "question", "whole"), ENGLISH)
def test_an_english_question_is_made_whole(
    known: Known, before: str, question: str, whole: str
) -> None:
    assert after(known, before, question) == whole


@pytest.mark.parametrize(
    "question",
    [
        "白露区面积多大？", "白露区有多大", "林小禾是谁", "法国的首都是哪里", "哪个区的面积最大？",
        "其他新区呢？", "尤其是企业多不多", "应该怎么申请", "那么多企业都来自哪里？",
        "那年发生了什么", "那白露区的人口呢？", "什么是“双招双引”？", "为什么？", "它呢？", "那",
        "呢", "？", "谢谢", "今天天气怎么样？",
        "Who is Mary Holt?", "Is it true that water is wet?", "What does the IT sector earn?",
        "How large is the Star Islet park and who runs it?", "And", "Thanks!",
    ],
)  # fmt: skip
def test_what_stands_alone_or_is_unclear_stays_as_it_is(known: Known, question: str) -> None:
    assert after(known, "云谷新区的投资额是多少？", question) is None


def test_turns_lean_on_turns_that_leaned(known: Known) -> None:
    first = "云谷新区2021年的投资额是多少？"
    assert after(known, first, "前一年呢？", "再往前一年？") == "云谷新区2019年的投资额是多少？"
    assert after(known, first, "白露区呢？", "人口呢") == "白露区2021年的人口是多少？"
    assert after(known, first, "谢谢", "它的面积多大？") == "云谷新区的面积多大？"


def test_an_answer_says_who_was_asked_for_and_which_year(known: Known) -> None:
    asked = "白露区区长是谁？"
    found = after(known, asked, "她是哪里人？", answer="白露區…區長是林小禾。[1]")
    assert found == "林小禾是哪里人？"
    asked = "Who runs the Star Islet park?"
    found = after(known, asked, "Where was she born?", answer="Its director is Mary Holt.[1]")
    assert found == "Where was Mary Holt born?"
    found = after(known, "云谷新区的投资额是多少？", "前一年呢", answer="2021年投资额8亿元。")
    assert found == "云谷新区2020年的投资额是多少？"


def test_a_question_that_names_nothing_is_about_the_name_only_where_a_page_says_so(
    known: Known,
) -> None:
    assert after(known, "云谷新区面积多大？", "有多少人口？") == "云谷新区有多少人口？"
    assert after(known, "云谷新区面积多大？", "火箭产量是多少？") is None


def test_only_the_last_turns_count(known: Known) -> None:
    turns = [Turn("云谷新区面积多大？", ""), *[Turn("什么是“双招双引”？", "")] * 8]
    assert resolve("它的人口是多少？", turns, known) is None
    assert resolve("它的人口是多少？", turns[:8], known) == "云谷新区的人口是多少？"
    assert resolve("它" * 301, turns[:1], known) is None


@settings(deadline=None, max_examples=60)
@given(
    question=st.text(max_size=60),
    before=st.lists(st.text(max_size=60), max_size=3),
)
def test_any_text_is_resolved_or_left(known: Known, question: str, before: list[str]) -> None:
    found = resolve(question, [Turn(text, text) for text in before], known)
    assert found is None or (found != question and found.strip())


def test_the_pipeline_asks_what_was_understood(store: Store) -> None:
    pipeline = Pipeline(store, load_settings(threshold=1e-12))
    history = (Turn("青禾区引进了多少家企业？", "青禾区引进企业300余家，投资6.5亿元。[1]"),)
    answer = pipeline.ask(Question("那白露区呢？", history=history))
    assert answer.question == "那白露区呢？"
    assert answer.resolved_question == "白露区引进了多少家企业？"
    assert answer.citations[0].source == "bailu.md"
    found = pipeline.search(Question("那白露区呢？", history=history))
    assert found.resolved_question == answer.resolved_question
    assert found.hits[0].source == "bailu.md"
    assert pipeline.ask(Question("那白露区呢？")).resolved_question is None
    assert pipeline.ask(Question("謝謝", history=history)).resolved_question is None


def test_no_page_and_no_title_is_no_hindrance(tmp_path: Path) -> None:
    with Store.open(tmp_path, HashEncoder(), write=True) as empty:
        known = known_of(empty)
    assert after(known, "林小禾何时上任？", "他的职务是什么？") == "林小禾的职务是什么？"
