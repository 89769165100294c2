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
    """Text of a document from `start` on, and the citations marked in it, which do not overlap;
    `hit` is what was retrieved there, if anything was."""

    start: int
    text: str
    citations: tuple[Citation, ...]
    hit: Hit | None


def passages(citations: Iterable[Citation], hits: Sequence[Hit]) -> list[Passage]:
    """Show each citation within the hit that it was taken from; quotes of one hit share it."""
    found: list[Passage] = []
    for citation in citations:
        alone = _passage(citation, hits)
        for position, passage in enumerate(found):
            if _takes(passage, alone):
                shared = (*passage.citations, citation)
                found[position] = replace(passage, citations=shared)
                break
        else:
            found.append(alone)
    return found


def _passage(citation: Citation, hits: Sequence[Hit]) -> Passage:
    """A hit whose text does not hold the quote where it should is not shown around it."""
    for hit in hits:
        inside = hit.text[max(0, citation.start - hit.start) : max(0, citation.end - hit.start)]
        if hit.document_id == citation.document_id and inside == citation.quote:
            return Passage(hit.start, hit.text, (citation,), hit)
    return Passage(citation.start, citation.quote, (citation,), None)


def _takes(passage: Passage, alone: Passage) -> bool:
    """Another of the same hit, that overlaps none of those that are there."""
    if passage.hit is None or passage.hit != alone.hit:
        return False
    (citation,) = alone.citations
    return all(
        citation.end <= other.start or other.end <= citation.start for other in passage.citations
    )


def uncited(citations: Iterable[Citation], hits: Sequence[Hit]) -> list[tuple[int, Hit]]:
    """The hits that no citation stands in, each with its place among all."""
    cited = [(each.document_id, each.start, each.end) for each in citations]
    return [
        (place, hit)
        for place, hit in enumerate(hits)
        if not any(
            document_id == hit.document_id and start < hit.end and hit.start < end
            for document_id, start, end in cited
        )
    ]


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
