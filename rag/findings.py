"""What the reader found, in one order over all passages that were read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log

from index.records import Span
from rag.draft import Passage
from rag.reader.reading import Candidate, Reading

# What the reader's evidence counts beside retrieval's for a passage's rank, where `answerable` is
# a probability, and retrieval's beside the reader's for a candidate's, in log-odds. Both were
# measured (docs/experiments.md).
_ANSWERABLE = 0.1
_RETRIEVED = 20.0


@dataclass(frozen=True, slots=True)
class Finding:
    """Words that may answer; `score` is what findings are ranked by, in log-odds."""

    passage: Passage
    answerable: float
    candidate: Candidate
    score: float

    @property
    def span(self) -> Span:
        return self.candidate.span

    @property
    def text(self) -> str:
        return self.passage.match.chunk.words_at(self.span)


def findings(passages: Sequence[Passage], readings: Sequence[Reading]) -> list[Finding]:
    """Every candidate of the passages, best first."""
    found = [
        Finding(
            passage,
            reading.answerable,
            candidate,
            candidate.score + _RETRIEVED * passage.score,
        )
        for passage, reading in zip(passages, readings, strict=True)
        for candidate in reading.candidates
    ]
    return sorted(found, key=lambda f: (-f.score, f.passage.match.chunk.id, f.span.start))


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
