"""From the words that a reader found to the exact ones: no marks around them, nothing of the next
clause, but the word that says "about"."""

from __future__ import annotations

import re

from index.fold import fold
from index.records import Span
from rag.question import Asked
from rag.spans import APPROXIMATELY, answer_spans, one_number, whole

# Marks that belong to the sentence and not to the answer, at its ends.
_MARKS = " \t\n。，、；：！？,.;:!?"
# The rules for the kinds of answers know where Chinese ones end.
_CLAUSE = re.compile(r"[，。；：]|[,;] ")
_ABOUT = re.compile(rf"{APPROXIMATELY}\s?$")


def exact(asked: Asked, text: str, span: Span) -> Span:
    """The exact words within, or right before, a span of a text; never none."""
    words = trimmed(text, span)
    if asked.kind == "other":
        return words
    said = text[words.start : words.end]
    found = next(iter(answer_spans(asked, said)), None)
    # 3年6个月 is one answer.
    long = found and len(said) > 2 * (found.end - found.start) and one_number(asked, said)
    if found and (long or _CLAUSE.search(said)):
        words = Span(words.start + found.start, words.start + found.end)
    words = whole(asked, text, words)
    return _with_about(text, words) if asked.kind == "quantity" else words


def trimmed(text: str, span: Span) -> Span:
    """Without marks and space at its ends, unless it holds nothing else."""
    words = text[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip(_MARKS))
    end = span.end - len(words) + len(words.rstrip(_MARKS))
    return Span(start, end) if start < end else span


def _with_about(text: str, span: Span) -> Span:
    """With the word that makes the number an approximate one, where it stands before it."""
    before = fold(text[max(0, span.start - 12) : span.start])
    match = _ABOUT.search(before.text)
    if not match or not match[0].strip() or not text[span.start : span.start + 1].strip():
        return span
    start, _ = before.original(*match.span())
    return Span(max(0, span.start - 12) + start, span.end)
