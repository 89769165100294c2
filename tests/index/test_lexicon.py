from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, pinyin

from index.fold import is_han
from index.lexicon import Romanised, translations
from index.tokens import stem


@pytest.mark.parametrize(
    ("han", "english"),
    [("经济", "economy"), ("河流", "river"), ("学校", "school"), ("桥梁", "bridge")],
)
def test_general_words_are_translated_both_ways(han: str, english: str) -> None:
    assert translations(han)[stem(english)] == 1
    assert translations(stem(english))[han] == 1


def test_a_word_of_a_longer_gloss_is_less_close() -> None:
    found = translations(stem("economy"))
    assert found["经济"] > found["市场经济"] > 0
    assert all(0 < closeness <= 1 for closeness in found.values())


@pytest.mark.parametrize("word", ["", "青禾区", "qinghe", "the", "2021", "经"])
def test_what_no_dictionary_has_is_not_translated(word: str) -> None:
    assert translations(word) == {}


def test_translations_cross_to_the_other_language() -> None:
    assert all(all(map(is_han, term)) for term in translations(stem("river")))
    assert not any(is_han(char) for term in translations("河流") for char in term)


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
