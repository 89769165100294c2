"""Which years a text speaks of."""

from __future__ import annotations

import re

# A number that can be a year, and is no count: no measure word, unit or noun behind it.
_YEAR = re.compile(
    r"(?<![\d.$])(?<!\d,)((?:19|20)\d{2})(?![\d%]|[.,]\d)"
    r"(?=\s*(?:年|[^\w\s]|$)|(?![个家户人名项万亿元多余所条米吨亩])[\u4e00-\u9fff])"
    r"|(?<=\b(?:in|of|by|to)\s)((?:19|20)\d{2})\b"
)

# What a word for a year adds to that of the document's date.
_RELATIVE = (
    (re.compile(r"今年|本年(?!代)|\bthis year\b"), 0),
    (re.compile(r"去年|上年(?!代)|\blast year\b"), -1),
    (re.compile(r"前年|\bthe year before last\b"), -2),
    (re.compile(r"明年|\bnext year\b"), 1),
)


def written_years(folded: str) -> list[int]:
    """The years that a folded text writes out, each once, in order."""
    return list(dict.fromkeys(int("".join(groups)) for groups in _YEAR.findall(folded)))


def years_in(folded: str, date: str | None) -> set[int]:
    """Every year that a folded text writes, and those that it calls 今年, 去年 and so on, where
    the document's date (YYYY, YYYY-MM or YYYY-MM-DD) says which these are."""
    years = set(written_years(folded))
    if date:
        this = int(date[:4])
        years |= {this + shift for pattern, shift in _RELATIVE if pattern.search(folded)}
    return years
