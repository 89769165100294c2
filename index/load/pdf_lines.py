"""The lines of printed pages as paragraphs: what runs on is joined, over the page's edge too, and
what stands on every page is set apart.

Lengths are in points, heights from the lower edge of a page. The rules say where a paragraph ends,
and in doubt it does: two halves can still be found, two paragraphs made one mislead.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import multimode

from index.load.content import Paragraph, join_lines


@dataclass(frozen=True, slots=True)
class Line:
    """`size` is the font's. A `parted` line ends in mid-word, and its hyphen was taken off."""

    text: str
    page: int
    left: float
    right: float
    baseline: float
    size: float
    parted: bool = False


# One of a page's two highest or lowest lines is furniture where so many pages have it, or both of
# two.
_EXTREMES = 2
_RECURS = 3
# A line with a sentence's punctuation is text, however often it stands there.
_SENTENCE = re.compile(r"[，。；！？]|[.;!?] ")
_PAGE_NUMBER = re.compile(r"[\W_]*(?:第\s*)?(\d{1,4})(?:\s*页)?[\W_]*")

# In shares of the font's size: how far an indent goes in, how far apart the lines of a column
# begin, how far apart lines are that are not parted by more than the usual.
_INDENT = 0.8
_COLUMN = 3.0
_PITCH = 2.0
_LOOSE = 1.25  # of the usual distance
_SAME_SIZE = 0.1
_HEADING_SIZE = 1.2
_NARROWEST = 8.0  # what a paragraph is set in; narrower are the entries of lists
_ROW = 1.6  # the width of a line by that of its characters, where gaps part the cells of a row

_ENDS = tuple("。！？；：….!?;:”’」』）)")
_BULLET = re.compile(r"[•·●■◆▪◦]")
_NUMBERED = re.compile(r"[•·●■◆▪◦–—]|\(?\d{1,3}[.)、）]|[（(]?[一二三四五六七八九十]{1,3}[、）)]")
_FIRST_WORD = re.compile(r"[!-~\u00a1-\u024f]+|.")
_WORD = re.compile(r"\w+(?:-\w+)*")


def paragraphs_of(pages: Sequence[Sequence[Line]]) -> Iterator[Paragraph]:
    """The paragraphs in order, each with the page on which it begins."""
    furniture = _furniture(pages)
    body = [line for page in pages for line in page if line not in furniture]
    layout = _Layout(body)
    asides: list[Paragraph] = []
    running: list[Line] = []
    for line in (line for page in pages for line in page):
        if line in furniture:
            asides.append(Paragraph(line.text, aside=True, page=line.page))
            continue
        if running and not layout.runs_on(running[-1], line, first=len(running) == 1):
            yield layout.paragraph(running)
            # What stood between two halves of a paragraph follows the whole.
            yield from asides
            running, asides = [], []
        running.append(line)
    if running:
        yield layout.paragraph(running)
    yield from asides


