"""Dates and parts of a year in the other language: 2024年9月 is September 2024, no more exact."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.numbers import numerals
from index.records import Span

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_WORDS = {
    "half": {"上半": "first half", "下半": "second half"},
    "third": {"上": "early", "中": "mid", "下": "late"},
    "quarter": {"一": "first", "二": "second", "三": "third", "四": "fourth"},
}
_HALF, _THIRD, _QUARTER = (f"(?P<{name}>{'|'.join(words)})" for name, words in _WORDS.items())
_HALF_EN, _THIRD_EN, _QUARTER_EN = (
    f"(?P<{name}>{'|'.join(words.values())})" for name, words in _WORDS.items()
)

_Y = r"(?P<y>(?:18|19|20)\d\d|[一二][〇零一二三四五六七八九]{3})年"
_M, _N = (rf"(?P<{name}>1[0-2]|0?[1-9])" for name in "mn")
_D = r"(?P<d>3[01]|[12]\d|0?[1-9])"
_Y_EN = r"(?P<y>(?:18|19|20)\d\d)(?!\d)"
_M_EN, _N_EN = (rf"(?P<{name}>{'|'.join(MONTHS).lower()})(?![a-z])" for name in "mn")
_D_EN = rf"{_D}(?:st|nd|rd|th)?(?![\d:])"
_K = r"(?P<k>\d\d?|[二三四五六七八九十]|two|three|four|five|six|seven|eight|nine|ten|eleven)"

# Folded phrases, and how the other language says them; the first row that fits is taken. In the
# braces come the named parts; a year that is not named is nothing as `in_y`, "the year" as `of_y`.
_TO_ENGLISH = (
    (rf"(?:{_Y})?{_M}(?:月份?)?[-–—~至到]{_N}月份?", "{m} to {n}{in_y}"),
    (rf"(?:{_Y})?{_M}月{_D}[日号]", "{d} {m}{in_y}"),
    (rf"(?:{_Y})?{_M}月{_THIRD}旬", "{third} {m}{in_y}"),
    (rf"(?:{_Y})?{_M}月份?(?!龄)", "{m}{in_y}"),
    (rf"(?:{_Y})?{_HALF}年", "the {half} of {of_y}"),
    (rf"(?:{_Y})?第?{_QUARTER}季度", "the {quarter} quarter of {of_y}"),
    # Without a year and within a sentence, as likely the months before something.
    (rf"(?:{_Y}|^)前{_K}个月", "the first {k} months of {of_y}"),
    (rf"{_Y}[底末]", "the end of {of_y}"),
    (rf"{_Y}初", "the beginning of {of_y}"),
    (rf"{_Y}代", "the {of_y}s"),
    (rf"{_Y}", "{of_y}"),
)
_TO_CHINESE = (
    (rf"{_M_EN}(?: to | ?[-–—] ?){_N_EN}(?:,? {_Y_EN})?", "{in_y}{m}—{n}月"),
    (rf"{_D_EN} (?:of )?{_M_EN}(?:,? {_Y_EN})?", "{in_y}{m}月{d}日"),
    (rf"{_M_EN} {_D_EN}(?:,? {_Y_EN})?", "{in_y}{m}月{d}日"),
    (rf"{_THIRD_EN}[- ]{_M_EN}(?:,? {_Y_EN})?", "{in_y}{m}月{third}旬"),
    (rf"{_M_EN},? {_Y_EN}", "{in_y}{m}月"),
    # Alone only: may and march are verbs more often, and April is a name.
    (rf"^{_M_EN}$", "{m}月"),
    (rf"(?:the )?{_HALF_EN} of (?:{_Y_EN}|the year)", "{in_y}{half}年"),
    (rf"(?:the )?{_QUARTER_EN} quarter of (?:{_Y_EN}|the year)", "{in_y}{quarter}季度"),
    (rf"(?:the )?first {_K} months of (?:{_Y_EN}|the year)", "{in_y}前{k}个月"),
    (rf"(?:the )?{_Y_EN}s", "{in_y}代"),
    (rf"(?:the )?end of {_Y_EN}", "{in_y}底"),
    (rf"(?:the )?beginning of {_Y_EN}", "{in_y}初"),
)


def dates(folded: str, *, to_english: bool) -> Iterator[tuple[Span, str]]:
    """The dates of a folded text, none within another, and what the other language says."""
    taken: list[Span] = []
    for pattern, template in _TO_ENGLISH if to_english else _TO_CHINESE:
        # Not the second half of a range whose first half is no date: 2021—2022年.
        for match in re.finditer(rf"(?<![\da-z.,/–—~-])(?:{pattern})", folded):
            span = Span(*match.span())
            if all(span.end <= other.start or other.end <= span.start for other in taken):
                taken.append(span)
                yield span, template.format(**_said(match.groupdict(), to_english=to_english))


def _said(parts: dict[str, str | None], *, to_english: bool) -> dict[str, str]:
    said = {name: _part(name, text, to_english=to_english) for name, text in parts.items() if text}
    year = said.get("y")
    said["of_y"] = year or "the year"
    said["in_y"] = (f" {year}" if to_english else f"{year}年") if year else ""
    return said


def _part(name: str, text: str, *, to_english: bool) -> str:
    if name in _WORDS:
        to_chinese = {english: chinese for chinese, english in _WORDS[name].items()}
        return _WORDS[name][text] if to_english else to_chinese[text]
    if name in ("m", "n"):
        return MONTHS[int(text) - 1] if to_english else str(MONTHS.index(text.title()) + 1)
    # 四 is a number only before a measure word.
    return next(numerals(f"{text}个")).canonical
