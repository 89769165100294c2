"""CSV and its relatives: a row is a paragraph, with its header."""

from __future__ import annotations

import csv
from collections import Counter
from io import StringIO
from itertools import islice

from index.errors import FileError
from index.load.content import Content
from index.load.encoding import decode
from index.load.table import rows_with_header

_DELIMITERS = ",;\t|"
_SAMPLE = 50


def read_csv(data: bytes) -> Content:
    """Raises FileError where its encoding is not known, or a cell is larger than a cell can be."""
    text = decode(data)
    rows = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        return Content(tuple(rows_with_header(rows)), prepared=True)
    except csv.Error as error:
        raise FileError(
            f"it is no table: {error} in line {rows.line_num:,}.",
            "Quote the cells that hold the delimiter, a quote or a line break.",
        ) from error


def _delimiter(text: str) -> str:
    """The one that cuts most of the first rows into the same number of cells, two or more."""

    def agreement(delimiter: str) -> int:
        try:
            rows = list(
                islice(csv.reader(StringIO(text, newline=""), delimiter=delimiter), _SAMPLE)
            )
        except csv.Error:
            return 0
        widths = Counter(len(row) for row in rows if len(row) > 1)
        return max(widths.values(), default=0)

    return max(_DELIMITERS, key=agreement)
