"""HTML: its visible text, parsed as browsers parse it (lexbor, through selectolax)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.load.content import Content, Paragraph, join_lines
from index.load.encoding import decode
from index.load.page_meta import page_meta
from index.load.plain import normalise_newlines
from index.load.table import cell_text, join_cells

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = _HEADINGS.keys() | {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
    "header", "hgroup", "hr", "legend", "li", "main", "menu", "nav", "ol", "optgroup", "option",
    "p", "pre", "search", "section", "select", "summary", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "ul",
}  # fmt: skip
_INVISIBLE = {
    "head", "script", "style", "template", "noscript", "iframe", "object", "embed", "svg",
    "canvas", "audio", "video", "textarea", "datalist", "rp", "rt",
}  # fmt: skip
_ASIDES = {"nav", "button", "select", "menu", "search"}
# In an article they are a box of it and its last lines; elsewhere they are the page's own.
_ASIDES_OF_PAGES = {"aside", "footer"}
_ASIDE_ROLES = {"navigation", "banner", "contentinfo", "complementary", "search"}
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
# A table with a table or a heading in it lays out a page: its rows are not to be read across.
_LAYOUT = ", ".join(f"table:has({tag})" for tag in ("table", *_HEADINGS))

# A line break that is seen; those of the source ("\n") are not.
_BREAK = "\r"

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
_PRESCAN = 4096
# What a page means by it, as browsers have it.
_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "iso-8859-1": "cp1252",
}


def read_html(data: bytes) -> Content:
    """Raises FileError where its encoding is not known."""
    page = LexborHTMLParser(normalise_newlines(_text(data)), scripting=True)
    return Content(tuple(_paragraphs(page)), page_meta(page))


def _text(data: bytes) -> str:
    stated = _CHARSET.search(data[:_PRESCAN])
    if stated and not _is_utf8(data):
        name = stated[1].decode("ascii").lower()
        with suppress(LookupError, UnicodeError):
            return data.decode(_SUPERSETS.get(name, name))
    return decode(data)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Place:
    """What holds for the text of an element, from what holds around it."""

    level: int = 0
    aside: bool = False
    article: bool = False
    pre: bool = False
    row: bool = False  # in one of a table that is read across
    across: bool = True  # whether the table around is read so

    def inside(self, node: LexborNode, layout: set[int]) -> _Place:
        tag = node.tag or ""
        across = node.mem_id not in layout if tag == "table" else self.across
        return _Place(
            level=_HEADINGS.get(tag, self.level),
            aside=self.aside or self._sets_apart(node, tag),
            article=self.article or tag == "article",
            pre=self.pre or tag == "pre",
            row=across and (self.row or tag == "tr"),
            across=across,
        )

    def _sets_apart(self, node: LexborNode, tag: str) -> bool:
        return (
            tag in _ASIDES
            or (tag in _ASIDES_OF_PAGES and not self.article)
            or node.attributes.get("role") in _ASIDE_ROLES
        )


def _paragraphs(page: LexborHTMLParser) -> Iterator[Paragraph]:
    layout = {table.mem_id for table in page.css(_LAYOUT)}
    places = [_Place()]
    pieces: list[str] = []
    cells: list[str] = []

    def lines() -> Iterator[Paragraph]:
        place = places[-1]
        for line in "".join(pieces).split(_BREAK):
            if text := join_lines(line.split("\n")):
                yield Paragraph(text, place.level, place.aside)
        pieces.clear()

    for node, entering in _walk(page):
        tag = node.tag
        place = places[-1]
        if tag == "-text":
            text = (node.text_content or "").replace("\r", "\n")
            pieces.append(text.replace("\n", _BREAK) if place.pre else text)
        elif tag == "br":
            pieces.append(_BREAK if entering else "")
        elif entering:
            inner = place.inside(node, layout)
            if place.row:
                # A row is one line, whatever stands in its cells.
                pieces.append(_BREAK if tag in _BLOCKS else "")
            elif tag in _BLOCKS or inner.aside != place.aside:
                yield from lines()
            places.append(inner)
        else:
            outer = places[-2]
            if tag in {"td", "th"} and place.row:
                cells.append(cell_text(paragraph.text for paragraph in lines()))
            elif tag == "tr" and place.row:
                yield Paragraph(join_cells(cells), place.level, place.aside)
                cells.clear()
            elif place.row:
                pieces.append(_BREAK if tag in _BLOCKS else "")
            elif tag in _BLOCKS or outer.aside != place.aside:
                yield from lines()
            places.pop()


def _walk(page: LexborHTMLParser) -> Iterator[tuple[LexborNode, bool]]:
    """Every visible node as it is entered, and again as it is left; without recursion, since
    pages are nested as deeply as anyone likes. A text is only entered."""
    entered: list[LexborNode] = []
    node = page.root
    while node is not None:
        following = node.next
        if node.is_text_node:
            yield node, True
        elif node.is_element_node and _visible(node):
            yield node, True
            entered.append(node)
            following = node.first_child
        while following is None and entered:
            left = entered.pop()
            yield left, False
            following = left.next
        node = following


def _visible(node: LexborNode) -> bool:
    attributes = node.attributes
    return not (
        node.tag in _INVISIBLE
        or "hidden" in attributes
        or (node.tag == "dialog" and "open" not in attributes)
        or _HIDING.search(attributes.get("style") or "")
    )
