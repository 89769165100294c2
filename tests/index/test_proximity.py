from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.bm25 import Weighed
from index.proximity import END, TermIds, proximity

VOCABULARY = {str(number): number for number in range(10)}


def weighed(concept: Mapping[str, float], rarity: float) -> Weighed:
    return Weighed(concept, np.empty(0, np.int32), np.empty(0), rarity)


PARTS = st.lists(st.lists(st.integers(0, 9), max_size=5), min_size=1, max_size=4)
CONCEPTS = st.lists(
    st.builds(
        weighed,
        st.dictionaries(st.integers(0, 12).map(str), st.floats(0.1, 1.0), max_size=3),
        st.floats(0.1, 5.0),
    ),
    max_size=4,
)


def chunk(*parts: list[int]) -> TermIds:
    numbers = [number for part in parts for number in (*part, END)]
    return np.array(numbers, np.int32)


def slowly(parts: list[list[int]], concepts: list[Weighed]) -> list[float]:
    """The definition, a part at a time; the first part is the context."""
    total = sum(concept.rarity for concept in concepts) or 1

    def share(found: set[int]) -> float:
        best = [
            max((c for n, c in each.concept.items() if int(n) in found), default=0.0)
            for each in concepts
        ]
        return sum(c.rarity * b for c, b in zip(concepts, best, strict=True)) / total

    context, *sentences = map(set, parts)
    return [share(context | sentence) for sentence in sentences]


@given(st.lists(PARTS, max_size=4), CONCEPTS)
def test_shares_agree_with_their_definition(
    chunks: list[list[list[int]]], concepts: list[Weighed]
) -> None:
    found = proximity([chunk(*parts) for parts in chunks], concepts, VOCABULARY)
    assert len(found) == len(chunks)
    for sentences, parts in zip(found, chunks, strict=True):
        assert list(sentences) == pytest.approx(slowly(parts, concepts))


def test_words_far_apart_cover_less_than_words_together() -> None:
    concepts = [weighed({"1": 1.0}, 1.0), weighed({"2": 1.0}, 1.0)]
    chunks = [chunk([], [1, 2], [3]), chunk([], [1], [2])]
    together, apart = proximity(chunks, concepts, VOCABULARY)
    assert max(together) == 1.0
    assert max(apart) == 0.5


def test_the_title_belongs_to_every_sentence() -> None:
    concepts = [weighed({"1": 1.0}, 3.0), weighed({"2": 0.5}, 1.0)]
    assert proximity([chunk([1], [2], [3])], concepts, VOCABULARY) == [(0.875, 0.75)]
