"""EPUB: the chapters in the order of reading, each an HTML page (zipfile and the HTML reader).

The one library made for it that is kept, EbookLib, is under the AGPL; what an index needs of EPUB
is two small files that name the chapters.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote
from zipfile import ZipFile

from lxml.etree import LxmlError, XMLParser, _Element, fromstring

from index.errors import FileError
from index.load.containers import member_bytes, open_container
from index.load.content import Content, Paragraph
from index.load.html import read_html
from index.load.page_meta import iso_date

_PAGES = {"application/xhtml+xml", "text/html"}
_FONTS = {"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"}
_MADE_ANEW = "Make it anew with the program that made it."
# XHTML may close them at once; HTML then takes all that follows for their text.
_CLOSED = re.compile(rb"<(title|script|style|iframe|textarea|noscript)\b([^<>]*)/>", re.I)


def read_epub(data: bytes) -> Content:
    """Raises FileError where it is damaged, protected or a bomb."""
    with open_container(data) as container:
        _check_protection(container)
        found = _first(_xml(container, "META-INF/container.xml"), "rootfile")
        root = found.get("full-path", "") if found is not None else ""
        package = _xml(container, root)
        paragraphs = tuple(
            paragraph
            for chapter in _chapters(package, posixpath.dirname(root))
            for paragraph in _chapter(container, chapter)
        )
    return Content(paragraphs, _meta(package), prepared=True)


def _chapters(package: _Element, folder: str) -> Iterator[str]:
    """The members to read, in order."""
    pages = {
        item.get("id"): item.get("href", "")
        for item in package.iter("{*}item")
        if item.get("media-type") in _PAGES
    }
    for reference in package.iter("{*}itemref"):
        href = pages.get(reference.get("idref"))
        if href:
            yield posixpath.normpath(posixpath.join(folder, unquote(href)))


def _chapter(container: ZipFile, name: str) -> tuple[Paragraph, ...]:
    return read_html(_CLOSED.sub(rb"<\1\2></\1>", _member(container, name))).paragraphs


def _meta(package: _Element) -> Mapping[str, str]:
    """The first of each Dublin Core element."""
    found = {}
    for key in ("title", "publisher", "date", "language"):
        element = _first(package, key)
        text = "".join(map(str, element.itertext())) if element is not None else ""
        found[key] = " ".join(text.split())
    found["date"] = iso_date(found["date"])
    return {key: value for key, value in found.items() if value}


def _check_protection(container: ZipFile) -> None:
    """Fonts may be scrambled; a chapter that is encrypted cannot be read."""
    if "META-INF/encryption.xml" not in container.namelist():
        return
    methods = _xml(container, "META-INF/encryption.xml").iter("{*}EncryptionMethod")
    if {method.get("Algorithm") for method in methods} - _FONTS:
        raise FileError("it is protected by DRM.", "Index a copy without protection.")


def _xml(container: ZipFile, name: str) -> _Element:
    try:
        return fromstring(
            _member(container, name), XMLParser(resolve_entities=False, no_network=True)
        )
    except LxmlError as error:
        raise FileError(f"its {name} is no XML: {error}.", _MADE_ANEW) from error


def _member(container: ZipFile, name: str) -> bytes:
    try:
        member = container.getinfo(name)
    except KeyError as error:
        raise FileError(f"it has no {name!r}, which it speaks of.", _MADE_ANEW) from error
    return member_bytes(container, member)


def _first(element: _Element, name: str) -> _Element | None:
    return next(element.iter(f"{{*}}{name}"), None)
