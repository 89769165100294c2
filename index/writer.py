"""The catalogue, opened to be changed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import ClassVar

from index.catalog import Catalog
from index.errors import BusyError, StoreError
from index.migrations import MIGRATIONS, prepare, version_of
from index.records import Document
from index.rows import FileRecord, IndexedChunk, to_row
from index.vocabulary import put_terms, remove_terms


class Writer(Catalog):
    """Whoever changes something holds the lock of `lock.py`."""

    _write: ClassVar[bool] = True

    def __init__(self, folder: Path, identity: Mapping[str, str]) -> None:
        """Makes an index of this identity where there is none, and brings older tables up to date.

        Raises StoreError where the folder cannot be written to.
        """
        super().__init__(folder)
        try:
            version = version_of(self._connection)
            if version is None or version in MIGRATIONS:
                with self.transaction():
                    prepare(self._connection, identity)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is kept, or after an exception nothing of it. One that is inside
        another is a part of it.

        Raises BusyError where another process writes without the lock, StoreError where SQLite
        cannot write: a full disk, a damaged file.
        """
        if self._connection.in_transaction:
            yield
            return
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield
            self._connection.execute("UPDATE generation SET number = number + 1")
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._failure(error) from error
        finally:
            # After some errors, a full disk among them, SQLite has taken everything back itself.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def set_identity(self, identity: Mapping[str, str]) -> None:
        """Call inside a transaction."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO identity VALUES (?, ?)", identity.items()
        )

    def put(self, document: Document, file: FileRecord, chunks: Sequence[IndexedChunk]) -> None:
        """Replace a document and all that belongs to it (call inside a transaction)."""
        self.delete(document.id)
        self._connection.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                document.id,
                document.source,
                file.path,
                file.sha256,
                document.sha256,
                len(document.text),
                document.title,
                document.language,
                document.publisher,
                document.date,
                document.text,
                json.dumps([asdict(block) for block in document.blocks]),
            ),
        )
        counted = put_terms(self._connection, [chunk.terms for chunk in chunks])
        self._connection.executemany(
            "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            map(to_row, chunks, counted),
        )

    def delete(self, document_id: str) -> None:
        """Delete a document and all that belongs to it (call inside a transaction)."""
        chunks = self._connection.execute(
            "SELECT term_ids FROM chunks WHERE document_id = ?", (document_id,)
        )
        remove_terms(self._connection, [ids for (ids,) in chunks])
        self._connection.execute("DELETE FROM documents WHERE id = ?", (document_id,))

    def take_derived(self, other: Path, identity: Mapping[str, str]) -> None:
        """In one transaction, exchange what is derived for that of another index of the same
        documents."""
        self._connection.execute("ATTACH ? AS made", (str(other),))
        try:
            with self.transaction():
                self._connection.execute("DELETE FROM main.chunks")
                self._connection.execute("DELETE FROM main.terms")
                self._connection.execute("INSERT INTO main.terms SELECT * FROM made.terms")
                self._connection.execute("INSERT INTO main.chunks SELECT * FROM made.chunks")
                self.set_identity(identity)
        finally:
            self._connection.execute("DETACH made")

    def _failure(self, error: sqlite3.Error) -> StoreError:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
            return BusyError(
                f"{self.path} is being written to by another process ({error}).",
                "Wait until it has finished, or stop it.",
            )
        return StoreError(
            f"{self.path} could not be written: {error}. Nothing of this change was kept.",
            "See that there is room on the disk and that the folder may be written to; "
            f"then do it again. yuanwen doctor --data {self.path.parent} says whether all is well.",
        )
