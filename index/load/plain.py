"""Plain text: a paragraph a line, or hard-wrapped lines with blank lines between paragraphs."""

from __future__ import annotations

import unicodedata
from itertools import groupby

from index.load.content import Content, Paragraph, join_lines
from index.load.encoding import decode
from index.load.front_matter import split_front_matter

_ENDS = "。！？；：….!?;:”’」』）)】"
# Wrapping tools break lines between these widths, in terminal columns.
_NARROWEST, _WIDEST = 40, 120


def read_plain(data: bytes) -> Content:
    meta, text = split_front_matter(normalise_newlines(decode(data)))
    lines = [line.strip() for line in text.split("\n")]
    groups = [list(group) for filled, group in groupby(lines, key=bool) if filled]
    if _hard_wrapped(groups):
        paragraphs = [join_lines(group) for group in groups]
    else:
        paragraphs = [line for group in groups for line in group]
    return Content(tuple(map(Paragraph, paragraphs)), meta, prepared="title" in meta)


def normalise_newlines(text: str) -> str:
    """CRLF, CR and form feeds as line feeds; Unicode's own line separators too."""
    for separator in ("\r\n", "\r", "\f", "\v", "\x85", "\u2028", "\u2029"):
        text = text.replace(separator, "\n")
    return text


def _hard_wrapped(groups: list[list[str]]) -> bool:
    """Lines are wrapped where those with a line after them nearly all fill the same width and
    most break in mid-sentence. One paragraph a line has lines of any width that end sentences."""
    inner = [line for group in groups for line in group[:-1]]
    if len(inner) < 3:
        return False
    widths = sorted(map(_columns, inner))
    widest = widths[-1]
    full = sum(width >= 0.75 * widest for width in widths)
    broken = sum(line[-1] not in _ENDS for line in inner)
    return (
        _NARROWEST <= widest <= _WIDEST and full >= 0.8 * len(inner) and broken >= 0.5 * len(inner)
    )


def _columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)
