"""What a page says of itself: its title, who published it, and when.

Only the lines above the first paragraph of prose are believed, and marks that say what they are.
What a page does not say is left out, and so is a date of which it has two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date as Date  # noqa: N812 - `date` is what is found

from index.chunk import size
from index.fold import HAN
from index.load.content import Paragraph
from index.load.prose import ends_sentence, is_prose

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?:{'|'.join(_MONTHS)})[a-z]*\.?"
_DAYS = (
    re.compile(
        r"(?<!\d)(?P<y>\d{4})\s*[-年./]\s*(?P<m>\d{1,2})\s*[-月./]\s*(?P<d>\d{1,2})"
        rf"(?:日|(?!\d))(?![{HAN}])"
    ),
    re.compile(rf"\b(?P<d>\d{{1,2}})\s+(?P<m>{_MONTH}),?\s+(?P<y>\d{{4}})\b", re.I),
    re.compile(rf"\b(?P<m>{_MONTH})\s+(?P<d>\d{{1,2}}),?\s+(?P<y>\d{{4}})\b", re.I),
)
_PUBLISHED = re.compile(
    r"(?<!\w)(?:(?:[发發][布佈]|[发發]表|刊[发發登])(?:[时時][间間]|日期|[于於])"
    r"|(?:published|posted)(?:\s+on)?|publication date)\s*[:：]?\s*",
    re.I,
)
# At a line's beginning or behind a space: 图片来源 is that of a picture.
_SOURCE = re.compile(
    r"(?:^|[\s(（|])(?:(?:[新稿][闻聞件]|文章|信息)?[来來]源|source)\s*[:：]\s*"
    rf"(?P<name>[{HAN}][^\s\d|。，,:：()（）]{{1,29}}(?=[\s|，,()（）]|$)"
    r"|[A-Z][A-Za-z'’&. -]{1,39}?(?=\s\s|\s*[|·,(]|$))",
    re.I,
)
_NO_PUBLISHER = re.compile(r"网络|網絡|网上|互联网|互聯網|本站|本网|原创|原創|未知|整理|综合|不详")
_BYLINE = re.compile(r"[(（]?(?:作者|[记記]者|通[讯訊][员員]|[文图圖]\s*[/／])|by\s+\w", re.I)
# How a report begins that names its paper or agency: 某某网讯(…), 某某社某地5月27日电.
_OPENING = re.compile(
    rf"[(（【]?(?:(?P<paper>[{HAN}]{{2,7}}[网網报報台臺])[讯訊]\s*[(（】:：]"
    rf"|(?P<agency>[{HAN}]{{1,4}}?[社网網])[{HAN}]{{0,8}}\d{{1,2}}月\d{{1,2}}日[电電讯訊])"
)
# What a site's notice calls the works that are its own.
_OWN_WORKS = re.compile(
    r"凡本[网網站报報]注明[“\"「]\s*[来來]源\s*[:：]\s*(?P<name>[^”\"」]{2,20})[”\"」]"
)
_SUMMARY = re.compile(r"(?:摘要|核心提示|[导導][读讀]|[内內]容提要|abstract)\s*[:：]", re.I)
_SUFFIX = re.compile(r"\.(?:docx?|pptx?|xlsx?|pdf|txt|wps)$", re.I)
_FIGURE = re.compile(r"\d+\s")
_LABELLED = re.compile(
    rf"[{HAN}]{{1,4}}\s*[:：]|[•·▪*#-]\s|[(（]?[\d一二三四五六七八九十]+[、.．)）]"
)
# In lines above the first paragraph.
_NEAR = 50
_LONGEST_LINE = 200
_SHORTEST_TITLE, _LONGEST_TITLE = 4, 60


def stated(paragraphs: Sequence[Paragraph]) -> Mapping[str, str]:
    """The `title`, `publisher` and `date` (ISO 8601) that are stated; none where there is no
    prose."""
    first = next((i for i, p in enumerate(paragraphs) if not p.aside and is_prose(p.text)), None)
    if first is None:
        return {}
    above = paragraphs[max(first - _NEAR, 0) : first]
    lines = [p.text[:_LONGEST_LINE] for p in above if not p.aside]
    opening = paragraphs[first].text
    notices = (p.text for p in paragraphs if p.aside)
    found = {
        "title": None if any(p.level for p in above) else _title(lines, opening),
        "publisher": _publisher(lines, opening, notices),
        "date": _date(lines),
    }
    return {name: value for name, value in found.items() if value}


def _title(lines: Sequence[str], opening: str) -> str | None:
    """The line over the one that says who wrote or published it, or sums it up; else the only
    one, where the prose below begins and does not go on. A file's name loses its suffix."""
    about = next((i for i, line in enumerate(lines) if _is_about(line)), None)
    over = len(lines) if about is None else about
    goes_on = opening[0].islower() or _FIGURE.match(opening)
    if not over or (about is None and (over > 1 or goes_on)):
        return None
    title = _SUFFIX.sub("", lines[over - 1])
    return title if _is_title(title) else None


def _is_about(line: str) -> bool:
    return any(
        (_SOURCE.search(line), _PUBLISHED.search(line), _BYLINE.match(line), _SUMMARY.match(line))
    )


def _is_title(line: str) -> bool:
    return (
        _SHORTEST_TITLE <= size(line) <= _LONGEST_TITLE
        and not ends_sentence(line)
        and not line.endswith(tuple(",，、:：;；"))
        and not _LABELLED.match(line)
        and not any(_days(line))
    )


def _publisher(lines: Sequence[str], opening: str, notices: Iterable[str]) -> str | None:
    for line in lines:
        if (source := _SOURCE.search(line)) and not _NO_PUBLISHER.match(source["name"]):
            return source["name"]
    if begun := _OPENING.match(opening):
        return begun["paper"] or begun["agency"]
    own = next(filter(None, map(_OWN_WORKS.search, notices)), None)
    return own["name"] if own else None


def _date(lines: Iterable[str]) -> str | None:
    """The one day that is said to be that of publication, or stands beside the source."""
    found: set[str] = set()
    for line in lines:
        if published := _PUBLISHED.search(line):
            found |= {day for day, start in _days(line) if start == published.end()}
        elif _SOURCE.search(line):
            found |= {day for day, _ in _days(line)}
    return found.pop() if len(found) == 1 else None


def _days(text: str) -> Iterator[tuple[str, int]]:
    """The days of the calendar that a text writes out, in ISO 8601, and where each begins."""
    for match in (match for pattern in _DAYS for match in pattern.finditer(text)):
        month = match["m"][:3].lower()
        number = _MONTHS.index(month) + 1 if month in _MONTHS else int(month)
        try:
            yield Date(int(match["y"]), number, int(match["d"])).isoformat(), match.start()
        except ValueError:
            continue
