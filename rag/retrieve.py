"""Hybrid retrieval: what both legs say of a chunk, made into one score that ranks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf, log2, sqrt

from index.chunk import size
from index.records import Filters, Ingredients, Match
from index.view import View
from rag.draft import Passage
from rag.duplicates import copies_last

_CANDIDATES = 100


def retrieve(
    store: View,
    question: str,
    retriever: str,
    filters: Filters | None = None,
    without: Ingredients = frozenset(),
) -> list[Passage]:
    """The passages that either leg finds, best first; equal scores in order of chunk ids.

    Copies of better passages come behind all that are distinct, with a lower score to match.
    """
    matches = store.match(question, _CANDIDATES, filters, without)
    documents = store.documents_by_id()
    scores = RETRIEVERS[retriever](matches, without)
    ranked = sorted(zip(matches, scores, strict=True), key=lambda p: (-p[1], p[0].chunk.id))
    passages = [
        Passage(match, documents[match.chunk.document_id], score) for match, score in ranked
    ]
    return passages if "copies" in without else copies_last(passages)


def _bm25(matches: Sequence[Match], without: Ingredients) -> list[float]:
    return [match.lexical for match in matches]


def _dense(matches: Sequence[Match], without: Ingredients) -> list[float]:
    return [match.dense for match in matches]


def _rrf(matches: Sequence[Match], without: Ingredients) -> list[float]:
    """Reciprocal rank fusion (Cormack et al., SIGIR 2009), k = 60: kept to compare with."""
    scores = [0.0] * len(matches)
    for leg in (_bm25(matches, without), _dense(matches, without)):
        order = sorted(range(len(matches)), key=lambda i: (-leg[i], matches[i].chunk.id))
        for rank, i in enumerate(order, start=1):
            scores[i] += 1 / (60 + rank)
    return scores


def _hybrid(matches: Sequence[Match], without: Ingredients) -> list[float]:
    return [_evidence(match, without) for match in matches]


def _evidence(match: Match, without: Ingredients) -> float:
    """The mean of the chunk's cosine and its best sentence's, raised by how much of the question
    the chunk and its best sentence cover.

    Cosines and coverages both say how *well* a leg matched, so that one that found next to
    nothing adds next to nothing. The power makes that stricter: what a few chance words cover
    counts for little. The form and its weights were measured (docs/experiments.md).
    """
    sentence = _best_sentence(match, without)
    proximity = max(match.proximity, default=0.0)
    return (
        (match.dense if "sentences" in without else (match.dense + sentence) / 2)
        + 0.3 * _power(match.lexical)
        + (0.0 if "proximity" in without else 0.2 * _power(proximity))
    )


def _power(coverage: float) -> float:
    return coverage * sqrt(coverage)


def _best_sentence(match: Match, without: Ingredients) -> float:
    """The best of `sentence_scores`, without weighing those that cannot be: lengths only take."""
    if "lengths" in without or not match.sentences:
        return max(match.sentences, default=match.dense)
    best = -inf
    for cosine, span in sorted(
        zip(match.sentences, match.chunk.sentences, strict=True), key=lambda pair: -pair[0]
    ):
        if cosine <= best:
            break
        best = max(best, cosine + _loss(match.chunk.words_at(span)))
    return best


# In characters: however Western, no shorter than 20 Chinese ones.
_LONG = 60


def _loss(sentence: str) -> float:
    return 0.0 if len(sentence) >= _LONG else 0.015 * min(0.0, log2(max(size(sentence), 0.3) / 20))


def sentence_scores(match: Match) -> list[float]:
    """The cosine of each sentence; very short ones, which are close to every question, lose
    0.015 for each halving below 20 Chinese characters or as much Western text."""
    chunk = match.chunk
    return [
        cosine + _loss(chunk.words_at(span))
        for span, cosine in zip(chunk.sentences, match.sentences, strict=True)
    ]


# The score of each match; equal scores are told apart by the chunks' ids.
Retriever = Callable[[Sequence[Match], Ingredients], list[float]]
RETRIEVERS: dict[str, Retriever] = {
    "hybrid": _hybrid,
    "bm25": _bm25,
    "dense": _dense,
    "rrf": _rrf,
}
