"""What the reader found, in one order over all passages that were read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, log

from index.records import Match, Span
from rag.draft import Passage
from rag.enumeration import list_in
from rag.evidence import Inquiry, Sentence, crossing
from rag.exact import exact
from rag.fits import echoes, fits, nearness
from rag.question import Asked
from rag.reader.reading import Candidate, Reading
from rag.shape import orders

# What counts for a finding's rank, in log-odds: how much of the reader's own score, the scores of
# its passage and of its sentence, that the words are of the kind that is asked for, how near a
# number the question's words are, that the words only say the question again, and that they stand
# in an order to say something (as much as all that speaks for an answer together). A span that
# only a rule names comes behind all that the reader names; passages in another script than the
# question's the reader believes too little. What counts for a passage's rank: the probability that
# it answers. All were measured (docs/experiments.md).
_READER = 0.5
_PASSAGE = 20.0
_SENTENCE = 20.0
_FITS = 3.0
_NEARNESS = 6.0
_ECHO = 4.0
_ORDER = 14.0
_RULED = 1.0
_CROSSING = 3.0
_ANSWERABLE = 0.02


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
    inquiry: Inquiry,
    passages: Sequence[Passage],
    readings: Sequence[Reading],
    sentences: Sequence[Sequence[Sentence]],
) -> list[Finding]:
    """Every candidate of the passages, in its exact words, best first; `sentences` are those of
    each passage."""
    found = []
    for passage, reading, own in zip(passages, readings, sentences, strict=True):
        for candidate in (*reading.candidates, *_by_rule(reading.candidates, own)):
            sentence = _begun(own, candidate.span)
            span = _exact(inquiry.asked, sentence, candidate.span)
            score = (
                _READER * candidate.score
                + _PASSAGE * passage.score
                + _SENTENCE * sentence.score
                + _suitability(inquiry, sentence, span)
            )
            words = replace(candidate, span=span)
            found.append(Finding(passage, sentence, reading.answerable, words, score))
    return sorted(found, key=lambda f: (-f.score, f.passage.match.chunk.id, f.span.start))


def _suitability(inquiry: Inquiry, sentence: Sentence, span: Span) -> float:
    """What the words around a number say it counts; of other things the reader knows better."""
    number = inquiry.asked.kind == "quantity"
    return (
        _FITS * fits(inquiry.asked, sentence, span)
        + _NEARNESS * (nearness(inquiry.concepts, sentence, span) if number else 0.0)
        - _ECHO * echoes(inquiry, sentence.chunk.words_at(span))
        - _ORDER * orders(sentence.text)
    )


def _exact(asked: Asked, sentence: Sentence, span: Span) -> Span:
    chunk, offset = sentence.chunk, sentence.span.start
    start = chunk.start
    words = exact(asked, chunk.text, Span(span.start - start, span.end - start))
    exactly = Span(start + words.start, start + words.end)
    if asked.listing:
        within = Span(exactly.start - offset, exactly.end - offset)
        if listed := list_in(sentence.text, within):
            return Span(offset + listed.start, offset + listed.end)
    return exactly


def levelled(asked: Asked, matches: Sequence[Match], readings: Sequence[Reading]) -> list[Reading]:
    """The readings, those of passages in another script than the question's raised by what the
    reader believes them too little."""
    return [
        _raised(reading) if crossing(asked, match.chunk.text) else reading
        for match, reading in zip(matches, readings, strict=True)
    ]


def _raised(reading: Reading) -> Reading:
    answerable = 1 / (1 + exp(-log_odds(reading.answerable) - _CROSSING))
    gain = log(answerable / max(reading.answerable, 0.001))
    candidates = tuple(replace(c, score=c.score + gain) for c in reading.candidates)
    return replace(reading, answerable=answerable, candidates=candidates)


def _by_rule(candidates: Sequence[Candidate], sentences: Sequence[Sentence]) -> list[Candidate]:
    """The words of the kind that is asked for which the reader did not name: behind all it did."""
    if not candidates:
        return []
    last = candidates[-1]
    named = {candidate.span for candidate in candidates}
    return [
        Candidate(span, last.score - _RULED, last.probability)
        for sentence in sentences
        for within in sentence.spans
        for span in [Span(sentence.span.start + within.start, sentence.span.start + within.end)]
        if span not in named
    ]


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
