import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from index.bm25 import Bm25, Concept

TERMS = st.sampled_from("abcdefgh")
DOCUMENTS = st.lists(st.lists(TERMS, max_size=12), min_size=1, max_size=8).filter(any)


@given(DOCUMENTS, st.lists(TERMS, max_size=6))
def test_scores_agree_with_rank_bm25(documents: list[list[str]], query: list[str]) -> None:
    expected = BM25Okapi(documents).get_scores(query)
    np.testing.assert_allclose(Bm25(documents).scores(query), expected, rtol=0, atol=1e-6)


@given(DOCUMENTS, st.lists(st.sampled_from("abcxyz"), max_size=6))
def test_coverage_is_a_share(documents: list[list[str]], query: list[str]) -> None:
    coverage = Bm25(documents).coverage([{term: 1.0} for term in query])
    assert ((coverage >= 0) & (coverage <= 1)).all()


def test_a_term_that_the_collection_lacks_lowers_the_coverage() -> None:
    bm25 = Bm25([["a", "b"], ["c"], ["d"], ["e"]])
    known: list[Concept] = [{"a": 1.0}, {"b": 1.0}]
    assert bm25.coverage(known)[0] > bm25.coverage([*known, {"unknown": 1.0}])[0]


def test_a_translation_counts_by_its_closeness_and_the_best_one_wins() -> None:
    bm25 = Bm25([["a"], ["b"], ["c"], ["d"]])
    near, far = bm25.coverage([{"unknown": 1.0, "a": 1.0, "b": 0.5}])[:2]
    assert near == pytest.approx(2 * far)


def test_a_concept_is_as_rare_as_the_documents_that_have_any_of_its_terms() -> None:
    bm25 = Bm25([["a"], ["b"], ["c"], ["d"], ["e"]])
    assert bm25.rarity({"a": 1.0, "b": 1.0}) < bm25.rarity({"a": 1.0}) < bm25.rarity({"x": 1.0})


@pytest.mark.parametrize("documents", [[], [[]], [[], []]])
def test_a_collection_without_terms_scores_nothing(documents: list[list[str]]) -> None:
    assert Bm25(documents).coverage([{"a": 1.0}]).tolist() == [0.0] * len(documents)
