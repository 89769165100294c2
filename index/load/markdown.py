"""Markdown: its visible text, with headings, through markdown-it-py (CommonMark and tables)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.load.content import Content, Paragraph, join_lines
from index.load.encoding import decode
from index.load.front_matter import split_front_matter
from index.load.plain import normalise_newlines
from index.load.table import join_cells


def read_markdown(data: bytes) -> Content:
    meta, text = split_front_matter(normalise_newlines(decode(data)))
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return Content(tuple(_paragraphs(tokens)), meta, prepared="title" in meta)


def _paragraphs(tokens: Sequence[Token]) -> Iterator[Paragraph]:
    level = 0
    row: list[str] | None = None
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1])
        elif token.type == "heading_close":
            level = 0
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            yield Paragraph(join_cells(row))
            row = None
        elif token.type == "inline":
            visible = join_lines(_visible(token.children or ()).split("\n"))
            if row is None:
                yield Paragraph(visible, level)
            else:
                row.append(visible)
        elif token.type in {"fence", "code_block"}:
            yield from (Paragraph(line.strip()) for line in token.content.split("\n"))
        elif token.type == "html_block":
            yield from (Paragraph(line.strip()) for line in _strip_tags(token.content).split("\n"))


def _visible(children: Sequence[Token]) -> str:
    """Inline tokens as a reader sees them; line breaks stay, for the caller to join."""
    return "".join(map(_visible_token, children))


def _visible_token(token: Token) -> str:
    if token.type in {"softbreak", "hardbreak"}:
        return "\n"
    if token.type == "image":
        return _visible(token.children or ())
    return "" if token.type == "html_inline" else token.content


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


def _strip_tags(html: str) -> str:
    parser = _Text()
    parser.feed(html)
    parser.close()
    return "".join(parser.pieces)
