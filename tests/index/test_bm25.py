import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from index.bm25 import Bm25

TERMS = st.sampled_from("abcdefgh")
DOCUMENTS = st.lists(st.lists(TERMS, max_size=12), min_size=1, max_size=8).filter(any)


@given(DOCUMENTS, st.lists(TERMS, max_size=6))
def test_scores_agree_with_rank_bm25(documents: list[list[str]], query: list[str]) -> None:
    expected = BM25Okapi(documents).get_scores(query)
    np.testing.assert_allclose(Bm25(documents).scores(query), expected, rtol=0, atol=1e-6)


@given(DOCUMENTS, st.lists(st.sampled_from("abcxyz"), max_size=6))
def test_coverage_is_a_share(documents: list[list[str]], query: list[str]) -> None:
    coverage = Bm25(documents).coverage(query)
    assert ((coverage >= 0) & (coverage <= 1)).all()


def test_a_term_that_the_collection_lacks_lowers_the_coverage() -> None:
    bm25 = Bm25([["a", "b"], ["c"], ["d"], ["e"]])
    assert bm25.coverage(["a", "b"])[0] > bm25.coverage(["a", "b", "unknown"])[0]


@pytest.mark.parametrize("documents", [[], [[]], [[], []]])
def test_a_collection_without_terms_scores_nothing(documents: list[list[str]]) -> None:
    assert Bm25(documents).coverage(["a"]).tolist() == [0.0] * len(documents)
