"""Texts to unit vectors: the encoders, and the table that they are loaded from by name."""
# ruff: noqa: PLC0415 - torch and its kin take seconds to import: only when a model is loaded

from __future__ import annotations

import gc
import hashlib
import os
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from platformdirs import user_cache_path

from index.errors import EncoderError
from index.packaged import MODEL, packaged_model
from index.records import Encoder, Vectors, content_hash

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Kind = Literal["query", "passage"]

# Read by the libraries when they are imported. Forking after tokenising in threads can deadlock,
# and the threads would gain nothing beside the model's own time.
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

# What names a model's vectors and is read when it is loaded; no pickles (.bin, .pt), no READMEs.
_MODEL_FILES = ("*.safetensors", "*.json", "*.txt", "*.model")

# Small batches stay within the processor's caches: measured on texts of 40 and of 500 characters,
# larger ones are slower.
_BATCH = 8


def default_cache() -> Path:
    """Where models are kept: YUANWEN_CACHE, or else the user's cache folder."""
    return Path(os.environ.get("YUANWEN_CACHE") or user_cache_path("yuanwen"))


def load_encoder(name: str, cache: Path) -> Encoder:
    """A built-in encoder, the sentence-transformers model in a folder, or one that has a hub name.

    Nothing is downloaded unless HF_HUB_OFFLINE=0. Raises EncoderError, which says what is missing.
    """
    if name in _BUILT_IN:
        return _BUILT_IN[name](cache)
    folder = _model_folder(name)
    return SentenceEncoder(folder, f"{Path(name).name}:{_hash_of_model(folder)}")


class SentenceEncoder:
    """The sentence-transformers model in a folder, on the processor."""

    def __init__(self, folder: Path, fingerprint: str, *, bf16: bool | None = None) -> None:
        """`bf16` computes in bfloat16 or float32; by default as fits the processor.

        Raises EncoderError where the folder holds no such model.
        """
        with _loading():
            self._model = _load(folder)
        self._bf16 = _has_bf16() if bf16 is None else bf16
        if self._bf16:
            _halve_linear_layers(self._model)
        prompts = self._model.prompts
        self._prompts: dict[Kind, str] = {
            "query": prompts.get("query") or "",
            "passage": prompts.get("passage") or prompts.get("document") or "",
        }
        self._lock = (
            Lock()
        )  # The tokenizer is changed by each use of it, and two cores are soon busy.
        self.fingerprint = fingerprint
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.max_tokens = int(self._model.max_seq_length or 512)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Of each text as a passage, with prefix and markers, before anything is cut off."""
        if not texts:
            return []
        prompt = self._prompts["passage"]
        with self._lock:
            ids = self._model.tokenizer(
                [prompt + text for text in texts],
                truncation=False,
                return_attention_mask=False,
                verbose=False,
            )["input_ids"]
        return [len(row) for row in ids]

    def encode(self, texts: Sequence[str], kind: Kind) -> Vectors:
        """Float32 of shape (len(texts), dimension), each row of length 1.

        Queries go through the model one by one: other texts in a batch, by the padding they cause,
        change the last bits of a vector, and a question must get the same answer in any company.
        """
        vectors = np.empty((len(texts), self.dimension), np.float32)
        size = 1 if kind == "query" else _BATCH
        by_length = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        for start in range(0, len(texts), size):
            batch = by_length[start : start + size]
            vectors[batch] = self._encode([texts[place] for place in batch], kind)
        return _unit_rows(vectors)

    def _encode(self, texts: list[str], kind: Kind) -> Vectors:
        import torch

        encode = self._model.encode_query if kind == "query" else self._model.encode_document
        # Linear layers take and give bfloat16; sums, normalisation and pooling remain float32.
        with self._lock, torch.autocast("cpu", torch.bfloat16, enabled=self._bf16):
            return encode(texts, prompt=self._prompts[kind], show_progress_bar=False)


class HashEncoder:
    """A stand-in without a model: a bag of character pairs, each a fixed random direction.

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
        """Float32 of shape (len(texts), dimension), each row of length 1; `kind` changes nothing."""
        rows = [self._directions[self._pairs(text)].sum(axis=0) for text in texts]
        return _unit_rows(np.array(rows, np.float32).reshape(-1, self.dimension))

    def _pairs(self, text: str) -> list[int]:
        marked = f" {text.lower()} "
        pairs = (marked[place : place + 2] for place in range(len(marked) - 1))
        return [zlib.crc32(pair.encode("utf-8", "surrogatepass")) % 4096 for pair in pairs]


