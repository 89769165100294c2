import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fold import fold_text
from index.records import Span
from rag.enumeration import asks_for_list, list_in


def listed(sentence: str, words: str) -> str | None:
    start = sentence.index(words)
    found = list_in(sentence, Span(start, start + len(words)))
    return sentence[found.start : found.end] if found else None


@pytest.mark.parametrize(
    "question",
    [
        "有哪些学校？",
        "建了哪三座桥？",
        "有哪幾家企業？",
        "Which schools took part?",
        "What are the parks?",
    ],
)
def test_a_question_for_a_list(question: str) -> None:
    assert asks_for_list(fold_text(question))


@pytest.mark.parametrize(
    "question", ["有多少学校？", "哪一年建成？", "Which year was it?", "谁是区长？"]
)
def test_a_question_for_one_thing(question: str) -> None:
    assert not asks_for_list(fold_text(question))


@pytest.mark.parametrize(
    ("sentence", "words", "whole"),
    [
        ("主要树种是松树、柏树、梧桐，长得很好。", "柏树", "松树、柏树、梧桐"),
        ("主要树种為松樹、柏樹和梧桐四種。", "松樹", "松樹、柏樹和梧桐"),
        (
            "先后到桃林、李庄、杏村等十余个村走访。",
            "先后到桃林、李庄、杏村等十余个村走访",
            "桃林、李庄、杏村",
        ),
        # No name is cut: in doubt a word too many.
        ("走访学校、医院、商场。", "医院", "走访学校、医院、商场"),
        ("销往黑龙江、吉林、辽宁。", "吉林", "销往黑龙江、吉林、辽宁"),
        ("骨干企业有以色列公司、中兵通信、华为等。", "中兵通信", "以色列公司、中兵通信、华为"),
        ("产品有有色金属、棉被、会议纪要。", "棉被", "产品有有色金属、棉被、会议纪要"),
        # Another list of the sentence is not meant.
        ("企业有立白和中兵，主导产业是纺织、装备、物流。", "立白和中兵", None),
        # The only list of the sentence, where the words stand beside it.
        ("联系松山学院、柏溪中学，帮助企业。", "帮助企业", "联系松山学院、柏溪中学"),
        ("没有列举。", "列举", None),
    ],
)
def test_the_whole_list_is_found(sentence: str, words: str, whole: str | None) -> None:
    assert listed(sentence, words) == whole


def test_of_several_lists_the_one_that_is_meant() -> None:
    sentence = "种了松树、柏树；修了东桥、西桥。"
    assert listed(sentence, "西桥") == "修了东桥、西桥"
    assert listed(sentence, "松树") == "种了松树、柏树"


@given(st.text("甲乙、，和是等三 。a,😀", max_size=30), st.data())
def test_a_list_lies_in_its_sentence(sentence: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(sentence)))
    end = data.draw(st.integers(start, len(sentence)))
    found = list_in(sentence, Span(start, end))
    assert found is None or (
        0 <= found.start < found.end <= len(sentence) and "、" in sentence[found.start : found.end]
    )
