"""Texts to unit vectors: the table of encoders by name, and the two that need no model."""
# ruff: noqa: PLC0415 - torch and its kin take seconds to import: only when a model is loaded

from __future__ import annotations

import gc
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path
from threading import Lock

import numpy as np

import index.offline  # noqa: F401 - sets the environment of the libraries
from index.errors import EncoderError
from index.packaged import MODEL, fingerprint_of, packaged_model
from index.records import Encoder, Kind, Vectors, content_hash, unit_rows

# Of multilingual-e5-small.
_POSITIONS = 512


def load_encoder(name: str, cache: Path) -> Encoder:
    """The built-in encoder of this name, or the sentence-transformers model in a folder or cache.

    Nothing is downloaded unless HF_HUB_OFFLINE=0. Raises EncoderError, which says what is missing.
    """
    factory = _BUILT_IN.get(name)
    return factory(cache) if factory else _named(name)


class HashEncoder:
    """A stand-in without a model: the sum of a fixed random direction for each pair of characters.

    Texts that share pairs are near each other, which is all that it knows of meaning.
    """

    max_tokens = 512

    def __init__(self, dimension: int = 64, seed: int = 0) -> None:
        self.dimension = dimension
        self.fingerprint = f"hash:{dimension}-{seed}"
        generator = np.random.default_rng(seed)
        self._directions = generator.standard_normal((4096, dimension), np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """One token a character, and two markers."""
        return [len(text) + 2 for text in texts]

    def encode(self, texts: Sequence[str], kind: Kind) -> Vectors:
        """Float32 of shape (len(texts), dimension), rows of length 1, whatever the `kind`."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for row, text in zip(vectors, texts, strict=True):
            self._directions[_pairs(text)].sum(axis=0, out=row)
        return unit_rows(vectors)


def _pairs(text: str) -> list[int]:
    marked = f" {text.lower()} "
    pairs = (marked[place : place + 2] for place in range(len(marked) - 1))
    return [zlib.crc32(pair.encode("utf-8", "surrogatepass")) % 4096 for pair in pairs]


class CachedEncoder:
    """Keeps what `inner` encodes in a SQLite file, so that the next evaluation costs little.

    Processes may share the file. Raises EncoderError where the file is something else.
    """

    def __init__(self, inner: Encoder, path: Path) -> None:
        self._inner = inner
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as file:
            file.execute(
                "CREATE TABLE IF NOT EXISTS vectors"
                " (key TEXT PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID"
            )

    @property
    def fingerprint(self) -> str:
        return self._inner.fingerprint

    @property
    def max_tokens(self) -> int:
        return self._inner.max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._inner.count_tokens(texts)

    def encode(self, texts: Sequence[str], kind: Kind) -> Vectors:
        """As `inner` does; only texts that are new go there, and are kept as they come."""
        if not texts:
            return self._inner.encode(texts, kind)
        keys = [content_hash(self.fingerprint, kind, text) for text in texts]
        vectors = self._find(keys)
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in vectors}
        places = list(new)
        for start in range(0, len(places), 256):
            part = places[start : start + 256]
            encoded = self._inner.encode([new[key] for key in part], kind)
            vectors |= self._keep(dict(zip(part, encoded, strict=True)))
        return np.stack([vectors[key] for key in keys])

    def _find(self, keys: Sequence[str]) -> dict[str, Vectors]:
        select = "SELECT vector FROM vectors WHERE key = ?"
        with self._open() as file:
            rows = {key: file.execute(select, (key,)).fetchone() for key in keys}
        return {key: np.frombuffer(row[0], np.float32) for key, row in rows.items() if row}

    def _keep(self, vectors: dict[str, Vectors]) -> dict[str, Vectors]:
        rows = [(key, vector.tobytes()) for key, vector in vectors.items()]
        with self._open() as file, file:
            file.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)
        return vectors

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection for each use, since threads that share the encoder cannot share one."""
        try:
            with closing(sqlite3.connect(self._path, timeout=60)) as file:
                yield file
        except sqlite3.DatabaseError as error:
            raise EncoderError(
                f"the cache of vectors {self._path} cannot be used: {error}",
                "Delete it; it is made again.",
            ) from error


class _Deferred:
    """Loads its encoder when something is first encoded: listing documents takes no model."""

    def __init__(self, fingerprint: str, max_tokens: int, load: Callable[[], Encoder]) -> None:
        self.fingerprint = fingerprint
        self.max_tokens = max_tokens
        self._load = load
        self._lock = Lock()

    @cached_property
    def _encoder(self) -> Encoder:
        return self._load()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        with self._lock:
            encoder = self._encoder
        return encoder.count_tokens(texts)

    def encode(self, texts: Sequence[str], kind: Kind) -> Vectors:
        """As the encoder does."""
        with self._lock:
            encoder = self._encoder
        return encoder.encode(texts, kind)


def _packaged(cache: Path) -> Encoder:
    folder = packaged_model(cache)
    fingerprint = fingerprint_of(folder)

    def load() -> Encoder:
        with _loading():
            from index.sentence_encoder import SentenceEncoder

            return SentenceEncoder(folder, fingerprint)

    return _Deferred(fingerprint, _POSITIONS, load)


def _named(name: str) -> Encoder:
    with _loading():
        from index.sentence_encoder import SentenceEncoder, find_model, hash_of_model

        folder = find_model(name, tuple(_BUILT_IN))
        return SentenceEncoder(folder, f"{Path(name).name}:{hash_of_model(folder)}")


_BUILT_IN: dict[str, Callable[[Path], Encoder]] = {
    MODEL: _packaged,
    "hash": lambda cache: HashEncoder(),
}


@contextmanager
def _loading() -> Iterator[None]:
    """Spares the garbage collector the million objects that imports and models leave for good.

    Off meanwhile and frozen afterwards: half a second less to load, and a second less at exit.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
