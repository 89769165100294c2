"""What every format's reader returns, and how a Document is made of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from index.errors import FileError
from index.fold import is_han
from index.records import Block, Document

Kind = Literal["text", "heading", "aside"]

_LONGEST_HEADING = 100


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Visible text on one line; `level` 1 to 6 makes it a heading, `aside` sets it apart."""

    text: str
    level: int = 0
    aside: bool = False
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """A file as its reader found it. `meta` holds what the file states about itself.

    `prepared` is what someone has laid out to be read as it is (a title of its own in front
    matter, the rows of a table): nothing around it is looked for.
    """

    paragraphs: tuple[Paragraph, ...]
    meta: Mapping[str, str] = field(default_factory=dict)
    prepared: bool = False


def assemble(source: str, content: Content) -> Document:
    """Lay the paragraphs one a line; the positions of the blocks are those of that text.

    Raises FileError where there is no text at all.
    """
    paragraphs = [p for p in content.paragraphs if p.text and not p.text.isspace()]
    if not paragraphs:
        raise FileError("there is no text in it.", "Only files with text can be indexed.")
    blocks: list[Block] = []
    position = 0
    for paragraph in paragraphs:
        end = position + len(paragraph.text)
        # A whole paragraph can be marked as a heading ("text" above "---"); it is to be quoted.
        level = 0 if len(paragraph.text) > _LONGEST_HEADING else paragraph.level
        kind: Kind = "aside" if paragraph.aside else "heading" if level else "text"
        blocks.append(Block(position, end, kind, level, paragraph.page))
        position = end + 1
    meta = content.meta
    headings = [p.text for p in paragraphs if p.level == 1 and not p.aside]
    return Document(
        source=source,
        text="\n".join(p.text for p in paragraphs),
        blocks=tuple(blocks),
        title=meta.get("title") or (headings[0] if headings else None),
        language=meta.get("language"),
        publisher=meta.get("publisher"),
        date=meta.get("date"),
    )


def join_lines(lines: Iterable[str]) -> str:
    """Hard-wrapped lines as one; a space stands where a line break parted two Western words."""
    joined = ""
    for line in lines:
        piece = re.sub(r"\s+", " ", line).strip()
        if joined and piece and parted_by_space(joined, piece):
            joined += " "
        joined += piece
    return joined


def parted_by_space(one: str, other: str) -> bool:
    """Was a space where the line broke between them? Between two Western characters."""
    return not (_wide(one[-1]) or _wide(other[0]))


def _wide(char: str) -> bool:
    return is_han(char) or "\u3000" <= char <= "\u303f" or "\uff00" <= char <= "\uffef"
