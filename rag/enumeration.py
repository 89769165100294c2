"""Lists: what a question that asks for one is answered by, from the first thing to the last."""

from __future__ import annotations

import re

from index.fold import fold
from index.records import Span

_ASKS = re.compile(
    r"哪些|哪[几两二三四五六七八九十](?![年天月日])|有(?:什么|谁)|(?:都|分别)是(?:什么|谁)|几[个大]?方"
    r"|\bwhich (?:\w+ ){0,3}?(?:(?!(?:is|was|has|does|this)\b)\w+s|people)\b"
    r"|\bwhat (?:\w+ ){0,2}?\w+s (?:are|were|does|do|did)\b"
    r"|\bwhat are\b|\bname (?:the|all|some)\b|\blist\b"
)

# A thing has no mark in it, but for quotation marks and brackets.
_THING = r"[^\s。、,;:!?][^。、,;:!?\n]{0,24}?"
_MORE = rf"(?:、{_THING})"
# Behind the last thing: the end of a clause, 等, or a number that sums up ("三大板块").
_END = (
    r"(?=[,。;:!?\n]|$|等|已|(?<![人平])均(?!衡|匀|值)"
    r"|(?<!\d)(?:[一二两三四五六七八九十]|\d+)[余多]?(?:大|方|[个家项类种座省市](?!\w)))"
)
_LIST = re.compile(rf"{_THING}{_MORE}+(?:(?:和|及|以及|与)\s?{_THING})?{_END}")
_AND = re.compile(r"[、和与與及]")
# What a list is of stands before its first thing: words that lead to lists, and in no other word.
_BEFORE = re.compile(
    r".*(?:包括|包含|分别[是为]|主要[是有为]|[产行企]业[是有为]|例如|[向业种是]为|等地|[到是]|[“《「『])"
)


def asks_for_list(folded: str) -> bool:
    """Whether a folded question asks for several things by name."""
    return bool(_ASKS.search(folded))


def list_in(text: str, span: Span) -> Span | None:
    """The list in a sentence that shares most with a span of it, or is the only one; None where
    the words are a list of their own."""
    folded = fold(text)
    found = []
    for match in _LIST.finditer(folded.text):
        start, end = match.span()
        start += _lead(match[0].split("、"))
        found.append(Span(*folded.original(start, end)))
    words = text[span.start : span.end]
    if len(found) == 1 and not _AND.search(words):
        return found[0]
    near = [each for each in found if _shared(each, span) >= 0]
    return max(near, key=lambda each: _shared(each, span), default=None)


def _lead(things: list[str]) -> int:
    """How much of the first thing is no part of it, if any surely is."""
    before = _BEFORE.match(things[0])
    return before.end() if before and before.end() < len(things[0]) else 0


def _shared(one: Span, other: Span) -> int:
    """In characters; below zero where they stand apart."""
    return min(one.end, other.end) - max(one.start, other.start)
