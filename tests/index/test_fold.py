import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fold import count_han, fold, fold_text, is_han

MESSY = st.text(
    st.one_of(
        st.sampled_from("驛城區软體é́①％Ａ㎡ﬁ😀👩‍👧\r\n\u3000乾著〇İ"), st.characters(codec="utf-8")
    )
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("驛城區", "驿城区"),
        ("ＡＢＣ１２３％", "abc123%"),
        ("Cafe\u0301", "café"),
        ("著力", "着力"),
        ("乾隆", "干隆"),
        ("3㎡", "3m2"),
        ("", ""),
    ],
)
def test_script_width_and_case_are_folded(text: str, folded: str) -> None:
    assert fold_text(text) == folded


def test_both_scripts_of_a_word_fold_to_the_same() -> None:
    pairs = [("對外開放", "对外开放"), ("佔全市", "占全市"), ("裡程", "里程"), ("瞭解", "了解")]
    assert all(fold_text(a) == fold_text(b) for a, b in pairs)


@given(MESSY)
def test_every_folded_character_knows_its_origin(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    for i in range(len(folded.text)):
        start, end = folded.original(i, i + 1)
        assert 0 <= start < end <= len(text)
        assert folded.text[i] in fold_text(text[start:end])


@given(MESSY)
def test_spans_grow_with_what_they_cover(text: str) -> None:
    folded = fold(text)
    whole = folded.original(0, len(folded.text))
    assert whole[0] <= whole[1] <= len(text)


def test_the_map_leads_back_past_an_emoji_and_a_combining_mark() -> None:
    text = "😀e\u0301 驛城區"
    folded = fold(text)
    at = folded.text.index("驿城区")
    start, end = folded.original(at, at + 3)
    assert text[start:end] == "驛城區"


def test_han_are_told_from_kana_and_punctuation() -> None:
    assert all(map(is_han, "驛〇𠮷"))
    assert not any(map(is_han, "かア，a1"))


@given(MESSY)
def test_han_characters_are_counted_one_by_one(text: str) -> None:
    assert count_han(text) == sum(map(is_han, text))


@given(MESSY)
def test_combining_marks_elsewhere_change_nothing_of_what_is_before(text: str) -> None:
    alone, before = fold(text), fold(f"{text}e\u0301")
    assert before.text == f"{alone.text}é"
    assert before.starts[:-1] == alone.starts
    assert before.ends[:-1] == alone.ends
    assert fold_text(text) == alone.text
