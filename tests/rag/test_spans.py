import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.spans import answer_spans
from tests.rag.makers import analyse


def found(question: str, sentence: str) -> list[str]:
    return [sentence[s.start : s.end] for s in answer_spans(analyse(question), sentence)]


@pytest.mark.parametrize(
    ("question", "sentence", "answer"),
    [
        ("青禾区有多少家企业？", "青禾区企业300家，学校12所。", "300家"),
        ("青禾区有多少所学校？", "青禾区企业300家，学校12所。", "12所"),
        ("青禾区引进了多少家企业？", "青禾区引进300余家企业。", "300余家"),
        ("青禾区引进了多少家企业？", "青禾区引进300多家企业。", "300多家"),
        ("青禾區引進了多少家企業？", "青禾區引進３００餘家企業。", "３００餘家"),
        ("青禾区有多少人？", "青禾区有约3.2万余人。", "约3.2万余人"),
        ("青禾区有多少人？", "青禾区有超过两百人。", "超过两百人"),
        ("青禾区面积多大？", "青禾区面积八万六千平方米。", "八万六千平方米"),
        ("青禾区投资多少亿元？", "青禾区投资六亿三千四百万元。", "六亿三千四百万元"),
        ("青禾区有几条河？", "青禾区有三所学校、五条河。", "五条"),
        ("青禾区投资多少亿元？", "青禾区企业300家，投资6.5亿元。", "6.5亿元"),
        ("青禾区面积多大？", "青禾区面积12.5平方公里，村8个。", "12.5平方公里"),
        ("青禾区的路多长？", "青禾区的路长1,250公里以上。", "1,250公里以上"),
        ("青禾区绿化占比多少？", "青禾区绿化占比43.5%，路长12公里。", "43.5%"),
        ("青禾区绿化提高多少？", "青禾区绿化提高2.5个百分点。", "2.5个百分点"),
        ("How many schools are there?", "There are about 1,250 schools.", "about 1,250 schools"),
        ("How much did it cost?", "It cost more than US$45 million.", "more than US$45 million"),
        ("How large is it?", "It covers 12.5 square kilometres.", "12.5 square kilometres"),
        ("What share is forest?", "Forest is 43.5 percent of it.", "43.5 percent"),
    ],
)
def test_quantities(question: str, sentence: str, answer: str) -> None:
    assert found(question, sentence) == [answer]


@pytest.mark.parametrize(
    ("question", "sentence", "answer"),
    [
        ("青禾区何时成立？", "青禾区有8个村，2019年3月5日成立。", "2019年3月5日"),
        ("青禾區何時成立？", "青禾區於3月上旬成立。", "3月上旬"),
        ("青禾区哪年成立？", "青禾区2019年成立。", "2019年"),
        ("When did it open?", "It opened on 5 March 2019 with 20 trees.", "5 March 2019"),
        ("When did it open?", "It opened on March 5, 2019.", "March 5, 2019"),
        ("When did it open?", "It has 20 trees and opened in 2019.", "2019"),
    ],
)
def test_dates(question: str, sentence: str, answer: str) -> None:
    assert found(question, sentence) == [answer]


@pytest.mark.parametrize(
    ("question", "sentence", "answer"),
    [
        ("青禾区区长是谁？", "青禾区区长林小禾表示，明年修路。", "林小禾"),
        ("青禾區區長是誰？", "青禾區區長林禾、書記石小溪出席。", "林禾"),
        ("青禾区区长是谁？", "书记石小溪、青禾区区长林禾介绍，", "林禾"),
    ],
)
def test_persons_beside_a_post(question: str, sentence: str, answer: str) -> None:
    assert found(question, sentence) == [answer]


def test_a_year_is_no_quantity() -> None:
    assert found("青禾区投资多少？", "2021年青禾区投资6.5亿元。") == ["6.5亿元"]
    assert found("青禾区投资多少？", "2021年，青禾区修了路。") == []


def test_what_the_question_says_is_no_answer() -> None:
    assert found("When in 2019 did it open?", "It opened in 2019.") == []


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("青禾区怎么样？", "青禾区有300家企业，区长林小禾。"),
        ("青禾区区长是谁？", "青禾区有300家企业。"),
        ("青禾区何时成立？", "青禾区有300家企业。"),
        ("青禾区有多少家企业？", "青禾区有许多企业。"),
        ("青禾区有多少家企业？", ""),
    ],
)
def test_no_rule_no_span(question: str, sentence: str) -> None:
    assert found(question, sentence) == []


@pytest.mark.parametrize("before", ["", "😀", "😀🏽👩‍👩‍👧", "e\u0301ﬁ㍿", "𠮷𠮷", "\u3000 ½"])
def test_positions_are_those_of_the_original(before: str) -> None:
    sentence = f"{before}：青禾區引進企業３００餘家。"
    [span] = answer_spans(analyse("青禾區引進企業多少家？"), sentence)
    assert sentence[span.start : span.end] == "３００餘家"


PIECES = st.sampled_from(
    ["青禾区", "區長", "林小禾", "，", "。", "3月", "2019年", "６.５億元", "300余家", "%", "\u0301",
     "😀", "𠮷", "㎡", "½", " ", "about ", "May ", "ﬁ", "\r\n", "İ"]
)  # fmt: skip
QUESTIONS = st.sampled_from(["青禾区有多少家？", "何时？", "区长是谁？", "How many?", "怎么样？"])


@given(QUESTIONS, st.lists(PIECES, max_size=12).map("".join))
def test_a_span_lies_in_its_sentence(question: str, sentence: str) -> None:
    spans = answer_spans(analyse(question), sentence)
    assert len(spans) <= 1
    assert all(0 <= span.start < span.end <= len(sentence) for span in spans)


@pytest.mark.parametrize(
    ("question", "sentence", "span"),
    [
        ("青禾区区长是谁？", "青禾区区长表示，收入增长。", None),
        ("青禾区书记是谁？", "青禾区区长林禾、书记石小溪介绍，收入增长。", "石小溪"),
        ("When did Qinghe open?", "Qinghe may open soon.", None),
        ("When did Qinghe open?", "Qinghe opened on 2019-03-05.", "2019-03-05"),
        ("When did Qinghe open?", "Qinghe opened on 5 May 2019.", "5 May 2019"),
        ("青禾区投资多少？", "青禾区3月5日投资6.5亿元。", "6.5亿元"),
        ("青禾区的45家企业投资多少？", "青禾区的45家企业投资8.2亿元。", "8.2亿元"),
        ("How much did Qinghe spend?", "Qinghe spent 6.5 billion yuan.", "6.5 billion yuan"),
        ("青禾区有多少？", "青禾区共45 ，", "45"),
        ("青禾区面积多大", "青禾区面积30㎡。", "30㎡"),
        ("青禾区森林占百分之多少？", "青禾区森林占百分之四十三。", "百分之四十三"),
    ],
)
def test_what_looks_like_an_answer_and_is_none(
    question: str, sentence: str, span: str | None
) -> None:
    found = answer_spans(analyse(question), sentence)
    assert [sentence[s.start : s.end] for s in found] == ([span] if span else [])
