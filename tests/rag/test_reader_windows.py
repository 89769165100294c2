from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import ReaderError
from index.packaged import packaged_model
from rag.reader.windows import PairTokenizer, Text, plain
from tests.cache import default_cache

MIXED = "驛城區位於臺灣，面積 3.5 平方公里（2014年的数字）。😀 Café‍ 🀄️ ﬁne ㈱ e\u0301\r\n"


@pytest.fixture(scope="module")
def tokenizer() -> PairTokenizer:
    return PairTokenizer(packaged_model(default_cache()))


@given(st.text(st.sampled_from(sorted(set(MIXED) | set("ab 12着著乾\ud800")))))
def test_what_the_encoder_reads_has_the_length_of_the_text(text: str) -> None:
    assert len(plain(text)) == len(text)


def test_both_scripts_become_the_same_tokens(tokenizer: PairTokenizer) -> None:
    assert tokenizer.text("臺灣鐵路").ids == tokenizer.text("台湾铁路").ids


def test_tokens_have_the_places_of_their_characters(tokenizer: PairTokenizer) -> None:
    text = tokenizer.text(MIXED)
    for start, end in zip(text.starts, text.ends, strict=True):
        words = MIXED[start:end]
        assert words == words.strip()
    assert "2014" in [MIXED[a:b] for a, b in zip(text.starts, text.ends, strict=True)]


def test_numbers_marks_and_particles_are_tokens_of_their_own(tokenizer: PairTokenizer) -> None:
    content = "2014年的数字（118），时代的"
    text = tokenizer.text(content)
    pieces = [content[a:b] for a, b in zip(text.starts, text.ends, strict=True)]
    assert [piece for piece in pieces if piece in ("2014", "年", "的", "118", "）", "，")] == (
        ["2014", "年", "的", "118", "）", "，", "的"]
    )


@pytest.mark.parametrize("repeats", [1, 3, 40])
def test_windows_overlap_and_leave_nothing_out(tokenizer: PairTokenizer, repeats: int) -> None:
    passage = tokenizer.text(MIXED * repeats)
    windows = tokenizer.windows("何处？", passage, "标题", length=64, overlap=16)
    covered: set[int] = set()
    for window in windows:
        assert len(window.ids) <= 64
        end = window.offset + len(window.passage)
        assert window.ids[window.offset : end] == window.passage.ids
        here = {(a, b) for a, b in zip(window.passage.starts, window.passage.ends, strict=True)}
        covered |= {character for a, b in here for character in range(a, b)}
    wanted = {i for a, b in zip(passage.starts, passage.ends, strict=True) for i in range(a, b)}
    assert covered == wanted
    for before, after in pairwise(windows):
        assert after.passage.starts[0] < before.passage.ends[-1]


def test_a_passage_without_words_makes_one_window(tokenizer: PairTokenizer) -> None:
    assert len(tokenizer.windows("?", tokenizer.text(""))) == 1


def test_the_prefixes_are_those_of_the_encoder(tokenizer: PairTokenizer) -> None:
    (window,) = tokenizer.windows("甲", tokenizer.text("乙"))
    query, passage = tokenizer.text("query: 甲").ids, tokenizer.text("passage: 乙").ids
    assert window.ids == (0, *query, 2, 2, *passage, 2)


def test_places_of_words_as_tokens(tokenizer: PairTokenizer) -> None:
    content = "甲地在2014年建成。"
    text = tokenizer.text(content)
    start = content.index("2014")
    found = text.tokens_at(start, start + 5)
    assert found is not None
    assert content[text.starts[found[0]] : text.ends[found[1]]] == "2014年"
    assert text.part(0, 1).tokens_at(start, start + 5) is None
    assert Text((), (), ()).tokens_at(0, 1) is None


def test_a_folder_without_a_tokenizer(tmp_path: object) -> None:
    from pathlib import Path

    with pytest.raises(ReaderError, match="no tokenizer"):
        PairTokenizer(Path(str(tmp_path)))
