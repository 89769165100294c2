"""What leaves the pipeline: an answer whose every citation was checked against the stored text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from index.records import Span
from rag.language import unsupported

Reason = Literal["no_match", "low_confidence", "unsupported", "small_talk"]


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the answer and the numbers of the citations that carry it: none where it is
    `unsupported`, which a model said and no quote holds, nor where it is the system's own."""

    text: str
    citations: tuple[int, ...] = ()
    unsupported: bool = False

    @property
    def marked(self) -> str:
        """As it stands in the answer, with its markers."""
        if self.unsupported:
            return unsupported(self.text)
        return self.text + "".join(f"[{n}]" for n in self.citations)


@dataclass(frozen=True, slots=True)
class Citation:
    """`quote` is the document's text at [start, end); `highlights` are the words that answer."""

    n: int
    document_id: str
    title: str | None
    source: str
    publisher: str | None
    date: str | None
    page: int | None
    sha256: str
    start: int
    end: int
    quote: str
    highlights: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    text: str
    citation: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved chunk; `score` is what it is ranked by (lowered for the copy of a better one),
    `lexical` and `dense` its legs."""

    document_id: str
    source: str
    title: str | None
    chunk_id: str
    start: int
    end: int
    score: float
    lexical: float
    dense: float
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gives: the body of `/search`, as a record."""

    question: str
    hits: tuple[Hit, ...]
    warnings: tuple[str, ...] = ()
    resolved_question: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of `/ask`, as a record. `dropped` counts citations that failed verification;
    `resolved_question` is a follow-up made whole by its history, None where it was asked as it is.
    """

    question: str
    segments: tuple[Segment, ...]
    confidence: float
    generator: str
    citations: tuple[Citation, ...] = ()
    short_answers: tuple[ShortAnswer, ...] = ()
    abstained: bool = False
    reason: Reason | None = None
    hits: tuple[Hit, ...] = ()
    related: tuple[Citation, ...] = ()
    warnings: tuple[str, ...] = ()
    resolved_question: str | None = None
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    dropped: int = 0

    @property
    def text(self) -> str:
        """The segments with their markers; programs should read `segments` instead."""
        return "".join(segment.marked for segment in self.segments)

    @property
    def short_answer(self) -> str | None:
        return "、".join(answer.text for answer in self.short_answers) or None


def ask_body(answer: Answer) -> dict[str, Any]:
    """The JSON body of `POST /ask`; evaluation and `yuanwen ask --json` write the same one."""
    return {
        "question": answer.question,
        "resolved_question": answer.resolved_question,
        "answer": answer.text,
        "segments": [segment_body(segment) for segment in answer.segments],
        "short_answer": answer.short_answer,
        "short_answers": [
            {"text": s.text, "citation": s.citation, "start": s.start, "end": s.end}
            for s in answer.short_answers
        ],
        "abstained": answer.abstained,
        "reason": answer.reason,
        "confidence": answer.confidence,
        "generator": answer.generator,
        "warnings": list(answer.warnings),
        "citations": [citation_body(citation) for citation in answer.citations],
        "hits": [hit_body(hit) for hit in answer.hits],
        "related": [citation_body(citation) for citation in answer.related],
        "timings_ms": {name: round(value, 2) for name, value in answer.timings_ms.items()},
    }


def search_body(found: Found) -> dict[str, Any]:
    """The JSON body of `POST /search` and of `yuanwen search --json`."""
    return {
        "question": found.question,
        "resolved_question": found.resolved_question,
        "warnings": list(found.warnings),
        "hits": [hit_body(hit) for hit in found.hits],
    }


def segment_body(segment: Segment) -> dict[str, Any]:
    """`unsupported` is there only where it is true."""
    body: dict[str, Any] = {"text": segment.text, "citations": list(segment.citations)}
    return {**body, "unsupported": True} if segment.unsupported else body


def citation_body(citation: Citation) -> dict[str, Any]:
    return {
        "n": citation.n,
        "document_id": citation.document_id,
        "title": citation.title,
        "source": citation.source,
        "publisher": citation.publisher,
        "date": citation.date,
        "page": citation.page,
        "sha256": citation.sha256,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "highlights": [{"start": h.start, "end": h.end} for h in citation.highlights],
    }


def hit_body(hit: Hit) -> dict[str, Any]:
    return {
        "document_id": hit.document_id,
        "source": hit.source,
        "title": hit.title,
        "chunk_id": hit.chunk_id,
        "start": hit.start,
        "end": hit.end,
        "score": round(hit.score, 6),
        "lexical": round(hit.lexical, 6),
        "dense": round(hit.dense, 6),
        "text": hit.text,
    }
