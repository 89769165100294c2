from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.normalise import LONGEST_QUOTES, comparable, held, holds, normalise

# A letter and its combining mark, a ligature and a line end of two characters are one each.
TEXTS = st.lists(st.sampled_from([*"驿驛aＡ1，,。 ．é😀ﬁ", "e\u0301", "\r\n"])).map("".join)


@pytest.mark.parametrize(
    ("quote", "gold"),
    [
        ("驛城區規劃面積21平方公里", "驿城区规划面积"),
        ("投资 1,200 万元", "1200万元"),
        ("投资１２００万元", "1200万元"),
        ("Fan  Futai", "fan futai"),
        ("“司机之家”项目", "司机之家"),
        ("亩均税收\n达到16.1万元", "亩均税收达到16.1万元"),
    ],
)
def test_equal_but_for_script_width_case_space_and_punctuation(quote: str, gold: str) -> None:
    assert holds([quote], [[gold]])


@pytest.mark.parametrize(
    ("quote", "gold"), [("15280万元", "15281万元"), ("驿城", "驿城区"), ("", "a")]
)
def test_different_words_are_not_held(quote: str, gold: str) -> None:
    assert not holds([quote], [[gold]])


def test_an_answer_made_of_nothing_is_held_by_nothing() -> None:
    assert not holds(["任何文字"], [["……"]])
    assert not holds(["任何文字"], [])


def test_a_gold_answer_must_stand_within_one_quote() -> None:
    assert not holds(["规划面积21", "平方公里"], [["21平方公里"]])


def test_every_fact_must_be_held_in_one_of_its_wordings() -> None:
    facts = [["鄭玉林", "Zheng Yulin"], ["賈迎戰", "Jia Yingzhan"]]
    assert holds(["书记郑玉林", "Jia Yingzhan, district head"], facts)
    assert not holds(["书记郑玉林"], facts)
    assert held(["书记郑玉林"], facts) == 0.5


def test_quotes_of_over_400_characters_together_earn_nothing() -> None:
    quote = "甲" * (LONGEST_QUOTES - 1)
    assert holds([quote, "乙"], [["乙"]])
    assert not holds([quote, "乙丙"], [["乙"]])
    assert held([quote, "乙丙"], [["乙"]]) == 1


@given(TEXTS)
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(TEXTS, TEXTS, TEXTS)
def test_what_was_put_in_is_found_where_it_was_put(before: str, part: str, after: str) -> None:
    text = f"{before}x{part}x{after}"
    spans = list(comparable(text).find(f"x{part}x"))
    assert any(normalise(text[span.start : span.end]) == normalise(f"x{part}x") for span in spans)


def test_positions_are_those_of_the_original() -> None:
    text = "面积：２１ 平方\n公里。另有21平方公里。"
    found = [text[span.start : span.end] for span in comparable(text).find("21平方公里")]
    assert found == ["２１ 平方\n公里", "21平方公里"]
