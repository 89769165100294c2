"""The figures of a quoted span in the asker's language: 6.5亿元 = 650 million yuan.

Restated from tables, exactly, and phrase by phrase beside what stands in the text; a phrase that
is not surely understood is left out, since a gloss that is nearly right is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from index.fold import fold
from index.numbers import Numeral, numerals
from index.records import Span
from rag.dates import dates
from rag.language import Language, in_script, language_of
from rag.units import BOUNDS, CHINESE_SCALES, ENGLISH_SCALES, UNITS

_NOTES: dict[Language, str] = {
    "zh-Hans": "（系统注：{}）",
    "zh-Hant": "（系統註：{}）",
    "en": " (System's note: {})",
}
_HAN = "\u3400-\u9fff"
_NUMBER = "[\\d零〇一二两三四五六七八九十百千万亿兆]"
_SCALE = "(?:hundred|thousand|million|billion|trillion)"
# No number by itself: ordinals, fractions, ranges and pieces (第3, 几十, 10—20万, 3千5百), a part
# of a word (12-seater), and 兆, which is a million or a trillion.
_PIECE_BEFORE = re.compile(
    rf"(?:[-−–—~:/.第负数几之]|{_NUMBER}|(?:{_NUMBER}|{_SCALE})\s*(?:[至到]|to|and|or))\s*$"
)
_PIECE_AFTER = re.compile(
    rf"[几来分]|[余多]?{_NUMBER}|\s*[-−–—~/]|\s*(?:[至到]|to|or)\s*{_NUMBER}|\s{_SCALE}"
    r"|(?<=兆)"
)
# Where a phrase may end: 人 is no unit in 人次, nor is 元 in 元/亩.
_END = rf"(?:(?=[的和及与至到])|(?![{_HAN}\da-z/]|\s?(?:/|per\b)))"
# 近五年 is the last five years as often as nearly five.
_PERIODS = ("年", "个月", "周", "天")
# No amount that anybody names, and soon more digits than are computed exactly.
_TOO_LARGE = 10**16


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of one language before and behind a number, each with what the other says."""

    units: Mapping[str, str]
    leading: Mapping[str, str]
    trailing: Mapping[str, str]
    letter: str

    def before(self, text: str, start: int) -> re.Match[str] | None:
        """Leftmost, and so the longer of 不超过 and 超过."""
        bound = rf"(?:(?<![a-z没未])(?<!没有)({_any_of(self.leading)})\s*)?$"
        return re.compile(bound).search(text, 0, start)

    def after(self, text: str, end: int) -> re.Match[str] | None:
        bound = _any_of(self.trailing)
        unit = rf"(?:\s?({_any_of(self.units)})(?=(?:{bound})?{_END}))?"
        return re.compile(rf"({bound})?{unit}(?:\s?({bound}){_END})?").match(text, end)


