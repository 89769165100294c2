"""Does everything in an index hold? Each check yields what it finds wrong."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.catalog import FILE_NAME
from index.connection import connect
from index.identity import Identity, mend
from index.proximity import END
from index.records import Block, are_lines, content_hash, document_id_of
from index.rows import SENTENCE_VECTOR, to_chunk
from index.vocabulary import TERM_COUNT, TERM_ID

# How far the length of a vector may be from 1: half precision keeps eleven bits of each number.
_LENGTH_ERROR = 0.005

# Where only terms are wrong the vectors can be kept; where chunks are, nothing is to be trusted.
_REBUILD = "yuanwen rebuild --data {folder}"
_REENCODE = "yuanwen rebuild --reencode --data {folder}"
_AGAIN = "yuanwen remove {subject} --data {folder}, and index its file again"
_ANEW = "name a new folder with --data, and index the files again"

_CHUNKS = """SELECT document_id, start, "end", text, context, sentences, id,
    term_ids, term_counts, part_terms, vector, sentence_vectors
    FROM chunks WHERE document_id = ? ORDER BY start"""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with which document or part of an index, and the command that mends it."""

    check: str
    subject: str
    message: str
    mend: str


# The subject, what is wrong with it, and what mends it, the folder and the subject left open.
_Found = Iterator[tuple[str, str, str]]


def examine(folder: Path, expected: Identity) -> list[Fault]:
    """Every fault of the index in a folder, all of one moment; none where all is well.

    `expected` is the identity of what would search it now. Raises StoreError where there is no
    index, or it cannot be opened.
    """
    with closing(connect(folder / FILE_NAME, write=False)) as connection:
        connection.execute("BEGIN")
        return [
            Fault(name, subject, message, mending.format(folder=folder, subject=subject))
            for name, check in _CHECKS.items()
            for subject, message, mending in _survived(check, connection, expected)
        ]


def _survived(
    check: Callable[[sqlite3.Connection, Identity], _Found],
    connection: sqlite3.Connection,
    expected: Identity,
) -> _Found:
    """What a check finds; that it cannot be made is a fault too."""
    try:
        yield from check(connection, expected)
    except sqlite3.DatabaseError as error:
        yield FILE_NAME, f"it cannot be read: {error}", _ANEW


def _file(connection: sqlite3.Connection, expected: Identity) -> _Found:
    for (message,) in connection.execute("PRAGMA integrity_check"):
        if message != "ok":
            yield FILE_NAME, message, _ANEW
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield table, f"row {row} belongs to none of the {parent}", _REBUILD


def _identity(connection: sqlite3.Connection, expected: Identity) -> _Found:
    found = dict(connection.execute("SELECT name, value FROM identity"))
    for name, value in expected.items():
        if found.get(name) != value:
            message = f"the index was made with {found.get(name)!r}; now it is {value!r}"
            yield name, message, mend(name, found.get(name), "{folder}")


def _documents(connection: sqlite3.Connection, expected: Identity) -> _Found:
    rows = connection.execute("SELECT id, source, sha256, characters, text, blocks FROM documents")
    for document_id, source, sha256, characters, text, blocks in rows:
        if document_id != document_id_of(source):
            yield document_id, f"it is not the id of {source!r}", _AGAIN
        if sha256 != content_hash(text):
            yield document_id, "its text is not the one that was stored: another hash", _AGAIN
        if characters != len(text):
            yield document_id, f"it has {len(text)} characters, not {characters}", _AGAIN
        if not _holds(blocks, text):
            yield document_id, "its blocks are not the lines of its text", _AGAIN


def _holds(blocks: str, text: str) -> bool:
    try:
        return are_lines([Block(**block) for block in json.loads(blocks)], text)
    except (ValueError, TypeError):
        return False


def _chunks(connection: sqlite3.Connection, expected: Identity) -> _Found:
    for document_id, text, blocks in connection.execute("SELECT id, text, blocks FROM documents"):
        end = 0
        rows = connection.execute(_CHUNKS, (document_id,)).fetchall()
        for row in rows:
            if fault := _chunk_fault(row, text, end):
                yield document_id, f"chunk {row[6]}: {fault}", _REENCODE
            end = row[2]
        if not rows and '"kind": "text"' in blocks:
            yield document_id, "it has text and no chunks", _REENCODE


