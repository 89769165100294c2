"""Texts as the scores compare them: what script, width, case and punctuation differ in is equal.

This is the normalisation of "holds the gold" in the design: NFKC, Traditional to Simplified and
case folding (`index.fold`), then white space, punctuation and thousands separators removed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.fold import fold
from index.records import Span

# Unicode's separators, controls and punctuation; the separator of thousands is among the last.
_REMOVED = ("Z", "C", "P")

# All quotes of an answer together, in code points: quoting everything earns nothing.
LONGEST_QUOTES = 400

Gold = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Comparable:
    """A normalised text; its character i was made from original positions [starts[i], ends[i])."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def find(self, part: str) -> Iterator[Span]:
        """Original positions of every occurrence of `part`, itself normalised first."""
        wanted = normalise(part)
        position = self.text.find(wanted) if wanted else -1
        while position >= 0:
            yield Span(self.starts[position], self.ends[position + len(wanted) - 1])
            position = self.text.find(wanted, position + 1)


def comparable(text: str) -> Comparable:
    """Normalise with a map of positions back to the original."""
    folded = fold(text)
    kept = [i for i, char in enumerate(folded.text) if not _is_removed(char)]
    return Comparable(
        "".join(folded.text[i] for i in kept),
        [folded.starts[i] for i in kept],
        [folded.ends[i] for i in kept],
    )


def normalise(text: str) -> str:
    return comparable(text).text


def held(quotes: Sequence[str], gold: Gold) -> float:
    """The share of the gold facts of which one of the quotes has one of the accepted wordings.

    `gold` lists the facts, each as its accepted wordings. A fact without any is held by nothing.
    """
    if not gold:
        return 0.0
    texts = [normalise(quote) for quote in quotes]
    return sum(_holds_fact(texts, wordings) for wordings in gold) / len(gold)


def holds(quotes: Sequence[str], gold: Gold) -> bool:
    """Every gold fact is held, and the quotes are together at most 400 characters long."""
    return sum(map(len, quotes)) <= LONGEST_QUOTES and held(quotes, gold) == 1


def _holds_fact(texts: Sequence[str], wordings: Sequence[str]) -> bool:
    wanted = [normalised for wording in wordings if (normalised := normalise(wording))]
    return any(wording in text for wording in wanted for text in texts)


def _is_removed(char: str) -> bool:
    return unicodedata.category(char)[0] in _REMOVED
