"""Opening the index's SQLite file, for reading and for writing."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from index.errors import StoreError

_WAIT_SECONDS = 5.0


def connect(path: Path, *, write: bool) -> sqlite3.Connection:
    """A connection for one thread at a time. Raises StoreError."""
    try:
        return _open_to_write(path) if write else _open_to_read(path)
    except (OSError, sqlite3.DatabaseError) as error:
        raise StoreError(
            f"The index {path} cannot be opened: {error}.",
            "Check the folder's permissions and the room on its disk, or name another with --data.",
        ) from error


def _open_to_write(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = _open(path.resolve().as_uri())
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("SELECT 1 FROM sqlite_schema").fetchone()  # the log can be made
    except BaseException:
        connection.close()
        raise
    return connection


def _open_to_read(path: Path) -> sqlite3.Connection:
    if not path.exists():
        raise StoreError(
            f"There is no index in {path.parent}.", "Make one first: yuanwen index PATH…"
        )
    uri = path.resolve().as_uri()
    connection = _open(f"{uri}?mode=ro")
    try:
        connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError:
        # WAL needs a shared-memory file beside the index; in a read-only folder nobody can
        # write either, and SQLite may take the file as it is.
        connection.close()
        connection = _open(f"{uri}?immutable=1")
        connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
    return connection


def _open(uri: str) -> sqlite3.Connection:
    return sqlite3.connect(
        uri, uri=True, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
    )
