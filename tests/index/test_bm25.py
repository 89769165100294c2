from collections.abc import Sequence
from itertools import chain
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi
from scipy.sparse import csc_array, lil_array

from index.bm25 import Bm25, Concept, Scores

TERMS = st.sampled_from("abcdefgh")
DOCUMENTS = st.lists(st.lists(TERMS, max_size=12), min_size=1, max_size=8).filter(any)


def indexed(documents: Sequence[Sequence[str]]) -> Bm25:
    vocabulary = {term: column for column, term in enumerate(sorted({*chain(*documents)}))}
    counts = lil_array((len(documents), len(vocabulary)), dtype=np.uint16)
    for row, document in enumerate(documents):
        for term in document:
            counts[row, vocabulary[term]] += 1
    return Bm25(csc_array(counts), vocabulary)


def coverage(bm25: Bm25, concepts: Sequence[Concept]) -> Scores:
    return bm25.coverage(map(bm25.weigh, concepts))


def rarity(bm25: Bm25, concept: Concept) -> float:
    return bm25.weigh(concept).rarity


@given(DOCUMENTS, st.lists(TERMS, max_size=6))
def test_scores_agree_with_rank_bm25(documents: list[list[str]], query: list[str]) -> None:
    expected = BM25Okapi(documents).get_scores(query)
    np.testing.assert_allclose(indexed(documents).scores(query), expected, rtol=0, atol=1e-6)


@given(DOCUMENTS, st.lists(st.sampled_from("abcxyz"), max_size=6))
def test_coverage_is_a_share(documents: list[list[str]], query: list[str]) -> None:
    found = coverage(indexed(documents), [{term: 1.0} for term in query])
    assert ((found >= 0) & (found <= 1)).all()


def test_a_term_that_the_collection_lacks_lowers_the_coverage() -> None:
    bm25 = indexed([["a", "b"], ["c"], ["d"], ["e"]])
    known: list[Concept] = [{"a": 1.0}, {"b": 1.0}]
    assert coverage(bm25, known)[0] > coverage(bm25, [*known, {"unknown": 1.0}])[0]


def test_a_translation_counts_by_its_closeness_and_the_best_one_wins() -> None:
    bm25 = indexed([["a"], ["b"], ["c"], ["d"]])
    near, far = coverage(bm25, [{"unknown": 1.0, "a": 1.0, "b": 0.5}])[:2]
    assert near == pytest.approx(2 * far)


def test_a_concept_is_as_rare_as_the_documents_that_have_any_of_its_terms() -> None:
    bm25 = indexed([["a"], ["b"], ["c"], ["d"], ["e"]])
    assert rarity(bm25, {"a": 1.0, "b": 1.0}) < rarity(bm25, {"a": 1.0}) < rarity(bm25, {"x": 1.0})


@pytest.mark.parametrize("documents", [[], [[]], [[], []]])
def test_a_collection_without_terms_scores_nothing(documents: list[list[str]]) -> None:
    assert coverage(indexed(documents), [{"a": 1.0}]).tolist() == [0.0] * len(documents)


@given(DOCUMENTS, st.randoms(use_true_random=False))
def test_the_order_of_documents_changes_no_bit(documents: list[list[str]], random: Random) -> None:
    order = random.sample(range(len(documents)), len(documents))
    query: list[Concept] = [{"a": 1.0}, {"b": 1.0, "c": 0.5}]
    shuffled = coverage(indexed([documents[row] for row in order]), query)
    assert shuffled.tolist() == coverage(indexed(documents), query)[order].tolist()


def test_a_column_that_no_document_has_changes_nothing() -> None:
    counts = csc_array(np.array([[2, 0, 1], [0, 0, 1], [1, 0, 0]], np.uint16))
    expected = indexed([["a", "a", "c"], ["c"], ["a"]])
    found = Bm25(counts, {"a": 0, "c": 2})
    assert found.scores(["a", "c"]).tolist() == expected.scores(["a", "c"]).tolist()
