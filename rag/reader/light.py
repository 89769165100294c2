"""The light reader: no model, only what retrieval has measured already and rules of language."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

from index.records import Match, Span
from index.view import View
from rag.evidence import Sentence, Weighed, sentences
from rag.question import Asked, analyse
from rag.reader.reading import Candidate, Reading

# Turns a sentence's evidence, which cosines crowd into a few hundredths, into log-odds. That they
# are even at _EVEN is a rule of thumb: what the confidence makes of it is fitted. For a candidate's
# rank less of it is added, since the evidence counts by itself as well (`rag.findings`).
_SCALE = 20.0
_EVEN = 0.95
_RANK = 0.3


class LightReader:
    """Implements `Reader`: the sentences nearest to the question, and in them the words of the
    kind that is asked for (or all of them, where no rule is sure)."""

    def __init__(self, store: View) -> None:
        self._store = store

    def read(self, question: str, passages: Sequence[Match]) -> list[Reading]:
        asked = analyse(question, self._store.tokenizer)
        concepts = self._store.concepts(asked.content)
        return [_reading(asked, passage, concepts) for passage in passages]


def _reading(asked: Asked, passage: Match, concepts: Sequence[Weighed]) -> Reading:
    ranked = sentences(asked, passage, concepts)
    if not ranked:
        return Reading(0.0, ())
    scores = [_SCALE * (sentence.score - _EVEN) for sentence in ranked]
    total = sum(map(exp, scores))
    candidates = tuple(
        Candidate(_words(sentence), _RANK * score, exp(score) / total)
        for sentence, score in zip(ranked, scores, strict=True)
    )
    return Reading(1 / (1 + exp(-scores[0])), candidates)


def _words(sentence: Sentence) -> Span:
    start = sentence.span.start
    return next(
        (Span(start + span.start, start + span.end) for span in sentence.spans), sentence.span
    )
