"""The one truth: an SQLite file with every document, chunk, term and vector.

All that belongs to a document changes in one transaction, or not at all.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csc_array, csr_array

from index.connection import connect
from index.errors import BusyError, NotFoundError, StoreError
from index.proximity import TermIds
from index.records import Block, Chunk, Document, DocumentInfo, Span, Vectors
from index.vocabulary import (
    TERM_COUNT,
    TERM_ID,
    TERMS_TABLE,
    Counted,
    Parts,
    put_terms,
    remove_terms,
)

# Part of an index's identity.
SCHEMA = "2"
FILE_NAME = "index.sqlite"

# What searching reads of every chunk comes first: SQLite walks through a long row to its end.
_TABLES = f"""
{TERMS_TABLE};
CREATE TABLE identity (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE documents (
    id TEXT PRIMARY KEY, source TEXT NOT NULL UNIQUE, path TEXT NOT NULL,
    file_sha256 TEXT NOT NULL, sha256 TEXT NOT NULL, characters INTEGER NOT NULL,
    title TEXT, language TEXT, publisher TEXT, date TEXT,
    text TEXT NOT NULL, blocks TEXT NOT NULL
) STRICT;
CREATE TABLE chunks (
    id TEXT PRIMARY KEY, document_id TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
    term_ids BLOB NOT NULL, term_counts BLOB NOT NULL, vector BLOB NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, context TEXT NOT NULL, text TEXT NOT NULL,
    sentences TEXT NOT NULL, part_terms BLOB NOT NULL, sentence_vectors BLOB NOT NULL
) STRICT;
CREATE INDEX chunks_by_document ON chunks (document_id, start);
"""
_INFO = """SELECT d.id, source, sha256, characters, count(c.id), title, language, publisher, date
    FROM documents d LEFT JOIN chunks c ON c.document_id = d.id"""
_SELECT_CHUNKS = """SELECT document_id, start, "end", text, context, sentences
    FROM chunks WHERE document_id = ? ORDER BY start"""
_SELECT_SEARCHED = """SELECT id, document_id, term_ids, term_counts, vector
    FROM chunks ORDER BY id"""
_SELECT_FOUND = """SELECT document_id, start, "end", text, context, sentences,
    part_terms, sentence_vectors
    FROM chunks WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"""


@dataclass(frozen=True, slots=True)
class IndexedChunk:
    """A chunk with what it is found by: the terms of its title and headings and of each sentence,
    its vector (dimension,) and those of its sentences (sentences, dimension)."""

    chunk: Chunk
    terms: Parts
    vector: Vectors
    sentence_vectors: Vectors


@dataclass(frozen=True, slots=True)
class FoundChunk:
    """A chunk, its terms in parts, and its sentences' vectors, shape (sentences, dimension)."""

    chunk: Chunk
    terms: TermIds
    sentences: Vectors


@dataclass(frozen=True, slots=True)
class SearchData:
    """What searching needs of all chunks, in order of their ids.

    `counts` has shape (chunks, columns) and says how often a chunk has a term; `vocabulary` gives
    the column of each term. `vectors` has shape (chunks, dimension).
    """

    chunk_ids: list[str]
    document_ids: list[str]
    vocabulary: dict[str, int]
    counts: csc_array
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class FileRecord:
    document_id: str
    path: str
    sha256: str


class Catalog:
    """SQL and nothing else. One connection: callers share it under their own lock."""

    def __init__(self, folder: Path, *, write: bool) -> None:
        self.path = folder / FILE_NAME
        self._connection = connect(self.path, write=write)
        if write:
            with self.transaction():
                if not self._value("SELECT 1 FROM sqlite_schema WHERE name = 'identity'"):
                    for statement in _TABLES.split(";"):
                        self._connection.execute(statement)

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is kept, or after an exception nothing of it."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise BusyError(
                f"{self.path} is being written to by another process ({error}).",
                "Wait until it has finished, or stop it.",
            ) from error
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All reads inside see the same state, whatever another process commits meanwhile."""
        self._connection.execute("BEGIN")
        try:
            # BEGIN alone pins nothing: the first read does, and `version` must belong to it.
            self._connection.execute("SELECT 1 FROM identity").fetchone()
            yield
        finally:
            self._connection.execute("ROLLBACK")

    def version(self) -> int:
        """Changes when another connection has committed."""
        return int(str(self._value("PRAGMA data_version")))

    def state(self) -> tuple[int, int]:
        """Changes with every change of the index, this connection's own too."""
        return self.version(), self._connection.total_changes

    def identity(self) -> dict[str, str]:
        """Raises StoreError where the file is SQLite's, but no index."""
        try:
            return dict(self._connection.execute("SELECT name, value FROM identity"))
        except sqlite3.DatabaseError as error:
            raise StoreError(
                f"{self.path} is no index of Yuanwen: {error}.",
                f"Delete it and make one: yuanwen index PATH… --data {self.path.parent}",
            ) from error

    def set_identity(self, identity: Mapping[str, str]) -> None:
        self._connection.executemany(
            "INSERT OR REPLACE INTO identity VALUES (?, ?)", identity.items()
        )

    def files(self) -> dict[str, FileRecord]:
        """What each source was read from."""
        rows = self._connection.execute("SELECT source, id, path, file_sha256 FROM documents")
        return {source: FileRecord(*rest) for source, *rest in rows}

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
            map(_row, chunks, counted),
        )

    def delete(self, document_id: str) -> None:
        """Delete a document and all that belongs to it (call inside a transaction)."""
        chunks = self._connection.execute(
            "SELECT term_ids FROM chunks WHERE document_id = ?", (document_id,)
        )
        remove_terms(self._connection, [ids for (ids,) in chunks])
        self._connection.execute("DELETE FROM documents WHERE id = ?", (document_id,))

    def documents(self) -> list[DocumentInfo]:
        rows = self._connection.execute(f"{_INFO} GROUP BY d.id ORDER BY source")
        return [DocumentInfo(*row) for row in rows]

    def document(self, document_id: str) -> Document:
        row = self._connection.execute(
            "SELECT source, text, blocks, title, language, publisher, date "
            "FROM documents WHERE id = ?",
            (document_id,),
        ).fetchone()
        if row is None:
            raise no_document(document_id)
        source, text, blocks, *stated = row
        return Document(source, text, tuple(Block(**b) for b in json.loads(blocks)), *stated)

    def chunks(self, document_id: str) -> list[Chunk]:
        rows = self._connection.execute(_SELECT_CHUNKS, (document_id,))
        return [_chunk(row) for row in rows]

    def found(self, chunk_ids: Sequence[str]) -> Iterator[FoundChunk]:
        """Chunks in order of ids."""
        rows = self._connection.execute(_SELECT_FOUND, (json.dumps(chunk_ids),))
        for *row, terms, vectors in rows:
            chunk = _chunk(row)
            halves = np.frombuffer(vectors, np.float16).reshape(len(chunk.sentences), -1)
            yield FoundChunk(chunk, np.frombuffer(terms, TERM_ID), halves.astype(np.float32))

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


def _row(indexed: IndexedChunk, counted: Counted) -> tuple[object, ...]:
    chunk = indexed.chunk
    term_ids, term_counts, part_terms = counted
    return (
        chunk.id,
        chunk.document_id,
        term_ids,
        term_counts,
        indexed.vector.astype(np.float32).tobytes(),
        chunk.start,
        chunk.end,
        chunk.context,
        chunk.text,
        json.dumps([[span.start, span.end] for span in chunk.sentences]),
        part_terms,
        # Half precision halves the file and changes a cosine by less than 0.001.
        indexed.sentence_vectors.astype(np.float16).tobytes(),
    )


def _chunk(row: Sequence[str | int]) -> Chunk:
    document_id, start, end, text, context, sentences = row
    spans = tuple(Span(*pair) for pair in json.loads(str(sentences)))
    return Chunk(str(document_id), int(start), int(end), str(text), str(context), spans)