class _Layout:
    """What is usual among the lines of a document, and which of them belong together."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._words = Counter(word for line in lines for word in _WORD.findall(line.text))
        characters: Counter[float] = Counter()
        for line in lines:
            characters[round(line.size, 1)] += len(line.text)
        self._body_size = characters.most_common(1)[0][0] if characters else 0
        self._pitches = _pitches(lines)
        # Of the lines that begin near each other on a page: the least left and the greatest right.
        self._edges: dict[tuple[int, int, int], tuple[float, float]] = {}
        for line in lines:
            left, right = self._edges.get(_column(line), (line.left, line.right))
            self._edges[_column(line)] = min(left, line.left), max(right, line.right)

    def paragraph(self, lines: Sequence[Line]) -> Paragraph:
        level = 2 if lines[0].size >= _HEADING_SIZE * self._body_size else 0
        return Paragraph(self._joined(lines), level, page=lines[0].page)

    def runs_on(self, line: Line, following: Line, *, first: bool) -> bool:
        """Whether the second belongs to the paragraph of the one before, its `first` or not."""
        if line.parted or _parted_at_edge(line, following):
            return True
        if (
            abs(line.size - following.size) > _SAME_SIZE * line.size
            or line.right - line.left < _NARROWEST * line.size
            or _is_row(line)
            or _is_row(following)
            or self._ends_short(line, following)
            or _BULLET.match(following.text)
            or (line.text.endswith(_ENDS) and _NUMBERED.match(following.text))
        ):
            return False
        step = line.baseline - following.baseline
        if line.page == following.page and step > 0:
            usual = self._pitches.get(round(line.size), _PITCH * line.size)
            hangs = first and _NUMBERED.match(line.text)
            indented = following.left - line.left > _INDENT * line.size
            return step <= _LOOSE * usual and (not indented or bool(hangs))
        # At the head of another column, or of the next page.
        indented = following.left - self._edges_of(following)[0] > _INDENT * line.size
        return following.page - line.page <= 1 and not indented and not line.text.endswith(_ENDS)

    def _ends_short(self, line: Line, following: Line) -> bool:
        """Whether the next word would have fitted; a punctuation mark may have kept it away."""
        word = _FIRST_WORD.match(following.text)
        return (
            line.right + (_ems(word[0] if word else "") + 1) * line.size < self._edges_of(line)[1]
        )

    def _edges_of(self, line: Line) -> tuple[float, float]:
        page, size, place = _column(line)
        near = [self._edges.get((page, size, place + step)) for step in (-1, 0, 1)]
        found = [edges for edges in near if edges]
        return min(left for left, _ in found), max(right for _, right in found)

    def _joined(self, lines: Sequence[Line]) -> str:
        pieces = [lines[0].text]
        for line, following in pairwise(lines):
            if line.parted or _parted_at_edge(line, following):
                pieces[-1] = self._mended(pieces[-1].removesuffix("-"), following.text)
            else:
                pieces.append(following.text)
        return join_lines(pieces)

    def _mended(self, head: str, tail: str) -> str:
        """A word is written with its hyphen where the document also writes it so in one line."""
        before, after = re.search(r"\w*$", head), re.match(r"\w*", tail)
        parts = (before[0] if before else "", after[0] if after else "")
        hyphen = "-" if self._words["-".join(parts)] > self._words["".join(parts)] else ""
        return head + hyphen + tail


def _ems(text: str) -> float:
    """About how wide it is, in sizes of the font."""
    return sum(0.5 if char < "\u2000" else 1.0 for char in text)


def _is_row(line: Line) -> bool:
    return line.right - line.left > _ROW * _ems(line.text) * line.size


def _parted_at_edge(line: Line, following: Line) -> bool:
    """A hyphen at the end of a page, whose other half stands on the next."""
    ends = re.search(r"[^\W\d_]-$", line.text)
    return bool(ends) and following.page == line.page + 1 and following.text[0].islower()


def _column(line: Line) -> tuple[int, int, int]:
    return line.page, round(line.size), int(line.left // (_COLUMN * line.size))


def _pitches(lines: Sequence[Line]) -> Mapping[int, float]:
    """The usual distance between the baselines of lines, for each size of font."""
    steps: defaultdict[int, list[float]] = defaultdict(list)
    for line, following in pairwise(lines):
        step = line.baseline - following.baseline
        size = round(line.size)
        alike = line.page == following.page and size == round(following.size)
        if alike and 0 < step < _COLUMN * line.size:
            steps[size].append(round(step, 1))
    return {size: min(multimode(found)) for size, found in steps.items()}


def _furniture(pages: Sequence[Sequence[Line]]) -> set[Line]:
    """Headers, footers and page numbers: what stands at the same height of several pages, and says
    the same but for the number of the page."""
    outer = [line for page in pages for line in _outermost(page) if not _SENTENCE.search(line.text)]
    found: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    for line in outer:
        for key in _keys(line):
            found[key].add(line.page)
    many = max(2, min(_RECURS, len(pages)))
    furniture = {line for line in outer if any(len(found[key]) >= many for key in _keys(line))}
    for page in pages:
        lowest = min(page, key=lambda line: line.baseline, default=None)
        number = lowest and _PAGE_NUMBER.fullmatch(lowest.text)
        if lowest and number and int(number[1]) == lowest.page:
            furniture.add(lowest)
    return furniture


def _outermost(page: Sequence[Line]) -> Iterator[Line]:
    heights = sorted({line.baseline for line in page})
    outermost = {*heights[:_EXTREMES], *heights[-_EXTREMES:]}
    return (line for line in page if line.baseline in outermost)


def _keys(line: Line) -> Iterator[tuple[str, int]]:
    """What it says, and what it says where one of its numbers counts the pages."""
    height = round(line.baseline)
    yield line.text, height
    for number in re.finditer(r"[0-9]{1,6}", line.text):
        counted = int(number[0]) - line.page
        yield f"{line.text[: number.start()]}\0{counted}\0{line.text[number.end() :]}", height
