"""Numbers in one notation, whichever they have: 6.34亿, 六亿三千四百万 and 634 million."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import prod

from index.records import Span

_HAN_DIGITS = {"〇": 0, "两": 2} | {char: n for n, char in enumerate("零一二三四五六七八九")}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 10**8, "兆": 10**12}
_ENGLISH_SCALES = {"thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ENGLISH_WORDS = {word: value for value, word in enumerate(_ONES)} | {
    word: 10 * value for value, word in enumerate(_TENS, 2)
}

# Measure words: what may stand behind a number in one word with it.
COUNTERS = "个家户人名位项次场条座所套处张件班年月天日倍种类款批期辆台栋间届国县市区省层元"
_HAN = "零〇一二两三四五六七八九"
# Of characters: Decimal is exact that far.
_LONGEST = 28
# 百 and 万一 by themselves exaggerate or mean something else; but 百余 counts. 三五百 is a guess.
_VAGUE = re.compile(r"^[百千万亿](?![余多])|[一二两三四五六七八九]{2}(?=[十百千万亿])")
_SCALES = "|".join(_ENGLISH_SCALES)
_ONE, _TEN = "|".join(reversed(_ONES)), "|".join(_TENS)
_BELOW_100 = rf"(?:(?:{_TEN})(?:[\s-](?:{_ONE}))?|{_ONE})"
_BELOW_1000 = rf"{_BELOW_100}(?:[\s-]hundred(?:(?:[\s-]and)?[\s-]{_BELOW_100})?)?"
_NUMERAL = re.compile(
    r"(?P<fraction>百分之)?"
    # No part of a version or an address (1.2.3); and 100余万, said of what is a little over
    # 1,000,000, has that for its canonical numeral.
    r"(?:(?<!\d)(?<!\d\.)(?P<digits>\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?!\.?\d)"
    rf"(?:[余多几来]?(?P<units>[十百千万亿兆]{{1,3}})|[\s-]?(?P<scale>hundred|{_SCALES})(?![a-z]))?"
    # A lone Han digit is a number only before a measure word: 一 is in every other word. 十几 is
    # as vague as 几十.
    rf"|(?P<han>[{_HAN}十百千万亿]*[十百千万亿][{_HAN}十百千万亿]*(?:[余多][万亿]+)?(?:点[{_HAN}]+)?"
    rf"|[{_HAN}]+点[{_HAN}]+[万亿]*|[{_HAN}]{{3,}}|(?<=百分之)[{_HAN}百]|(?<![{_HAN}])[二两三四五六七八九](?=[{COUNTERS}]))(?![几数])"
    rf"|(?<![a-z])(?P<words>{_BELOW_1000}(?:[\s-](?:{_SCALES})(?:(?:[\s-]and)?[\s-]{_BELOW_1000})?)*)(?![a-z]))"
    r"(?P<percent>\s?(?:[%‰]|per ?cent(?![a-z])))?"
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number where it stands, and its value in plain decimal digits, with % for a percentage."""

    span: Span
    canonical: str


def numerals(folded: str) -> Iterator[Numeral]:
    """Every number of a folded text, in order: digits with Han or English scale words, Han
    numerals of more than one character or before a measure word, English number words. Those
    with more digits than any amount has are left out: they are names."""
    for match in _NUMERAL.finditer(folded):
        canonical = _canonical(match)
        if canonical and len(canonical) <= _LONGEST:
            yield Numeral(Span(*match.span()), canonical)


def _canonical(match: re.Match[str]) -> str | None:
    percent = "%" if match["fraction"] else (match["percent"] or "").strip()
    percent = percent if percent in ("", "‰") else "%"
    digits = match["digits"]
    if digits and not match["units"] and not match["scale"] and not percent and "," not in digits:
        whole = digits.lstrip("0") == digits or digits.startswith("0.") or not digits.strip("0")
        return _plain(digits) if whole else digits  # 0371 is no 371
    value = _value(match)
    return None if value is None else _plain(f"{value:f}") + percent


def _value(match: re.Match[str]) -> Decimal | None:
    if match["digits"]:
        if len(match["digits"]) > _LONGEST:
            return None
        value = Decimal(match["digits"].replace(",", ""))
        for unit in match["units"] or "":
            value *= _HAN_UNITS[unit]
        return value * {"hundred": 100, **_ENGLISH_SCALES}.get(match["scale"] or "", 1)
    if match["fraction"] and match["han"] == "百":
        return Decimal(100)
    return _han_value(match["han"]) if match["han"] else _english_value(match["words"])


def _han_value(text: str) -> Decimal | None:
    """三千二百 by place, 二〇二二 digit by digit; None for what only exaggerates or is vague
    (千万, 万一, 三五百)."""
    whole, _, rest = text.partition("点")
    decimals = "".join(str(_HAN_DIGITS[char]) for char in rest if char in _HAN_DIGITS)
    scale = prod(_HAN_UNITS[char] for char in rest if char in _HAN_UNITS)
    if all(char in _HAN_DIGITS for char in whole):
        digits = "".join(str(_HAN_DIGITS[char]) for char in whole)
    elif len(whole) > _LONGEST or _VAGUE.search(whole):
        return None
    else:
        digits = str(_by_place(whole))
    return Decimal(f"{digits}.{decimals or 0}") * scale


def _by_place(text: str) -> int:
    """万 and 亿 multiply all that stands before them, but for what a larger one has taken:
    一万二千亿, 六亿三千四百万. A last digit behind 百, 千, 万 or 亿 is a tenth of it: 一万二."""
    total = section = digit = 0
    largest = last = 1
    for char in text:
        unit = _HAN_UNITS.get(char, 0)
        if char in _HAN_DIGITS:
            digit, last = _HAN_DIGITS[char], last if _HAN_DIGITS[char] else 1
        elif unit >= 10_000:
            section += digit
            if unit >= largest:
                total, largest = (total + section or 1) * unit, unit
            else:
                total += section * unit
            section, digit, last = 0, 0, unit
        elif unit:
            section += (digit or 1) * unit
            digit, last = 0, unit
    return total + section + digit * max(last // 10, 1)


def _english_value(text: str) -> Decimal:
    """Each scale multiplies what stands between it and the scale before."""
    total = section = 0
    for word in re.findall("[a-z]+", text):
        if word in _ENGLISH_SCALES:
            total, section = total + section * _ENGLISH_SCALES[word], 0
        elif word == "hundred":
            section *= 100
        else:
            section += _ENGLISH_WORDS.get(word, 0)
    return Decimal(total + section)


def _plain(text: str) -> str:
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
