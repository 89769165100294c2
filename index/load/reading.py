"""A file's bytes to its document. It runs in the child process (child.py)."""

from __future__ import annotations

from importlib import import_module

from index.errors import FileError
from index.load import limits
from index.load.clean import clean
from index.load.content import Content, assemble
from index.load.kinds import ARCHIVE, kind_of
from index.records import Document


def make_document(data: bytes, source: str) -> Document | None:
    """None where its front matter says `index: false`. Raises FileError."""
    kind = kind_of(data, source)
    if kind == ARCHIVE:
        raise FileError("it is an archive, not a document.", "Index its members.")
    # Only the library of this format is loaded.
    content: Content = getattr(import_module(f"index.load.{kind}"), f"read_{kind}")(data)
    if content.meta.get("index") == "false":
        return None
    characters = sum(len(paragraph.text) for paragraph in content.paragraphs)
    if characters > limits.CHARACTERS:
        raise FileError(
            f"it has {characters:,} characters; the limit is {limits.CHARACTERS:,}.",
            "Split it into parts.",
        )
    return assemble(source, clean(content))
