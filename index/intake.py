"""Documents in: what becomes of each file, and the transactions in which it does."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from index.catalog import Catalog
from index.chunk import chunk_document
from index.derive import Encoded, Known, derive
from index.errors import FileError
from index.load import load_document, read_parts
from index.records import Chunk, Document, Encoder, Outcome
from index.rows import FileRecord
from index.tokens import Tokenizer
from index.writer import Writer

# How much is done, of how much, and what comes next.
Progress = Callable[[int, int, str], None]

# Documents are encoded together until they hold this many chunks: full batches encode faster.
_CHUNKS_TOGETHER = 32


def nothing(done: int, total: int, source: str) -> None:
    pass


def _silent(encoded: int, every: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class _Pending:
    outcome: Outcome
    document: Document
    file: FileRecord
    chunks: list[Chunk]


class Intake:
    """Takes one source after the other, and writes some documents together.

    `outcomes` holds one of each source, in the order in which they were settled. Vectors of texts
    that a document had in the `old` catalogue already are taken from there.
    """

    def __init__(
        self, catalog: Writer, encoder: Encoder, tokenizer: Tokenizer, old: Catalog | None
    ) -> None:
        self.outcomes: list[Outcome] = []
        self._catalog = catalog
        self._old = old
        self._encoder = encoder
        self._tokenizer = tokenizer
        self._files = catalog.files()
        self._held: dict[str, list[str]] = {}
        for source, file in self._files.items():
            self._held.setdefault(file.path, []).append(source)
        self._pending: list[_Pending] = []

    def together(self) -> AbstractContextManager[None]:
        """All that is written inside is kept, or nothing of it."""
        return self._catalog.transaction()

    def full(self) -> bool:
        return sum(len(item.chunks) for item in self._pending) >= _CHUNKS_TOGETHER

    def empty(self) -> bool:
        return not self._pending

    def take_file(self, path: Path, source: str) -> None:
        """All that a file holds. What it held before and holds no more is removed, unless
        something in it cannot be read."""
        taken: set[str] = set()
        readable = True
        for name, data in read_parts(path, source):
            self.take(name, str(path), data)
            taken.add(name)
            readable = readable and isinstance(data, bytes)
        if readable:
            held = self._held.get(str(path), [])
            self.remove([name for name in held if name.startswith(source) and name not in taken])

    def take(self, source: str, path: str, data: bytes | FileError) -> None:
        """One source: its bytes, or why they cannot be had. An upload's path is empty."""
        known = self._files.get(source)
        if known and known.path != path and (not known.path or Path(known.path).exists()):
            self._skip(source, _TAKEN.format(known.path or "An upload"))
        elif isinstance(data, FileError):
            self._skip(source, str(data), _KEPT if known else "")
        else:
            self._take(source, FileRecord("", path, sha256(data).hexdigest()), data, known)

    def _take(self, source: str, file: FileRecord, data: bytes, known: FileRecord | None) -> None:
        if known and (known.path, known.sha256) == (file.path, file.sha256):
            self.outcomes.append(Outcome(source, "unchanged"))
            return
        try:
            document = load_document(data, source)
        except FileError as error:
            if known and file.path:
                self._forget(source)
                self._skip(source, str(error), _REMOVED)
            else:  # an upload that is refused changes nothing
                self._skip(source, str(error), _KEPT if known else "")
            return
        if document is None:
            self._forget(source)
            self.outcomes.append(Outcome(source, "ignored", "its front matter says so"))
            return
        self.accept(document, replace(file, document_id=document.id))

    def restore(self, document: Document, file: FileRecord) -> None:
        """A document as another index had it."""
        if self._files.get(document.source) == file and (
            self._catalog.document(document.id) == document
        ):
            self.outcomes.append(Outcome(document.source, "unchanged"))
        else:
            self.accept(document, file)

    def accept(self, document: Document, file: FileRecord) -> None:
        """A document that is to be written."""
        known = document.source in self._files
        chunks = chunk_document(document, self._encoder.count_tokens, self._encoder.max_tokens)
        outcome = Outcome(document.source, "updated" if known else "added", chunks=len(chunks))
        self._pending.append(_Pending(outcome, document, file, chunks))
        self._files[document.source] = file  # a second one of that name is told from this one

    def write(self, report: Encoded = _silent) -> None:
        """Encode and keep what is pending, in one transaction."""
        known = Known()
        if self._old:
            for item in self._pending:
                known.learn(self._old, item.document.id)
        chunks = [chunk for item in self._pending for chunk in item.chunks]
        indexed = iter(derive(chunks, self._encoder, self._tokenizer, known, report))
        with self._catalog.transaction():
            for item in self._pending:
                self._catalog.put(item.document, item.file, [next(indexed) for _ in item.chunks])
        self.outcomes += [item.outcome for item in self._pending]
        self._pending = []

    def remove(self, sources: Iterable[str]) -> None:
        """What is gone."""
        for source in sources:
            self._forget(source)
            self.outcomes.append(Outcome(source, "removed"))

    def prune(self, roots: Sequence[Path], kept: Container[str]) -> None:
        """Remove what was read from files beneath the roots that are not `kept`."""
        gone = [
            source
            for source, file in self._files.items()
            if file.path not in kept and any(Path(file.path).is_relative_to(root) for root in roots)
        ]
        self.remove(gone)

    def _skip(self, source: str, *reasons: str) -> None:
        self.outcomes.append(Outcome(source, "skipped", " ".join(filter(None, reasons))))

    def _forget(self, source: str) -> None:
        known = self._files.pop(source, None)
        if known:
            with self._catalog.transaction():
                self._catalog.delete(known.document_id)


_TAKEN = (
    "{} is indexed under the same name. Index a folder above both, so that their sources differ, "
    "or remove the other first."
)
# Whoever asks must not get an old text for today's: but what could not be read may be as it was.
_KEPT = "What was indexed of it before is kept."
_REMOVED = "What was indexed of it before is removed."
