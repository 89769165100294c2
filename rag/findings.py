"""What the reader found, in one order over all passages that were read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log

from index.records import Chunk, Span
from rag.draft import Passage
from rag.evidence import Sentence
from rag.exact import exact
from rag.question import Asked
from rag.reader.reading import Candidate, Reading

# What counts beside the reader's evidence: for a candidate's rank, in log-odds, the scores of its
# passage and of its sentence; for a passage's rank, the probability that it answers. All were
# measured (docs/experiments.md).
_PASSAGE = 20.0
_SENTENCE = 20.0
_ANSWERABLE = 0.1


@dataclass(frozen=True, slots=True)
class Finding:
    """Words that may answer, beginning in `sentence`; `score` is what findings are ranked by, in
    log-odds."""

    passage: Passage
    sentence: Sentence
    answerable: float
    candidate: Candidate
    score: float

    @property
    def span(self) -> Span:
        return self.candidate.span

    @property
    def text(self) -> str:
        return self.passage.match.chunk.words_at(self.span)


def findings(
    asked: Asked,
    passages: Sequence[Passage],
    readings: Sequence[Reading],
    sentences: Sequence[Sequence[Sentence]],
) -> list[Finding]:
    """Every candidate of the passages, in its exact words, best first; `sentences` are those of
    each passage."""
    found = []
    for passage, reading, own in zip(passages, readings, sentences, strict=True):
        for candidate in reading.candidates:
            sentence = _begun(own, candidate.span)
            score = candidate.score + _PASSAGE * passage.score + _SENTENCE * sentence.score
            words = _exact(asked, passage.match.chunk, candidate)
            found.append(Finding(passage, sentence, reading.answerable, words, score))
    return sorted(found, key=lambda f: (-f.score, f.passage.match.chunk.id, f.span.start))


def _exact(asked: Asked, chunk: Chunk, candidate: Candidate) -> Candidate:
    start, end = candidate.span.start - chunk.start, candidate.span.end - chunk.start
    words = exact(asked, chunk.text, Span(start, end))
    return replace(candidate, span=Span(chunk.start + words.start, chunk.start + words.end))


def _begun(sentences: Sequence[Sentence], span: Span) -> Sentence:
    """The one in which a span begins."""
    return max(
        (sentence for sentence in sentences if sentence.span.start <= span.start),
        key=lambda sentence: sentence.span.start,
    )


def reranked(passages: Sequence[Passage], answerable: Mapping[str, float]) -> list[Passage]:
    """The passages in a new order, with the scores to match: one that answers rises by how surely
    it does. `answerable` has the chunks that were read, by id."""
    risen = [
        replace(p, score=p.score + _ANSWERABLE * answerable.get(p.match.chunk.id, 0.0))
        for p in passages
    ]
    return sorted(risen, key=lambda p: (-p.score, p.match.chunk.id))


def log_odds(probability: float) -> float:
    """Within ±7, so that no feature runs away."""
    kept = min(max(probability, 0.001), 0.999)
    return log(kept / (1 - kept))
