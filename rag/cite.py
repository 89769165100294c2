"""The last gate: a quote leaves only if the stored text has exactly these characters there."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from index.errors import NotFoundError
from index.records import Document, Span
from index.view import View
from rag.answer import Citation
from rag.draft import Quote

_log = logging.getLogger(__name__)


def cite(store: View, quotes: Sequence[Quote]) -> list[Citation | None]:
    """A citation for each quote, numbered from 1; None for one that fails verification.

    Numbers are those of the survivors, so that they have no gaps.
    """
    citations: list[Citation | None] = []
    number = 1
    for quote in quotes:
        document = find_document(store, quote.document_id)
        if document is None or not holds(document, quote):
            _log.error(
                "dropped a citation of %s at %d to %d", quote.document_id, quote.start, quote.end
            )
            citations.append(None)
            continue
        citations.append(_citation(number, document, quote))
        number += 1
    return citations


def holds(document: Document, quote: Quote) -> bool:
    """The rule: the text at [start, end) is the quote, and its highlights lie inside it."""
    return (
        0 <= quote.start < quote.end <= len(document.text)
        and document.text[quote.start : quote.end] == quote.text
        and all(quote.start <= h.start < h.end <= quote.end for h in quote.highlights)
    )


def find_document(store: View, document_id: str) -> Document | None:
    """None for one that was removed since it was quoted, be it in this very moment."""
    try:
        return store.document(document_id)
    except NotFoundError:
        return None


def _citation(number: int, document: Document, quote: Quote) -> Citation:
    return Citation(
        n=number,
        document_id=document.id,
        title=document.title,
        source=document.source,
        publisher=document.publisher,
        date=document.date,
        page=document.page_at(quote.start),
        sha256=document.sha256,
        start=quote.start,
        end=quote.end,
        quote=quote.text,
        highlights=tuple(Span(h.start, h.end) for h in quote.highlights),
    )
