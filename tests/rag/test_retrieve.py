from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoder import HashEncoder
from index.records import Filters, Ingredient, Match, Span
from index.store import Store
from rag.retrieve import RETRIEVERS, retrieve, sentence_scores
from tests.rag.makers import make_match, write

# Over twenty characters, so that its length costs a sentence nothing.
LONG = "青禾区在今年修了一条路，又种了许多高大的树木。"


def legs(*scores: tuple[float, float]) -> list[Match]:
    """Chunks with these scores of the lexical and the dense leg, in order of their ids."""
    matches = [make_match(LONG, document=f"d{i}") for i in range(len(scores))]
    matches.sort(key=lambda match: match.chunk.id)
    return [
        make_match(LONG, document=match.chunk.document_id, lexical=lexical, dense=dense)
        for match, (lexical, dense) in zip(matches, scores, strict=True)
    ]


def ranked(retriever: str, matches: list[Match], *without: Ingredient) -> list[float]:
    return RETRIEVERS[retriever](matches, frozenset(without))


def test_each_leg_alone_ranks_by_its_own_score() -> None:
    matches = legs((0.1, 0.9), (0.5, 0.5), (0.0, 0.7))
    assert ranked("bm25", matches) == [0.1, 0.5, 0.0]
    assert ranked("dense", matches) == [0.9, 0.5, 0.7]


def test_rrf_adds_reciprocal_ranks() -> None:
    matches = legs((0.1, 0.9), (0.5, 0.5), (0.0, 0.7))
    ranks = [(2, 1), (1, 3), (3, 2)]
    expected = [1 / (60 + lexical) + 1 / (60 + dense) for lexical, dense in ranks]
    assert ranked("rrf", matches) == pytest.approx(expected)


def test_rrf_ranks_equal_scores_by_chunk_id() -> None:
    matches = legs((0.5, 0.5), (0.5, 0.5))
    first, second = 2 / 61, 2 / 62
    assert ranked("rrf", matches) == pytest.approx([first, second])
    assert ranked("rrf", matches[::-1]) == pytest.approx([second, first])


COVERED = replace(
    make_match(LONG * 2, lexical=0.25, dense=0.6, cosines=[0.4, 0.8]),
    proximity=(0.36, 0.16),
)


def test_the_hybrid_adds_coverages_to_the_cosines() -> None:
    expected = (0.6 + 0.8) / 2 + 0.3 * 0.125 + 0.2 * 0.216
    assert ranked("hybrid", [COVERED]) == [pytest.approx(expected)]


@pytest.mark.parametrize(
    ("ingredient", "worth"),
    [("sentences", 0.1), ("proximity", 0.2 * 0.216), ("pinyin", 0.0)],
)
def test_what_is_left_out_adds_nothing(ingredient: Ingredient, worth: float) -> None:
    [whole], [part] = ranked("hybrid", [COVERED]), ranked("hybrid", [COVERED], ingredient)
    assert whole - part == pytest.approx(worth)


def test_short_sentences_lose_nothing_where_lengths_are_left_out() -> None:
    match = make_match("树。", dense=0.5)
    assert ranked("hybrid", [match], "lengths") == [0.5]
    assert ranked("hybrid", [match])[0] < 0.5


def test_a_leg_that_found_nothing_does_not_outvote_the_other() -> None:
    right, wrong = ranked("hybrid", legs((0.0, 0.9), (0.01, 0.5)))
    assert right > wrong


@pytest.mark.parametrize(
    ("text", "loss"),
    [
        (LONG, 0.0),
        (LONG[:10], 0.015),
        (LONG[:5], 0.03),
        ("It rained, and then it rained on, for days and days and days", 0.0),
        ("It rained all that long night.", 0.015),
        (f"{LONG[:-1]}，{LONG}", 0.0),
    ],
)
def test_very_short_sentences_lose(text: str, loss: float) -> None:
    [score] = sentence_scores(make_match(text, cosines=[0.5]))
    assert score == pytest.approx(0.5 - loss, abs=0.003)


@given(
    st.lists(st.tuples(st.text("树木a ", min_size=1, max_size=70), st.floats(-1, 1)), min_size=1)
)
def test_the_best_sentence_is_the_best_of_all(sentences: list[tuple[str, float]]) -> None:
    chunk = make_match("x").chunk
    spans, texts, end = [], "", 0
    for text, _ in sentences:
        spans.append(Span(end, end + len(text)))
        texts, end = texts + text, end + len(text)
    match = Match(
        replace(chunk, end=end, text=texts, sentences=tuple(spans)),
        0.0, 0.0, tuple(cosine for _, cosine in sentences),
    )  # fmt: skip
    assert ranked("hybrid", [match]) == [pytest.approx(max(sentence_scores(match)) / 2)]


@pytest.mark.parametrize("text", ["。", "a"])
def test_the_shortest_sentence_loses_little_enough(text: str) -> None:
    [score] = sentence_scores(make_match(text, cosines=[0.5]))
    assert 0.4 < score < 0.45


@pytest.mark.parametrize("retriever", RETRIEVERS)
def test_the_right_document_comes_first(store: Store, retriever: str) -> None:
    passages = retrieve(store, "青禾区引进企业多少家，投资多少？", retriever)
    assert passages[0].document.source == "qinghe.md"
    assert [p.score for p in passages] == sorted((p.score for p in passages), reverse=True)


@pytest.mark.parametrize("retriever", RETRIEVERS)
def test_equal_chunks_are_in_order_of_their_ids(tmp_path: Path, retriever: str) -> None:
    for n in range(9):
        write(tmp_path / "documents" / f"{n}.txt", LONG)
    with Store.open(tmp_path / "data", HashEncoder(), write=True) as store:
        store.add([tmp_path / "documents"])
        ids = [p.match.chunk.id for p in retrieve(store, "青禾区修路", retriever)]
    assert len(ids) == 9
    assert ids == sorted(ids)


def test_filters_and_empty_collections(store: Store) -> None:
    [passage] = retrieve(store, "投资多少？", "hybrid", Filters(source_prefix="bailu"))
    assert passage.document.source == "bailu.md"
    for info in store.documents():
        store.remove(info.id)
    assert retrieve(store, "投资多少？", "hybrid") == []
