"""Which findings make the answer: the best, what agrees or disagrees with it elsewhere, and what
comes near."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index.fold import fold_text
from index.records import Span
from rag.findings import Finding
from rag.question import Kind

# In log-odds: how far behind the best a finding may be to take its place because it is about the
# right thing, and to be quoted beside it. Measured (docs/experiments.md).
_BEHIND = 4.0
_NEAR = 2.5
_SENTENCES = 3

# As sure as this must be what is set beside the answer as the same fact, or as another.
_SURE = 0.7
_SPAN_SURE = 0.3

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A finding to quote; `answers`: its words are the answer, not only near it or around it."""

    finding: Finding
    answers: bool = True


# What a question insists on and a finding does not speak of.
Missing = Callable[[Finding], Sequence[str]]


def best_of(ranked: Sequence[Finding], missing: Missing) -> Finding:
    """Of the best and those not far behind, the one that is about the right thing, or lacks
    least of it."""
    return min((f for f in ranked if f.score >= ranked[0].score - _BEHIND), key=_lack(missing))


def _lack(missing: Missing) -> Callable[[Finding], int]:
    return lambda finding: len(missing(finding))


def beside(
    best: Finding,
    ranked: Sequence[Finding],
    kind: Kind,
    missing: Missing,
) -> tuple[list[Chosen], bool]:
    """What other documents say to the same question, and whether they disagree with the best."""
    others = [f for f in _elsewhere(best, ranked) if _sure(f) and not missing(f)]
    if not _sure(best):
        return [], False
    agreeing = [f for f in others if _plain(f.text) == _plain(best.text)]
    differing = [f for f in others if _differ(best.text, f.text, kind)]
    return [Chosen(f) for f in (*agreeing, *differing)], bool(differing)


def near(best: Finding, ranked: Sequence[Finding], missing: Missing) -> list[Chosen]:
    """The findings of other sentences that come near the best, one of each."""
    first: dict[tuple[str, Span], Finding] = {_place(best): best}
    for finding in ranked:
        if finding.score >= best.score - _NEAR and not missing(finding):
            first.setdefault(_place(finding), finding)
    others = [f for f in first.values() if f is not best]
    return [Chosen(finding, answers=False) for finding in others[: _SENTENCES - 1]]


def _place(finding: Finding) -> tuple[str, Span]:
    return finding.sentence.chunk.id, finding.sentence.span


def _elsewhere(best: Finding, ranked: Sequence[Finding]) -> Iterator[Finding]:
    """The best finding of every other document."""
    seen = {best.passage.document.id}
    for finding in ranked:
        if finding.passage.document.id not in seen:
            seen.add(finding.passage.document.id)
            yield finding


def _sure(finding: Finding) -> bool:
    return finding.answerable >= _SURE and finding.candidate.probability >= _SPAN_SURE


def _differ(one: str, other: str, kind: Kind) -> bool:
    """Two amounts of one unit, two dates, two names: anything else may be the same in other
    words."""
    a, b = _plain(one), _plain(other)
    if kind == "other" or a in b or b in a:
        return False
    if kind == "person":
        return True
    unit_a, unit_b = (_NUMBER.sub("#", text) for text in (a, b))
    return "#" in unit_a and unit_a == unit_b


def _plain(text: str) -> str:
    return re.sub(r"\s|(?<=\d),(?=\d{3})|[约近超逾余多]", "", fold_text(text))
