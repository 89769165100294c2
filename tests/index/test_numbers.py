from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.numbers import numerals


def canonical(text: str) -> list[str]:
    return [numeral.canonical for numeral in numerals(text)]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (
            ["6.5亿元", "650 million", "0.65 billion", "六亿五千万", "六点五亿", "65000万"],
            "650000000",
        ),
        (["15280万", "152.8 million", "1.528亿", "152,800,000"], "152800000"),
        (["3,200", "3200", "三千二百", "3.2 thousand"], "3200"),
        (["12家", "十二家", "twelve firms", "12"], "12"),
        (["九家", "nine", "9"], "9"),
        (["24", "二十四", "twenty-four"], "24"),
        (["105", "一百零五", "one hundred and five"], "105"),
        (
            ["12.5%", "12.50%", "12.5 percent", "12.5 per cent", "百分之十二点五", "百分之12.5"],
            "12.5%",
        ),
        (["2022", "二〇二二"], "2022"),
        (["一万二", "一万二千", "12000"], "12000"),
        (["三千五", "3500"], "3500"),
        (["百分之五", "5%", "5 percent"], "5%"),
        (["百分之百", "100%"], "100%"),
        (["3.5‰"], "3.5‰"),
        (["一亿亿", "1亿亿"], "10000000000000000"),
        (["0371"], "0371"),
        (["86.30", "86.3"], "86.3"),
        (["1.2万亿", "一万二千亿", "1.2 trillion"], "1200000000000"),
        (["100余万", "百余万", "1 million"], "1000000"),
        (["250006", "two hundred fifty thousand and six"], "250006"),
    ],
)
def test_notations_of_one_number_meet(texts: list[str], expected: str) -> None:
    assert [canonical(text) for text in texts] == [[expected]] * len(texts)


@pytest.mark.parametrize(
    "text",
    [
        "一带一路",
        "千万不要",
        "万元",
        "三化三制",
        "someone often",
        "百货",
        "几百万",
        "",
        "万一",
        "三五百人",
        "十几万",
        "1.2.3.4.5",
        "10.0.0.1",
        "1" * 29,
        "1" * 400,
        "九" * 400,
    ],
)
def test_what_is_no_number(text: str) -> None:
    assert canonical(text) == []


def test_several_numbers_stand_where_they_are() -> None:
    text = "2022年1—4月完成two and 3.5亿"
    found = [(text[n.span.start : n.span.end], n.canonical) for n in numerals(text)]
    assert found == [
        ("2022", "2022"), ("1", "1"), ("4", "4"), ("two", "2"), ("3.5亿", "350000000"),
    ]  # fmt: skip


@given(st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False))
def test_plain_digits_keep_their_value(value: Decimal) -> None:
    [found] = canonical(f"{value:f}")
    assert Decimal(found) == value


@given(st.text(alphabet="零一二三四五六七八九十百千万亿两点余多0123456789.,% andhundretwosix"))
def test_whatever_is_written_gives_numbers_in_order(text: str) -> None:
    found = list(numerals(text))
    assert all(Decimal(n.canonical.rstrip("%")) >= 0 for n in found)
    ends = [0, *(n.span.end for n in found)]
    assert all(end <= n.span.start < n.span.end for end, n in zip(ends, found, strict=False))
