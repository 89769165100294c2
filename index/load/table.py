"""Rows of cells as lines of text: what Markdown, HTML, DOCX, CSV and XLSX share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from index.load.content import Paragraph, join_lines

_CELL = " | "
_NUMBER = re.compile(r"[-+(]?[¥$€£]?[\d,.]+\s*[%‰)]?")
# A header is looked for among so many rows: titles and notes stand above it.
_ABOVE = 10


def join_cells(cells: Sequence[str]) -> str:
    """The cells of a row in one line; nothing where all are empty."""
    return _CELL.join(cells) if any(cells) else ""


def cell_text(lines: Iterable[str]) -> str:
    """The lines of a cell in one. Unlike the lines of a paragraph they were broken on purpose, so
    a space stands between them in every script."""
    return " ".join(filter(None, (join_lines([line]) for line in lines)))


def rows_with_header(rows: Iterable[Sequence[str]]) -> Iterator[Paragraph]:
    """Each row as `header: cell | header: cell`, without its empty cells.

    The header is the first row with two cells or more, where each of them names a column: none
    is a number, none stands twice. Without one the rows are their cells. What stands above it
    (a title, a note) are lines of their own.
    """
    lines = ([cell_text(cell.split("\n")) for cell in row] for row in rows)
    filled = (line for line in lines if any(line))
    first = list(islice(filled, _ABOVE))
    at = next((at for at, line in enumerate(first) if sum(map(bool, line)) > 1), None)
    header = first[at] if at is not None and _names_columns(first[at]) else None
    if header is None or at is None:
        yield from (_as_is(line) for line in chain(first, filled))
        return
    yield from map(_as_is, first[:at])
    body = chain(first[at + 1 :], filled)
    empty = True
    for line in body:
        empty = False
        yield _under(header, line)
    if empty:
        yield _as_is(header)


def _names_columns(line: Sequence[str]) -> bool:
    names = [cell for cell in line if cell]
    return len(set(names)) == len(names) and not any(map(_NUMBER.fullmatch, names))


def _as_is(line: Sequence[str]) -> Paragraph:
    return Paragraph(join_cells([cell for cell in line if cell]))


def _under(header: Sequence[str], line: Sequence[str]) -> Paragraph:
    """A cell beyond the header, or under none, stands alone."""
    names = chain(header, [""] * (len(line) - len(header)))
    pairs = zip(names, line, strict=False)
    return Paragraph(
        _CELL.join(f"{name}: {cell}" if name else cell for name, cell in pairs if cell)
    )
