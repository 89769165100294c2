"""The index in memory: what searching needs, derived from SQLite when it is first searched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.bm25 import Bm25, Scores
from index.catalog import Catalog
from index.concepts import Concepts
from index.dense import Dense, Rows
from index.fold import is_han
from index.proximity import proximity
from index.records import DocumentInfo, Filters, Ingredients, Match, Vectors
from index.romanised import Romanised
from index.rows import SearchData
from index.tokens import Tokenizer


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state at a `generation` of the catalogue; a chunk's row is its place in the order of ids.

    `chinese` are the ids of the documents whose text is.
    """

    generation: int
    documents: Mapping[str, DocumentInfo]
    chunk_ids: Sequence[str]
    document_ids: Sequence[str]
    bm25: Bm25
    dense: Dense
    concepts: Concepts
    vocabulary: Mapping[str, int]
    chinese: frozenset[str]

    def admitted(self, filters: Filters) -> list[DocumentInfo]:
        return [
            info
            for info in self.documents.values()
            if filters.admits(info, chinese=info.id in self.chinese)
        ]

    def match(
        self,
        catalog: Catalog,
        question: str,
        query: Vectors,
        *,
        limit: int,
        filters: Filters | None,
        without: Ingredients,
    ) -> list[Match]:
        """As `Store.match`; `query` is the question's vector, shape (dimension,)."""
        if not self.chunk_ids:
            return []
        allowed = self._rows(filters) if filters else None
        sought = self.concepts.of_question(question, without)
        concepts = [self.bm25.weigh(concept) for concept in sought]
        coverage = self.bm25.coverage(concepts)
        dense = self.dense.uncentred if "centring" in without else self.dense
        rows = np.union1d(_best(coverage, limit, allowed), dense.nearest(query, limit, allowed))
        cosines, biases = dense.cosines(query, rows), dense.biases(query, rows)
        found = list(catalog.found([self.chunk_ids[row] for row in rows.tolist()]))
        together = proximity([each.terms for each in found], concepts, self.vocabulary)
        return [
            Match(each.chunk, lexical, cosine, tuple(sentences.tolist()), close)
            for each, lexical, cosine, bias, close in zip(
                found, coverage[rows].tolist(), cosines.tolist(), biases, together, strict=True
            )
            for sentences in [each.sentences @ query - bias]
        ]

    def _rows(self, filters: Filters) -> Rows:
        admitted = [info.id for info in self.admitted(filters)]
        return np.flatnonzero(np.isin(self.document_ids, admitted)).astype(np.int64)


def read_snapshot(catalog: Catalog, tokenizer: Tokenizer) -> Snapshot:
    """Derive it (call inside the catalogue's snapshot, so that all of it is of one state)."""
    data = catalog.search_data()
    languages = _languages(data)
    return Snapshot(
        catalog.generation(),
        {info.id: info for info in catalog.documents()},
        data.chunk_ids,
        data.document_ids,
        Bm25(data.counts, data.vocabulary),
        Dense(data.vectors, languages),
        Concepts(tokenizer, data.vocabulary, Romanised(data.vocabulary)),
        data.vocabulary,
        _chinese(data.document_ids, languages.tolist()),
    )


def _languages(data: SearchData) -> NDArray[np.str_]:
    """Of each chunk, by its terms: as much as the encoder tells languages apart by script."""
    balance = np.full(data.counts.shape[1], -1, np.float32)
    balance[[column for term, column in data.vocabulary.items() if is_han(term[0])]] = 1
    return np.where(data.counts @ balance > 0, "han", "other")


def _chinese(document_ids: Sequence[str], languages: Sequence[str]) -> frozenset[str]:
    """The documents whose chunks are mostly in Han characters."""
    balance: Counter[str] = Counter()
    for document_id, language in zip(document_ids, languages, strict=True):
        balance[document_id] += 1 if language == "han" else -1
    return frozenset(document_id for document_id, count in balance.items() if count > 0)


def _best(coverage: Scores, limit: int, allowed: Rows | None) -> Rows:
    """The rows that cover most, best first; only those that are as good as the last are sorted."""
    rows = np.flatnonzero(coverage > 0)
    if allowed is not None:
        rows = np.intersect1d(rows, allowed)
    if len(rows) > limit:
        last = np.partition(coverage[rows], -limit)[-limit]
        rows = rows[coverage[rows] >= last]
    return rows[np.argsort(-coverage[rows], kind="stable")[:limit]].astype(np.int64)
