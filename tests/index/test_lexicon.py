import pytest

from index.fold import is_han
from index.lexicon import translations
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


def test_a_gloss_that_the_question_has_whole_is_closer() -> None:
    alone = translations(stem("freight"))["货运列车"]
    assert alone < translations(stem("freight"), {stem("train"), stem("freight")})["货运列车"] == 1
