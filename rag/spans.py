"""The words of a sentence that answer, found by the kind of answer that is asked for."""

from __future__ import annotations

import re
from collections.abc import Callable

from index.fold import fold, fold_text
from index.records import Span
from rag.measures import measure_of
from rag.question import Asked, Kind

_DIGITS = r"\d+(?:[.,]\d+)*"
_HAN_DIGITS = "零〇一二两三四五六七八九十百千万亿"
_HAN_NUMBER = r"[一二两三四五六七八九十百千]+"
# Of two digits with a scale between or behind them; one alone may be part of a word (一般).
_LONG_HAN_NUMBER = rf"[一二两三四五六七八九十百千]+[十百千万亿][{_HAN_DIGITS}]+"
_SCALE = r"(?:[十百千万亿]+|\s?(?:hundred|thousand|million|billion|trillion)\b)?"
_UNITS = (
    r"美元|欧元|元/亩|元|人民币|平方公里|平方千米|平方米|公里|立方米|万?吨|个?小时|个月|个工作日|"
    r"个?星期|公斤|千克|亩|个百分点|个|家|户|项|人|名|位|次|场|条|座|所|套|处|张|件|班|年|天|日|小时|分钟|倍|分|种|类|"
    r"款|批|期|米|辆|台|栋|间|届|[ck]?m[23]|kg|%|‰|percent\b|per cent\b|yuan\b|dollars?\b|"
    r"square (?:kilomet\w+|met\w+)"
)
APPROXIMATELY = r"(?:约|近|超过?|逾|将近|不低于|不少于|over |about |nearly |more than |some )?"


def _amount(units: str) -> re.Pattern[str]:
    """A number, with what it is counted in where that is one of the units."""
    return re.compile(
        rf"{APPROXIMATELY}(?:us\$|\$|rmb ?)?"
        rf"(?:{_DIGITS}|百分之[零〇一二三四五六七八九十百点]+"
        rf"|{_LONG_HAN_NUMBER}|{_HAN_NUMBER}(?=[家个项名人处条座所成倍万亿]))"
        rf"[余多]?{_SCALE}[余多]?(?:\s?(?:{units}))?[余多]?(?:以上|左右)?"
    )


# In English any noun is counted; but none is a unit: of "40 parks" the 40 answers.
_QUANTITY = _amount(rf"{_UNITS}|[a-z]+\b")
_WITH_UNIT = _amount(_UNITS)
_MONTH = (
    "(?:january|february|march|april|june|july|august|september|october|november|december"
    # "may" is a verb far more often than a month.
    r"|(?<=\d )may|may(?= \d))"
)
_ORDINAL = re.compile(rf"第(?:{_DIGITS}|{_HAN_NUMBER})[名位]?|榜首|首位")
_DATE = re.compile(
    r"(?:19|20)\d{2}-\d{2}(?:-\d{2})?"
    r"|(?:(?:19|20)\d{2}年)?\d{1,2}月(?:\d{1,2}[日号]|[上中下]旬|份)?|(?:19|20)\d{2}年"
    rf"|(?:\b\d{{1,2}} )?\b{_MONTH}\b(?: \d{{1,2}}\b)?(?:,? \d{{4}})?|\b(?:19|20)\d{{2}}\b"
)
# A name behind a post; Chinese names have a surname and one or two characters more.
_POST = r"(?:书记|主任|区长|县长|市长|局长|董事长|总经理|负责人|记者|院长|校长|部长|省长|主席)"
_SPEAKS = "(?:表示|介绍|指出|认为|强调|透露|要求|告诉|称|说)"
_PERSON = re.compile(
    rf"(?P<post>{_POST})(?!{_SPEAKS})(?P<name>[\u4e00-\u9fff]{{2,3}}?)"
    rf"(?=[\(（、,，。:： ]|{_SPEAKS}|在|$)"
)


def answer_spans(asked: Asked, sentence: str) -> list[Span]:
    """At most one span of the sentence, as positions in it; none where no rule is sure."""
    folded = fold(sentence)
    candidates = _CANDIDATES[asked.kind](asked, folded.text)
    if not candidates:
        return []
    best = min(candidates, key=lambda span: (_distance(asked, folded.text, span), span.start))
    return [Span(*folded.original(best.start, best.end))]


def whole(asked: Asked, text: str, span: Span) -> Span:
    """With the unit of the number, or the month of the year, that a span breaks off before."""
    pattern = _WHOLE.get(asked.kind)
    if pattern is None or (asked.kind == "date" and _YEAR_ONLY.search(fold_text(asked.text))):
        return span
    begun = max(0, span.start - _REACH)
    folded = fold(text[begun : span.end + _REACH])
    for match in pattern.finditer(folded.text):
        start, end = (begun + place for place in folded.original(*match.span()))
        if start < span.end <= end:
            cut = _NUMERAL.fullmatch(fold_text(text[start : span.start]))
            return Span(start if cut else span.start, end)
    return span


def one_number(asked: Asked, text: str) -> bool:
    """Whether a text has one number only, or only one in what the question counts in."""
    folded = fold_text(text)
    measure = measure_of(fold_text(asked.text))
    numbers = [_text(folded, span) for span in _found(_QUANTITY, folded)]
    return len(numbers) == 1 or sum(bool(measure and measure.search(n)) for n in numbers) == 1


def _quantities(asked: Asked, text: str) -> list[Span]:
    """Numbers that are no part of a date and not what the question says already; those with the
    measure word that it asks for, where there are any."""
    dates = _found(_DATE, text)
    quantities = [
        span
        for span in _found(_QUANTITY, text)
        if not any(date.start < span.end and span.start < date.end for date in dates)
        and not set(re.findall(r"\d+(?:\.\d+)?", _text(text, span))) & set(asked.figures)
    ]
    counted = [span for span in quantities if asked.counter and asked.counter in _text(text, span)]
    measure = measure_of(fold_text(asked.text))
    measured = [
        span
        for span in (*quantities, *_found(_ORDINAL, text))
        if measure and measure.search(_text(text, span))
    ]
    return counted or measured or quantities


def _dates(asked: Asked, text: str) -> list[Span]:
    return [span for span in _found(_DATE, text) if _text(text, span) not in asked.figures]


def _persons(asked: Asked, text: str) -> list[Span]:
    """Names behind a post, which must be the one that the question names, if it names any."""
    question = fold_text(asked.text)
    matches = list(_PERSON.finditer(text))
    named = [match for match in matches if match["post"] in question]
    if not named and re.search(_POST, question):
        return []
    return [Span(*match.span("name")) for match in named or matches]


def _nothing(asked: Asked, text: str) -> list[Span]:
    return []


_WHOLE: dict[Kind, re.Pattern[str]] = {"quantity": _WITH_UNIT, "date": _DATE}
_YEAR_ONLY = re.compile(r"哪一?年(?!.*[月日])|\b(?:what|which) year\b")
_REACH = 16
_NUMERAL = re.compile(r"[\d.,零〇一二两三四五六七八九十百千万亿]+")

_CANDIDATES: dict[Kind, Callable[[Asked, str], list[Span]]] = {
    "quantity": _quantities,
    "date": _dates,
    "person": _persons,
    "other": _nothing,
}


def _found(pattern: re.Pattern[str], text: str) -> list[Span]:
    return [Span(*match.span()) for match in pattern.finditer(text)]


def _text(text: str, span: Span) -> str:
    return text[span.start : span.end]


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
