"""Documents out of an index and into another: one JSON object a line, all that is not derived."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

from index.catalog import Catalog
from index.errors import FileError, NotFoundError, UsageError
from index.records import Block, BlockKind, Document, are_lines
from index.rows import FileRecord, StoredDocument

_TEXTS = ("source", "path", "file_sha256", "sha256", "text")
_STATED = ("title", "language", "publisher", "date")
_KEYS = {*_TEXTS, *_STATED, "blocks"}
_BLOCK_KEYS = {"start", "end", "kind", "level", "page"}


def export_documents(folder: Path, file: Path) -> int:
    """Write every document of an index, in the order of their sources, and say how many.

    The same documents make the same bytes. Raises StoreError where there is no index, UsageError
    where the file cannot be written; then nothing is left of it.
    """
    beside = file.with_name(f"{file.name}.part")
    count = 0
    try:
        with closing(Catalog(folder)) as catalog, catalog.snapshot():
            with beside.open("w", encoding="utf-8", newline="\n") as out:
                for item in catalog.stored():
                    out.write(json.dumps(_body(item), ensure_ascii=False) + "\n")
                    count += 1
            beside.replace(file)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise UsageError(
            f"{file} cannot be written: {error.strerror}.", "Name a file in another folder."
        ) from error
    return count


def _body(item: StoredDocument) -> dict[str, Any]:
    document = item.document
    return {
        "source": document.source,
        "path": item.file.path,
        "file_sha256": item.file.sha256,
        "sha256": item.sha256,
        **{name: getattr(document, name) for name in _STATED},
        "blocks": [asdict(block) for block in document.blocks],
        "text": document.text,
    }


def read_export(file: Path) -> list[tuple[Document, FileRecord]]:
    """The documents of an export with what they were read from.

    Raises NotFoundError where there is no file, and FileError that names the first line which is
    not as it was written.
    """
    try:
        lines = file.read_text("utf-8").split("\n")
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no file {file}.", "Check how it is written.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"{file} cannot be read: {error}.", _WHERE_FROM) from error
    found: dict[str, tuple[Document, FileRecord]] = {}
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        try:
            document, origin = _read(json.loads(line))
            if document.source in found:
                raise ValueError(f"{document.source!r} stands on an earlier line too")
        except (ValueError, TypeError) as error:
            raise FileError(f"{file}, line {number}: {error}.", _WHERE_FROM) from error
        found[document.source] = document, origin
    return list(found.values())


_WHERE_FROM = "Give a file that `yuanwen export` wrote, whole. Nothing was imported."


def _read(body: Any) -> tuple[Document, FileRecord]:
    """Raises ValueError or TypeError for what `_body` cannot have made."""
    if not isinstance(body, dict) or body.keys() != _KEYS:
        raise ValueError(f"it is no document: its keys should be {', '.join(sorted(_KEYS))}")
    for name in (*_TEXTS, *_STATED):
        if not isinstance(body[name], str) and (name in _TEXTS or body[name] is not None):
            raise ValueError(f"{name} is {body[name]!r}, not a text")
    document = Document(
        body["source"],
        body["text"],
        tuple(_block(each) for each in body["blocks"]),
        *(body[name] for name in _STATED),
    )
    if document.sha256 != body["sha256"]:
        raise ValueError("its text is not the one that was exported: another hash")
    if not are_lines(document.blocks, document.text):
        raise ValueError("its blocks are not the lines of its text")
    return document, FileRecord(document.id, body["path"], body["file_sha256"])


def _block(body: Any) -> Block:
    if not isinstance(body, dict) or body.keys() != _BLOCK_KEYS:
        raise ValueError(f"a block's keys should be {', '.join(sorted(_BLOCK_KEYS))}")
    block = Block(**body)
    numbers = (block.start, block.end, block.level, 0 if block.page is None else block.page)
    if block.kind not in get_args(BlockKind) or not all(type(n) is int for n in numbers):
        raise ValueError(f"{body!r} is no block")
    return block
