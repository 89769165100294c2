"""Uploads into the index. Nothing of a client's file name becomes a path, but for its suffix."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path, PurePosixPath
from secrets import token_hex
from tempfile import TemporaryDirectory

from fastapi import UploadFile

from index.load.files import MAX_BYTES
from index.records import DocumentInfo, Outcome
from index.store import Store
from ui.http.replies import Uploaded

_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")


def add_uploads(store: Store, folder: Path, files: Sequence[UploadFile]) -> list[Uploaded]:
    """What became of each; one that cannot become a document stops no other.

    A document's source is a random name. Raises StoreError where the index cannot be written.
    """
    with closing(store.for_writing()) as writer:
        return [_add(writer, folder, file) for file in files]


def remove_upload(store: Store, document_id: str) -> DocumentInfo:
    """Any document, uploaded or not. Raises NotFoundError, StoreError."""
    with closing(store.for_writing()) as writer:
        return writer.remove(document_id)


def stored_name(name: str) -> str:
    """Random, with the suffix of a client's name where that is a plain one."""
    suffix = PurePosixPath(name).suffix.lower()
    return token_hex(8) + (suffix if _SUFFIX.fullmatch(suffix) else "")


def _add(store: Store, folder: Path, file: UploadFile) -> Uploaded:
    if (file.size or 0) > MAX_BYTES:
        reason = f"it has {file.size:,} bytes; the limit is {MAX_BYTES:,}. Split it into parts."
        outcome = Outcome("", "skipped", reason)
    else:
        outcome = _add_bytes(store, folder, stored_name(file.filename or ""), file.file.read())
    ids = {info.source: info.id for info in store.documents()}
    return Uploaded(
        name=file.filename or "",
        document_id=ids.get(outcome.source),
        status=outcome.status,
        reason=outcome.reason,
        chunks=outcome.chunks,
    )


def _add_bytes(store: Store, folder: Path, source: str, data: bytes) -> Outcome:
    """The index keeps what was read; the file itself is gone afterwards."""
    with TemporaryDirectory(prefix="upload-", dir=folder) as beneath:
        file = Path(beneath) / source
        file.write_bytes(data)
        [outcome] = store.add([file])
    return outcome
