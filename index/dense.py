"""Nearest vectors by inner product, which is the cosine of unit vectors (faiss, exact)."""

from __future__ import annotations

import faiss
import numpy as np
from numpy.typing import NDArray

from index.records import Vectors

Rows = NDArray[np.int64]


class Dense:
    """Vectors of shape (rows, dimension); every search is exact."""

    def __init__(self, vectors: Vectors) -> None:
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(np.ascontiguousarray(vectors, dtype=np.float32))

    def nearest(self, query: Vectors, count: int, among: Rows | None = None) -> Rows:
        """The rows nearest to a query of shape (dimension,), best first; `among` limits them."""
        total = self._index.ntotal if among is None else len(among)
        if not total:
            return np.empty(0, np.int64)
        selector = None if among is None else faiss.IDSelectorBatch(among)
        parameters = faiss.SearchParameters(sel=selector) if selector else None
        _, rows = self._index.search(query[None], min(count, total), params=parameters)
        return np.asarray(rows[0], np.int64)

    def cosines(self, query: Vectors, rows: Rows) -> NDArray[np.float64]:
        """The cosine of each of the rows with the query, shape (rows,)."""
        if not len(rows):
            return np.empty(0)
        return np.asarray(self._index.reconstruct_batch(rows) @ query, dtype=np.float64)
