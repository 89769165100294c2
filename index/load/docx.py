"""DOCX: paragraphs, headings, rows of tables, text boxes and notes, through python-docx.

It opens the package and knows styles and parts; the text is taken from the XML beneath, since
its `Paragraph.text` leaves out insertions, content controls and text boxes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO

import docx
from docx.document import Document as Word
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.styles.style import BaseStyle
from lxml.etree import LxmlError, _Element

from index.errors import FileError
from index.load.containers import check_members, open_container
from index.load.content import Content, Paragraph, join_lines
from index.load.table import cell_text, join_cells

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_VALUE = qn("w:val")
_TEXT = {qn("w:t"), _MATH}
_MARKS = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
# What was deleted or moved away, second versions for older programs, and properties.
_ABSENT = {qn("w:del"), qn("w:moveFrom"), _FALLBACK, qn("w:pPr"), qn("w:rPr")}
_CONTROLS = {qn("w:sdt"), qn("w:sdtContent")}
_HEADING = re.compile(r"heading ([1-9])", re.I)
_DEEPEST = 6
_BODY_TEXT = 10  # the outline level, counted from 1, that Word gives to what is no heading
_HEADERS = (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER)
_NOTES = (RELATIONSHIP_TYPE.FOOTNOTES, RELATIONSHIP_TYPE.ENDNOTES)


def read_docx(data: bytes) -> Content:
    """Headers and footers come last, as asides. Raises FileError where it is damaged, encrypted
    or a bomb."""
    with open_container(data) as container:
        check_members(container)
    try:
        word = docx.Document(BytesIO(data))
        levels = _levels(word)
        paragraphs = [
            *_paragraphs(word.element.body, levels),
            *(note for part in _related(word, _NOTES) for note in _paragraphs(part, levels)),
            *(
                Paragraph(line.text, aside=True)
                for part in _related(word, _HEADERS)
                for line in _paragraphs(part, {})
            ),
        ]
    except (KeyError, ValueError, OpcError, LxmlError) as error:
        raise FileError(f"it is no sound Word document: {error}.", "Save it anew.") from error
    properties = word.core_properties
    meta = {"title": properties.title, "language": properties.language}
    return Content(tuple(paragraphs), {key: value for key, value in meta.items() if value})


def _related(word: Word, kinds: Iterable[str]) -> Iterator[_Element]:
    for relation in word.part.rels.values():
        if relation.reltype in kinds and not relation.is_external:
            yield parse_xml(relation.target_part.blob)


def _paragraphs(element: _Element, levels: Mapping[str, int]) -> Iterator[Paragraph]:
    """What stands beneath an element, in its order. libxml2 admits 256 levels of nesting."""
    for child in element:
        if child.tag == qn("w:p"):
            boxes: list[_Element] = []
            level = _level(child, levels)
            for line in "".join(_pieces(child, boxes)).split("\n"):
                yield Paragraph(join_lines([line]), level)
            for box in boxes:
                yield from _paragraphs(box, levels)
        elif child.tag == qn("w:tr"):
            cells = list(_cells(child))
            if len(cells) == 1:  # a frame around text rather than a table
                yield from _paragraphs(cells[0], levels)
            else:
                yield Paragraph(join_cells([_cell(cell) for cell in cells]))
        elif child.tag not in _ABSENT:  # tables, content controls, notes
            yield from _paragraphs(child, levels)


def _cells(row: _Element) -> Iterator[_Element]:
    for child in row:
        if child.tag == qn("w:tc"):
            yield child
        elif child.tag in _CONTROLS:
            yield from _cells(child)


def _cell(cell: _Element) -> str:
    return cell_text(paragraph.text for paragraph in _paragraphs(cell, {}))


def _pieces(element: _Element, boxes: list[_Element]) -> Iterator[str]:
    """The text of a paragraph with its line breaks; its text boxes are put aside."""
    for child in element:
        if child.tag in _TEXT:
            yield (child.text or "").replace("\n", " ")
        elif child.tag in _MARKS:
            yield _MARKS[child.tag]
        elif child.tag == qn("w:txbxContent"):
            boxes.append(child)
        elif child.tag not in _ABSENT and not _hidden(child):
            yield from _pieces(child, boxes)


def _hidden(run: _Element) -> bool:
    mark = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return mark is not None and mark.get(_VALUE) not in {"0", "false"}


def _level(paragraph: _Element, levels: Mapping[str, int]) -> int:
    properties = paragraph.find(qn("w:pPr"))
    if properties is None:
        return 0
    style = properties.find(qn("w:pStyle"))
    named = levels.get(style.get(_VALUE, ""), 0) if style is not None else 0
    return _outline(properties) or named


def _levels(word: Word) -> Mapping[str, int]:
    """The level of each style that makes headings, under its id."""
    return {style.style_id: level for style in word.styles if (level := _style_level(style))}


def _style_level(style: BaseStyle) -> int:
    """By its name, which Word keeps in English, or by its outline; or that of its base."""
    for _ in range(_BODY_TEXT):  # styles may be based on each other in a ring
        if named := _HEADING.fullmatch(style.name or ""):
            return min(int(named[1]), _DEEPEST)
        if style.name == "Title":
            return 1
        properties = style.element.find(qn("w:pPr"))
        if properties is not None and (level := _outline(properties)):
            return level
        base = getattr(style, "base_style", None)
        if base is None:
            return 0
        style = base
    return 0


def _outline(properties: _Element) -> int:
    outline = properties.find(qn("w:outlineLvl"))
    level = int(outline.get(_VALUE, "9")) + 1 if outline is not None else _BODY_TEXT
    return 0 if level >= _BODY_TEXT else min(level, _DEEPEST)
