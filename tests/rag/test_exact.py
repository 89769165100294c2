import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Span
from rag.exact import exact, trimmed
from tests.rag.makers import analyse


def exact_words(question: str, text: str, words: str) -> str:
    start = text.index(words)
    span = exact(analyse(question), text, Span(start, start + len(words)))
    return text[span.start : span.end]


@pytest.mark.parametrize(
    ("question", "text", "words", "expected"),
    [
        ("区长是谁？", "区长是林小禾。", "林小禾。", "林小禾"),
        ("多久办好？", "三天之内办妥。", "三天之内办妥。", "三天之内办妥"),
        ("面积多大？", "面积5平方公里，人口3万。", "5平方公里，人口3万", "5平方公里"),
        ("有多少家企业？", "已有约200家企业。", "200家", "约200家"),
        ("有多少家企業？", "已有超過200家企業。", "200家", "超過200家"),
        ("How many parks?", "It has nearly 40 parks.", "40", "nearly 40"),
        # What is asked for is no number: the clauses stay.
        ("有什么变化？", "路修好了，桥也通了。", "路修好了，桥也通了。", "路修好了，桥也通了"),
        # A comma within a number ends no clause, and 5.5 has its point.
        ("How large is it?", "It has 5,500 acres.", "5,500 acres", "5,500 acres"),
        ("面积多大？", "面积5.5平方公里。", "5.5平方公里", "5.5平方公里"),
        # One answer in two numbers, a number that was cut, and one with more than its unit.
        ("工期多长时间？", "工期为3年6个月。", "3年6个月", "3年6个月"),
        ("投资多少？", "投资12.5亿元。", "5亿元", "12.5亿元"),
        ("有多少家企业？", "有三千二百家企业。", "二百家", "三千二百家"),
        ("有多少人上岗？", "有44名年富力强、有能力的人上岗。", "44名年富力强、有能力的人", "44名"),
    ],
)
def test_exact_words(question: str, text: str, words: str, expected: str) -> None:
    assert exact_words(question, text, words) == expected


def test_what_is_all_marks_stays() -> None:
    assert trimmed("。，", Span(0, 2)) == Span(0, 2)


@given(
    st.text("青禾区约200家，。 6.5亿", min_size=1),
    st.data(),
    st.sampled_from(["多少？", "谁？", "？"]),
)
def test_exact_words_are_never_none_and_stay_near(
    text: str, data: st.DataObject, question: str
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = exact(analyse(question), text, Span(start, end))
    assert 0 <= found.start < found.end <= len(text)
    assert found.end <= min(end + 16, len(text)) and found.start >= start - 12
