"""JSON bodies that the terminal and the HTTP API share, beside those of `rag.answer`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from index.errors import YuanwenError
from index.records import Chunk, Document, DocumentInfo, Outcome


def error_body(code: str, message: str, hint: str = "") -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "hint": hint}}


def yuanwen_error_body(error: YuanwenError) -> dict[str, Any]:
    return error_body(error.code, error.message, error.hint)


def info_body(info: DocumentInfo) -> dict[str, Any]:
    return asdict(info)


def outcome_body(outcome: Outcome) -> dict[str, Any]:
    return asdict(outcome)


def document_body(document: Document, chunks: Sequence[Chunk]) -> dict[str, Any]:
    """A document whole, and where its chunks and the lines that are set apart begin and end."""
    return {
        "id": document.id,
        "source": document.source,
        "title": document.title,
        "publisher": document.publisher,
        "date": document.date,
        "language": document.language,
        "sha256": document.sha256,
        "text": document.text,
        "chunks": [{"id": c.id, "start": c.start, "end": c.end} for c in chunks],
        "asides": [{"start": b.start, "end": b.end} for b in document.blocks if b.kind == "aside"],
    }


def to_json(body: Any, *, ascii_only: bool = False) -> str:
    return json.dumps(body, ensure_ascii=ascii_only)
