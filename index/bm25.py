"""BM25 over a sparse matrix, with rank-bm25's statistics."""

from __future__ import annotations

import math
from collections.abc import Iterable, KeysView, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi
from scipy.sparse import csc_array

Scores = NDArray[np.float64]
Rows = NDArray[np.integer]

# Terms that mean the same, each with its closeness in (0, 1]: a term and its translations.
Concept = Mapping[str, float]

_LEAST_IDF = 0.1


@dataclass(frozen=True, slots=True)
class Weighed:
    """A concept in a collection: the `rows` of the documents that have any of its terms, its
    frequency part in each, and its rarity, an idf: how few they are."""

    concept: Concept
    rows: Rows
    parts: Scores
    rarity: float


class _Statistics(BM25Okapi):  # type: ignore[misc]
    """rank-bm25's own idf and constants, by column, of documents that are counted already."""

    def _initialize(self, corpus: csc_array) -> dict[int, int]:
        self.corpus_size = corpus.shape[0]
        self.avgdl = int(corpus.data.sum(dtype=np.int64)) / self.corpus_size
        frequencies = np.diff(corpus.indptr)
        # In this order the sum of all idf, and with it epsilon's share, has the same last bits
        # whatever the order of the documents and terms.
        columns = np.argsort(frequencies, kind="stable")[np.count_nonzero(frequencies == 0) :]
        return dict(zip(columns.tolist(), frequencies[columns].tolist(), strict=True))


class Bm25:
    """Scores agree with `BM25Okapi.get_scores`; only the arithmetic is laid out otherwise.

    A query is a sum of the columns of a matrix of counts, each turned into its frequency part
    f(t,d) · (k1 + 1) / (f(t,d) + k1 · (1 − b + b · |d| / avgdl)), times the term's idf (Trotman
    et al., ADCS 2014, the ATIRE form). Only documents that have the term are looked at.
    """

    def __init__(self, counts: csc_array, vocabulary: Mapping[str, int]) -> None:
        """`counts` has shape (documents, terms); `vocabulary` gives the column of each term."""
        self.size = counts.shape[0]
        self._columns = vocabulary
        self._counts = counts
        self._idf = np.zeros(counts.shape[1])
        self._k1 = 0.0
        self._least = _LEAST_IDF
        if not counts.nnz:
            return
        statistics = _Statistics(counts)
        self._k1 = statistics.k1
        # What rank-bm25 gives to terms that more than half of the documents have; among very
        # few documents it is nothing or less, and no question could cover anything.
        self._least = max(statistics.epsilon * statistics.average_idf, _LEAST_IDF)
        self._idf[list(statistics.idf)] = list(statistics.idf.values())
        # In single precision, which is exact for integers and takes half the memory.
        lengths = (counts @ np.ones(counts.shape[1], np.float32)).astype(np.float64)
        self._norms = self._k1 * (1 - statistics.b + statistics.b * lengths / statistics.avgdl)

    @property
    def vocabulary(self) -> KeysView[str]:
        return self._columns.keys()

    def scores(self, query: Sequence[str]) -> Scores:
        """BM25 of each document, shape (documents,); repeated terms count each time."""
        total = np.zeros(self.size)
        for term in query:
            rows, parts = self._parts(term)
            if len(rows):
                total[rows] += self._idf[self._columns[term]] * parts
        return total

    def coverage(self, concepts: Iterable[Weighed]) -> Scores:
        """How much of a question each document holds, in [0, 1], shape (documents,).

        The BM25 of all the concepts, divided by the most that any document could score: the sum
        over the concepts, those that the collection lacks included, of idf · (k1 + 1). Unlike a
        rank, it tells a leg that matched from one that only found nothing better.
        """
        total = np.zeros(self.size)
        ceiling = 0.0
        for concept in concepts:
            total[concept.rows] += concept.rarity * concept.parts
            ceiling += concept.rarity * (self._k1 + 1)
        return np.clip(total / ceiling, 0.0, 1.0) if ceiling > 0 else total

    def weigh(self, concept: Concept) -> Weighed:
        """A concept as one term.

        Its document frequency is that of any of its terms, as in structured queries across
        languages (Pirkola, SIGIR 1998); in a document the best of its terms counts, by closeness.
        """
        rows, parts = self._any(concept)
        idf = math.log(self.size - len(rows) + 0.5) - math.log(len(rows) + 0.5)
        return Weighed(concept, rows, parts, max(idf, self._least))

    def _any(self, concept: Concept) -> tuple[Rows, Scores]:
        """The documents that have any of the terms, in order, and the best part in each."""
        columns = [(self._parts(term), closeness) for term, closeness in concept.items()]
        columns = [column for column in columns if len(column[0][0])]
        if len(columns) == 1:
            [((rows, parts), closeness)] = columns
            return rows, closeness * parts
        best = np.zeros(self.size)
        for (rows, parts), closeness in columns:
            best[rows] = np.maximum(best[rows], closeness * parts)
        rows = np.flatnonzero(best > 0)
        return rows, best[rows]

    def _parts(self, term: str) -> tuple[Rows, Scores]:
        """The documents that have a term, in order, and its frequency part in each."""
        column = self._columns.get(term)
        if column is None:
            return np.empty(0, np.int32), np.empty(0)
        begin, end = self._counts.indptr[column : column + 2]
        rows, counts = self._counts.indices[begin:end], self._counts.data[begin:end]
        return rows, counts * (self._k1 + 1) / (counts + self._norms[rows])
