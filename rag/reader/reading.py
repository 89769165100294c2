"""What a reader is: a question and passages in, for each passage the words that may answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.records import Chunk, Match, Span


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words that may answer, at `span` of the passage's document.

    `score` compares candidates of one question, whichever passages they stand in. `probability`
    is the candidate's among all spans of its passage, if that answers at all.
    """

    span: Span
    score: float
    probability: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What one passage says to the question. `answerable` is the probability that it answers,
    which can be compared between passages; `candidates` come best first, none where the passage
    has no words."""

    answerable: float
    candidates: tuple[Candidate, ...]


class Reader(Protocol):
    def read(self, question: str, passages: Sequence[Match]) -> list[Reading]:
        """One reading for each passage, in their order; what stands beside it changes no more than
        the last digits. Texts have no lone surrogates, which nothing can store."""
        ...


def words_in(reader: Reader, question: str, sentence: str) -> str:
    """The words of a sentence, read by itself, that answer best; "" where it has none."""
    whole = Span(0, len(sentence))
    chunk = Chunk("", 0, len(sentence), sentence, "", (whole,))
    [reading] = reader.read(question, [Match(chunk, 0.0, 0.0, (0.0,), (0.0,))])
    return chunk.words_at(reading.candidates[0].span) if reading.candidates else ""
