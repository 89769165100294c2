"""The terms of a collection under numbers, in SQLite: a chunk's terms are small arrays.

A term has its number as long as any chunk has the term, and is gone with the last of them.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import numpy as np

from index.proximity import END, TermIds

TERMS_TABLE = """
CREATE TABLE terms (
    id INTEGER PRIMARY KEY, term TEXT NOT NULL UNIQUE, chunks INTEGER NOT NULL
) STRICT
"""
Counted = tuple[bytes, bytes, bytes]
# The terms of the title and headings of a chunk, then those of each of its sentences.
Parts = Sequence[Sequence[str]]

TERM_ID, TERM_COUNT = np.int32, np.uint16


def put_terms(connection: sqlite3.Connection, chunks: Sequence[Parts]) -> list[Counted]:
    """Of each chunk the numbers of its terms and how often it has each, as blobs (int32, uint16),
    and the numbers once more, part by part (`index.proximity`).

    Raises OverflowError for a chunk that has a term more than 65,535 times.
    """
    counted = [Counter(chain.from_iterable(parts)) for parts in chunks]
    connection.executemany(
        "INSERT INTO terms (term, chunks) VALUES (?, ?)"
        " ON CONFLICT (term) DO UPDATE SET chunks = chunks + excluded.chunks",
        Counter(chain.from_iterable(counted)).items(),
    )
    every = json.dumps(list(set(chain.from_iterable(counted))))
    ids: dict[str, int] = dict(
        connection.execute(
            "SELECT term, id FROM terms WHERE term IN (SELECT value FROM json_each(?))", (every,)
        )
    )
    return [
        (
            np.array([ids[term] for term in counts], TERM_ID).tobytes(),
            np.array(list(counts.values()), TERM_COUNT).tobytes(),
            _in_parts(parts, ids).tobytes(),
        )
        for parts, counts in zip(chunks, counted, strict=True)
    ]


def _in_parts(parts: Parts, ids: Mapping[str, int]) -> TermIds:
    numbers = (number for part in parts for number in (*sorted({ids[term] for term in part}), END))
    return np.fromiter(numbers, TERM_ID)


def remove_terms(connection: sqlite3.Connection, chunks: Iterable[bytes]) -> None:
    """Forget the terms of chunks, given by their numbers, that no other chunk has."""
    ids, times = np.unique(np.frombuffer(b"".join(chunks), TERM_ID), return_counts=True)
    connection.executemany(
        "UPDATE terms SET chunks = chunks - ? WHERE id = ?",
        zip(times.tolist(), ids.tolist(), strict=True),
    )
    connection.executemany(
        "DELETE FROM terms WHERE id = ? AND chunks = 0", [(number,) for number in ids.tolist()]
    )
