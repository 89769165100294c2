"""Nearest vectors by inner product (faiss, exact), fair to every language of a collection."""

from __future__ import annotations

import faiss
import numpy as np
from numpy.typing import NDArray

from index.records import Vectors

Rows = NDArray[np.int64]

# A language with very few vectors is centred less: its mean would be that of a few subjects.
_SHRINKAGE = 1


class Dense:
    """Exact search over vectors of shape (rows, dimension); `languages` has a label for each.

    A multilingual encoder puts the texts of one language close together, so that any passage in
    the question's own language outranks the right one in another. Each language's vectors are
    therefore shifted by the distance of its mean from the mean of all (Libovický et al., EMNLP
    2020). Within a language no order changes; with one language nothing changes at all.
    """

    def __init__(self, vectors: Vectors, languages: NDArray[np.str_]) -> None:
        self._languages = languages
        self._bias = _language_bias(vectors, languages)
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(np.ascontiguousarray(vectors - self._shifts(), dtype=np.float32))

    def nearest(self, query: Vectors, count: int, among: Rows | None = None) -> Rows:
        """The rows nearest to a query of shape (dimension,), best first; `among` limits them."""
        total = self._index.ntotal if among is None else len(among)
        if not total:
            return np.empty(0, np.int64)
        limits = None
        if among is not None:
            limits = faiss.SearchParameters(sel=faiss.IDSelectorBatch(among))  # type: ignore[call-arg]
        _, rows = self._index.search(query[None], min(count, total), params=limits)
        return np.asarray(rows[0], np.int64)

    def cosines(self, query: Vectors, rows: Rows) -> NDArray[np.float64]:
        """The cosine of each of the rows with the query, less its language's bias."""
        if not len(rows):
            return np.empty(0)
        return np.asarray(self._index.reconstruct_batch(rows) @ query, dtype=np.float64)

    def bias(self, query: Vectors, row: int) -> float:
        """What the language of a row adds to its cosines with the query."""
        return float(self._bias[self._languages[row]] @ query)

    def _shifts(self) -> Vectors:
        if not len(self._languages):
            return np.zeros((0, self._index.d), np.float32)
        return np.stack([self._bias[language] for language in self._languages])


def _language_bias(vectors: Vectors, languages: NDArray[np.str_]) -> dict[str, Vectors]:
    """For each language the mean of its vectors less that of all, shape (dimension,)."""
    bias: dict[str, Vectors] = {}
    for language in np.unique(languages):
        own = vectors[languages == language]
        share = len(own) / (len(own) + _SHRINKAGE)
        bias[language] = share * (own.mean(axis=0) - vectors.mean(axis=0))
    return bias
