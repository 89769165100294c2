"""How well words suit what is asked for, beside what the reader makes of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.fold import fold_text
from index.records import Span
from rag.evidence import Inquiry, Sentence, Weighed
from rag.measures import fits_measure
from rag.question import Asked

# In characters: a word of the question this far from the answer counts half.
_HALF = 15
# How far behind a number the noun that it counts is looked for.
_NOUN_BEHIND = 25


def fits(asked: Asked, sentence: Sentence, span: Span) -> bool:
    """Whether words at a span of a sentence's document are of the kind that is asked for; True
    where that cannot be told."""
    start, end = span.start - sentence.span.start, span.end - sentence.span.start
    if asked.kind == "quantity":
        counted = asked.counter.isascii() and sentence.text.isascii()
        noun = fold_text(sentence.text[start : end + _NOUN_BEHIND])
        return fits_measure(asked.text, sentence.text[start:end]) and (
            not counted or asked.counter in noun
        )
    return not sentence.spans or any(s.start < end and start < s.end for s in sentence.spans)


def nearness(concepts: Sequence[Weighed], sentence: Sentence, span: Span) -> float:
    """The share in [0, 1] of the question's words, by rarity, that stand in the sentence, each
    counting the less the further it is from the span; behind it, half as near."""
    total = sum(rarity for _, rarity in concepts)
    start, end = (
        len(fold_text(sentence.text[: place - sentence.span.start]))
        for place in (span.start, span.end)
    )
    near = sum(
        rarity * max(known * _near(sentence.folded, term, start, end) for term, known in c.items())
        for c, rarity in concepts
    )
    return near / total if total else 0.0


def _near(folded: str, term: str, start: int, end: int) -> float:
    gaps = [
        start - match.end() if match.start() < start else 2 * (match.start() - end)
        for match in re.finditer(re.escape(term), folded)
    ]
    return max((_HALF / (_HALF + max(gap, 0)) for gap in gaps), default=0.0)


def echoes(inquiry: Inquiry, words: str) -> bool:
    """Whether words only say again what the question does, be it in another language."""
    folded, asked = fold_text(words), fold_text(inquiry.asked.text)
    said = rf"(?<![\d.]){re.escape(folded)}(?![\d.])"
    return (folded in asked and bool(re.search(said, asked))) or any(
        folded in concept for concept, _ in inquiry.concepts
    )
