"""Which years a text speaks of."""

from __future__ import annotations

import re

# What is counted, behind a number that is no year, or behind the second of a range; but not the
# nouns that begin with the same character.
_COUNTED = (
    r"(?:\s*[-~–—至到]\s*\d[\d.]*)?\s*"
    r"(?:[个户名万亿千百多余所条米吨亩只头棵株座处辆台栋幢件张位岁天根种间套层步]"
    r"|家(?!庭)|人(?![口均])|项(?!目)|元(?!旦)|平(?!均)|公[里斤顷尺]|年(?:的)?历史)"
)
_NUMBER = r"(?<![\d.$])(?<!\d,)((?:19|20)\d{2})(?![\d%]|[.,]\d)"
# Words that can follow a year in English, where a noun would make it a count.
_AFTER = r"(?=\s+(?:the|a|an|and|or|to|is|are|was|were|it|did|has|had|have|by|in|at|of|on|for)\b)"

_YEAR = re.compile(
    rf"{_NUMBER}(?!{_COUNTED})(?=\s*(?:年|[^\w\s]|$)|[\u4e00-\u9fff])"
    rf"|\bin\s+{_NUMBER}\b(?!{_COUNTED})"
    rf"|\b(?:of|by|to|from|since|until|during|before|after|between)\s+{_NUMBER}\b{_AFTER}"
)

# What a word for a year adds to that of the document's date. Around them stand the other words
# that they are cut out of: 如今|年收入, 今|年轻人.
_RELATIVE = (
    (re.compile(r"(?<![如迄当])今年(?![代均轻])|本年(?![代级龄])|\bthis year\b"), 0),
    (re.compile(r"(?<!过)去年|(?<!以)上年(?![代纪])|\blast year\b"), -1),
    (re.compile(r"(?<![大目空生以之年月日天])前年|\bthe year before last\b"), -2),
    (re.compile(r"大前年"), -3),
    (re.compile(r"(?<![证说表声])明年|\bnext year\b"), 1),
    (re.compile(r"(?<![大今此以之年月日天])后年|\bthe year after next\b"), 2),
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
