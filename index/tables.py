"""How an index lies in SQLite."""

from __future__ import annotations

from index.vocabulary import TERMS_TABLE

# Part of an index's identity: raise it with any change of the tables, and add the way from the
# version before to `migrations.py`.
SCHEMA = "3"

# What searching reads of every chunk comes first: SQLite walks through a long row to its end.
# `generation` is raised by every change, so that connections can tell whether they see the same.
TABLES = f"""
{TERMS_TABLE};
CREATE TABLE identity (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE generation (number INTEGER NOT NULL) STRICT;
INSERT INTO generation VALUES (0);
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
"""  # noqa: S608
