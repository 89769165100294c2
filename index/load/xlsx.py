"""XLSX: a row is a paragraph, with its header, and a sheet begins with its name (openpyxl)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from index.load.containers import check_members, open_container
from index.load.content import Content, Paragraph
from index.load.table import rows_with_header

# The formats whose meaning is plain, such as 0.00, #,##0.0 and 0%, with what stands around them.
_NUMBER_FORMAT = re.compile(r"[^#0?.%]*(#,##)?0(?:\.(0+))?(%)?[^#0?.%]*")


def read_xlsx(data: bytes) -> Content:
    """Raises FileError where it is damaged, encrypted or a bomb."""
    with open_container(data) as container:
        check_members(container)
    # Read-only streams the rows; data-only takes what a formula last came to.
    book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    paragraphs: list[Paragraph] = []
    for sheet in sheets:
        sheet.reset_dimensions()  # what the sheet says of its own size may be wrong
        rows = list(rows_with_header(map(_shown, sheet.iter_rows())))
        if rows and len(sheets) > 1:
            paragraphs.append(Paragraph(sheet.title, level=2))
        paragraphs += rows
    properties = book.properties
    meta = {"title": properties.title, "language": properties.language}
    stated = {key: value for key, value in meta.items() if value}
    return Content(tuple(paragraphs), stated, prepared=True)


def _shown(row: Iterable[Any]) -> list[str]:
    return [_cell(cell.value, cell.number_format) for cell in row]


def _cell(value: object, number_format: str) -> str:
    """As Excel shows it, in the plainest of the formats that mean the same."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, number_format)
    if isinstance(value, datetime):
        whole = value.time() == datetime.min.time()
        return value.date().isoformat() if whole else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _number(value: float, number_format: str) -> str:
    found = _NUMBER_FORMAT.fullmatch(number_format.partition(";")[0])
    if found is None:
        return f"{value:.15g}" if isinstance(value, float) else str(value)
    thousands, decimals, percent = found.groups()
    scaled = value * 100 if percent else value
    comma = "," if thousands else ""
    return f"{scaled:{comma}.{len(decimals or '')}f}{percent or ''}"