def _any_of(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def _bounds(rows: Iterable[tuple[list[str], str]]) -> tuple[dict[str, str], dict[str, str]]:
    """Those that stand before what they bound, and those behind it."""
    said = {words: other for row, other in rows for words in row}
    return (
        {words[:-2].strip(): other for words, other in said.items() if words.endswith("{}")},
        {words[2:].strip(): other for words, other in said.items() if words.startswith("{}")},
    )


_CHINESE = _Words(
    {word: english for english, chinese in UNITS for word in chinese.split()},
    *_bounds((chinese.split(), english.split("|")[0]) for english, chinese in BOUNDS),
    letter=f"[{_HAN}]",
)
_ENGLISH = _Words(
    {
        spelling: chinese.split()[0]
        for english, chinese in UNITS
        for word in filter(None, english.casefold().split("|"))
        for spelling in (word, word.replace("metre", "meter"))
    },
    *_bounds((english.split("|"), chinese.split()[0]) for english, chinese in BOUNDS),
    letter="[a-z]",
)


def system_note(spans: Iterable[str], language: Language) -> str | None:
    """What the system says behind an answer in another language than the asker's: the figures of
    its spans restated; None where there is nothing to say."""
    crossing = [span for span in spans if (language_of(span) == "en") != (language == "en")]
    glosses = dict.fromkeys(filter(None, (gloss(span, language) for span in crossing)))
    return _NOTES[language].format("; ".join(glosses)) if glosses else None


def gloss(text: str, language: Language) -> str | None:
    """Each figure and date of a text, as it stands there and as `language` says it: English for
    a Chinese text, Chinese for an English one. None where none is surely understood."""
    folded = fold(text)
    found = list(dates(folded.text, to_english=language == "en"))
    days = [day for day, _ in found]
    for numeral in numerals(folded.text):
        if all(numeral.span.end <= day.start or day.end <= numeral.span.start for day in days):
            found.extend(_amount(folded.text, numeral, to_english=language == "en"))
    found.sort(key=lambda pair: pair[0].start)
    pairs = [
        f"{text[slice(*folded.original(span.start, span.end))]} = {in_script(said, language)}"
        for span, said in found
        # Digits that stand there already need no restating (21個).
        if said not in folded.text[span.start : span.end]
    ]
    return "; ".join(pairs) or None


def _amount(folded: str, numeral: Numeral, *, to_english: bool) -> list[tuple[Span, str]]:
    """The phrase around a number with what the other language says; nothing for one that is not
    surely understood, or that is all digits."""
    words = _CHINESE if to_english else _ENGLISH
    start, end = numeral.span.start, numeral.span.end
    before, after = words.before(folded, start), words.after(folded, end)
    if not before or not after:
        return []
    leading, (inner, unit, trailing) = before[1], after.groups()
    span = Span(before.start(), after.end())
    phrase = folded[span.start : span.end]
    bounds = {words.leading[leading]} if leading else set()
    # 余 and 多 may also stand within a number: 250余万.
    bounds |= {
        words.trailing[w] for w in (inner, trailing, *folded[start:end]) if w in words.trailing
    }
    digits = numeral.canonical.rstrip("%‰")
    value, percent = Decimal(digits), numeral.canonical[len(digits) :]
    bare = unit is None and not percent
    unsure = (
        _PIECE_BEFORE.search(folded, 0, span.start),
        _PIECE_AFTER.match(folded, end),
        len(bounds) > 1,
        re.search("[几来]", folded[start:end]),
        leading == "近" and unit in _PERIODS,
        # 22年 may be 22 years, 2022 or 民国22年.
        not bounds and re.search(r"\d\d年$", phrase),
        # 十二 and twelve are often a part of a name.
        bare and not folded[start].isdigit() and phrase != folded,
        # What is counted is unknown, and may be 成, tenths; 5亿 is an amount whatever is counted.
        bare and phrase[-1] not in "万亿" and re.match(words.letter, folded[span.end :]),
        value >= _TOO_LARGE,
        not re.search(words.letter, phrase),
    )
    if any(unsure):
        return []
    said = f"{_plain(value)}{percent}" if percent else _number(value, to_english=to_english)
    said += _counted(words.units.get(unit, ""), value, to_english=to_english)
    return [(span, bounds.pop().format(said) if bounds else said)]


def _counted(unit: str, value: Decimal, *, to_english: bool) -> str:
    one, _, several = unit.partition("|")
    noun = several if several and value != 1 else one
    return f" {noun}" if noun and to_english else noun


def _number(value: Decimal, *, to_english: bool) -> str:
    """With the largest scale that leaves at most four decimals; without one, all of it."""
    for power, name in ENGLISH_SCALES if to_english else CHINESE_SCALES:
        scaled = value.scaleb(-power)
        if scaled >= 1 and scaled == round(scaled, 4):
            return f"{_plain(scaled)}{name}"
    return f"{value.normalize():,f}" if to_english else _plain(value)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
