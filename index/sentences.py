"""Where sentences end, in Chinese and in Western text."""

from __future__ import annotations

import re

from index.fold import is_han
from index.records import Span

_OPENING = "“‘《〈「『（【(["
_CLOSING = "”’》〉」』）】)]"
_PAIRS = dict(zip(_CLOSING, _OPENING, strict=True))
_HAN_ENDS = "。！？；…"
_WESTERN_ENDS = ".!?;"
# Abbreviations that a capital letter may follow; initials (J. Smith) are told by their one letter.
_ABBREVIATION = re.compile(
    r"\b(?:[A-Za-z]|Mr|Mrs|Ms|Dr|Prof|St|No|Nos|vs|Inc|Ltd|Co|Corp|approx|ca|cf|e\.g|i\.e|etc"
    r"|Fig|Vol|pp|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.$"
)
# Brackets and quotation marks protect what is inside them, but not a whole speech: past this many
# characters a sentence ends at its mark all the same.
_LONGEST_PROTECTED = 120


def split_sentences(text: str, start: int = 0) -> list[Span]:
    """The sentences of one paragraph, without the space around them; positions begin at `start`.

    A mark inside “”, 《》 or brackets ends no sentence, unless what they hold is a long speech.
    Together the spans cover everything but white space.
    """
    spans: list[Span] = []
    protected = _protected(text)
    begin = position = 0
    while position < len(text):
        position += 1
        if _is_end(text, position - 1) and not protected[position - 1]:
            # Marks repeat (……, ?!), and closing quotes belong to the sentence that they close.
            while position < len(text) and text[position] in _HAN_ENDS + "!?.”’」』）)":
                position += 1
            spans.append(Span(begin, position))
            begin = position
    spans.append(Span(begin, len(text)))
    return [
        Span(start + span.start, start + span.end)
        for span in (_strip(text, span) for span in spans)
        if span.start < span.end
    ]


def _strip(text: str, span: Span) -> Span:
    piece = text[span.start : span.end]
    begin = span.start + len(piece) - len(piece.lstrip())
    return Span(begin, begin + len(piece.strip()))


def _is_end(text: str, position: int) -> bool:
    char = text[position]
    if char in _HAN_ENDS:
        return True
    if char not in _WESTERN_ENDS or position == 0:
        return False
    following = text[position + 1 : position + 2]
    if is_han(text[position - 1]) or text[position - 1] in "”》）%":
        # Half-width marks in Chinese text, as many pages have them.
        return char != "." or not following.isascii()
    if char == ";":
        return following.isspace()
    after = text[position + 1 : position + 9].lstrip("\"'”’)] ")[:1]
    spaced = not following or following.isspace() or following in "\"'”’)"
    begins = not after or after.isupper() or after.isdigit() or is_han(after) or after in "“‘\"'("
    return (
        spaced
        and begins
        and not (char == "." and _ABBREVIATION.search(text[max(position - 9, 0) : position + 1]))
    )


def _protected(text: str) -> list[bool]:
    """For each character: does it stand inside a pair of quotation marks or brackets?"""
    inside = [False] * len(text)
    open_at: list[int] = []
    for position, char in enumerate(text):
        if char in _OPENING:
            open_at.append(position)
        elif char in _PAIRS and open_at:
            # An opening mark that was never closed is skipped over.
            while open_at and text[open_at[-1]] != _PAIRS[char]:
                open_at.pop()
            if open_at:
                opened = open_at.pop()
                if position - opened <= _LONGEST_PROTECTED:
                    inside[opened:position] = [True] * (position - opened)
    return inside
