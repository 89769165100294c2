"""Files that cannot become documents: how each is made, and what is to be said of it."""

from __future__ import annotations

import bz2
import gzip
import lzma
import random
import struct
import tarfile
import zlib
from collections.abc import Callable
from io import BytesIO
from stat import S_IFLNK
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile, ZipInfo

from reportlab.lib.pdfencrypt import StandardEncryption

from tests.index import made

Maker = Callable[[], bytes]

MIB = 1024 * 1024
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
LAUGHS = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{}]>'.format(
    "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def raw_pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is its root. PDFium finds them itself."""
    numbered = (b"%d 0 obj\n%s\nendobj\n" % (n, each) for n, each in enumerate(objects, start=1))
    return b"%PDF-1.7\n" + b"".join(numbered) + b"trailer <</Root 1 0 R>>\n%%EOF\n"


def stream(data: bytes) -> bytes:
    packed = zlib.compress(data, 9)
    head = b"<</Length %d/Filter/FlateDecode>>stream\n" % len(packed)
    return head + packed + b"\nendstream"


def pdf_with(content: bytes) -> bytes:
    return raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>",
        content,
    )


def pdf_bomb() -> bytes:
    """A page whose content is four gigabytes."""
    packer = zlib.compressobj(9)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    # What follows a full flush stands for itself, so it can be repeated.
    block = packer.compress(b" 0 0 m" * MIB) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = head + block * 680 + packer.flush()
    return pdf_with(
        b"<</Length %d/Filter/FlateDecode>>stream\n" % len(packed) + packed + b"\nendstream"
    )


def pdf_circle() -> bytes:
    return raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[2 0 R]/Parent 2 0 R>>"
    )


def word_xml(xml: str) -> Maker:
    return lambda: made.repacked(made.word_text("x"), {"word/document.xml": xml})


def sheet_xml(rows: str, prologue: str = "") -> bytes:
    xml = f'{prologue}<worksheet xmlns="{S}"><sheetData>{rows}</sheetData></worksheet>'
    return made.repacked(made.workbook({"a": [["x"]]}), {"xl/worksheets/sheet1.xml": xml})


def locked(data: bytes) -> bytes:
    """The same container, all of its members marked as encrypted."""
    changed = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(mark)
        while at >= 0:
            changed[at + offset] |= 1
            at = changed.find(mark, at + 4)
    return bytes(changed)


def members(*infos: tuple[ZipInfo | str, bytes], method: int = ZIP_DEFLATED) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", method) as container:
        for info, data in infos:
            container.writestr(info, data, method)
    return packed.getvalue()


def link() -> bytes:
    info = ZipInfo("link.txt")
    info.create_system, info.external_attr = 3, (S_IFLNK | 0o777) << 16
    return members((info, b"/etc/passwd"))


