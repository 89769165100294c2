"""What a question wants of its answer beside a quote, from documents to the words that are shown.

The light reader is sure only of sentences that repeat the question nearly word by word: hence the
lighthouse.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.encoder import HashEncoder
from index.store import Store
from rag.answer import Answer
from rag.language import LEADS
from rag.pipeline import Pipeline, Question
from rag.settings import load_settings
from tests.rag.makers import assert_holds, write

Ask = Callable[[str], Answer]

# Refuses nothing for lack of confidence, but still what the documents do not speak of.
LEAST = 1e-12

LIGHTHOUSE = "在星屿公园东边的人工湖里面的那座无人居住的小岛上面的白色灯塔的高度是"
HOW_HIGH = f"{LIGHTHOUSE}多少米？"


@pytest.fixture
def over(tmp_path: Path) -> Iterator[Callable[..., Ask]]:
    """Index documents by their names, and then ask them; every citation is checked."""
    with Store.open(tmp_path / "data", HashEncoder(), write=True) as store:

        def index(**documents: str) -> Ask:
            for name, text in documents.items():
                write(tmp_path / "documents" / f"{name}.md", text)
            store.add([tmp_path / "documents"])
            return ask

        def ask(question: str) -> Answer:
            answer = Pipeline(store, load_settings(threshold=LEAST)).ask(Question(question))
            assert_holds(answer, {i.id: store.document(i.id).text for i in store.documents()})
            return answer

        yield index


def district(title: str, text: str) -> str:
    return f"---\ntitle: {title}\n---\n{text}"


def cited(answer: Answer) -> list[tuple[str, str]]:
    """Each short answer with the source of its citation."""
    sources = {citation.n: citation.source for citation in answer.citations}
    return [(short.text, sources[short.citation]) for short in answer.short_answers]


def lead(answer: Answer) -> str:
    """What is said before the quotes."""
    first = answer.segments[0]
    return "" if first.citations else first.text


@pytest.mark.parametrize(
    "question",
    [
        "青禾区有多少所学校，白露区有多少所学校？",
        "青禾区和白露区分别有多少所学校？",
        "青禾區和白露區分別有多少所學校？",
        "青禾区有多少所学校？白露区呢，有多少所学校？",
    ],
)
def test_a_question_for_two_facts_gets_both_each_with_its_citation(
    over: Callable[..., Ask], question: str
) -> None:
    ask = over(
        qinghe=district("青禾区", "青禾区有学校30所。"),
        bailu=district("白露區", "白露區有學校45所。"),
    )
    answer = ask(question)
    assert cited(answer) == [("30所", "qinghe.md"), ("45所", "bailu.md")]
    assert answer.text == "青禾区有学校30所。[1]白露區有學校45所。[2]"


def test_two_facts_of_one_document_are_both_found(over: Callable[..., Ask]) -> None:
    ask = over(qinghe=district("青禾区", "青禾区建成小学30所。\n\n每年接待的游客达到4万人。"))
    answer = ask("青禾区建成了多少所小学，每年接待的游客达到多少人？")
    assert [short.text for short in answer.short_answers] == ["30所", "4万人"]


def test_a_question_for_two_facts_is_refused_where_one_is_missing(over: Callable[..., Ask]) -> None:
    ask = over(qinghe=district("青禾区", "青禾区2021年有学校30所。"))
    assert not ask("青禾区2021年有多少所学校？").abstained
    answer = ask("青禾区2021年有多少所学校，青禾区2019年有多少所学校？")
    assert answer.reason == "unsupported"
    assert answer.text.endswith("：2019。")


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (
            "青禾区2019年有多少所学校？",
            "文档里有相近的内容（2021），但没有说到问题里的这一点：2019。",
        ),
        (
            "青禾區2019年有多少所學校？",
            "文件裡有相近的內容（2021），但沒有說到問題裡的這一點：2019。",
        ),
        (
            "How many schools did Qinghe have in 2019?",
            "The documents say something close (2021), but nothing about 2019.",
        ),
    ],
)
def test_a_refusal_for_a_wrong_year_says_which_was_found(
    over: Callable[..., Ask], question: str, message: str
) -> None:
    ask = over(qinghe=district("青禾区", "青禾区2021年有学校30所。"))
    answer = ask(question)
    assert (answer.reason, answer.text) == ("unsupported", message)
    assert [citation.quote for citation in answer.related] == ["青禾区2021年有学校30所。"]


def test_a_refusal_for_a_sibling_says_which_was_found(over: Callable[..., Ask]) -> None:
    ask = over(
        qinghe=district("青禾区", "青禾区在山里。"),
        bailu=district("白露区", "白露区的图书馆藏书52万册。"),
    )
    answer = ask("青禾区的图书馆藏书多少万册？")
    assert answer.reason == "unsupported"
    assert answer.text == "文档里有相近的内容（白露区），但没有说到问题里的这一点：青禾区。"


@pytest.mark.parametrize(
    ("question", "treatment", "said"),
    [
        ("青禾区有30所学校吗？", "yes_no", "是与否，请据原文判断："),
        ("青禾区是否有30所学校？", "yes_no", "是与否，请据原文判断："),
        ("青禾區是否有30所學校？", "yes_no", "是與否，請據原文判斷："),
        ("Does Qinghe have 30 schools?", "yes_no", "Whether yes or no, judge by the text: "),
        ("青禾区为什么有30所学校？", "why", "原文是这样写的："),
        ("青禾區為什麼有30所學校？", "why", "原文是這樣寫的："),
        ("Why does Qinghe have 30 schools?", "why", "The text puts it like this: "),
        ("青禾区如何有了30所学校？", "how", "原文是这样写的："),
    ],
)
def test_what_is_no_question_for_a_fact_gets_a_lead(
    over: Callable[..., Ask], question: str, treatment: str, said: str
) -> None:
    ask = over(qinghe=district("青禾区", "青禾区因为人多，有学校30所。"))
    answer = ask(question)
    assert lead(answer) == said
    assert said in LEADS[treatment].values()
    assert [citation.quote for citation in answer.citations] == ["青禾区因为人多，有学校30所。"]


def test_a_question_for_a_fact_needs_no_lead(over: Callable[..., Ask]) -> None:
    ask = over(qinghe=district("青禾区", "青禾区有学校30所。"))
    answer = ask("青禾区有多少所学校？")
    assert (lead(answer), answer.short_answer) == ("", "30所")


def test_yes_or_no_has_no_short_answer(over: Callable[..., Ask]) -> None:
    ask = over(qinghe=district("青禾区", "青禾区的绿地占比是30%。"))
    assert ask("青禾区的绿地占比是多少？").short_answer == "30%"
    answer = ask("青禾区的绿地占比是不是很高？")
    assert (answer.short_answer, answer.short_answers) == (None, ())
    assert [citation.highlights for citation in answer.citations] == [()]


def test_the_same_fact_in_two_documents_is_cited_twice_and_said_once(
    over: Callable[..., Ask],
) -> None:
    ask = over(
        islet=f"{LIGHTHOUSE}12米。",
        journey=f"我们去了海边。\n\n{LIGHTHOUSE}12米。\n\n后来又回来了。",
        rain="下雨了一整天。",
    )
    answer = ask(HOW_HIGH)
    assert [citation.source for citation in answer.citations] == ["islet.md", "journey.md"]
    for citation in answer.citations:
        [highlight] = citation.highlights
        start, end = highlight.start - citation.start, highlight.end - citation.start
        assert citation.quote[start:end] == "12米"
    assert cited(answer) == [("12米", "islet.md")]
    assert (lead(answer), answer.short_answer) == ("", "12米")


def test_documents_that_disagree_are_both_shown(over: Callable[..., Ask]) -> None:
    ask = over(
        islet=f"{LIGHTHOUSE}12米。",
        journey=f"我们去了海边。\n\n{LIGHTHOUSE}15米。\n\n后来又回来了。",
        rain="下雨了一整天。",
    )
    answer = ask(HOW_HIGH)
    assert lead(answer) == "文档的说法不一致："
    assert cited(answer) == [("12米", "islet.md"), ("15米", "journey.md")]
    assert answer.text == (f"文档的说法不一致：{LIGHTHOUSE}12米。[1]{LIGHTHOUSE}15米。[2]")


def test_documents_that_speak_of_different_years_do_not_disagree(
    over: Callable[..., Ask],
) -> None:
    ask = over(
        islet=f"2021年，{LIGHTHOUSE}12米。",
        journey=f"我们去了海边。\n\n2020年，{LIGHTHOUSE}15米。\n\n后来又回来了。",
        rain="下雨了一整天。",
    )
    answer = ask(f"2021年，{HOW_HIGH}")
    assert (lead(answer), cited(answer)) == ("", [("12米", "islet.md")])


def test_where_a_number_is_asked_for_and_things_are_listed_that_is_said(
    over: Callable[..., Ask],
) -> None:
    ask = over(qinghe=district("青禾区", "青禾区的学校有东山学校、西山学校、南山学校。"))
    answer = ask("青禾区的学校有多少所？")
    assert lead(answer) == "原文没有在这里写出数目，而是列举："
    assert answer.short_answer is None


@pytest.mark.parametrize(("word", "short"), [("多", "300余家"), ("少", "45家")])
def test_a_comparison_quotes_both_sides_and_is_answered_by_one(
    over: Callable[..., Ask], word: str, short: str
) -> None:
    ask = over(
        qinghe="---\ntitle: 青禾区\n---\n青禾区引进的企业有300余家。",
        bailu="---\ntitle: 白露区\n---\n白露区引进的企业有45家。",
    )
    answer = ask(f"青禾区和白露区，谁引进的企业更{word}？")
    assert {citation.source for citation in answer.citations} == {"qinghe.md", "bailu.md"}
    assert answer.short_answer == short
