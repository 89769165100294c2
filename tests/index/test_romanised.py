from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, pinyin

from index.fold import is_han
from index.romanised import Romanised, first_syllable, last_syllable, romanise


@pytest.fixture
def romanised() -> Romanised:
    return Romanised(["青禾", "林小禾", "青河", "重山", "银行", "绿", "星洲湖心大桥", "a1", "2021"])


@pytest.mark.parametrize(
    ("word", "terms"),
    [
        ("qinghe", ["青禾", "青河"]),
        ("linxiaohe", ["林小禾"]),
        ("qing", []),
        ("lv", []),  # one character says too little
        ("xingzhouhuxindaqiao", []),  # and more than four are no name
        ("a1", []),
        ("", []),
    ],
)
def test_names_are_found_by_their_pinyin(romanised: Romanised, word: str, terms: list[str]) -> None:
    assert romanised.terms(word) == terms


@pytest.mark.parametrize("spelling", ["lüzhou", "luzhou", "lvzhou", "lu'zhou"])
def test_spellings_of_pinyin_meet(spelling: str) -> None:
    assert Romanised(["绿洲"]).terms(spelling) == ["绿洲"]


def test_pinyin_of_a_name() -> None:
    assert romanise("青禾") == "qinghe"
    assert [romanise(term) for term in ("青", "qinghe", "青禾湖心大桥", "")] == [""] * 4


@pytest.mark.parametrize(
    ("word", "first", "last"),
    [
        ("xiaohe", "xiao", "he"),
        ("lin", "lin", "lin"),
        ("xi'an", "xian", "xian"),
        ("bridge", "", ""),
        ("xian" * 500 + "z", "", ""),  # in linear time
        ("xian" * 500, "xian", "xian"),
        ("青禾", "", ""),
        ("", "", ""),
    ],
)
def test_syllables_of_words_that_are_pinyin(word: str, first: str, last: str) -> None:
    assert (first_syllable(word), last_syllable(word)) == (first, last)


def test_a_character_has_several_readings(romanised: Romanised) -> None:
    assert romanised.terms("chongshan") == romanised.terms("zhongshan") == ["重山"]
    assert romanised.terms("yinhang") == romanised.terms("yinxing") == ["银行"]


def test_looking_up_keeps_nothing(romanised: Romanised) -> None:
    romanised.terms("nothing").append("青禾")
    assert romanised.terms("nothing") == []


# With readings that run into each other: 西安 and 先 are both xian, 方案 and 反感 both fangan.
@given(st.lists(st.text("西安先方案反感重行乐a", min_size=1, max_size=5), max_size=8, unique=True))
def test_a_term_is_found_by_each_of_its_readings_and_no_other(vocabulary: list[str]) -> None:
    expected: dict[str, set[str]] = {}
    for term in vocabulary:
        if 2 <= len(term) <= 4 and all(map(is_han, term)):
            readings = pinyin(list(term), style=Style.NORMAL, heteronym=True)
            for reading in product(*(list(dict.fromkeys(one))[:3] for one in readings)):
                expected.setdefault("".join(reading), set()).add(term)
    romanised = Romanised(vocabulary)
    assert {word: set(romanised.terms(word)) for word in expected} == expected
    assert romanised.terms("xi") == romanised.terms("fanganx") == []
