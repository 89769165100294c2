"""BM25 over a sparse matrix, with rank-bm25's statistics."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi
from scipy.sparse import csc_array

Scores = NDArray[np.float64]


class Bm25:
    """Scores agree with `BM25Okapi.get_scores`; only the arithmetic is laid out otherwise.

    Each matrix cell holds idf(t) · f(t,d) · (k1 + 1) / (f(t,d) + k1 · (1 − b + b · |d| / avgdl)),
    so that a query is a sum of columns (Trotman et al., ADCS 2014, in the ATIRE form).
    """

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        self.size = len(documents)
        self._columns: dict[str, int] = {}
        if not any(documents):
            return
        statistics = BM25Okapi(documents)
        self._k1 = statistics.k1
        self._idf: dict[str, float] = statistics.idf
        self._columns = {term: column for column, term in enumerate(self._idf)}
        lengths = np.asarray(statistics.doc_len, dtype=np.float64)
        norms = self._k1 * (1 - statistics.b + statistics.b * lengths / statistics.avgdl)
        rows = np.repeat(np.arange(self.size), [len(d) for d in statistics.doc_freqs])
        columns = np.fromiter(
            (self._columns[term] for counts in statistics.doc_freqs for term in counts), np.int64
        )
        counts = np.fromiter(
            (count for counts in statistics.doc_freqs for count in counts.values()), np.float64
        )
        idf = np.fromiter(self._idf.values(), np.float64)
        cells = idf[columns] * counts * (self._k1 + 1) / (counts + norms[rows])
        self._matrix = csc_array((cells, (rows, columns)), shape=(self.size, len(self._columns)))

    def scores(self, query: Sequence[str]) -> Scores:
        """BM25 of each document, shape (documents,); repeated terms count each time."""
        total = np.zeros(self.size)
        for term in query:
            column = self._columns.get(term)
            if column is not None:
                begin, end = self._matrix.indptr[column : column + 2]
                total[self._matrix.indices[begin:end]] += self._matrix.data[begin:end]
        return total

    def ceiling(self, query: Sequence[str]) -> float:
        """The most that any document could score: the sum of idf · (k1 + 1) over all the terms,
        those that the collection lacks included at the idf of a term that no document has."""
        if not self._columns:
            return 0.0
        unseen = math.log(self.size + 0.5) - math.log(0.5)
        return sum(max(self._idf.get(term, unseen), 0.0) for term in query) * (self._k1 + 1)

    def coverage(self, query: Sequence[str]) -> Scores:
        """Scores divided by their ceiling: how much of the question each document holds, in
        [0, 1]. Unlike a rank it tells a leg that matched from one that found nothing better."""
        ceiling = self.ceiling(query)
        if ceiling <= 0:
            return np.zeros(self.size)
        return np.clip(self.scores(query) / ceiling, 0.0, 1.0)
