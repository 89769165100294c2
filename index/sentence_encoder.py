"""sentence-transformers models on the processor. Importing this takes seconds (see `encoder`)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

import index.offline  # noqa: F401 - before torch and its kin, which read the environment once

# isort: split
import torch
from huggingface_hub import snapshot_download
from sentence_transformers import SentenceTransformer
from threadpoolctl import ThreadpoolController
from transformers import PreTrainedTokenizerFast

from index.errors import EncoderError
from index.records import Kind, Vectors, unit_rows

# Texts of one forward pass, whose intermediate values should stay in the processor's caches.
# Measured on 40 and on 360 tokens: 4 to 16 are alike, 32 is slower and 64 half as fast.
BATCH = 8

# What decides on a model's vectors. Pickles (.bin, .pt) are neither read nor downloaded.
_MODEL_FILES = ("*.safetensors", "*.json", "*.txt", "*.model")


class SentenceEncoder:
    """Implements `Encoder` with the model in a folder."""

    def __init__(self, folder: Path, fingerprint: str, *, bf16: bool | None = None) -> None:
        """`bf16` multiplies in bfloat16, or float32; by default as suits the processor.

        Raises EncoderError where the folder holds no such model.
        """
        self._model = _load(folder)
        self._bf16 = has_bf16() if bf16 is None else bf16
        if self._bf16:
            # Linear layers alone: the embeddings, most of the weights, so stay in the mapped file.
            for module in self._model.modules():
                if isinstance(module, torch.nn.Linear):
                    module.to(torch.bfloat16)
        prompts = self._model.prompts
        self._prompts: dict[Kind, str] = {
            "query": prompts.get("query") or "",
            "passage": prompts.get("passage") or prompts.get("document") or "",
        }
        # A second thread spares a query 2 ms of 18 on an idle machine; on a busy one it takes three
        # times the processor's time and twice as long. Unlike torch's own, this number is kept for
        # each thread that calls, so that a reader beside it keeps all cores.
        self._threads = ThreadpoolController().select(user_api="openmp")
        # Tokenising changes the tokenizer's settings, and the model keeps all cores busy by itself.
        self._lock = Lock()
        self.fingerprint = fingerprint
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.max_tokens = int(self._model.max_seq_length or 512)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Of each text as a passage: prefix and markers included, and what `encode` cuts off."""
        if not texts:
            return []
        prompted = [self._prompts["passage"] + _storable(text) for text in texts]
        with self._lock:
            tokens = self._model.tokenizer(
                prompted, truncation=False, return_attention_mask=False, verbose=False
            )
        return [len(ids) for ids in tokens["input_ids"]]

    def encode(self, texts: Sequence[str], kind: Kind) -> Vectors:
        """Float32 of shape (len(texts), dimension), each row of length 1.

        Queries pass through the model one at a time: company in a batch changes the last digits of
        a vector, by padding and by the order of sums, and a question must not depend on company.
        """
        vectors = np.empty((len(texts), self.dimension), np.float32)
        by_length = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        size = 1 if kind == "query" else BATCH
        for start in range(0, len(texts), size):
            places = by_length[start : start + size]
            vectors[places] = self._forward([_storable(texts[place]) for place in places], kind)
        return unit_rows(vectors)

    def _forward(self, texts: list[str], kind: Kind) -> Vectors:
        encode = self._model.encode_query if kind == "query" else self._model.encode_document
        # Between linear layers autocast leaves float32: residual sums, layer norms, pooling. That
        # halves the error of a model all in bfloat16, at the same speed.
        with (
            self._lock,
            self._threads.limit(limits=1 if kind == "query" else None),
            torch.autocast("cpu", torch.bfloat16, enabled=self._bf16),
        ):
            return encode(texts, prompt=self._prompts[kind], show_progress_bar=False)


def _storable(text: str) -> str:
    """Lone surrogates, which JSON can bring and the tokenizer does not take, become `?`."""
    return text.encode("utf-8", "replace").decode("utf-8")


def has_bf16() -> bool:
    """Has the processor instructions for bfloat16? It is emulated elsewhere, more slowly."""
    capabilities: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()  # Not in 2.6.
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))


def find_model(name: str, built_in: Sequence[str]) -> Path:
    """The folder that `name` is, or where the hub's client keeps the model of this name.

    Raises EncoderError, naming the `built_in` ones as well, where there is neither.
    """
    folder = Path(name).expanduser()
    if name and folder.is_dir():
        return folder
    # As for sentence-transformers itself, a name without an owner is one of its own models.
    repository = name if "/" in name else f"sentence-transformers/{name}"
    try:
        return Path(snapshot_download(repository, allow_patterns=list(_MODEL_FILES)))
    except (OSError, ValueError) as error:  # Not in the cache, not reachable, no possible name.
        raise EncoderError(
            f"there is no encoder {name!r}: it is none of {', '.join(built_in)}, and no folder, and"
            f" {repository} is not in this machine's Hugging Face cache",
            "Name one of these, or put HF_HUB_OFFLINE=0 before the command, once, to download it.",
        ) from error


def hash_of_model(folder: Path) -> str:
    """Of weights, tokenizer and configuration, as 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in _MODEL_FILES for path in folder.rglob(pattern)}):
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        digest.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    return digest.hexdigest()[:16]


def _load(folder: Path) -> SentenceTransformer:
    try:
        model = SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            model_kwargs={"dtype": torch.float32, "use_safetensors": True},
        )
    except Exception as error:  # Whatever the libraries raise at files that are something else.
        raise EncoderError(
            f"{folder} is no sentence-transformers model that can be loaded: {error}",
            "It must hold config.json, tokenizer.json and the weights in model.safetensors.",
        ) from error
    if not isinstance(model.tokenizer, PreTrainedTokenizerFast):
        raise EncoderError(
            f"the model in {folder} has a tokenizer of type {type(model.tokenizer).__name__},"
            " expected one of transformers' fast ones",
            "Choose a model that comes with a tokenizer.json.",
        )
    return model
