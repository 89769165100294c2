"""Uploads into the index. Nothing of a client's file name is ever opened or made a path."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing
from pathlib import PureWindowsPath
from secrets import token_hex

from fastapi import UploadFile

from index.errors import FileError
from index.load import parts_of
from index.load.limits import check_size
from index.records import DocumentInfo, Outcome, document_id_of
from index.store import Store
from ui.http.replies import Uploaded

# What is then no document.
_NONE = {"skipped", "ignored"}
LONGEST_NAME = 60


def add_uploads(store: Store, files: Sequence[UploadFile]) -> list[Uploaded]:
    """What became of each document in them; one that cannot become one stops no other.

    A document's source is `stored_name`. Raises StoreError where the index cannot be written.
    """
    with closing(store.for_writing()) as writer:
        return [added for file in files for added in _add(writer, file)]


def remove_upload(store: Store, document_id: str) -> DocumentInfo:
    """Any document, uploaded or not. Raises NotFoundError, StoreError."""
    with closing(store.for_writing()) as writer:
        return writer.remove(document_id)


def stored_name(name: str) -> str:
    """Random; then, for whoever reads it, the end of the client's name: its letters, digits, dots
    and hyphens."""
    last = PureWindowsPath(name).name  # which knows both kinds of slashes
    plain = re.sub(r"[^\w.]+", "-", last)[-LONGEST_NAME:].strip("-.")
    return f"{token_hex(8)}-{plain}" if plain else token_hex(8)


def _add(store: Store, file: UploadFile) -> list[Uploaded]:
    """An archive holds several; the part of a source that names the archive is its stored name."""
    name = stored_name(file.filename or "")
    try:
        check_size(file.size or 0)
        outcomes = [
            Outcome(source, "skipped", str(data))
            if isinstance(data, FileError)
            else store.add_bytes(source, data)
            for source, data in parts_of(file.file.read(), name)
        ]
    except FileError as error:
        outcomes = [Outcome(name, "skipped", str(error))]
    return [
        Uploaded(
            name=(file.filename or "") + outcome.source.removeprefix(name),
            document_id=None if outcome.status in _NONE else document_id_of(outcome.source),
            status=outcome.status,
            reason=outcome.reason,
            chunks=outcome.chunks,
        )
        for outcome in outcomes
    ]
