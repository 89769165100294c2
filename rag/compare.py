"""Which of several amounts a question that compares asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from index.fold import fold_text
from index.numbers import Numeral, numerals

_WHICH = r"(?:哪一?[个家]|谁)"
_MUCH, _LITTLE = "多大高长重宽深", "少小低短轻窄浅"


def _asks(degree: str, english: str) -> re.Pattern[str]:
    """谁的企业更多, 哪个面积大, 多的那个; 最多 and "most" are of any number of things."""
    return re.compile(
        rf"{_WHICH}[^,?]{{0,14}}(?:更|较|比较)[{degree}]|{_WHICH}[^,?]{{0,14}}(?<!最)[{degree}]\W*$"
        rf"|(?<!最)[{degree}]的(?:那一?[个家]|一[个家方])"
        rf"|\bwhich\b[^,:]{{0,60}}\b(?:{english})\b(?! than)|\bwith the (?:{english})\b"
    )


# Not 快, 早 or 近: of days and of ranks the smaller number is the better one.
_HIGHEST = _asks(_MUCH, "more|larger|higher|bigger|greater|longer")
_LOWEST = _asks(_LITTLE, "less|fewer|smaller|lower|shorter")
_RANKED = re.compile(r"^第|排名|位次|\brank")

# Words that make a number an approximate one are no part of its unit.
_ABOUT = re.compile(
    r"[约近超过逾余多至将不低于少\s]|左右|以上|\b(?:over|more than|about|nearly|some|almost)\b"
)


def compares(question: str) -> bool:
    """Whether a question asks which of several things has more of something, or less."""
    folded = fold_text(question)
    return bool(_HIGHEST.search(folded) or _LOWEST.search(folded))


def asked_for(question: str, amounts: Sequence[str]) -> int | None:
    """The place of the amount that the question asks for: the largest or the smallest. None where
    they cannot be compared: each must hold one number that is no rank, and all be counted in one
    unit."""
    folded = [fold_text(amount) for amount in amounts]
    if _RANKED.search(fold_text(question)) or any(map(_RANKED.search, folded)):
        return None
    read = [_amount(text) for text in folded]
    if len(read) < 2 or None in read or len({unit for _, unit in filter(None, read)}) > 1:
        return None
    values = [value for value, _ in filter(None, read)]
    best = (min if _LOWEST.search(fold_text(question)) else max)(values)
    return values.index(best) if values.count(best) == 1 else None


def _amount(folded: str) -> tuple[Decimal, str] | None:
    """Its value, and what it is counted in; None for what is not one number."""
    found: list[Numeral] = list(numerals(folded))
    if len(found) != 1:
        return None
    digits = found[0].canonical.rstrip("%‰")
    around = folded[: found[0].span.start] + folded[found[0].span.end :]
    return Decimal(digits), found[0].canonical[len(digits) :] + _ABOUT.sub("", around)
