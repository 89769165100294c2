"""The table of generators: what turns passages into a drafted answer."""

from __future__ import annotations

from collections.abc import Callable

from index.errors import UsageError
from index.store import Store
from rag.draft import Generator


def _extractive(store: Store) -> Generator:
    from rag.extract import Extractive  # noqa: PLC0415

    return Extractive(store)


GENERATORS: dict[str, Callable[[Store], Generator]] = {"extractive": _extractive}


def make_generator(name: str, store: Store) -> Generator:
    """Raises UsageError for a name that is not in the table."""
    if name not in GENERATORS:
        raise UsageError(
            f"There is no generator {name!r}.", f"The generators are: {', '.join(GENERATORS)}."
        )
    return GENERATORS[name](store)