class CachedEncoder:
    """Keeps what `inner` has encoded in a SQLite file, so that an evaluation run again costs little.

    Many processes may share the file. Raises EncoderError where it is something else.
    """

    def __init__(self, inner: Encoder, path: Path) -> None:
        self._inner = inner
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as file:
            file.execute("PRAGMA journal_mode = WAL")
            file.execute(
                "CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, vector BLOB NOT NULL)"
                " WITHOUT ROWID"
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
        new = [(key, text) for key, text in dict(zip(keys, texts)).items() if key not in vectors]
        for start in range(0, len(new), 256):
            some_keys, some_texts = zip(*new[start : start + 256], strict=True)
            encoded = dict(zip(some_keys, self._inner.encode(some_texts, kind), strict=True))
            self._keep(encoded)
            vectors |= encoded
        return np.stack([vectors[key] for key in keys])

    def _find(self, keys: Sequence[str]) -> dict[str, Vectors]:
        select = "SELECT vector FROM vectors WHERE key = ?"
        with self._open() as file:
            rows = {key: file.execute(select, (key,)).fetchone() for key in keys}
        return {key: np.frombuffer(row[0], np.float32) for key, row in rows.items() if row}

    def _keep(self, vectors: dict[str, Vectors]) -> None:
        rows = [(key, vector.tobytes()) for key, vector in vectors.items()]
        with self._open() as file, file:
            file.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """One connection a use: threads may share the encoder, but not a connection."""
        try:
            with closing(sqlite3.connect(self._path, timeout=60)) as file:
                yield file
        except sqlite3.DatabaseError as error:
            raise EncoderError(
                f"the cache of vectors {self._path} cannot be used: {error}",
                "Delete it; it is made again.",
            ) from error


def _packaged(cache: Path) -> Encoder:
    folder = packaged_model(cache)
    return SentenceEncoder(folder, f"{MODEL}:{folder.name.removeprefix(f'{MODEL}-')}")


_BUILT_IN: dict[str, Callable[[Path], Encoder]] = {
    MODEL: _packaged,
    "hash": lambda cache: HashEncoder(),
}


def _model_folder(name: str) -> Path:
    """The folder that `name` is, or that the hub's client keeps for the model of this name."""
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    from huggingface_hub import snapshot_download

    # As sentence-transformers does: a name without an owner is one of its own models.
    repository = name if "/" in name else f"sentence-transformers/{name}"
    try:
        return Path(snapshot_download(repository, allow_patterns=list(_MODEL_FILES)))
    except (OSError, ValueError) as error:  # Its errors for no network, no such model, no name.
        raise EncoderError(
            f"there is no encoder {name!r}: it is none of {', '.join(_BUILT_IN)}, no folder, and"
            f" {repository} is not in this machine's Hugging Face cache",
            "Name one of these, or let it be downloaded once: run the same command with"
            " HF_HUB_OFFLINE=0 before it.",
        ) from error


def _hash_of_model(folder: Path) -> str:
    """Of weights, tokenizer and configuration: what the vectors depend on."""
    digest = hashlib.sha256()
    files = {path for pattern in _MODEL_FILES for path in folder.rglob(pattern)}
    for path in sorted(files):
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        digest.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    return digest.hexdigest()[:16]


def _load(folder: Path) -> SentenceTransformer:
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers import PreTrainedTokenizerFast

    try:
        model = SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            model_kwargs={"dtype": torch.float32, "use_safetensors": True},
        )
    except (
        Exception
    ) as error:  # What the libraries raise on a folder of anything is not documented.
        raise EncoderError(
            f"{folder} is no sentence-transformers model that can be loaded: {error}",
            "It must hold config.json, tokenizer.json and the weights as model.safetensors.",
        ) from error
    if not isinstance(model.tokenizer, PreTrainedTokenizerFast):
        raise EncoderError(
            f"the model in {folder} has the tokenizer {type(model.tokenizer).__name__}, which"
            " cannot count tokens as they are needed here",
            "Choose a model with a tokenizer.json.",
        )
    return model


@contextmanager
def _loading() -> Iterator[None]:
    """Spares the garbage collector the million objects that importing and loading leave for good.

    Off meanwhile, and frozen afterwards: half a second less to load, and one less at exit.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _has_bf16() -> bool:
    """Without instructions for it bfloat16 is emulated, and slower than float32."""
    import torch

    capabilities = getattr(torch.cpu, "get_capabilities", dict)()  # Newer than torch 2.6.
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))


def _halve_linear_layers(model: SentenceTransformer) -> None:
    """The multiplications are there. The tables of embeddings, most of the weights, stay on disk."""
    import torch

    for module in model.modules():
        if isinstance(module, torch.nn.Linear):
            module.to(torch.bfloat16)


def _unit_rows(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
