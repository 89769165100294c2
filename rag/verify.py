"""Saved citations against the text that is stored now: does each still stand where it says?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Literal

from index.records import Document, Span
from index.view import View
from rag.cite import find_document, holds
from rag.draft import Quote

Status = Literal["ok", "moved", "stale"]
Reason = Literal["document_gone", "quote_gone", "words_misplaced"]

# Answers in a row cite the same few documents, and a long one takes a while to read.
_DOCUMENTS_KEPT = 32


@dataclass(frozen=True, slots=True)
class Saved:
    """A citation as it was saved: its quote, and the short answers that are said to stand in it."""

    quote: Quote
    short_answers: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`place` is where the quote stands now; None where it is stale, for which `reason` is given.

    A highlight or a short answer that is not in the quote where it should be makes a citation
    stale as well (`words_misplaced`): something that it says stands nowhere.
    """

    status: Status
    place: Span | None = None
    reason: Reason | None = None


def verify(store: View, citations: Iterable[Saved]) -> list[Verdict]:
    """A verdict on each, in order. What was removed from the collection is stale, no error."""
    fetch = lru_cache(_DOCUMENTS_KEPT)(partial(find_document, store))
    return [_verdict(fetch(saved.quote.document_id), saved) for saved in citations]


def _verdict(document: Document | None, saved: Saved) -> Verdict:
    if document is None:
        return Verdict("stale", reason="document_gone")
    start = _nearest(document.text, saved.quote)
    if start is None:
        return Verdict("stale", reason="quote_gone")
    whole, *words = _at(start, saved)
    if not all(holds(document, quote) for quote in (whole, *words)):
        return Verdict("stale", reason="words_misplaced")
    stays = (whole.start, whole.end) == (saved.quote.start, saved.quote.end)
    return Verdict("ok" if stays else "moved", Span(whole.start, whole.end))


def _nearest(text: str, quote: Quote) -> int | None:
    """Where the quote begins, as near as can be to where it did; of two as near, the earlier."""
    places = (
        text.rfind(quote.text, 0, quote.start + len(quote.text)),
        text.find(quote.text, quote.start),
    )
    found = [place for place in places if place >= 0]
    return min(found, key=lambda place: abs(place - quote.start), default=None)


def _at(start: int, saved: Saved) -> list[Quote]:
    """The quote as it would be at `start`, then its short answers, which move along with it and,
    like highlights, must lie inside it."""
    by = start - saved.quote.start
    words = [
        replace(each, start=each.start + by, end=each.end + by) for each in saved.short_answers
    ]
    spans = [Span(each.start + by, each.end + by) for each in saved.quote.highlights]
    spans += [Span(each.start, each.end) for each in words]
    end = start + len(saved.quote.text)
    return [replace(saved.quote, start=start, end=end, highlights=tuple(spans)), *words]
