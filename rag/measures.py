"""What a question counts in: money, time, area and so on, by its asking words or by the noun that
it asks for."""

from __future__ import annotations

import re

from index.fold import fold_text
from index.numbers import numerals

# What the question says, and what its answer then holds; the first that is found counts. Folded.
_MEASURES = tuple(
    (re.compile(asked), re.compile(answer))
    for asked, answer in (
        (
            r"百分之几|几成|百分比|百分点|占.{0,12}(?:多少|几)|占比|比例|比重|[增涨降跌]幅|增速"
            r"|增长率|同比|\b(?:percent|percentage|share|proportion|growth rate)\b",
            r"%|‰|百分|[成倍半]|\bper ?cent\b|\bpercentage\b|\btimes\b",
        ),
        (
            r"多久|多长时间|(?<![近前这那])几个?(?:小时|钟头|分钟|工作日|月|星期|周)|(?<![近前这那])几[天日年]|多少[天日年]"
            r"|\bhow long (?:did|does|do|has|have|had|was|were|will|would)\b"
            r"|\bhow many (?:minute|hour|day|week|month|year)s\b",
            r"[年天日月周]|小时|分钟|星期|\b(?:minute|hour|day|week|month|year|centur)",
        ),
        (
            r"面积|多大|平方|\barea\b",
            r"平方|亩|公顷|[ck]?m[2²]|\b(?:square|sq|acre|hectare|mu\b)",
        ),
        (
            r"多少(?:钱|元|资金|[亿万]元)|多少贷款"
            r"|(?:投资|投入|收入|资金|金额|产值|货值|总值|贷款|预算|营收|税收|造价|[交销]\w?额)"
            r"(?:额|总额|强度)?(?:\w{0,4}多少|\W*$)"
            r"|\bhow much (?:money|capital|funding|did .{0,40}\b(?:cost|invest|spend|pay|earn))",
            r"元|币|[$€£¥]|镑|\b(?:yuan|rmb|dollar|euro|pound|yen)",
        ),
        (
            r"多[长高深宽远](?!时间)|公里|[长高宽]度",
            r"米|公里|里|\b(?:kilomet|met|mile|km|feet|foot)",
        ),
        (
            r"第几|老几|排名|排在?几|\brank",
            r"第|榜首|首位|\d(?:st|nd|rd|th)\b|\b(?:first|second|third|top)\b",
        ),
        (r"多[少重].{0,2}吨|多重|\btonn?es\b|\btons\b", r"吨|斤|克|\b(?:tonn?|kilogram|kg)"),
    )
)
# "The zone's output value in 2020": a noun that is measured, with nothing behind it.
_MEASURED = re.compile(
    r"(?:[产货总价增市]值|[金总余差税销成交份]额|[产销总数流质容]量|[比概效利税汇增]率|[人次户件总]数"
    r"|面积|收入|投资|投入|规模|人口|[长高宽厚深]度|[增涨降跌]幅|增速|比例|比重|造价|单价|房价)\W*$"
)
# A measure word says better what is counted than any other word of the question.
_COUNTED = re.compile(
    r"(?:多少|(?<![近前这那])几)[家个项人名所座条户栋位种](?!月|小时|工作日|星期|百分点)"
)
# A lone 一 is in every other word.
_NUMBER = re.compile(
    r"\d|[二两三四五六七八九十百千万亿半]|一(?=[年天日周倍成]|个[月半小])|第一|榜首|首位"
)


def asks_measured(folded: str) -> bool:
    """Whether a folded question without an asking word ends with something that is measured."""
    return bool(_MEASURED.search(folded))


def measure_of(folded: str) -> re.Pattern[str] | None:
    """What the answer to a folded question holds beside a number; None where it does not say."""
    if _COUNTED.search(folded):
        return None
    return next((answer for said, answer in _MEASURES if said.search(folded)), None)


def fits_measure(question: str, words: str) -> bool:
    """Whether the words hold a number, in what the question counts in, where it says so."""
    folded, measure = fold_text(words), measure_of(fold_text(question))
    numbered = _NUMBER.search(folded) or any(numerals(folded))
    return bool(numbered and (measure is None or measure.search(folded)))
