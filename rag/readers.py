"""The table of readers: what finds the words that answer in passages."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from threading import Lock

from index.errors import UsageError
from index.view import View
from rag.reader.reading import Reader
from rag.settings import Settings

# The weights that ship.
WEIGHTS = Path(__file__).parent / "reader" / "reader.safetensors"

_loading = Lock()


def _trained(settings: Settings, store: View) -> Reader:
    return _from_file(WEIGHTS, settings.cache)


def _light(settings: Settings, store: View) -> Reader:
    from rag.reader.light import LightReader  # noqa: PLC0415

    return LightReader(store)


READERS: dict[str, Callable[[Settings, View], Reader]] = {"trained": _trained, "light": _light}


def open_reader(settings: Settings, store: View) -> Reader:
    """The reader of the settings: one in the table, or that of a .safetensors file that
    `python -m eval.train_reader` wrote. A file is loaded once.

    Raises UsageError for what is neither, ReaderError for a file that cannot be used.
    """
    name = settings.reader
    if name in READERS:
        return READERS[name](settings, store)
    if name.endswith(".safetensors"):
        return _from_file(Path(name), settings.cache)
    raise UsageError(
        f"There is no reader {name!r}.",
        f"The readers are: {', '.join(READERS)}; or name a .safetensors file with weights.",
    )


def weights_of(reader: str) -> str:
    """Which of the confidence's weights belong to a reader: other weights of the network share
    those of the ones that ship."""
    return "light" if reader == "light" else "trained"


def _from_file(weights: Path, cache: Path) -> Reader:
    with _loading:  # two first questions at once load it once
        return _opened(weights, cache)


@lru_cache(maxsize=2)
def _opened(weights: Path, cache: Path) -> Reader:
    from rag.reader.trained import TrainedReader  # noqa: PLC0415

    return TrainedReader.open(weights, cache)
