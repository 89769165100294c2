"""What shaped an index: another encoder, tokenizer, chunker or schema makes it stale."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from index.chunk import CHUNKER
from index.errors import StaleIndexError
from index.migrations import MIGRATIONS
from index.records import Encoder
from index.tables import SCHEMA
from index.tokens import Tokenizer

Identity = Mapping[str, str]


def identity_of(encoder: Encoder, tokenizer: Tokenizer) -> Identity:
    return {
        "schema": SCHEMA,
        "encoder": encoder.fingerprint,
        "tokenizer": tokenizer.fingerprint,
        "chunker": CHUNKER,
    }


def check_identity(found: Identity, expected: Identity, folder: Path) -> None:
    """Raises StaleIndexError, which names the command that mends it, where they differ."""
    for name, value in expected.items():
        if found.get(name) != value:
            raise StaleIndexError(
                f"The index was made with the {name} {found.get(name)!r}; now it is {value!r}.",
                mend(name, found.get(name), folder),
            )


def mend(name: str, found: str | None, folder: Path | str) -> str:
    """What to do about another `name` than today's."""
    if name == "schema" and found not in MIGRATIONS:
        return (
            "Use the version of Yuanwen that made it; or name another folder with --data, and "
            "run `yuanwen index PATH…` again."
        )
    return (
        f"Make it again from the texts that it holds: yuanwen rebuild --data {folder} "
        f"(or go back to the {name} that made it)."
    )
