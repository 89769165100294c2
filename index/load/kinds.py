"""What a file is, told from its content. A name only says how a text is to be read."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from zipfile import ZipFile

from index.errors import FileError
from index.load.containers import is_container, open_container

# Each kind but "archive" is read by the function read_KIND in index/load/KIND.py.
TEXT_KINDS = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".csv": "csv",
    ".tsv": "csv",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}
ARCHIVE = "archive"

_SAVE = "Save it as PDF, DOCX or text."
_OCR = "Run it through OCR, and index the text."
_UNPACK = "Unpack it; of archives only zip is read."

# How files begin that cannot be read, what they are, and what to do.
_REFUSED = (
    (b"{\\rtf", "an RTF document", _SAVE),
    (b"%!PS", "a PostScript document", "Save it as PDF."),
    (b"\x89PNG\r\n", "a PNG image", _OCR),
    (b"\xff\xd8\xff", "a JPEG image", _OCR),
    (b"GIF8", "a GIF image", _OCR),
    (b"II*\0", "a TIFF image", _OCR),
    (b"MM\0*", "a TIFF image", _OCR),
    (b"\x1f\x8b", "a gzip archive", _UNPACK),
    (b"BZh", "a bzip2 archive", _UNPACK),
    (b"\xfd7zXZ\0", "an xz archive", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (b"\x7fELF", "a program", "Leave it out."),
    (b"SQLite format 3\0", "a database", "Leave it out, or export it as CSV."),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TAR = slice(257, 262)

# The marks of encodings, and the zero bytes of UTF-16: without them a tag is seen in all of them.
_MARKS = b"\0\xef\xbb\xbf\xff\xfe"
_PAGE = re.compile(
    rb"(?>\s|<\?xml[^>]*>|<!--.*?-->)*+<(?:!doctype\s+html|html|head|body)[\s>]", re.S | re.I
)
_XML = re.compile(rb"\s*<\?xml\s", re.I)
_HEAD = 4096


def kind_of(data: bytes, source: str) -> str:
    """The name of the reader for it, or ARCHIVE.

    Raises FileError for what is recognised and cannot be read; what is not recognised is taken
    for a text, and its reader says so where it is none.
    """
    head = data[:_HEAD].translate(None, _MARKS)
    if head.lstrip().startswith(b"%PDF-"):
        return "pdf"
    if is_container(data):
        with open_container(data) as container:
            return kind_of_container(container)
    _refuse(data)
    if _PAGE.match(head):
        return "html"
    if _XML.match(head):
        raise FileError("it is XML of an unknown kind.", "Save it as HTML or text.")
    return TEXT_KINDS.get(PurePosixPath(source).suffix.lower(), "plain")


def kind_of_container(container: ZipFile) -> str:
    names = container.namelist()
    if "[Content_Types].xml" in names:
        folders = {name.partition("/")[0] for name in names}
        if "xl" in folders and "xl/workbook.bin" in names:
            raise FileError("it is a binary Excel workbook (XLSB).", "Save it as XLSX.")
        if "ppt" in folders:
            raise FileError("it is a PowerPoint presentation.", "Save it as PDF.")
        if office := folders & {"word", "xl"}:
            return "docx" if "word" in office else "xlsx"
    if "META-INF/container.xml" in names:
        return "epub"
    if "mimetype" in names and "content.xml" in names:
        raise FileError("it is an OpenDocument file.", "Save it as DOCX or XLSX.")
    return ARCHIVE


def _refuse(data: bytes) -> None:
    for beginning, what, hint in _REFUSED:
        if data.startswith(beginning):
            raise FileError(f"it is {what}, which cannot be read.", hint)
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise FileError("it is an encrypted Office file.", "Save it without a password.")
        raise FileError(
            "it is a file of Office 97 to 2003 (DOC, XLS or PPT), which cannot be read.",
            "Save it as DOCX, XLSX or PDF.",
        )
    if data[_TAR] == b"ustar":
        raise FileError("it is a tar archive, which cannot be read.", _UNPACK)
