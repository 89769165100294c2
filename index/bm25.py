"""BM25 over a sparse matrix, with rank-bm25's statistics."""

from __future__ import annotations

import math
from collections.abc import KeysView, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi
from scipy.sparse import csc_array

Scores = NDArray[np.float64]

# Terms that mean the same, each with its closeness in (0, 1]: a term and its translations.
Concept = Mapping[str, float]

_LEAST_IDF = 0.1


class Bm25:
    """Scores agree with `BM25Okapi.get_scores`; only the arithmetic is laid out otherwise.

    Each matrix cell holds f(t,d) · (k1 + 1) / (f(t,d) + k1 · (1 − b + b · |d| / avgdl)), so that
    a query is a sum of columns, each times its idf (Trotman et al., ADCS 2014, the ATIRE form).
    """

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        self.size = len(documents)
        self._columns: dict[str, int] = {}
        self._idf: dict[str, float] = {}
        self._k1 = 0.0
        self._least = _LEAST_IDF
        if not any(documents):
            return
        statistics = BM25Okapi(documents)
        self._k1 = statistics.k1
        # What rank-bm25 gives to terms that more than half of the documents have; among very
        # few documents it is nothing or less, and no question could cover anything.
        self._least = max(statistics.epsilon * statistics.average_idf, _LEAST_IDF)
        self._idf = statistics.idf
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
        cells = counts * (self._k1 + 1) / (counts + norms[rows])
        self._matrix = csc_array((cells, (rows, columns)), shape=(self.size, len(self._columns)))

    @property
    def vocabulary(self) -> KeysView[str]:
        return self._columns.keys()

    def scores(self, query: Sequence[str]) -> Scores:
        """BM25 of each document, shape (documents,); repeated terms count each time."""
        total = np.zeros(self.size)
        for term in query:
            rows, cells = self._column(term)
            total[rows] += self._idf.get(term, 0.0) * cells
        return total

    def coverage(self, concepts: Sequence[Concept]) -> Scores:
        """How much of a question each document holds, in [0, 1], shape (documents,).

        The BM25 of all the concepts, divided by the most that any document could score: the sum
        over the concepts, those that the collection lacks included, of idf · (k1 + 1). Unlike a
        rank, it tells a leg that matched from one that only found nothing better.
        """
        total = np.zeros(self.size)
        ceiling = 0.0
        for concept in concepts:
            saturation, idf = self._weigh(concept)
            total += idf * saturation
            ceiling += idf * (self._k1 + 1)
        return np.clip(total / ceiling, 0.0, 1.0) if ceiling > 0 else total

    def rarity(self, concept: Concept) -> float:
        """The idf of a concept: how few documents have any of its terms."""
        return self._weigh(concept)[1]

    def _weigh(self, concept: Concept) -> tuple[Scores, float]:
        """A concept as one term: its frequency part in each document, and its idf.

        Its document frequency is that of any of its terms, as in structured queries across
        languages (Pirkola, SIGIR 1998); in a document the best of its terms counts, by closeness.
        """
        saturation = np.zeros(self.size)
        for term, closeness in concept.items():
            rows, cells = self._column(term)
            saturation[rows] = np.maximum(saturation[rows], closeness * cells)
        frequency = np.count_nonzero(saturation)
        idf = math.log(self.size - frequency + 0.5) - math.log(frequency + 0.5)
        return saturation, max(idf, self._least)

    def _column(self, term: str) -> tuple[NDArray[np.int32], Scores]:
        """The documents that have a term, and its part in each."""
        column = self._columns.get(term)
        if column is None:
            return np.empty(0, np.int32), np.empty(0)
        begin, end = self._matrix.indptr[column : column + 2]
        return self._matrix.indices[begin:end], self._matrix.data[begin:end]
