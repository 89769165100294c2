"""PDF: its text layer, a line at a time with its place on the page (PDFium, through pypdfium2)."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw

from index.errors import FileError
from index.load import limits
from index.load.content import Content
from index.load.pdf_lines import Line, paragraphs_of

# An end of line. PDFium takes a hyphen that parts a word and the break behind it for one mark.
_END = re.compile(r"\r\n|\r|\n|(\ufffe|\x02)")
# A file that was cut off is mended by PDFium without a word, and lacks its last pages.
_TAIL = 4096
_ENDING = b"%%EOF"
# Characters that no font's table gives a meaning to, above this share: what is read is not text.
_UNMAPPED = re.compile(r"[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]")
_GARBLED = 0.2
_OCR = "Run it through OCR, and index the result."


def read_pdf(data: bytes) -> Content:
    """Raises FileError where it is damaged or encrypted, has too many pages, or no text."""
    if _ENDING not in data[-_TAIL:]:
        raise FileError("it is cut off: a PDF ends with %%EOF.", "Get a whole copy.")
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise _unopened(error) from error
    with document:
        if len(document) > limits.PAGES:
            raise FileError(
                f"it has {len(document):,} pages; the limit is {limits.PAGES:,}.",
                "Split it into parts.",
            )
        lines = [list(_lines(document, number)) for number in range(len(document))]
        meta = _meta(document)
    text = "".join(line.text for page in lines for line in page)
    if not text:
        raise FileError("it has no text, only pictures of pages, as scans have.", _OCR)
    if len(_UNMAPPED.findall(text)) > _GARBLED * len(text):
        raise FileError("its fonts do not say which characters they show.", _OCR)
    return Content(tuple(paragraphs_of(lines)), meta)


def _unopened(error: pdfium.PdfiumError) -> FileError:
    if error.err_code == raw.FPDF_ERR_PASSWORD:
        return FileError("it is encrypted.", "Save it without a password.")
    return FileError(f"it is a damaged PDF: {error}", "Get a whole copy, or print it to PDF again.")


def _lines(document: pdfium.PdfDocument, number: int) -> Iterator[Line]:
    """The lines of a page in the order of its content, which is nearly always that of reading."""
    try:
        page = document[number]
        text_page = page.get_textpage()
    except pdfium.PdfiumError as error:
        raise FileError(
            f"its page {number + 1} is damaged: {error}", "Get a whole copy."
        ) from error
    text = text_page.get_text_range()
    start = units = 0
    for end in [*_END.finditer(text), None]:
        line = text[start : end.start() if end else None]
        if line.strip():
            left = units + _utf16(line) - _utf16(line.lstrip())
            right = units + _utf16(line.rstrip()) - 1
            parted = bool(end and end[1])
            glyphs = _glyphs(text_page, left, right)
            yield _line(line.strip(), number + 1, glyphs, parted=parted)
        if end:
            units += _utf16(text[start : end.end()])
            start = end.end()
    text_page.close()
    page.close()


class _Glyph(NamedTuple):
    left: float
    right: float
    baseline: float
    size: float


def _line(text: str, page: int, glyphs: Sequence[_Glyph], *, parted: bool) -> Line:
    # A bullet or a reference mark may be smaller or higher than the rest: the median of three.
    return Line(
        text=re.sub(r"\s+", " ", text.replace("\xad", "")),
        page=page,
        left=glyphs[0].left,
        right=glyphs[-1].right,
        baseline=median(glyph.baseline for glyph in glyphs),
        size=median(glyph.size for glyph in glyphs),
        parted=parted,
    )


def _glyphs(page: pdfium.PdfTextPage, first: int, last: int) -> list[_Glyph]:
    """The first, middle and last character of a line, from UTF-16 units of the page's text."""
    return [_glyph(page, unit) for unit in (first, (first + last) // 2, last)]


def _glyph(page: pdfium.PdfTextPage, unit: int) -> _Glyph:
    index = raw.FPDFText_GetCharIndexFromTextIndex(page, unit)
    left, baseline = ctypes.c_double(), ctypes.c_double()
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    raw.FPDFText_GetCharOrigin(page, index, left, baseline)
    raw.FPDFText_GetLooseCharBox(page, index, box)
    raw.FPDFText_GetMatrix(page, index, matrix)
    scale = abs(matrix.d or matrix.b or 1.0)
    size = raw.FPDFText_GetFontSize(page, index) * scale or 1.0
    return _Glyph(left.value, box.right, baseline.value, size)


def _utf16(text: str) -> int:
    return len(text) + sum(char > "\uffff" for char in text)


def _meta(document: pdfium.PdfDocument) -> Mapping[str, str]:
    """The stated title, but for the file names that printing programs put there."""
    title = " ".join(document.get_metadata_value("Title").split())
    if re.match(r"Microsoft \w+ - |untitled$|\S+\.\w{2,4}$", title, re.I):
        title = ""
    return {"title": title} if title else {}
