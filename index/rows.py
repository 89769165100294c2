"""What the catalogue's rows hold, as records, and how a chunk lies in its row."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array

from index.proximity import TermIds
from index.records import Chunk, Document, Span, Vectors
from index.vocabulary import TERM_ID, Counted, Parts

# Half precision halves the file and changes a cosine by less than 0.001.
SENTENCE_VECTOR = np.float16


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What a document was read from; the path is empty where it was no file."""

    document_id: str
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as it lies there; `sha256` is that of the text that was put in."""

    document: Document
    file: FileRecord
    sha256: str
    characters: int


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
    vocabulary: Mapping[str, int]
    counts: csc_array
    vectors: Vectors


def to_row(indexed: IndexedChunk, counted: Counted) -> tuple[object, ...]:
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
        indexed.sentence_vectors.astype(SENTENCE_VECTOR).tobytes(),
    )


def to_chunk(row: Sequence[str | int]) -> Chunk:
    document_id, start, end, text, context, sentences = row
    spans = tuple(Span(*pair) for pair in json.loads(str(sentences)))
    return Chunk(str(document_id), int(start), int(end), str(text), str(context), spans)


def to_found(row: Sequence[str | int], terms: bytes, vectors: bytes) -> FoundChunk:
    chunk = to_chunk(row)
    return FoundChunk(
        chunk, np.frombuffer(terms, TERM_ID), to_sentence_vectors(vectors, len(chunk.sentences))
    )


def to_sentence_vectors(blob: bytes, sentences: int) -> Vectors:
    halves = np.frombuffer(blob, SENTENCE_VECTOR).reshape(sentences, -1)
    return halves.astype(np.float32)
