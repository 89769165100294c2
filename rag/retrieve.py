"""Hybrid retrieval: what both legs say of a chunk, made into one score that ranks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log2

from index.chunk import size
from index.records import Filters, Match
from index.store import Store
from rag.draft import Passage
from rag.duplicates import copies_last

_CANDIDATES = 100


def retrieve(
    store: Store, question: str, retriever: str, filters: Filters | None = None
) -> list[Passage]:
    """The passages that either leg finds, best first; equal scores in order of chunk ids.

    Copies of better passages come behind all that are distinct, with a lower score to match.
    """
    matches = store.match(question, _CANDIDATES, filters)
    documents = {info.id: info for info in store.documents()}
    scores = RETRIEVERS[retriever](matches)
    ranked = sorted(zip(matches, scores, strict=True), key=lambda p: (-p[1], p[0].chunk.id))
    return copies_last(
        [
            Passage(match, documents[match.chunk.document_id], score)
            for match, score in ranked
            if match.chunk.document_id in documents
        ]
    )


def _bm25(matches: Sequence[Match]) -> list[float]:
    return [match.lexical for match in matches]


def _dense(matches: Sequence[Match]) -> list[float]:
    return [match.dense for match in matches]


def _rrf(matches: Sequence[Match]) -> list[float]:
    """Reciprocal rank fusion (Cormack et al., SIGIR 2009), k = 60: kept to compare with."""
    scores = [0.0] * len(matches)
    for leg in (_bm25(matches), _dense(matches)):
        order = sorted(range(len(matches)), key=lambda i: (-leg[i], matches[i].chunk.id))
        for rank, i in enumerate(order, start=1):
            scores[i] += 1 / (60 + rank)
    return scores


def _hybrid(matches: Sequence[Match]) -> list[float]:
    """The mean of the chunk's cosine and its best sentence's, raised by how much of the question
    the chunk covers. A cosine and a coverage both say how *well* a leg matched, so that one that
    found next to nothing adds next to nothing (docs/experiments.md)."""
    return [
        (match.dense + max(sentence_scores(match), default=match.dense)) / 2 + 0.2 * match.lexical
        for match in matches
    ]


def sentence_scores(match: Match) -> list[float]:
    """The cosine of each sentence; very short ones, which are close to every question, lose
    0.015 for each halving below 20 Chinese characters or as much Western text."""
    chunk = match.chunk
    return [
        cosine + 0.015 * min(0.0, log2(max(size(chunk.words_at(span)), 0.3) / 20))
        for span, cosine in zip(chunk.sentences, match.sentences, strict=True)
    ]


RETRIEVERS: dict[str, Callable[[Sequence[Match]], list[float]]] = {
    "hybrid": _hybrid,
    "bm25": _bm25,
    "dense": _dense,
    "rrf": _rrf,
}
