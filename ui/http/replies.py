"""The bodies that the server sends, for its description: they are made in `rag.answer`,
`ui.bodies` and `ui.checked`, and a test holds each against its model here."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from rag.answer import Reason
from rag.verify import Reason as StaleReason
from rag.verify import Status


class Reply(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ErrorReply(Reply):
    code: str = Field(description="A stable name, for programs")
    message: str = Field(description="What was found and what was expected")
    hint: str = Field(description="What to do about it; may be empty")


class ErrorBody(Reply):
    error: ErrorReply


class Place(Reply):
    """Half-open, in Unicode code points of the document's text."""

    start: int
    end: int


class Segment(Reply):
    text: str
    citations: list[int] = Field(description="Empty: the system's own words, or `unsupported`")
    unsupported: bool = Field(
        default=False, description="There only where a model said it and no quote holds it"
    )


class ShortAnswer(Place):
    text: str
    citation: int


class Citation(Place):
    """`quote` is exactly the document's text at [start, end)."""

    n: int
    document_id: str
    title: str | None
    source: str
    publisher: str | None
    date: str | None
    page: int | None
    sha256: str = Field(description="Of the document's text when it was quoted")
    quote: str
    highlights: list[Place]


class Hit(Place):
    document_id: str
    source: str
    title: str | None
    chunk_id: str
    score: float
    lexical: float
    dense: float
    text: str


class AskReply(Reply):
    question: str
    resolved_question: str | None
    answer: str
    segments: list[Segment]
    short_answer: str | None
    short_answers: list[ShortAnswer]
    abstained: bool
    reason: Reason | None
    confidence: float
    generator: str
    warnings: list[str]
    citations: list[Citation]
    hits: list[Hit]
    related: list[Citation]
    timings_ms: dict[str, float]


class SearchReply(Reply):
    question: str
    resolved_question: str | None
    warnings: list[str]
    hits: list[Hit]


class Checked(Reply):
    answer: int
    part: Literal["citations", "related"]
    n: int
    document_id: str
    status: Status
    reason: StaleReason | None
    start: int | None
    end: int | None


class VerifyReply(Reply):
    citations: list[Checked]
    ok: int
    moved: int
    stale: int


class Info(Reply):
    id: str
    source: str
    sha256: str
    characters: int
    chunks: int
    title: str | None
    language: str | None
    publisher: str | None
    date: str | None


class DocumentsReply(Reply):
    documents: list[Info]


class ChunkPlace(Place):
    id: str


class DocumentReply(Reply):
    id: str
    source: str
    title: str | None
    publisher: str | None
    date: str | None
    language: str | None
    sha256: str
    text: str
    chunks: list[ChunkPlace]
    asides: list[Place] = Field(description="Lines that are kept and searched by nothing")


class Uploaded(Reply):
    """What became of one file. `name` is as it was sent, and has no other use."""

    name: str
    document_id: str | None
    status: str = Field(description="added, ignored (its front matter says so) or skipped")
    reason: str
    chunks: int


class UploadReply(Reply):
    outcomes: list[Uploaded]


class Health(Reply):
    status: Literal["ok"] = "ok"
    documents: int


class Ready(Reply):
    status: Literal["ready"] = "ready"


EVENTS = """event: token
data: {"text": "规划面积21平方公里。[1]"}

event: answer
data: {"question": "…", …}

data: [DONE]

"""
EXAMPLE_QUESTION = {"question": "驿城区的产业集聚区规划面积是多少？", "top_k": 5}

Responses = dict[int | str, dict[str, Any]]

PLAIN: Responses = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}

# Of every route; which codes there are, the table in `faults` says.
ERRORS: Responses = {
    "4XX": {"model": ErrorBody, "description": "What was asked for cannot be done as asked."},
    503: {"model": ErrorBody, "description": "Not now: try again after `Retry-After` seconds."},
}
