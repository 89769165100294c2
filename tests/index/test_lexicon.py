import pytest

from index.fold import is_han
from index.lexicon import Romanised, first_syllable, last_syllable, romanise, translations
from index.stems import stem


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


def test_a_gloss_that_the_question_has_whole_is_closer() -> None:
    alone = translations(stem("freight"))["货运列车"]
    assert alone < translations(stem("freight"), {stem("train"), stem("freight")})["货运列车"] == 1


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
