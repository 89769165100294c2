"""What can be asked of an index: of its newest state each time, or of one moment throughout."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager

from index.bm25 import Concept
from index.catalog import Catalog, no_document
from index.fold import simplify
from index.records import Chunk, Document, DocumentInfo, Encoder, Filters, Ingredients, Match
from index.snapshot import Snapshot
from index.tokens import Tokenizer


class View(ABC):
    """`Store` answers each call by the newest state; what it gives is consistent in itself.
    `Moment` answers all calls by one state."""

    def __init__(self, encoder: Encoder, tokenizer: Tokenizer) -> None:
        self.encoder = encoder
        self.tokenizer = tokenizer

    @abstractmethod
    def _reads(self) -> AbstractContextManager[Catalog]:
        """The catalogue, in a transaction that sees one state."""

    @abstractmethod
    def _searches(self) -> AbstractContextManager[tuple[Catalog, Snapshot]]:
        """The same, and what searching has in memory of that state."""

    def documents(self) -> list[DocumentInfo]:
        """Every document, sorted by source."""
        return list(self.documents_by_id().values())

    def documents_by_id(self) -> Mapping[str, DocumentInfo]:
        """Every document under its id, in the order of the sources."""
        with self._reads() as catalog:
            return {info.id: info for info in catalog.documents()}

    def admitted(self, filters: Filters) -> list[DocumentInfo]:
        """The documents that the filters let through, sorted by source.

        Raises NotFoundError where the filters name a document that is not there.
        """
        with self._searches() as (_, state):
            for document_id in filters.documents:
                if document_id not in state.documents:
                    raise no_document(document_id)
            return state.admitted(filters)

    def document(self, document_id: str) -> Document:
        """Raises NotFoundError."""
        with self._reads() as catalog:
            return catalog.document(document_id)

    def chunks(self, document_id: str) -> list[Chunk]:
        """The chunks of a document, in its order."""
        with self._reads() as catalog:
            return catalog.chunks(document_id)

    def match(
        self,
        question: str,
        limit: int = 100,
        filters: Filters | None = None,
        without: Ingredients = frozenset(),
    ) -> list[Match]:
        """The chunks that either leg finds, `limit` from each, with what both legs say of them.

        In order of chunk ids: ranking is for the caller.
        """
        query = self.encoder.encode([simplify(question)], "query")[0]
        with self._searches() as (catalog, state):
            return state.match(
                catalog, question, query, limit=limit, filters=filters, without=without
            )

    def closeness(self, one: str, other: str) -> float:
        """The cosine of the meanings of two texts, in either script."""
        a, b = (self.encoder.encode([simplify(text)], "passage")[0] for text in (one, other))
        return float(a @ b)

    def concepts(self, words: Sequence[str]) -> list[tuple[Concept, float]]:
        """Each folded word with its translations, and how rare it is in the collection."""
        with self._searches() as (_, state):
            found = [state.bm25.weigh(state.concepts.of_word(word)) for word in words]
            return [(each.concept, each.rarity) for each in found]


class Moment(View):
    """The index as it is at one moment, whatever is written meanwhile; for one thread at a time.

    What a question finds, quotes and cites is thereby of one state, so that no citation is lost
    to a change that comes in between.
    """

    def __init__(
        self, encoder: Encoder, tokenizer: Tokenizer, catalog: Catalog, snapshot: Snapshot
    ) -> None:
        super().__init__(encoder, tokenizer)
        self._catalog = catalog
        self._snapshot = snapshot

    @contextmanager
    def _reads(self) -> Iterator[Catalog]:
        yield self._catalog

    @contextmanager
    def _searches(self) -> Iterator[tuple[Catalog, Snapshot]]:
        yield self._catalog, self._snapshot

    def documents_by_id(self) -> Mapping[str, DocumentInfo]:
        """Every question asks for them several times: from memory."""
        return self._snapshot.documents
