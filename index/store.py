"""The index: files in, matches out. Everything else in this room stands behind this class."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Self

from index.bm25 import Concept
from index.catalog import SCHEMA, Catalog, FileRecord, IndexedChunk, no_document
from index.chunk import CHUNKER, chunk_document, searched_by
from index.errors import FileError, StaleIndexError
from index.fold import simplify
from index.load import find_files, load_document, read_file
from index.records import (
    Chunk,
    Document,
    DocumentInfo,
    Encoder,
    Filters,
    Ingredients,
    Match,
    Outcome,
)
from index.snapshot import Snapshot, read_snapshot
from index.tokens import Tokenizer, load_tokenizer

Progress = Callable[[int, int, str], None]

# Documents are encoded together until they hold this many chunks: full batches encode faster.
_CHUNKS_TOGETHER = 32


def _nothing(done: int, total: int, source: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class _Pending:
    outcome: Outcome
    document: Document
    file: FileRecord
    chunks: list[Chunk]


class Store:
    """One folder with one index. Threads may share a store; each call is consistent in itself."""

    def __init__(
        self, catalog: Catalog, encoder: Encoder, tokenizer: Tokenizer, *, write: bool
    ) -> None:
        self._catalog = catalog
        self._encoder = encoder
        self.tokenizer = tokenizer
        self._lock = RLock()
        self._snapshot: Snapshot | None = None
        self._check_identity(write=write)

    @classmethod
    def open(cls, folder: Path, encoder: Encoder, *, write: bool = False) -> Store:
        """Open for reading, which changes nothing, or for writing, which makes the index.

        Raises StoreError where there is none to read, StaleIndexError where the encoder,
        tokenizer, chunker or schema is not the one that made it, SettingsError where the user
        dictionary is not as expected.
        """
        return cls(Catalog(folder, write=write), encoder, load_tokenizer(folder), write=write)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        with self._lock:
            self._catalog.close()

    # Documents in

    def add(
        self, paths: Sequence[Path], *, prune: bool = False, progress: Progress = _nothing
    ) -> list[Outcome]:
        """Add or update the files beneath the paths; `prune` removes those that are gone there.

        A file that cannot become a document is skipped with its reason and stops no other.
        Raises NotFoundError for a path that is not there, StaleIndexError where the user
        dictionary has changed meanwhile, before anything changes.
        """
        self._check_dictionary()
        files = find_files(paths)
        known = self._catalog.files()
        outcomes: list[Outcome] = []
        pending: list[_Pending] = []
        for done, (path, source) in enumerate(files):
            progress(done, len(files), source)
            result = self._read(path, source, known.get(source))
            if isinstance(result, Outcome):
                outcomes.append(result)
            else:
                pending.append(result)
                known[source] = result.file  # a second file of that name is told from this one
            if sum(len(item.chunks) for item in pending) >= _CHUNKS_TOGETHER:
                outcomes += self._write(pending)
                pending = []
        outcomes += self._write(pending)
        if prune:
            kept = {str(path) for path, _ in files}
            outcomes += self._prune([path.resolve() for path in paths], kept)
        progress(len(files), len(files), "")
        return sorted(outcomes, key=lambda outcome: outcome.source)

    def remove(self, document_id: str) -> DocumentInfo:
        """Remove a document with all that belongs to it. Raises NotFoundError."""
        with self._lock:
            for info in self._catalog.documents():
                if info.id == document_id:
                    with self._catalog.transaction():
                        self._catalog.delete(document_id)
                    self._snapshot = None
                    return info
        raise no_document(document_id)

    def _read(self, path: Path, source: str, known: FileRecord | None) -> Outcome | _Pending:
        try:
            if known and known.path != str(path) and Path(known.path).exists():
                raise FileError(
                    f"{known.path} is indexed under the same name.",
                    "Index a folder above both, so that their sources differ.",
                )
            data = read_file(path)
            digest = sha256(data).hexdigest()
            if known and (known.path, known.sha256) == (str(path), digest):
                return Outcome(source, "unchanged")
            document = load_document(data, source)
        except FileError as error:
            return Outcome(source, "skipped", str(error))
        if document is None:
            if known:
                self.remove(known.document_id)
            return Outcome(source, "ignored", "its front matter says so")
        chunks = chunk_document(document, self._encoder.count_tokens, self._encoder.max_tokens)
        outcome = Outcome(source, "updated" if known else "added", chunks=len(chunks))
        return _Pending(outcome, document, FileRecord(document.id, str(path), digest), chunks)

    def _write(self, pending: Sequence[_Pending]) -> list[Outcome]:
        if not pending:
            return []
        indexed = iter(self._index([chunk for item in pending for chunk in item.chunks]))
        with self._lock, self._catalog.transaction():
            for item in pending:
                chunks = [next(indexed) for _ in item.chunks]
                self._catalog.put(item.document, item.file, chunks)
            self._snapshot = None
        return [item.outcome for item in pending]

    def _index(self, chunks: Sequence[Chunk]) -> Iterator[IndexedChunk]:
        texts = [searched_by(chunk.context, chunk.text) for chunk in chunks]
        sentences = [
            searched_by(chunk.context, chunk.words_at(span))
            for chunk in chunks
            for span in chunk.sentences
        ]
        # One script for the encoder too, which knows Simplified better (docs/experiments.md).
        simplified = [simplify(text) for text in [*texts, *sentences]]
        vectors = self._encoder.encode(simplified, "passage")
        done = len(texts)
        for chunk, vector in zip(chunks, vectors, strict=False):
            upto = done + len(chunk.sentences)
            yield IndexedChunk(chunk, self._terms(chunk), vector, vectors[done:upto])
            done = upto

    def _terms(self, chunk: Chunk) -> list[list[str]]:
        """In parts: the title and headings, then each sentence."""
        parts = (chunk.context, *map(chunk.words_at, chunk.sentences))
        return [self.tokenizer.terms(part) for part in parts]

    def _prune(self, roots: Sequence[Path], kept: set[str]) -> list[Outcome]:
        gone = [
            (source, record)
            for source, record in self._catalog.files().items()
            if record.path not in kept
            and any(Path(record.path).is_relative_to(root) for root in roots)
        ]
        for _, record in gone:
            self.remove(record.document_id)
        return [Outcome(source, "removed") for source, _ in gone]

    # Matches out

    def documents(self) -> list[DocumentInfo]:
        """Every document, sorted by source."""
        return list(self.documents_by_id().values())

    def documents_by_id(self) -> Mapping[str, DocumentInfo]:
        """Every document under its id, in the order of the sources."""
        with self._lock, self._catalog.snapshot():
            # Every question asks for them: what searching has in memory serves while it is true.
            state = self._snapshot
            if state and state.version == self._catalog.version():
                return state.documents
            return {info.id: info for info in self._catalog.documents()}

    def admitted(self, filters: Filters) -> list[DocumentInfo]:
        """The documents that the filters let through, sorted by source.

        Raises NotFoundError where the filters name a document that is not there.
        """
        with self._lock, self._catalog.snapshot():
            state = self._current()
            for document_id in filters.documents:
                if document_id not in state.documents:
                    raise no_document(document_id)
            return state.admitted(filters)

    def document(self, document_id: str) -> Document:
        """Raises NotFoundError."""
        with self._lock:
            return self._catalog.document(document_id)

    def chunks(self, document_id: str) -> list[Chunk]:
        """The chunks of a document, in its order."""
        with self._lock:
            return self._catalog.chunks(document_id)

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
        query = self._encoder.encode([simplify(question)], "query")[0]
        with self._lock, self._catalog.snapshot():
            state = self._current()
            return state.match(
                self._catalog, question, query, limit=limit, filters=filters, without=without
            )

    def closeness(self, one: str, other: str) -> float:
        """The cosine of the meanings of two texts, in either script."""
        a, b = (self._encoder.encode([simplify(text)], "passage")[0] for text in (one, other))
        return float(a @ b)

    def concepts(self, words: Sequence[str]) -> list[tuple[Concept, float]]:
        """Each folded word with its translations, and how rare it is in the collection."""
        with self._lock, self._catalog.snapshot():
            state = self._current()
            found = [state.bm25.weigh(state.concepts.of_word(word)) for word in words]
            return [(each.concept, each.rarity) for each in found]

    def _current(self) -> Snapshot:
        if self._snapshot is None or self._snapshot.version != self._catalog.version():
            self._snapshot = read_snapshot(self._catalog, self.tokenizer)
        return self._snapshot

    def _check_dictionary(self) -> None:
        """Else documents would be cut otherwise than the next process to open the index cuts."""
        if load_tokenizer(self._catalog.path.parent).fingerprint != self.tokenizer.fingerprint:
            raise StaleIndexError(
                "The user dictionary has changed since the index was opened.",
                "Start the program again.",
            )

    def _check_identity(self, *, write: bool) -> None:
        expected = {
            "encoder": self._encoder.fingerprint,
            "tokenizer": self.tokenizer.fingerprint,
            "chunker": CHUNKER,
            "schema": SCHEMA,
        }
        found = self._catalog.identity()
        if write and not found:
            with self._catalog.transaction():
                self._catalog.set_identity(expected)
            return
        for name, value in expected.items():
            if found.get(name) != value:
                raise StaleIndexError(
                    f"The index was made with the {name} {found.get(name)!r}; now it is {value!r}.",
                    f"Delete {self._catalog.path} and run `yuanwen index PATH…` again, "
                    f"or go back to the {name} that made it.",
                )
