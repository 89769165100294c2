"""What is quoted for a finding: the sentence that says it, and the one before where the subject
stands there; neighbouring sentences as one quote."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from index.fold import fold_text
from index.records import Chunk, Span
from rag.choose import Chosen
from rag.draft import Quote
from rag.evidence import Weighed, coverage
from rag.exact import trimmed
from rag.findings import Finding

# In characters: all quotes of an answer together stay below the first, and a sentence is taken
# along for its subject only below the second.
_LONGEST = 360
_LONGEST_BEFORE = 160

# A sentence that begins so leans on the one before.
_LEANS = re.compile(
    r"^(?:该|其|此|这|那|它|他|她|同时|并|也|还|且|而|以及"
    r"|(?:it|its|they|their|he|his|she|her|this|these|that|those)\b)"
)


@dataclass(frozen=True, slots=True)
class _Passage:
    """A stretch of a chunk, and the words in it that answer."""

    chunk: Chunk
    span: Span
    answers: tuple[Span, ...]

    def __len__(self) -> int:
        return self.span.end - self.span.start


def evidence(finding: Finding, named: Sequence[Weighed]) -> Span:
    """From the beginning of the sentence where the finding's words begin to the end of that where
    they end; with the sentence before, where the subject stands there."""
    chunk = finding.passage.match.chunk
    touched = [
        place
        for place, sentence in enumerate(chunk.sentences)
        if sentence.start < finding.span.end and finding.span.start < sentence.end
    ]
    first, last = touched[0], touched[-1]
    if first and _leans(chunk, first, named):
        first -= 1
    return Span(chunk.sentences[first].start, chunk.sentences[last].end)


def _leans(chunk: Chunk, place: int, named: Sequence[Weighed]) -> bool:
    before, sentence = (
        fold_text(chunk.words_at(span)) for span in chunk.sentences[place - 1 : place + 1]
    )
    if len(before) > _LONGEST_BEFORE:
        return False
    return bool(_LEANS.match(sentence)) or coverage(named, before) > coverage(named, sentence)


def quotes_of(chosen: Sequence[Chosen], named: Sequence[Weighed]) -> list[Quote]:
    """A quote for each, in their order, the words that answer highlighted. Those that overlap or
    touch become one; what would make all quotes together too long is left out, but for the
    first."""
    quoted: list[_Passage] = []
    for each in chosen:
        finding = each.finding
        chunk = finding.passage.match.chunk
        short = each.answers and not _whole(finding)
        new = _Passage(chunk, evidence(finding, named), (finding.span,) if short else ())
        touching = [old for old in quoted if _touch(old, new)]
        joined = reduce(_joined, [*touching, new])
        apart = [old for old in quoted if old not in touching]
        if quoted and sum(map(len, [*apart, joined])) > _LONGEST:
            continue
        place = quoted.index(touching[0]) if touching else len(quoted)
        quoted = [*quoted[:place], joined, *(old for old in quoted[place:] if old in apart)]
    return [
        Quote(
            each.chunk.document_id,
            each.span.start,
            each.span.end,
            each.chunk.words_at(each.span),
            each.answers,
        )
        for each in quoted
    ]


def _whole(finding: Finding) -> bool:
    """Whole sentences are no short answer, with or without their last mark."""
    sentence = finding.sentence
    within = trimmed(sentence.text, Span(0, len(sentence.text)))
    start, end = sentence.span.start + within.start, sentence.span.start + within.end
    return finding.span.start <= start and finding.span.end >= end


def _touch(one: _Passage, other: _Passage) -> bool:
    """Of one chunk, with nothing but white space in between."""
    if one.chunk.id != other.chunk.id:
        return False
    first, last = sorted((one.span, other.span), key=lambda span: span.start)
    between = Span(first.end, max(first.end, last.start))
    return not one.chunk.words_at(between).strip()


def _joined(one: _Passage, other: _Passage) -> _Passage:
    """Words that answer already keep those out that overlap them."""
    span = Span(min(one.span.start, other.span.start), max(one.span.end, other.span.end))
    new = [
        answer
        for answer in other.answers
        if all(answer.end <= old.start or old.end <= answer.start for old in one.answers)
    ]
    answers = sorted((*one.answers, *new), key=lambda answer: answer.start)
    return _Passage(one.chunk, span, tuple(answers))
