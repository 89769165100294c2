"""Which hits are right: the documents of a set, searched for each question's gold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from eval.metrics import Place
from eval.normalise import Comparable, comparable, normalise
from eval.questions import GoldQuestion
from eval.scripts import language_tag
from index.records import Chunk, Document, Span
from index.view import View
from rag.answer import Hit


@dataclass(frozen=True, slots=True)
class Target:
    """What retrieval should find for one question.

    `units` are chunk ids, or the sources of contexts; `languages` those of their documents.
    `gold` has for each fact the places of its wordings in these units.
    """

    units: frozenset[str]
    languages: tuple[str, ...] = ()
    gold: tuple[tuple[Place, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class _Page:
    document: Document
    text: Comparable
    chunks: tuple[tuple[Chunk, str], ...]
    language: str

    @property
    def whole(self) -> Span:
        return Span(0, len(self.document.text))


@dataclass(frozen=True, slots=True)
class _Unit:
    id: str
    page: _Page
    span: Span | Chunk


class Judge:
    """Knows every document of the index. `by_context` collapses hits to their documents."""

    def __init__(self, store: View, *, by_context: bool) -> None:
        self._pages = [_page(store, info.id) for info in store.documents()]
        self.unit: Callable[[Hit], str] = _source if by_context else _chunk_id
        self._by_context = by_context

    def target(self, question: GoldQuestion) -> Target:
        """The right units of a question; none for one that should be refused.

        A chunk is right where it overlaps the gold evidence; where no listed document holds that
        evidence, where it comes from a listed document and holds a wording of a gold fact.
        """
        if not question.answerable:
            return Target(frozenset())
        if self._by_context:
            sources = ((page.document.source, page) for page in self._pages)
            return _target(
                [_Unit(s, page, page.whole) for s, page in sources if s in question.sources],
                question,
            )
        listed = [page for page in self._pages if _is_listed(page, question.sources)]
        found = list(_evident(listed, question.evidence)) or list(_holding(listed, question))
        return _target(found, question)


def _target(units: Sequence[_Unit], question: GoldQuestion) -> Target:
    return Target(
        frozenset(unit.id for unit in units),
        tuple(sorted({unit.page.language for unit in units})),
        tuple(tuple(_places(units, wordings)) for wordings in question.gold),
    )


def _places(units: Sequence[_Unit], wordings: Sequence[str]) -> Iterator[Place]:
    for unit in units:
        for wording in wordings:
            for span in unit.page.text.find(wording):
                if _overlap(span, unit.span):
                    yield unit.page.document.id, span.start, span.end


def _evident(pages: Sequence[_Page], evidence: Sequence[str]) -> Iterator[_Unit]:
    """Chunks that share a character with an occurrence of the evidence."""
    for page in pages:
        spans = [span for quote in evidence for span in page.text.find(quote)]
        for chunk, _ in page.chunks:
            if any(_overlap(span, chunk) for span in spans):
                yield _Unit(chunk.id, page, chunk)


def _overlap(a: Span, b: Span | Chunk) -> bool:
    return a.start < b.end and b.start < a.end


def _holding(pages: Sequence[_Page], question: GoldQuestion) -> Iterator[_Unit]:
    wordings = [normalise(wording) for fact in question.gold for wording in fact]
    for page in pages:
        for chunk, text in page.chunks:
            if any(wording and wording in text for wording in wordings):
                yield _Unit(chunk.id, page, chunk)


def _page(store: View, document_id: str) -> _Page:
    document = store.document(document_id)
    chunks = tuple((chunk, normalise(chunk.text)) for chunk in store.chunks(document_id))
    language = language_tag(document.text, document.language)
    return _Page(document, comparable(document.text), chunks, language)


def _is_listed(page: _Page, sources: Sequence[str]) -> bool:
    return not sources or any(part in page.document.source for part in sources)


def _source(hit: Hit) -> str:
    return hit.source


def _chunk_id(hit: Hit) -> str:
    return hit.chunk_id
