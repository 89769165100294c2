"""Saved answers as `yuanwen verify` and `POST /verify` read them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal, NoReturn

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from index.errors import UsageError
from index.records import Span
from rag.draft import Quote
from rag.verify import Saved

MAX_QUOTE = 100_000
MAX_PER_ANSWER = 1_000

Position = Annotated[int, Field(ge=0, description="In Unicode code points")]
# A bound also refuses lone surrogates, which neither SQLite nor a terminal can encode.
Text = Annotated[str, Field(max_length=MAX_QUOTE)]
Words = Annotated[Text, Field(min_length=1)]
Part = Literal["citations", "related"]


class _Saved(BaseModel):
    """Other fields are let through unread: a saved answer has many that pin nothing down."""

    model_config = ConfigDict(strict=True, extra="ignore")


class SpanBody(_Saved):
    start: Position
    end: Position


class ShortAnswerBody(_Saved):
    text: Words
    citation: int
    start: Position
    end: Position


class CitationBody(_Saved):
    n: int
    document_id: Text
    source: Text = ""
    start: Position
    end: Position
    quote: Words
    highlights: list[SpanBody] = Field(default=[], max_length=MAX_PER_ANSWER)


class SavedBody(_Saved):
    """What /ask returned. One with an "error" in place of an answer has no citations to check."""

    question: Text = ""
    citations: list[CitationBody] = Field(max_length=MAX_PER_ANSWER)
    related: list[CitationBody] = Field(default=[], max_length=MAX_PER_ANSWER)
    short_answers: list[ShortAnswerBody] = Field(default=[], max_length=MAX_PER_ANSWER)

    @model_validator(mode="before")
    @classmethod
    def _failed(cls, body: Any) -> Any:
        failed = isinstance(body, dict) and "error" in body
        return {"citations": [], **body} if failed else body

    @model_validator(mode="after")
    def _short_answers_are_cited(self) -> SavedBody:
        known = {citation.n for citation in self.citations}
        for short in self.short_answers:
            if short.citation not in known:
                raise PydanticCustomError(
                    "dangling",
                    "A short answer is said to stand in citation {n}, which is not there",
                    {"n": short.citation},
                )
        return self

    def saved(self) -> Iterator[tuple[Part, CitationBody, Saved]]:
        for citation in self.citations:
            short = [each for each in self.short_answers if each.citation == citation.n]
            yield "citations", citation, _saved(citation, short)
        for citation in self.related:
            yield "related", citation, _saved(citation)


def _saved(citation: CitationBody, short_answers: Sequence[ShortAnswerBody] = ()) -> Saved:
    highlights = tuple(Span(span.start, span.end) for span in citation.highlights)
    document_id = citation.document_id
    return Saved(
        Quote(document_id, citation.start, citation.end, citation.quote, highlights),
        tuple(Quote(document_id, each.start, each.end, each.text) for each in short_answers),
    )


def read_answers(data: bytes, name: str) -> list[SavedBody]:
    """The answers in a file: one body of /ask, an array of them, or one after another.

    Raises UsageError that names the file, the line and what is wrong there.
    """
    try:
        text = data.decode(json.detect_encoding(data))  # some shells write UTF-16
    except UnicodeDecodeError as error:
        _fail(name, f"not {error.encoding}: {error.reason} at byte {error.start}")
    answers: list[SavedBody] = []
    for line, value in _values(text, name):
        where = f"{name}, line {line}"
        if isinstance(value, list):
            answers += [_answer(each, where, f"[{place}]") for place, each in enumerate(value)]
        else:
            answers.append(_answer(value, where))
    return answers


_VISIBLE = re.compile(r"[^ \t\r\n]")


def _values(text: str, name: str) -> Iterator[tuple[int, Any]]:
    """Each JSON value with the line that it begins in, whether it fills one line or several."""
    decoder = json.JSONDecoder()
    position, line = 0, 1
    while begin := _VISIBLE.search(text, position):
        line += text.count("\n", position, begin.start())
        try:
            value, position = decoder.raw_decode(text, begin.start())
        except json.JSONDecodeError as error:
            begun = f", in what begins in line {line}" if line < error.lineno else ""
            place = f"at column {error.colno}{begun}"
            _fail(f"{name}, line {error.lineno}", f"not valid JSON: {error.msg} {place}")
        except (ValueError, RecursionError) as error:  # too many digits, too many brackets
            _fail(f"{name}, line {line}", f"JSON that cannot be read: {error}")
        yield line, value
        line += text.count("\n", begin.start(), position)
    if not position:
        _fail(name, "there is nothing in it")


def _answer(value: Any, where: str, path: str = "") -> SavedBody:
    if not isinstance(value, dict):
        _fail(where, f"{type(value).__name__} found where an object was expected", path)
    try:
        return SavedBody.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        path += "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in first["loc"])
        _fail(where, first["msg"], path)


def _fail(where: str, what: str, path: str = "") -> NoReturn:
    message = ": ".join(part for part in (where, path, what) if part)
    raise UsageError(
        f"{message}.", "An answer is what `yuanwen ask --json` prints and POST /ask returns."
    )
