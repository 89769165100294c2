"""From the tables of an earlier version to today's, without deriving anything anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from index.tables import TABLES

# A version of the tables, the next one, and the statements between them.
MIGRATIONS: Mapping[str, tuple[str, str]] = {
    "2": (
        "3",
        "CREATE TABLE generation (number INTEGER NOT NULL) STRICT;"
        "INSERT INTO generation VALUES (0);",
    ),
}


def version_of(connection: sqlite3.Connection) -> str | None:
    """The version of an index's tables; None where there are none yet, or none is stated."""
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'identity'").fetchone():
        return None
    row = connection.execute("SELECT value FROM identity WHERE name = 'schema'").fetchone()
    return str(row[0]) if row else None


def prepare(connection: sqlite3.Connection, identity: Mapping[str, str]) -> None:
    """Make the tables of an index of this identity, or bring older ones up to date (call inside a
    transaction)."""
    version = version_of(connection)
    if version is None:
        _run(connection, TABLES)
        connection.executemany("INSERT INTO identity VALUES (?, ?)", identity.items())
        return
    while version in MIGRATIONS:
        version, statements = MIGRATIONS[version]
        _run(connection, statements)
        connection.execute("UPDATE identity SET value = ? WHERE name = 'schema'", (version,))


def _run(connection: sqlite3.Connection, statements: str) -> None:
    for statement in statements.split(";"):
        connection.execute(statement)
