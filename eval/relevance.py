"""Which hits are right: the documents of a set, searched for each question's gold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from eval.normalise import Comparable, comparable, normalise
from eval.questions import GoldQuestion
from eval.scripts import script_of
from index.records import Chunk, Document
from index.store import Store
from rag.answer import Hit


@dataclass(frozen=True, slots=True)
class Target:
    """What retrieval should find for one question.

    `units` are chunk ids, or the sources of contexts; `languages` those of their documents.
    """

    units: frozenset[str]
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Page:
    document: Document
    text: Comparable
    chunks: tuple[tuple[Chunk, str], ...]
    language: str


class Judge:
    """Knows every document of the index. `by_context` collapses hits to their documents."""

    def __init__(self, store: Store, *, by_context: bool) -> None:
        self._pages = [_page(store, info.id) for info in store.documents()]
        self.unit: Callable[[Hit], str] = _source if by_context else _chunk_id
        self._by_context = by_context

    def target(self, question: GoldQuestion) -> Target:
        """The right units of a question; none for one that should be refused.

        A chunk is right where it overlaps the gold evidence; where no listed document holds that
        evidence, where it comes from a listed document and holds a wording of a gold fact.
        """
        if not question.answerable:
            return Target(frozenset(), ())
        if self._by_context:
            sources = ((page, page.document.source) for page in self._pages)
            return _target(pair for pair in sources if pair[1] in question.sources)
        listed = [page for page in self._pages if _is_listed(page, question.sources)]
        found = _target(_evident(listed, question.evidence))
        return found if found.units else _target(_holding(listed, question))


def _target(units: Iterator[tuple[_Page, str]]) -> Target:
    found = list(units)
    languages = {page.language for page, _ in found}
    return Target(frozenset(unit for _, unit in found), tuple(sorted(languages)))


def _evident(pages: Sequence[_Page], evidence: Sequence[str]) -> Iterator[tuple[_Page, str]]:
    """Chunks that share a character with an occurrence of the evidence."""
    for page in pages:
        spans = [span for quote in evidence for span in page.text.find(quote)]
        for chunk, _ in page.chunks:
            if any(span.start < chunk.end and chunk.start < span.end for span in spans):
                yield page, chunk.id


def _holding(pages: Sequence[_Page], question: GoldQuestion) -> Iterator[tuple[_Page, str]]:
    wordings = [normalise(wording) for fact in question.gold for wording in fact]
    for page in pages:
        for chunk, text in page.chunks:
            if any(wording and wording in text for wording in wordings):
                yield page, chunk.id


def _page(store: Store, document_id: str) -> _Page:
    document = store.document(document_id)
    chunks = tuple((chunk, normalise(chunk.text)) for chunk in store.chunks(document_id))
    language = document.language or script_of(document.text)
    return _Page(document, comparable(document.text), chunks, language)


def _is_listed(page: _Page, sources: Sequence[str]) -> bool:
    return not sources or any(part in page.document.source for part in sources)


def _source(hit: Hit) -> str:
    return hit.source


def _chunk_id(hit: Hit) -> str:
    return hit.chunk_id
