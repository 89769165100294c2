"""The one truth: an SQLite file with every document, chunk, term and vector. Read here; changed
in `writer.py`, all that belongs to a document in one transaction, or nothing of it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from scipy.sparse import csr_array

from index.connection import connect
from index.errors import NotFoundError, StoreError
from index.records import Block, Chunk, Document, DocumentInfo, Vectors
from index.rows import (
    FileRecord,
    FoundChunk,
    SearchData,
    StoredDocument,
    to_chunk,
    to_found,
    to_sentence_vectors,
)
from index.vocabulary import TERM_COUNT, TERM_ID

FILE_NAME = "index.sqlite"

_INFO = """SELECT d.id, source, sha256, characters, count(c.id), title, language, publisher, date
    FROM documents d LEFT JOIN chunks c ON c.document_id = d.id"""
_CHUNK = 'document_id, start, "end", text, context, sentences'
_SELECT_CHUNKS = f"SELECT {_CHUNK} FROM chunks WHERE document_id = ? ORDER BY start"  # noqa: S608
_SELECT_SEARCHED = """SELECT id, document_id, term_ids, term_counts, vector
    FROM chunks ORDER BY id"""
_SELECT_FOUND = f"""SELECT {_CHUNK}, part_terms, sentence_vectors
    FROM chunks WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"""  # noqa: S608
_SELECT_VECTORS = f"""SELECT {_CHUNK}, vector, sentence_vectors
    FROM chunks WHERE document_id = ?"""  # noqa: S608
_DOCUMENT = "source, text, blocks, title, language, publisher, date"
_SELECT_DOCUMENT = f"SELECT {_DOCUMENT} FROM documents WHERE id = ?"  # noqa: S608
_SELECT_STORED = f"""SELECT {_DOCUMENT}, id, path, file_sha256, sha256, characters
    FROM documents ORDER BY source"""  # noqa: S608


class Catalog:
    """SQL and nothing else, over one connection: one thread at a time."""

    _write: ClassVar[bool] = False

    def __init__(self, folder: Path) -> None:
        """Raises StoreError where there is none, or it cannot be opened."""
        self.path = folder / FILE_NAME
        self._connection = connect(self.path, write=self._write)

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All reads inside see the same state, whatever is committed meanwhile. Raises StoreError
        where the file cannot be read."""
        try:
            self._connection.execute("BEGIN")
            try:
                # BEGIN alone pins nothing: the first read does.
                self._connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
                yield
            finally:
                self._connection.execute("ROLLBACK")
        except sqlite3.DatabaseError as error:
            raise StoreError(
                f"The index {self.path} cannot be read: {error}.",
                f"See what is wrong with it: yuanwen doctor --data {self.path.parent}",
            ) from error

    def generation(self) -> int:
        """Rises with every change, whoever makes it."""
        return int(str(self._value("SELECT number FROM generation")))

    def identity(self) -> dict[str, str]:
        """Raises StoreError where the file is SQLite's, but no index."""
        try:
            return dict(self._connection.execute("SELECT name, value FROM identity"))
        except sqlite3.OperationalError as error:
            raise StoreError(
                f"{self.path} is no index of Yuanwen: {error}.",
                f"Delete it and make one: yuanwen index PATH… --data {self.path.parent}",
            ) from error

    def files(self) -> dict[str, FileRecord]:
        """What each source was read from."""
        rows = self._connection.execute("SELECT source, id, path, file_sha256 FROM documents")
        return {source: FileRecord(*rest) for source, *rest in rows}

    def documents(self) -> list[DocumentInfo]:
        rows = self._connection.execute(f"{_INFO} GROUP BY d.id ORDER BY source")
        return [DocumentInfo(*row) for row in rows]

    def document(self, document_id: str) -> Document:
        """Raises NotFoundError."""
        row = self._connection.execute(_SELECT_DOCUMENT, (document_id,)).fetchone()
        if row is None:
            raise no_document(document_id)
        return _document(row)

    def stored(self) -> Iterator[StoredDocument]:
        """Every document whole, in the order of the sources."""
        for *row, document_id, path, file_hash, sha256, length in self._connection.execute(
            _SELECT_STORED
        ):
            file = FileRecord(document_id, path, file_hash)
            yield StoredDocument(_document(row), file, sha256, length)

    def chunks(self, document_id: str) -> list[Chunk]:
        """The chunks of a document, in its order."""
        return [to_chunk(row) for row in self._connection.execute(_SELECT_CHUNKS, (document_id,))]

    def found(self, chunk_ids: Sequence[str]) -> Iterator[FoundChunk]:
        """Chunks in order of ids."""
        rows = self._connection.execute(_SELECT_FOUND, (json.dumps(chunk_ids),))
        return (to_found(row, terms, vectors) for *row, terms, vectors in rows)

    def vectors(self, document_id: str) -> Iterator[tuple[Chunk, Vectors, Vectors]]:
        """A document's chunks, each with its vector and those of its sentences."""
        rows = self._connection.execute(_SELECT_VECTORS, (document_id,))
        for *row, vector, sentences in rows:
            chunk = to_chunk(row)
            every = to_sentence_vectors(sentences, len(chunk.sentences))
            yield chunk, np.frombuffer(vector, np.float32), every

    def search_data(self) -> SearchData:
        """What searching needs of every chunk, in order of their ids."""
        chunk_ids: list[str] = []
        document_ids: list[str] = []
        term_ids, term_counts, vectors = bytearray(), bytearray(), bytearray()
        ends = [0]
        for chunk_id, document_id, ids, counts, vector in self._connection.execute(
            _SELECT_SEARCHED
        ):
            chunk_ids.append(chunk_id)
            document_ids.append(document_id)
            term_ids += ids
            term_counts += counts
            vectors += vector
            ends.append(len(term_ids))
        vocabulary = dict(self._connection.execute("SELECT term, id FROM terms"))
        shape = (len(chunk_ids), max(vocabulary.values(), default=0) + 1)
        columns = np.frombuffer(term_ids, TERM_ID)
        # Of one type with the columns, or scipy makes both of them wider.
        starts = (np.array(ends) // columns.itemsize).astype(TERM_ID)
        cells = np.frombuffer(term_counts, TERM_COUNT), columns, starts
        return SearchData(
            chunk_ids,
            document_ids,
            vocabulary,
            csr_array(cells, shape=shape).tocsc(),
            np.frombuffer(vectors, np.float32).reshape(len(chunk_ids), -1)
            if chunk_ids
            else np.empty((0, 0), np.float32),
        )

    def _value(self, statement: str) -> object:
        row = self._connection.execute(statement).fetchone()
        return row[0] if row else None


def no_document(document_id: str) -> NotFoundError:
    return NotFoundError(
        f"There is no document {document_id!r}.", "`yuanwen list` shows the documents."
    )


def _document(row: Sequence[Any]) -> Document:
    source, text, blocks, *stated = row
    return Document(source, text, tuple(Block(**b) for b in json.loads(blocks)), *stated)
