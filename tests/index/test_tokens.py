from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.errors import SettingsError
from index.stems import stem
from index.tokens import TOKENIZER, Tokenizer, load_tokenizer

terms, words, asked = Tokenizer().terms, Tokenizer().words, Tokenizer().asked_terms


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


def test_romanised_names_are_cut_from_the_han_characters_beside_them() -> None:
    assert terms("Qinghe区的企业") == terms("qinghe 区的企业")


def test_accents_do_not_matter() -> None:
    assert terms("Lüxian café") == terms("luxian cafe")


def test_numbers_stand_in_canonical_form_too() -> None:
    assert {"6.5", "650000000"} <= set(terms("投资6.5亿元"))
    assert terms("40 units") == ["40", "unit"]


def test_a_number_of_a_question_is_one_term() -> None:
    found = [(a.term, a.written) for a in asked("650 million in twelve zones")]
    assert found == [
        ("650000000", "650 million"),
        ("in", "in"),
        ("12", "twelve"),
        ("zone", "zones"),
    ]
    literal = [a.term for a in asked("650 million", numbers=False)]
    assert literal == ["650", "million"]


@pytest.mark.parametrize("name", ["红十字会", "十堰市", "五台山", "七台河市", "万一"])
def test_a_number_within_a_word_leaves_the_word_whole(name: str) -> None:
    assert [a.term for a in asked(name)] == terms(name)
    assert not any(term.isdecimal() for term in terms(name))


def test_numbers_in_words_with_their_measure_words() -> None:
    assert {"12", "30"} <= {a.term for a in asked("十二个国家三十家企业")}


def test_versions_and_addresses_stay_whole() -> None:
    assert [a.term for a in asked("1.2.3.4 和 10,5")] == ["1.2.3.4", "和", "10", "5"]
    assert {"1.2.3.4", "10,5", "10", "5"} <= set(terms("1.2.3.4 和 10,5"))


def test_a_question_without_bigrams_has_only_words() -> None:
    assert "财政" in [a.term for a in asked("高新区财政收入", bigrams=False)]
    assert "区财" not in [a.term for a in asked("高新区财政收入", bigrams=False)]


def test_the_user_dictionary_adds_words_in_either_script(tmp_path: Path) -> None:
    assert words("骆驼湾云谷新区") == ["骆驼", "湾", "云谷", "新区"]
    (tmp_path / "yuanwen.dict").write_text("駱駝灣\n\n云谷新区 10 nz\n", "utf-8")
    own = load_tokenizer(tmp_path)
    assert own.words("骆驼湾云谷新区") == ["骆驼湾", "云谷新区"]
    assert "云谷新区" in own.terms("雲谷新區")
    assert words("骆驼湾云谷新区") == ["骆驼", "湾", "云谷", "新区"]  # others are left alone


def test_the_user_dictionary_is_part_of_the_fingerprint(tmp_path: Path) -> None:
    assert load_tokenizer(tmp_path).fingerprint == TOKENIZER
    fingerprints = set()
    for content in ("骆驼湾", "骆驼湾 7", "云谷新区"):
        (tmp_path / "yuanwen.dict").write_text(content, "utf-8")
        fingerprints.add(load_tokenizer(tmp_path).fingerprint)
    assert len(fingerprints - {TOKENIZER}) == 3


@pytest.mark.parametrize(
    "line", ["camel", "骆驼湾 many words here", "骆驼湾 nz 7", "骆驼湾 0", "骆驼-湾"]
)
def test_a_wrong_line_of_the_user_dictionary_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "yuanwen.dict").write_text(f"云谷新区\n{line}\n", "utf-8")
    with pytest.raises(SettingsError, match="line 2"):
        load_tokenizer(tmp_path)


def test_a_user_dictionary_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "yuanwen.dict").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="cannot be read"):
        load_tokenizer(tmp_path)
