"""Pages as the web has them: what stands around the article set apart, what is broken made whole.

In doubt a line stays text: what is set apart is not searched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from index.chunk import size
from index.load import furniture
from index.load.broken import join_broken
from index.load.content import Content
from index.load.prose import ends_sentence, is_prose
from index.load.stated import stated

# In Chinese characters of prose: a text with less has no article for anything to stand around.
_ARTICLE = 100
# In lines: what stands around an article is looked for so far from either end of the text.
_EDGE = 500
# Lines between two that are plainly a menu's, or plainly a notice's, may go with them.
_MENU_GAP, _NOTICE_GAP = 10, 3
# Teasers are no shorter, in Chinese characters, and at least so many of them are cut off.
_TEASER, _CUT_OFF = 40, 2
_LINKS = 2
# A line that is no shorter, in Chinese characters, does not stand there twice by chance.
_SHORTEST_TITLE = 8
_NUMBERED = re.compile(r"[(（]?\d{1,2}[、.．)）]")
_BULLETED = re.compile(r"[•·▪*-]\s")


@dataclass(frozen=True, slots=True)
class _Line:
    """`folded` is empty where nothing is to be set apart."""

    text: str
    folded: str


def clean(content: Content) -> Content:
    """Menus, link lists, notices and teasers become asides, broken paragraphs whole; title,
    publisher and date are found where the page states them. What is `prepared` stays as it is.
    """
    if content.prepared:
        return content
    paragraphs = content.paragraphs
    known = {number for number, paragraph in enumerate(paragraphs) if paragraph.aside}
    inner = range(_EDGE, len(paragraphs) - _EDGE)
    lines = [
        _Line(each.text, "" if each.aside or i in inner else furniture.fold_line(each.text))
        for i, each in enumerate(paragraphs)
    ]
    apart = _apart(lines, known)
    marked = [
        replace(each, aside=True) if i in apart else each for i, each in enumerate(paragraphs)
    ]
    return replace(
        content, paragraphs=tuple(join_broken(marked)), meta={**stated(marked), **content.meta}
    )


def _apart(lines: Sequence[_Line], known: set[int]) -> set[int]:
    """The numbers of the lines to set apart; `known` are those that the format has set apart."""
    notices = _notices(lines)
    others = known | notices
    prose = [i for i, line in enumerate(lines) if i not in others and is_prose(line.text)]
    if sum(size(lines[i].text) for i in prose) < _ARTICLE:
        return known
    teasers = _teasers(lines, prose)
    last = max(i for i in prose if i not in teasers)
    above, inside = range(min(prose[0], _EDGE)), range(prose[0], last)
    below = range(max(last + 1, len(lines) - _EDGE), len(lines))
    return {
        *known,
        *teasers,
        *(i for i in inside if furniture.is_between(lines[i].folded)),
        *(i for i in above[1:] if _is_title_again(lines[i].text, lines[0].text)),
        *_site(lines, notices, above),
        *_site(lines, notices, below),
        *_links(lines, below),
    }


def _is_title_again(text: str, first: str) -> bool:
    return text == first and size(text) >= _SHORTEST_TITLE


def _notices(lines: Sequence[_Line]) -> set[int]:
    """Where the site speaks of itself, with all of a numbered list that mostly does."""
    found = {i for i, line in enumerate(lines) if furniture.is_notice(line.folded)}
    for items in _runs(lines, range(len(lines)), _NUMBERED):
        if 2 * len(found & {*items}) >= len(items):
            found |= {*items}
    return found


def _teasers(lines: Sequence[_Line], prose: Sequence[int]) -> range:
    """Beginnings of other articles, behind the end of this one; an empty range where none are.

    They are paragraphs only, some of them cut off, as none of the article is: another article on
    the same sheet would have its headline, and break as this one does.
    """
    ends = [i for i in range(prose[0], prose[-1]) if furniture.closes(lines[i].folded)]
    if not ends:
        return range(0)
    first = ends[-1] + 1
    long = takewhile(lambda i: size(lines[i].text) >= _TEASER, range(first, len(lines)))
    behind = range(first, first + sum(1 for _ in long))
    article = [lines[i].text for i in prose if i < ends[-1]]
    others = [lines[i].text for i in behind]
    teasing = (
        sum(not ends_sentence(text) for text in others) >= _CUT_OFF
        and all(ends_sentence(text) for text in article)
        and prose[-1] in behind
        and 2 * sum(map(size, others)) <= sum(map(size, article))
    )
    return behind if teasing else range(0)


def _site(lines: Sequence[_Line], notices: set[int], around: range) -> set[int]:
    """Menus, tools and notices of the site."""
    words = {i for i in around if furniture.is_furniture(lines[i].folded)}
    single = {i for i in words if furniture.is_common_word(lines[i].folded)}
    menu = {i for i in words if furniture.is_navigation(lines[i].folded)}
    for items in _runs(lines, around, _BULLETED):
        if items.start and lines[items.start - 1].text.endswith((":", "：")):
            words, menu = words - {*items}, menu - {*items}  # a list of the article's own
        elif len(menu & {*items}) >= _LINKS and all(
            furniture.is_item(lines[i].folded) for i in items
        ):
            menu |= {*items}
    said = notices & {*around}
    return (
        {i for i in words if i not in single or {i - 1, i + 1} & words}
        | {i for i in around if furniture.is_rule(lines[i].text)}
        | _with_gaps(lines, menu, _MENU_GAP, furniture.is_item)
        | _with_gaps(lines, said, _NOTICE_GAP, furniture.is_words)
    )


def _links(lines: Sequence[_Line], below: range) -> set[int]:
    """Lists of what else there is to read."""
    found: set[int] = set()
    if sum(furniture.is_navigation(lines[i].folded) for i in below) >= _LINKS:
        found = {i for i in below if furniture.is_names(lines[i].text)}
    listed = False
    for i in below:
        folded = lines[i].folded
        listed = furniture.is_related(folded) or (listed and furniture.is_headline(folded))
        if listed:
            found.add(i)
    return found


def _with_gaps(
    lines: Sequence[_Line], marks: set[int], gap: int, fits: Callable[[str], bool]
) -> set[int]:
    """The marks with what stands between two that are near, where all of it fits and there is
    no more of it than of marks."""
    found: set[int] = set()
    for one, other in pairwise(sorted(marks)):
        between = range(one + 1, other)
        if len(between) <= gap and all(fits(lines[i].folded) for i in between):
            found |= {*between}
    return marks | found if len(found) <= len(marks) else marks


def _runs(lines: Sequence[_Line], around: range, beginning: re.Pattern[str]) -> Iterator[range]:
    """Neighbouring lines that all begin in one way."""
    start = around.start
    for i in around:
        if not beginning.match(lines[i].text):
            if start < i:
                yield range(start, i)
            start = i + 1
    if start < around.stop:
        yield range(start, around.stop)