def _chunk_fault(row: tuple[Any, ...], text: str, after: int) -> str:
    try:
        chunk = to_chunk(row[:6])
    except (ValueError, TypeError):
        return "its sentences cannot be read"
    bounds = [after, *(place for s in chunk.sentences for place in (s.start, s.end)), chunk.end]
    if not after <= chunk.start < chunk.end or text[chunk.start : chunk.end] != chunk.text:
        return f"its text does not stand at {chunk.start} to {chunk.end}"
    if row[6] != chunk.id:
        return "its id is another's"
    if not chunk.sentences or bounds != sorted(bounds) or chunk.sentences[0].start < chunk.start:
        return "its sentences do not lie in it, one after the other"
    return ""


def _terms(connection: sqlite3.Connection, expected: Identity) -> _Found:
    having: Counter[int] = Counter()
    for document_id, ids in _each_chunk(connection, "term_ids, term_counts, part_terms, sentences"):
        chunk_id, (term_ids, term_counts, part_terms, sentences) = ids
        try:
            own = np.frombuffer(term_ids, TERM_ID).tolist()
            counts = np.frombuffer(term_counts, TERM_COUNT).tolist()
            parts = np.frombuffer(part_terms, TERM_ID).tolist()
            spans = len(json.loads(sentences))
        except ValueError:
            yield document_id, f"chunk {chunk_id}: its terms cannot be read", _REBUILD
            continue
        having.update(own)
        if (
            len(own) != len(counts)
            or 0 in counts
            or parts.count(END) != spans + 1
            or set(parts) - {END} != set(own)
        ):
            yield document_id, f"chunk {chunk_id}: its terms contradict each other", _REBUILD
    stated = dict(connection.execute("SELECT id, chunks FROM terms"))
    for number in sorted(stated.keys() | having.keys()):
        if stated.get(number) != having.get(number):
            message = f"{having[number]} chunks have it, not {stated.get(number, 0)}"
            yield f"term {number}", message, _REBUILD


def _vectors(connection: sqlite3.Connection, expected: Identity) -> _Found:
    dimension = None
    for document_id, found in _each_chunk(connection, "vector, sentence_vectors, sentences"):
        chunk_id, (vector, sentence_vectors, sentences) = found
        try:
            own = np.frombuffer(vector, np.float32)[None]
            dimension = dimension or own.shape[1]
            each = np.frombuffer(sentence_vectors, SENTENCE_VECTOR).astype(np.float32)
            every = np.concatenate([own, each.reshape(len(json.loads(sentences)), -1)])
        except ValueError:
            yield document_id, f"chunk {chunk_id}: its vectors have wrong shapes", _REENCODE
            continue
        if every.shape[1] != dimension:
            message = f"its vectors have {every.shape[1]} dimensions, others {dimension}"
            yield document_id, f"chunk {chunk_id}: {message}", _REENCODE
        elif not np.isfinite(every).all():
            yield document_id, f"chunk {chunk_id}: a vector is not finite", _REENCODE
        elif np.abs(np.linalg.norm(every, axis=1) - 1).max() > _LENGTH_ERROR:
            yield document_id, f"chunk {chunk_id}: a vector's length is not 1", _REENCODE


def _each_chunk(
    connection: sqlite3.Connection, columns: str
) -> Iterator[tuple[str, tuple[str, tuple[Any, ...]]]]:
    for document_id, chunk_id, *values in connection.execute(
        f"SELECT document_id, id, {columns} FROM chunks ORDER BY id"  # noqa: S608
    ):
        yield document_id, (chunk_id, tuple(values))


_CHECKS: Mapping[str, Callable[[sqlite3.Connection, Identity], _Found]] = {
    "file": _file,
    "identity": _identity,
    "documents": _documents,
    "chunks": _chunks,
    "terms": _terms,
    "vectors": _vectors,
}
