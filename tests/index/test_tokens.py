from concurrent.futures import ThreadPoolExecutor

import pytest

from index.tokens import stem, terms, words


def test_scripts_give_the_same_terms() -> None:
    assert terms("驛城區對外開放") == terms("驿城区对外开放")


def test_han_runs_give_words_and_bigrams_without_counting_a_word_twice() -> None:
    found = terms("高新区财政收入")
    assert {"高新区", "财政", "收入", "财政收入", "区财", "政收"} <= set(found)
    assert len(found) == len(set(found))


def test_a_name_outside_the_dictionary_matches_itself_by_bigrams() -> None:
    assert set(terms("樊福太")) & set(terms("主任樊福太说"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15,280 units", ["15280", "unit"]),
        ("6.34%", ["6.34%"]),
        ("ＣＯＶＩＤ-19", ["covid", "19"]),
        ("don't", ["don't"]),
        ("，。！", []),
    ],
)
def test_numbers_and_western_words_stay_whole(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_words_do_not_overlap() -> None:
    assert "".join(words("新乡高新区2022年")) == "新乡高新区2022年"


def test_stems_are_the_same_from_many_threads() -> None:
    made = [f"relate{ending}s{number}ing" for number in range(200) for ending in ("ful", "less")]
    with ThreadPoolExecutor(8) as threads:
        at_once = list(threads.map(stem, made))
    stem.cache_clear()
    assert at_once == [stem(word) for word in made]
