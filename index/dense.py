"""Nearest vectors by inner product (faiss), exact, and fair to every language of a collection."""

from __future__ import annotations

from functools import cached_property

import faiss
import numpy as np
from numpy.typing import NDArray

from index.records import Vectors

Rows = NDArray[np.int64]

# A language with very few vectors is centred less: its mean would be that of a few subjects.
_SHRINKAGE = 1

# How far apart two sums of the same products may be.
_ROUNDING = 1e-5

_ROWS_TOGETHER = 4096


class Dense:
    """Exact search over vectors of shape (rows, dimension); `languages` has a label for each.

    A multilingual encoder puts the texts of one language close together, so that any passage in
    the question's own language outranks the right one in another. Each language's vectors are
    therefore shifted by the distance of its mean from the mean of all (Libovický et al., EMNLP
    2020). Within a language no order changes; with one language nothing changes at all.
    """

    def __init__(self, vectors: Vectors, languages: NDArray[np.str_]) -> None:
        names, self._languages = np.unique(languages, return_inverse=True)
        self._vectors = vectors
        self._bias = _language_bias(vectors, self._languages, len(names))
        # Half the memory to read for a question, and several times as fast as full precision.
        self._index = faiss.IndexScalarQuantizer(
            vectors.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        self._error = 0.0  # the length of the most that a vector has lost
        for start in range(0, len(vectors), _ROWS_TOGETHER):
            part = self._centred(np.arange(start, min(start + _ROWS_TOGETHER, len(vectors))))
            self._index.add(part)
            lost = part - self._index.reconstruct_n(start, len(part))
            self._error = max(self._error, float(np.linalg.norm(lost, axis=1).max()))

    def nearest(self, query: Vectors, count: int, among: Rows | None = None) -> Rows:
        """The rows nearest to a query of shape (dimension,), best first; `among` limits them.

        Exact: half precision only chooses who is looked at closely, and more are chosen until
        nobody outside can be among the nearest.
        """
        total = self._index.ntotal if among is None else len(among)
        count = min(count, total)
        if not count:
            return np.empty(0, np.int64)
        limits = None
        if among is not None:
            limits = faiss.SearchParameters(sel=faiss.IDSelectorBatch(among))  # type: ignore[call-arg]
        # A second thread costs more to wake than one vector gives it to do. (faiss keeps the number
        # for each thread that calls; the encoder's library has its own.)
        faiss.omp_set_num_threads(1)
        error = self._error * float(np.linalg.norm(query)) + _ROUNDING
        chosen = count
        while True:
            chosen = min(2 * chosen, total)
            [scores], [found] = self._index.search(query[None], chosen, params=limits)
            rows = np.sort(found)
            cosines = self.cosines(query, rows)
            best = np.argsort(-cosines, kind="stable")[:count]
            if chosen == total or scores[-1] + error < cosines[best[-1]]:
                return np.asarray(rows[best], np.int64)

    def cosines(self, query: Vectors, rows: Rows) -> NDArray[np.float64]:
        """The cosine of each of the rows with the query, less its language's bias."""
        if not len(rows):
            return np.empty(0)
        return np.asarray(self._centred(rows) @ query, dtype=np.float64)

    def biases(self, query: Vectors, rows: Rows) -> Vectors:
        """What the language of each of the rows adds to its cosines with the query."""
        each = np.array([bias @ query for bias in self._bias], np.float32)
        return each[self._languages[rows]]

    @cached_property
    def uncentred(self) -> Dense:
        """The same without regard to languages, to measure what that is worth."""
        return Dense(self._vectors, np.zeros(len(self._vectors), np.str_))

    def _centred(self, rows: Rows) -> Vectors:
        return np.asarray(self._vectors[rows] - self._bias[self._languages[rows]], np.float32)


def _language_bias(vectors: Vectors, languages: NDArray[np.int64], count: int) -> Vectors:
    """For each language the mean of its vectors less that of all, shape (count, dimension)."""
    bias = np.zeros((count, vectors.shape[1]), np.float32)
    for language in range(count):
        own = vectors[languages == language]
        share = len(own) / (len(own) + _SHRINKAGE)
        bias[language] = share * (own.mean(axis=0) - vectors.mean(axis=0))
    return bias