def overlapping() -> bytes:
    """Many entries of the directory for the same bytes."""
    data = members(("a.txt", random.Random(1).randbytes(MIB // 10)))
    (offset,) = struct.unpack("<I", data[-6:-2])
    entry = data[offset:-22]
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 200, 200, 200 * len(entry), offset, 0)
    return data[:offset] + entry * 200 + end


def nested(depth: int) -> bytes:
    data = made.archive({"a.txt": "text"})
    for _ in range(depth):
        data = made.archive({"a.zip": data})
    return data


def flipped() -> bytes:
    data = bytearray(members(("a.txt", random.Random(1).randbytes(1000))))
    data[200] ^= 0xFF
    return bytes(data)


def tar() -> bytes:
    packed = BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as container:
        info = tarfile.TarInfo("a.txt")
        info.size = 4
        container.addfile(info, BytesIO(b"text"))
    return packed.getvalue()


def claiming(data: bytes, size: int) -> bytes:
    """The same archive, whose directory says that its members have so many bytes each."""
    changed = bytearray(data)
    at = changed.find(b"PK\x01\x02")
    while at >= 0:
        changed[at + 24 : at + 28] = struct.pack("<I", size)
        at = changed.find(b"PK\x01\x02", at + 4)
    return bytes(changed)


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def protected_book() -> bytes:
    method = '<EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes256-cbc"/>'
    return made.book({"META-INF/encryption.xml": f"<encryption>{method}</encryption>"})


# The name of each, how it is made, and a part of the reason.
BAD_FILES: dict[str, tuple[Maker, str]] = {
    "empty.txt": (lambda: b"", "no text"),
    "blank.md": (lambda: b" \n\n\t\n", "no text"),
    "one-line.txt": (lambda: b"a" * (100 * MIB), "the limit is 67,108,864"),
    "mixed.txt": (lambda: "新乡高新区的收入".encode() + "增长百分之五".encode("gbk"), "encoding"),
    "odd.txt": (lambda: b"\xff\xfe\x00", "encoding"),
    "zeros.txt": (lambda: bytes(5000), "encoding"),
    "random.pdf": (lambda: random.Random(1).randbytes(5000), "encoding"),
    "front.md": (lambda: b"---\ntitle: a: b\n---\ntext", "line 2"),
    "deep.md": (lambda: b"> " * 1000 + b"\n\n" + b"[" * 20 + b"\x01" * 50, "control"),
    # PDF
    "cut.pdf": (lambda: half(made.pdf_text("正文。")), "cut off"),
    "hollow.pdf": (lambda: b"%PDF-1.7\n%%EOF", "damaged"),
    "locked.pdf": (
        lambda: made.pdf_drawn([[(72, 700, "x")]], encrypt=StandardEncryption("secret")),
        "encrypted",
    ),
    "scan.pdf": (lambda: made.pdf_drawn([[]]), "only pictures of pages"),
    "pages.pdf": (lambda: made.pdf_drawn([[]] * 5001), "5,001 pages; the limit is 5,000"),
    "bomb.pdf": (pdf_bomb, "broke down"),
    "circle.pdf": (pdf_circle, "page 1 is damaged"),
    "arrays.pdf": (lambda: pdf_with(stream(b"[" * MIB)), "no text"),
    # What is known and not read
    "picture.txt": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(99), "PNG"),
    "photo.md": (lambda: b"\xff\xd8\xff\xe0" + bytes(99), "JPEG"),
    "film.gif": (lambda: b"GIF89a" + bytes(99), "GIF"),
    "scan.tif": (lambda: b"II*\0" + bytes(99), "TIFF"),
    "a.gz": (lambda: gzip.compress(b"text"), "gzip"),
    "a.bz2": (lambda: bz2.compress(b"text"), "bzip2"),
    "a.xz": (lambda: lzma.compress(b"text"), "xz"),
    "a.7z": (lambda: b"7z\xbc\xaf\x27\x1c" + bytes(99), "7-Zip"),
    "a.rar": (lambda: b"Rar!\x1a\x07\x01\x00" + bytes(99), "RAR"),
    "a.tar": (tar, "tar"),
    "program": (lambda: b"\x7fELF" + bytes(99), "program"),
    "data.db": (lambda: b"SQLite format 3\0" + bytes(99), "database"),
    "letter.rtf": (lambda: b"{\\rtf1 text}", "RTF"),
    "print.ps": (lambda: b"%!PS-Adobe-3.0\n", "PostScript"),
    "drawing.svg": (lambda: b"<?xml version='1.0'?><svg/>", "XML of an unknown kind"),
    "old.doc": (lambda: OLE, "Office 97"),
    "locked.docx": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted Office"),
    "slides.pptx": (
        lambda: made.archive({"[Content_Types].xml": "", "ppt/presentation.xml": ""}),
        "PowerPoint",
    ),
    "binary.xlsb": (
        lambda: made.archive({"[Content_Types].xml": "", "xl/workbook.bin": ""}),
        "XLSB",
    ),
    "open.odt": (lambda: made.archive({"mimetype": "", "content.xml": ""}), "OpenDocument"),
    # DOCX
    "cut.docx": (lambda: half(made.word_text("x")), "damaged"),
    "hollow.docx": (
        lambda: made.archive({"[Content_Types].xml": "<a/>", "word/a": ""}),
        "damaged",
    ),
    "broken.docx": (word_xml("<w:document"), "Word document"),
    "laughs.docx": (
        word_xml(f'{LAUGHS}<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&a11;</w:t></w:r>'
                 "</w:p></w:body></w:document>"),
        "entity amplification",
    ),
    "nested.docx": (
        word_xml(f'<w:document xmlns:w="{W}"><w:body>{"<w:tbl>" * 100_000}'), "Word document"
    ),
    "bomb.docx": (word_xml(" " * (60 * MIB)), "bombs"),
    "flagged.docx": (lambda: locked(made.word_text("x")), "encrypted"),
    # XLSX
    "cut.xlsx": (lambda: half(made.workbook({"a": [["x"]]})), "damaged"),
    "empty-rows.xlsx": (lambda: sheet_xml('<row r="1048576"><c r="A1048576"/></row>'), "no text"),
    "rows.xlsx": (
        lambda: sheet_xml("".join(f'<row r="{n}"/>' for n in range(1, 200_001))), "no text"
    ),
    "laughs.xlsx": (
        lambda: sheet_xml('<row><c t="inlineStr"><is><t>&a11;</t></is></c></row>', LAUGHS),
        "amplification",
    ),
    "bomb.xlsx": (lambda: sheet_xml(" " * (60 * MIB)), "bombs"),
    # EPUB
    "hollow.epub": (lambda: made.book({"OEBPS/book.opf": ""}), "no XML"),
    "no-package.epub": (lambda: made.book({"META-INF/container.xml": "<a/>"}), "has no ''"),
    "no-chapter.epub": (
        lambda: made.book({"OEBPS/book.opf": made.PACKAGE.replace("two", "../../../three")}),
        "has no '.*three",
    ),
    "laughs.epub": (
        lambda: made.book({"OEBPS/book.opf": f"{LAUGHS}<a>&a11;</a>"}), "entity amplification"
    ),
    "protected.epub": (protected_book, "DRM"),
    # Archives
    "cut.zip": (lambda: half(made.archive({"a.txt": "text" * 99})), "damaged"),
    "flipped.zip": (flipped, "damaged"),
    "locked.zip": (lambda: locked(made.archive({"a.txt": "text"})), "encrypted"),
    "bzip2.zip": (lambda: members(("a.txt", b"text"), method=ZIP_BZIP2), "method 12"),
    "bomb.zip": (lambda: made.archive({"a.txt": bytes(60 * MIB)}), "bombs"),
    "large.zip": (lambda: made.archive({"a.txt": bytes(65 * MIB)}), "the limit is 67,108,864"),
    "total.zip": (
        lambda: claiming(made.archive({f"{n}.txt": "text" for n in range(10)}), 60 * MIB),
        "the limit is 536,870,912",
    ),
    "overlapping.zip": (overlapping, "overlap"),
    "nested.zip": (lambda: nested(4), "4 archives deep"),
    "many.zip": (lambda: made.archive({f"{n}.txt": "" for n in range(10_001)}), "10,001 members"),
    "up.zip": (lambda: made.archive({"../../a.txt": "text"}), "leads out"),
    "up-in-windows.zip": (lambda: made.archive({"a\\..\\..\\a.txt": "text"}), "leads out"),
    "root.zip": (lambda: made.archive({"/etc/a.txt": "text"}), "leads out"),
    "drive.zip": (lambda: made.archive({"C:\\a.txt": "text"}), "leads out"),
    "link.zip": (link, "is a link"),
    "program-in.zip": (lambda: made.archive({"inner/a.txt": b"\x7fELF"}), "program"),
    # Tables and pages
    "field.csv": (lambda: b'a,b\n1,"' + b"x" * (5 * MIB), "field larger"),
    "script.html": (lambda: b"<html><script>text</script></html>", "no text"),
    "latin.html": (lambda: b"<!doctype html><p>\xff\xfe\xfd</p>\xff", "encoding"),
}  # fmt: skip
