"""The trained weights as one file: only what training changed, in float16.

The embeddings, nine tenths of the model, stay the encoder's, and so do layers that were frozen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import index.offline  # noqa: F401 - before torch and its kin, which read the environment once

# isort: split
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from index.errors import ReaderError
from index.packaged import fingerprint_of
from rag.reader.network import ReadingNetwork, new_network

# Raise it whenever older files would be read otherwise than they were trained.
FORMAT = "reader-1"

_TRAIN = "Train it again with: python -m eval.train_reader"


def changed(network: ReadingNetwork) -> dict[str, Tensor]:
    """The parameters that training may change, by name, in a fixed order."""
    return {name: value for name, value in network.named_parameters() if value.requires_grad}


def freeze(network: ReadingNetwork, layers: int) -> None:
    """Keep the embeddings and the lowest layers as they are."""
    for part in [network.encoder.embeddings, *network.encoder.encoder.layer[:layers]]:
        part.requires_grad_(False)


def save(network: ReadingNetwork, path: Path, encoder: Path, metadata: Mapping[str, Any]) -> None:
    """Write what changed, with the `metadata` (JSON values) and what `load` checks: the format,
    the fingerprint of the `encoder` folder, and the hash of the weights."""
    tensors = {
        name: value.detach().to("cpu", torch.float16).contiguous()
        for name, value in changed(network).items()
    }
    stated = {
        "format": FORMAT,
        "encoder": fingerprint_of(encoder),
        "sha256": _sha256(tensors),
        "training": json.dumps(metadata, ensure_ascii=False, sort_keys=True),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path, stated)


def load(path: Path, encoder: Path, *, dropout: float = 0.0) -> ReadingNetwork:
    """The network for reading. Raises ReaderError where the file is missing, damaged, of another
    format, or trained on another encoder than that in the folder `encoder`. To train it further,
    give a `dropout`."""
    tensors, stated = _read(path)
    wanted = fingerprint_of(encoder)
    if stated.get("format") != FORMAT:
        raise ReaderError(
            f"{path} has the format {stated.get('format')!r}, expected {FORMAT!r}", _TRAIN
        )
    if stated.get("encoder") != wanted:
        raise ReaderError(
            f"{path} was trained on the encoder {stated.get('encoder')!r}, but this is {wanted!r}",
            _TRAIN,
        )
    if stated.get("sha256") != _sha256(tensors):
        raise ReaderError(f"{path} is damaged: its hash is not the one it states", _TRAIN)
    network = new_network(encoder, dropout=dropout)
    parameters = dict(network.named_parameters())
    own = {name for name in parameters if not name.startswith("encoder.")}
    unknown, missing = tensors.keys() - parameters.keys(), own - tensors.keys()
    if unknown or missing:
        raise ReaderError(
            f"{path} has weights of another network: {sorted(unknown | missing)[0]}", _TRAIN
        )
    with torch.no_grad():
        for name, value in tensors.items():
            if parameters[name].shape != value.shape:
                raise ReaderError(f"{path} has {name} in another shape than the network", _TRAIN)
            parameters[name].copy_(value)
    return network.eval()


def training_of(path: Path) -> dict[str, Any]:
    """What the file says of how it was trained. Raises ReaderError."""
    _, stated = _read(path)
    training: dict[str, Any] = json.loads(stated.get("training", "{}"))
    return training


def _read(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    if not path.is_file():
        raise ReaderError(f"there are no weights of a reader at {path}", _TRAIN)
    try:
        with safe_open(path, "pt") as file:
            names = list(file.keys())
            return {name: file.get_tensor(name) for name in names}, file.metadata() or {}
    except (SafetensorError, OSError) as error:
        raise ReaderError(f"{path} is no safetensors file: {error}", _TRAIN) from error


def _sha256(tensors: Mapping[str, Tensor]) -> str:
    """Of names, shapes and values. A file cannot hold its own hash, but it can hold this one."""
    digest = hashlib.sha256()
    for name in sorted(tensors):
        digest.update(f"{name} {tuple(tensors[name].shape)}\n".encode())
        digest.update(tensors[name].contiguous().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
