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
# Behind the last thing: the end of a clause, 等, a number that sums up ("三大板块"), or a word that
# goes on with the sentence.
_END = (
    r"(?=[,。;:!?\n]|$|等|[一二两三四五六七八九十\d]+[余多]?[个方大项家类种座省市]"
    r"|[的为是在将被已均]|(?<!主)要)"
)
_LIST = re.compile(rf"{_THING}{_MORE}+(?:(?:和|及|以及|与)\s?{_THING})?{_END}")
# Before the first thing stands what the list is of.
_BEFORE = re.compile(r".*(?:[为是有到在即以含括像如“《「『]|等地|包含)")


def asks_for_list(folded: str) -> bool:
    """Whether a folded question asks for several things by name."""
    return bool(_ASKS.search(folded))


def list_in(text: str, span: Span) -> Span | None:
    """The list in a sentence that shares most with a span of it, or is nearest, if there is one."""
    folded = fold(text)
    found = []
    for match in _LIST.finditer(folded.text):
        start, end = match.span()
        start += _lead(match[0].split("、"))
        found.append(Span(*folded.original(start, end)))
    if len(found) == 1:
        return found[0]
    return max(found, key=lambda each: _shared(each, span), default=None)


def _lead(things: list[str]) -> int:
    """How much of the first thing is no part of it: what ends with a word before a list; or what
    it is longer by, where the others are equally long (of 走访学校、医院、商场 the 走访)."""
    first, *others = things
    before = _BEFORE.match(first)
    if before and before.end() < len(first):
        return before.end()
    lengths = {len(other) for other in others}
    return max(len(first) - lengths.pop(), 0) if len(others) > 1 and len(lengths) == 1 else 0


def _shared(one: Span, other: Span) -> int:
    """In characters; below zero where they stand apart."""
    return min(one.end, other.end) - max(one.start, other.start)
