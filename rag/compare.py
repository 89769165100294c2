"""Which of several amounts a question that compares asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from index.fold import fold_text
from index.numbers import Numeral, numerals

_MUCH, _LITTLE = "多大高长久远快强重宽深晚", "少小低短近慢弱轻窄浅早"
_HIGHEST = re.compile(
    rf"(?:更|较|比较|最)[{_MUCH}]|(?:哪一?[个家]|谁)[^,?]{{0,14}}[{_MUCH}](?:\W*$|[,的])"
    rf"|[{_MUCH}]的(?:那一?[个家]|一[个家方]|是|有)"
    r"|\b(?:which|who|whichever|the one)\b.{0,60}\b(?:more|larger|higher|bigger|greater|longer|most"
    r"|largest|highest)\b|\bwith the (?:larger|higher|bigger|greater|longer)\b"
)
_LOWEST = re.compile(
    rf"(?:更|较|比较|最)[{_LITTLE}]|(?:哪一?[个家]|谁)[^,?]{{0,14}}[{_LITTLE}](?:\W*$|[,的])"
    rf"|[{_LITTLE}]的(?:那一?[个家]|一[个家方]|是|有)"
    r"|\b(?:which|who|whichever|the one)\b.{0,60}\b(?:less|fewer|smaller|lower|shorter|fewest"
    r"|smallest|lowest)\b|\bwith the (?:smaller|lower|shorter)\b"
)
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
    they cannot be compared: each must hold one number, and all be counted in one unit."""
    folded = [fold_text(amount) for amount in amounts]
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
