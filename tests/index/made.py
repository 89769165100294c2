"""Files of every format, made by the libraries that people make them with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import openpyxl
from docx.document import Document as Word
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, PageBreak, SimpleDocTemplate
from reportlab.platypus import Paragraph as Flowing

from index.load import load_document
from index.records import Document

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
CHINESE = ParagraphStyle(
    "chinese", fontName="STSong-Light", fontSize=12, leading=18, firstLineIndent=24, wordWrap="CJK"
)
LARGE = ParagraphStyle("large", fontName="STSong-Light", fontSize=20, leading=28)
ENGLISH = ParagraphStyle("english", fontName="Helvetica", fontSize=11, leading=14, spaceAfter=6)
NEW_PAGE = PageBreak()

Running = Callable[[Canvas, Any], None]


def pdf(
    story: Sequence[Flowable], title: str = "", running: Running = lambda *_: None, **how: Any
) -> bytes:
    """`running` draws the header and footer of each page."""
    made = BytesIO()
    template = SimpleDocTemplate(made, title=title, **how)
    template.build(list(story), onFirstPage=running, onLaterPages=running)
    return made.getvalue()


def pdf_text(*paragraphs: str, **how: Any) -> bytes:
    return pdf([Flowing(text, CHINESE) for text in paragraphs], **how)


def pdf_drawn(pages: Sequence[Sequence[tuple[float, float, str]]], **how: Any) -> bytes:
    """Pages of texts at their places."""
    made = BytesIO()
    canvas = Canvas(made, **how)
    for page in pages:
        canvas.setFont("STSong-Light", 11)
        for x, y, text in page:
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def word(write: Callable[[Word], None]) -> bytes:
    document = docx.Document()
    write(document)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def word_text(*paragraphs: str) -> bytes:
    def write(document: Word) -> None:
        for text in paragraphs:
            document.add_paragraph(text)

    return word(write)


def workbook(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def archive(members: Mapping[str, bytes | str]) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as container:
        for name, data in members.items():
            container.writestr(name, data)
    return made.getvalue()


def repacked(data: bytes, changed: Mapping[str, bytes | str]) -> bytes:
    """The same container with some members changed or added."""
    with ZipFile(BytesIO(data)) as container:
        members = {name: container.read(name) for name in container.namelist()}
    return archive({**members, **changed})


CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>"
)
PACKAGE = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>新区志</dc:title><dc:publisher>出版社</dc:publisher>
<dc:date>2021-03-05T00:00:00Z</dc:date><dc:language>zh-CN</dc:language></metadata>
<manifest>
<item id="b" href="text/two.xhtml" media-type="application/xhtml+xml"/>
<item id="a" href="text/one%20.xhtml" media-type="application/xhtml+xml"/>
<item id="c" href="style.css" media-type="text/css"/>
</manifest>
<spine><itemref idref="a"/><itemref idref="b"/></spine></package>"""


def chapter(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml">'
        f"<head><title/></head><body>{body}</body></html>"
    )


def book(changed: Mapping[str, bytes | str] | None = None) -> bytes:
    """An EPUB of two chapters."""
    members: dict[str, bytes | str] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": PACKAGE,
        "OEBPS/text/one .xhtml": chapter("<h1>第一章</h1><p>第一段。</p>"),
        "OEBPS/text/two.xhtml": chapter("<h1>第二章</h1><p>第二段。</p>"),
    }
    return archive({**members, **(changed or {})})


def load(data: bytes, source: str = "a.bin") -> Document:
    document = load_document(data, source)
    assert document is not None
    return document


def lines(document: Document, kind: str | None = None) -> list[str]:
    chosen = [block for block in document.blocks if kind in {None, block.kind}]
    return [document.text[block.start : block.end] for block in chosen]
