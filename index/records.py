"""The records that travel along the line, and the seams where a part can be exchanged.

All positions are half-open `[start, end)` in Unicode code points of a document's canonical text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812 - `date` is a field of the records
from hashlib import sha256
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import UsageError

Vectors = NDArray[np.float32]
Kind = Literal["query", "passage"]

# What finding is made of and can be switched off, to measure what each is worth:
Ingredient = Literal[
    "bigrams",  # of Han runs, beside jieba's words
    "numbers",  # one form for every notation
    "regional",  # words of Taiwan and Hong Kong
    "dictionary",  # CC-CEDICT, both ways
    "pinyin",  # names in Latin letters
    "centring",  # of each language's vectors
    "sentences",  # their vectors beside the chunk's
    "lengths",  # what very short sentences lose
    "proximity",  # how much of the question one sentence covers
    "copies",  # put behind what is distinct
]
Ingredients = AbstractSet[Ingredient]


def unit_rows(vectors: Vectors) -> Vectors:
    """Each row divided by its length; a row of zeros stays one."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-30), np.float32)


def content_hash(*parts: str) -> str:
    """Hex SHA-256 of the parts; the separator keeps ("ab", "c") and ("a", "bc") apart."""
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def document_id_of(source: str) -> str:
    """Made from the source alone, so that it survives an edit."""
    return content_hash("document", source)[:16]


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int


BlockKind = Literal["text", "heading", "aside"]


@dataclass(frozen=True, slots=True)
class Block:
    """One line of the canonical text: a paragraph, a heading of `level` 1 to 6, or an aside.

    An aside is what stands around the article (menus, link lists, notices): kept, not searched.
    `page` counts from 1 and is None where the format has no pages.
    """

    start: int
    end: int
    kind: BlockKind = "text"
    level: int = 0
    page: int | None = None


def are_lines(blocks: Sequence[Block], text: str) -> bool:
    """Whether the blocks are all the lines of a text, in order."""
    ends = [-1, *(block.end for block in blocks)]
    return all(
        block.start == before + 1 for block, before in zip(blocks, ends, strict=False)
    ) and text == "\n".join(text[block.start : block.end] for block in blocks)


@dataclass(frozen=True, slots=True)
class Document:
    """One file, read. `source` is its path relative to what was indexed, with forward slashes.

    `date` is ISO 8601 (a prefix such as "2022-05" too). What the file does not state is None.
    """

    source: str
    text: str
    blocks: tuple[Block, ...]
    title: str | None = None
    language: str | None = None
    publisher: str | None = None
    date: str | None = None

    @property
    def id(self) -> str:
        return document_id_of(self.source)

    @property
    def sha256(self) -> str:
        return content_hash(self.text)

    def page_at(self, position: int) -> int | None:
        """The page on which the character at a position of the text stands."""
        block = bisect_right(self.blocks, position, key=lambda block: block.start) - 1
        return self.blocks[block].page if block >= 0 else None


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """A document of the catalogue without its text."""

    id: str
    source: str
    sha256: str
    characters: int
    chunks: int
    title: str | None = None
    language: str | None = None
    publisher: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """`document.text[start:end] == text`. `context` (title and headings) is searched, not quoted.

    `sentences` are absolute positions in the document, in order, without surrounding space.
    """

    document_id: str
    start: int
    end: int
    text: str
    context: str
    sentences: tuple[Span, ...]

    @property
    def id(self) -> str:
        return content_hash("chunk", self.document_id, str(self.start), self.text)[:16]

    def words_at(self, span: Span) -> str:
        """The text at a span of the document that lies inside the chunk."""
        return self.text[span.start - self.start : span.end - self.start]


@dataclass(frozen=True, slots=True)
class Match:
    """A chunk as the two legs see it: `lexical` is BM25 coverage in [0, 1], `dense` a cosine.

    `sentences` holds one cosine for each of the chunk's sentences, `proximity` for each the share
    in [0, 1] of the question's concepts, by rarity, that it has together with title and headings.
    """

    chunk: Chunk
    lexical: float
    dense: float
    sentences: tuple[float, ...]
    proximity: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What indexing did with one file; `reason` says why, where it was skipped."""

    source: str
    status: Literal["added", "updated", "unchanged", "removed", "ignored", "skipped"]
    reason: str = ""
    chunks: int = 0


class Encoder(Protocol):
    """Texts to unit vectors. `fingerprint` names what makes vectors comparable (not precision)."""

    @property
    def fingerprint(self) -> str: ...

    @property
    def max_tokens(self) -> int: ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """What `encode` would feed to the model for each text, prefix and markers included."""
        ...

    def encode(self, texts: Sequence[str], kind: Kind) -> Vectors:
        """Float32 of shape (len(texts), dimension), each row of length 1."""
        ...


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents a question is put to; an empty field lets every document through.

    `documents` are ids, `source_prefix` is how a source begins. A date is YYYY, YYYY-MM or
    YYYY-MM-DD; both ends belong to the range, and one that names a month or a year means all of
    it: to "2022" is to the last day of 2022. A document is admitted where its date, as precisely
    as it is stated, *can* lie in the range: "2022-05" passes from "2022-05-10". What states no
    date lies in no range. `language` is a tag of which the document's is a part, by whole
    subtags (RFC 4647's basic filtering): "zh" admits zh-Hans and zh-Hant, "z" neither.

    Raises UsageError for a date that is none, and for an earliest one after the latest.
    """

    documents: tuple[str, ...] = ()
    source_prefix: str = ""
    date_from: str = ""
    date_to: str = ""
    language: str = ""

    def __post_init__(self) -> None:
        for which, value in (("earliest", self.date_from), ("latest", self.date_to)):
            if value and not _is_date(value):
                raise UsageError(
                    f"The {which} date is {value!r}, which is no date.",
                    "Write YYYY, YYYY-MM or YYYY-MM-DD, for example 2022-05.",
                )
        common = min(len(self.date_from), len(self.date_to))
        if self.date_from[:common] > self.date_to[:common]:
            raise UsageError(
                f"The earliest date, {self.date_from}, is after the latest, {self.date_to}.",
                "Exchange them, or leave one out.",
            )

    def admits(self, document: DocumentInfo, *, chinese: bool = False) -> bool:
        """`chinese` is whether the text is: a document that states no language is then "zh"."""
        return (
            (not self.documents or document.id in self.documents)
            and document.source.startswith(self.source_prefix)
            and self._admits_date(document.date or "")
            and self._admits_language(document.language or ("zh" if chinese else ""))
        )

    def _admits_date(self, stated: str) -> bool:
        """ISO dates compare as text, cut to what both say; of a date that is written otherwise
        ("2022年5月27日") only the year that it begins with is read."""
        if not self.date_from and not self.date_to:
            return True
        found = _ISO_BEGINNING.match(stated)
        date = found[0] if found else ""
        return (
            bool(date)
            and date >= self.date_from[: len(date)]
            and date[: len(self.date_to)] <= (self.date_to or date)
        )

    def _admits_language(self, stated: str) -> bool:
        wanted, tag = (text.lower().replace("_", "-") for text in (self.language, stated))
        return not wanted or tag == wanted or tag.startswith(f"{wanted}-")


_ISO_BEGINNING = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


def _is_date(text: str) -> bool:
    try:
        # What is left out is filled in with the first month or day.
        Date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        return False
    return _ISO_BEGINNING.fullmatch(text) is not None
