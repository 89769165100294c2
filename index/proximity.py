"""How much of a question stands together in one sentence, with the title and headings above it.

A chunk's terms are kept in parts, as numbers with END behind each part: what its title and
headings have, then what each of its sentences has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.bm25 import Weighed

TermIds = NDArray[np.int32]
END = -1


def proximity(
    chunks: Sequence[TermIds], concepts: Sequence[Weighed], vocabulary: Mapping[str, int]
) -> list[tuple[float, ...]]:
    """For each chunk the shares in [0, 1] of the concepts' rarity that each of its sentences
    covers together with the title and headings.

    A concept counts by the closest of its terms that is there, however often.
    """
    if not chunks:
        return []
    ids = np.concatenate(chunks)
    ends = ids == END
    part = np.cumsum(ends) - ends
    counts = np.array([np.count_nonzero(chunk == END) for chunk in chunks])
    contexts = np.cumsum(counts) - counts
    context_of = np.repeat(contexts, counts)
    total = sum(concept.rarity for concept in concepts)
    covered = np.zeros(len(context_of))
    known = [
        {vocabulary[term]: close for term, close in each.concept.items() if term in vocabulary}
        for each in concepts
    ]
    wanted = np.unique([number for closeness in known for number in closeness])
    places = np.flatnonzero(np.isin(ids, wanted))
    ids, part = ids[places], part[places]
    for each, closeness in zip(concepts, known, strict=True):
        best = np.zeros(len(covered))
        for number, close in closeness.items():
            holding = part[ids == number]
            best[holding] = np.maximum(best[holding], close)
        covered += each.rarity * np.maximum(best, best[context_of])
    if total > 0:
        covered = covered / total
    return [
        tuple(covered[first + 1 : first + count].tolist())
        for first, count in zip(contexts.tolist(), counts.tolist(), strict=True)
    ]
