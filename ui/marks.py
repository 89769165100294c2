"""Which characters of a passage are marked. Slices are taken here, by code point, never in a
browser, which counts UTF-16 units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index.records import Span
from rag.answer import Citation, Hit


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a quote; `strong` where these are the words that answer."""

    text: str
    strong: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """Text of a document from `start` on, and the citations marked in it, which do not overlap."""

    start: int
    text: str
    citations: tuple[Citation, ...]


def passages(citations: Iterable[Citation], hits: Sequence[Hit]) -> list[Passage]:
    """Show each citation within the hit that it was taken from; quotes of one hit share it."""
    found: list[Passage] = []
    for citation in citations:
        start, text = _around(citation, hits)
        for position, passage in enumerate(found):
            if _takes(passage, citation, start, text):
                shared = (*passage.citations, citation)
                found[position] = replace(passage, citations=shared)
                break
        else:
            found.append(Passage(start, text, (citation,)))
    return found


def _around(citation: Citation, hits: Sequence[Hit]) -> tuple[int, str]:
    """A hit whose text does not hold the quote where it should is not shown around it."""
    for hit in hits:
        inside = hit.text[max(0, citation.start - hit.start) : max(0, citation.end - hit.start)]
        if hit.document_id == citation.document_id and inside == citation.quote:
            return hit.start, hit.text
    return citation.start, citation.quote


def _takes(passage: Passage, citation: Citation, start: int, text: str) -> bool:
    same = (passage.citations[0].document_id, passage.start, passage.text)
    return same == (citation.document_id, start, text) and all(
        citation.end <= other.start or other.end <= citation.start for other in passage.citations
    )


def runs(citation: Citation) -> list[Run]:
    """The quote, cut where its highlights begin and end; joined, the runs are the quote."""
    pieces: list[Run] = []
    position = citation.start
    for span in merged(citation.highlights, Span(citation.start, citation.end)):
        pieces.append(Run(_slice(citation, position, span.start), strong=False))
        pieces.append(Run(_slice(citation, span.start, span.end), strong=True))
        position = span.end
    pieces.append(Run(_slice(citation, position, citation.end), strong=False))
    return [piece for piece in pieces if piece.text]


def merged(spans: Iterable[Span], within: Span) -> list[Span]:
    """The spans in order, cut to `within`, those that touch or overlap joined into one."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        start, end = max(span.start, within.start), min(span.end, within.end)
        if start >= end:
            continue
        if joined and start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, end))
        else:
            joined.append(Span(start, end))
    return joined


def _slice(citation: Citation, start: int, end: int) -> str:
    return citation.quote[start - citation.start : end - citation.start]
