"""The words of a sentence that answer, found by the kind of answer that is asked for."""

from __future__ import annotations

import re

from index.fold import fold
from index.records import Span
from rag.question import Asked, Kind

_DIGITS = r"\d+(?:[.,]\d+)*"
_HAN_NUMBER = r"[一二两三四五六七八九十百千]+"
_SCALE = r"(?:[十百千万亿]+|(?:hundred|thousand|million|billion|trillion)\b)?"
_COUNTERS = (
    r"(?:美元|欧元|元/亩|元|人民币|平方公里|平方千米|平方米|公里|立方米|万?吨|亩|个百分点|个|家|户|项|人|名|位|"
    r"次|场|条|座|所|套|处|张|件|班|年|天|日|小时|分钟|倍|分|种|类|款|批|期|米|辆|台|栋|间|届|亿|万|"
    r"%|‰|percent\b|per cent\b|yuan\b|dollars?\b|square (?:kilomet\w+|met\w+)|[a-z]+\b)?"
)
_APPROXIMATELY = r"(?:约|近|超过?|逾|将近|不低于|不少于|over |about |nearly |more than |some )?"
_QUANTITY = re.compile(
    rf"{_APPROXIMATELY}(?:us\$|\$|rmb ?)?"
    rf"(?:{_DIGITS}|{_HAN_NUMBER}(?=[家个项名人处条座所成倍万亿]))"
    rf"[余多]?{_SCALE}[余多]?\s?{_COUNTERS}[余多]?(?:以上|左右)?"
)
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_DATE = re.compile(
    r"(?:(?:19|20)\d{2}年)?\d{1,2}月(?:\d{1,2}[日号]|[上中下]旬|份)?|(?:19|20)\d{2}年|"
    rf"(?:\d{{1,2}} )?(?:{_MONTHS})(?: \d{{1,2}},)?(?: \d{{4}})?|\b(?:19|20)\d{{2}}\b|"
    r"(?:19|20)\d{2}-\d{2}(?:-\d{2})?"
)
_YEAR = re.compile(r"(?:(?:19|20)\d{2}年?|\d{1,2}月份?)$")
# A name beside a post; Chinese names have a surname and one or two characters more.
_POST = r"(?:书记|主任|区长|县长|市长|局长|董事长|总经理|负责人|记者|院长|校长|部长|省长|主席)"
_PERSON = re.compile(
    rf"{_POST}(?P<after>[\u4e00-\u9fff]{{2,3}}?)(?=[\(（、,，表说在介指认称:： ]|$)"
)

# What can answer a question of each kind, and which group of the match it is.
_PATTERNS: dict[Kind, tuple[re.Pattern[str], str | int]] = {
    "quantity": (_QUANTITY, 0),
    "date": (_DATE, 0),
    "person": (_PERSON, "after"),
}


def answer_spans(asked: Asked, sentence: str) -> list[Span]:
    """At most one span of the sentence, as positions in it; none where no rule is sure."""
    folded = fold(sentence)
    candidates = _found(asked.kind, folded.text)
    if asked.kind == "quantity":
        candidates = [c for c in candidates if not _YEAR.match(folded.text[c.start : c.end])]
        counted = [c for c in candidates if asked.counter in folded.text[c.start : c.end]]
        candidates = counted if asked.counter and counted else candidates
    candidates = [c for c in candidates if not _repeats(asked, folded.text[c.start : c.end])]
    if not candidates:
        return []
    best = min(candidates, key=lambda span: (_distance(asked, folded.text, span), span.start))
    return [Span(*folded.original(best.start, best.end))]


def _found(kind: Kind, text: str) -> list[Span]:
    if kind not in _PATTERNS:
        return []
    pattern, group = _PATTERNS[kind]
    return [Span(*m.span(group)) for m in pattern.finditer(text) if m[group].strip()]


def _repeats(asked: Asked, span: str) -> bool:
    """What the question already says is not what it asks for."""
    return span.strip() in asked.content


def _distance(asked: Asked, text: str, span: Span) -> float:
    """Characters to what the question is about, each of its words at its nearest place; words
    before a figure say what it counts more often than words behind it."""
    total = 0.0
    for word in asked.content:
        places = [m.start() for m in re.finditer(re.escape(word), text)]
        gaps = [
            span.start - (p + len(word)) if p < span.start else 2 * (p - span.end) for p in places
        ]
        total += min((min(max(gap, 0), 40) for gap in gaps), default=40)
    return total
