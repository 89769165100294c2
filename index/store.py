"""The index: files in, matches out. Everything else in this room stands behind this class."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

from index.catalog import Catalog, no_document
from index.derive import Encoded
from index.errors import StaleIndexError, StoreError
from index.identity import check_identity, identity_of
from index.intake import Intake, Progress, nothing
from index.load import find_files
from index.lock import writing
from index.records import Document, DocumentInfo, Encoder, Outcome
from index.rows import FileRecord
from index.snapshot import Snapshot, read_snapshot
from index.tokens import Tokenizer, load_tokenizer
from index.view import Moment, View
from index.writer import Writer

# In bytes.
_OPENING = 1000


class Store(View):
    """One folder with one index. Threads may share a store; each call is consistent in itself,
    and `moment` makes several calls so."""

    def __init__(
        self, folder: Path, encoder: Encoder, tokenizer: Tokenizer, catalog: Catalog
    ) -> None:
        super().__init__(encoder, tokenizer)
        self._folder = folder
        self._writer = catalog if isinstance(catalog, Writer) else None
        self._lock = Lock()  # around the connections that nobody reads by
        self._idle = [] if self._writer else [catalog]
        self._closed = False
        self._deriving = Lock()  # around what searching has in memory
        self._snapshot: Snapshot | None = None

    @classmethod
    def open(cls, folder: Path, encoder: Encoder, *, write: bool = False) -> Store:
        """Open for reading, which changes nothing, or for writing, which makes the index.

        Raises StoreError where there is none to read, StaleIndexError where the encoder,
        tokenizer, chunker or schema is not the one that made it, SettingsError where the user
        dictionary is not as expected, BusyError where another process writes.
        """
        tokenizer = load_tokenizer(folder)
        expected = identity_of(encoder, tokenizer)
        catalog = Writer(folder, expected) if write else Catalog(folder)
        try:
            with catalog.snapshot():
                check_identity(catalog.identity(), expected, folder)
        except BaseException:
            catalog.close()
            raise
        return cls(folder, encoder, tokenizer, catalog)

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
        """Whoever is still reading finishes."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for catalog in idle:
            catalog.close()
        if self._writer:
            self._writer.close()

    def for_writing(self) -> Store:
        """The same index with the same encoder, opened for writing: close it soon."""
        return Store.open(self._folder, self.encoder, write=True)

    # Documents in

    def add(
        self, paths: Sequence[Path], *, prune: bool = False, progress: Progress = nothing
    ) -> list[Outcome]:
        """Add or update the files beneath the paths; `prune` removes those that are gone there.

        A file that cannot become a document is skipped with its reason and stops no other. What
        has been written is kept when this is interrupted, and the next time takes it up there.
        Raises NotFoundError for a path that is not there, StaleIndexError where the user
        dictionary has changed meanwhile, before anything changes; BusyError, StoreError.
        """
        files = find_files(paths)
        with self._intake() as intake:
            weights = [_weight(path) for path, _ in files]
            done, waiting, total, source = 0, 0, sum(weights), ""
            for (path, source), weight in zip(files, weights, strict=True):
                progress(done, total, source)
                intake.take_file(path, source)
                waiting += weight
                if intake.full():
                    intake.write(_share(progress, done, waiting, total, source))
                if intake.empty():
                    done, waiting = done + waiting, 0
            intake.write(_share(progress, done, waiting, total, source))
            if prune:
                intake.prune([path.resolve() for path in paths], {str(path) for path, _ in files})
        progress(total, total, "")
        return sorted(intake.outcomes, key=lambda outcome: outcome.source)

    def add_bytes(self, name: str, data: bytes) -> Outcome:
        """Add or update a document that is no file here: an upload, which `name` is the source of.

        It changes nothing where it cannot become a document; pruning never touches it. Raises as
        `add` does.
        """
        with self._intake() as intake:
            intake.take(name, "", data)
            intake.write()
        [outcome] = intake.outcomes
        return outcome

    def restore(
        self, documents: Sequence[tuple[Document, FileRecord]], progress: Progress = nothing
    ) -> list[Outcome]:
        """Add or update documents as another index had them (`exchange.read_export`): all of
        them, or after an exception none. Raises as `add` does."""
        with self._intake() as intake, intake.together():
            done, total = 0, sum(len(document.text) for document, _ in documents)
            for document, file in documents:
                progress(done, total, document.source)
                intake.restore(document, file)
                if intake.full():
                    intake.write()
                done += len(document.text)
            intake.write()
        return sorted(intake.outcomes, key=lambda outcome: outcome.source)

    def remove(self, document_id: str) -> DocumentInfo:
        """Remove a document with all that belongs to it. Raises NotFoundError, BusyError."""
        with self._writing() as catalog:
            info = self.documents_by_id().get(document_id)
            if info is None:
                raise no_document(document_id)
            with catalog.transaction():
                catalog.delete(document_id)
        return info

    @contextmanager
    def _intake(self) -> Iterator[Intake]:
        with self._writing() as catalog:
            # Else documents would be cut otherwise than the next process to open the index cuts.
            if load_tokenizer(self._folder).fingerprint != self.tokenizer.fingerprint:
                raise StaleIndexError(
                    "The user dictionary has changed since the index was opened.",
                    "Start the program again.",
                )
            yield Intake(catalog, self.encoder, self.tokenizer, old=catalog)

    @contextmanager
    def _writing(self) -> Iterator[Writer]:
        if self._writer is None:
            raise StoreError(f"The index in {self._folder} is open for reading only.")
        with writing(self._folder):
            self._check_identity(self._writer)
            yield self._writer

    # Matches out

    @contextmanager
    def moment(self) -> Iterator[Moment]:
        """All that is read of it is of one state, that of now."""
        with self._searches() as (catalog, snapshot):
            yield Moment(self.encoder, self.tokenizer, catalog, snapshot)

    def generation(self) -> int:
        """Two that are equal mean that nothing has changed in between, whoever might have."""
        with self._reads() as catalog:
            return catalog.generation()

    @contextmanager
    def _reads(self) -> Iterator[Catalog]:
        with self._connection() as catalog, catalog.snapshot():
            yield catalog

    @contextmanager
    def _searches(self) -> Iterator[tuple[Catalog, Snapshot]]:
        with self._connection() as catalog, ExitStack() as pinned:
            # Under one lock, so that what one thread derives is what those behind it need.
            with self._deriving:
                pinned.enter_context(catalog.snapshot())
                if not self._snapshot or self._snapshot.generation != catalog.generation():
                    self._check_identity(catalog)
                    self._snapshot = read_snapshot(catalog, self.tokenizer)
                snapshot = self._snapshot
            yield catalog, snapshot

    @contextmanager
    def _connection(self) -> Iterator[Catalog]:
        """One of its own for each that reads at the same time; they are kept for the next."""
        with self._lock:
            catalog = self._idle.pop() if self._idle else None
        catalog = catalog or Catalog(self._folder)
        try:
            yield catalog
        finally:
            with self._lock:
                if not self._closed:
                    self._idle.append(catalog)
            if self._closed:
                catalog.close()

    def _check_identity(self, catalog: Catalog) -> None:
        """Another process may have made the index again since it was opened."""
        check_identity(catalog.identity(), identity_of(self.encoder, self.tokenizer), self._folder)


def _weight(path: Path) -> int:
    """How much work a file is, roughly: by its size, and a little for opening it."""
    try:
        return path.stat().st_size + _OPENING
    except OSError:
        return _OPENING


def _share(progress: Progress, done: int, weight: int, total: int, source: str) -> Encoded:
    """Report how much has been encoded as a share of a weight, after what was done before."""

    def report(encoded: int, every: int) -> None:
        progress(done + weight * encoded // every, total, source)

    return report
