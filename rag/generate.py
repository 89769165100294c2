"""The table of generators: what turns passages into a drafted answer."""

from __future__ import annotations

from collections.abc import Callable

from index.errors import UsageError
from index.view import View
from rag.draft import Generator
from rag.readers import open_reader
from rag.settings import Settings


def _extractive(store: View, settings: Settings) -> Generator:
    from rag.extract import Extractive  # noqa: PLC0415

    return Extractive(store, open_reader(settings, store), settings)


def _llm(store: View, settings: Settings) -> Generator:
    from rag.llm import LanguageModel  # noqa: PLC0415

    reader = open_reader(settings, store)
    return LanguageModel(store, _extractive(store, settings), reader, settings)


GENERATORS: dict[str, Callable[[View, Settings], Generator]] = {
    "extractive": _extractive,
    "llm": _llm,
}


def make_generator(name: str, store: View, settings: Settings) -> Generator:
    """Raises UsageError for a name that is not in the table, or in that of the readers,
    SettingsError for a model that is not named, and ReaderError where the reader cannot be
    loaded."""
    if name not in GENERATORS:
        raise UsageError(
            f"There is no generator {name!r}.", f"The generators are: {', '.join(GENERATORS)}."
        )
    return GENERATORS[name](store, settings)
