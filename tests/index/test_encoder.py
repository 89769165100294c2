from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.encoder import CachedEncoder, HashEncoder, load_encoder
from index.errors import EncoderError
from index.packaged import packaged_model
from index.records import Encoder, Kind, Vectors
from tests.cache import default_cache

ROOT = Path(__file__).parents[2]
TEXTS = [
    "驿城区位于河南省。",
    "驛城區位於河南省。",
    "The Normans",
    "",
    "一" * 2000,
    "e\u0301 🈻\ud800",
]


@pytest.fixture(params=["real", "hash", "cached"])
def any_encoder(request: pytest.FixtureRequest, tmp_path: Path) -> Encoder:
    if request.param == "real":
        return request.getfixturevalue("encoder")  # type: ignore[no-any-return]
    return (
        HashEncoder() if request.param == "hash" else CachedEncoder(HashEncoder(), tmp_path / "c")
    )


@pytest.mark.parametrize("kind", ["query", "passage"])
def test_rows_are_unit_float32_in_the_order_of_the_texts(any_encoder: Encoder, kind: Kind) -> None:
    vectors = any_encoder.encode(TEXTS, kind)
    assert vectors.dtype == np.float32
    assert vectors.shape[0] == len(TEXTS)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    for row, text in zip(vectors, TEXTS, strict=True):
        assert row @ any_encoder.encode([text], kind)[0] > 0.999


@pytest.mark.parametrize("kind", ["query", "passage"])
def test_no_texts_give_no_rows(any_encoder: Encoder, kind: Kind) -> None:
    assert any_encoder.encode([], kind).shape == (0, any_encoder.encode(["a"], kind).shape[1])
    assert any_encoder.count_tokens([]) == []


def test_a_query_has_the_same_vector_alone_and_in_a_batch(any_encoder: Encoder) -> None:
    together = any_encoder.encode(TEXTS, "query")
    alone = np.concatenate([any_encoder.encode([text], "query") for text in reversed(TEXTS)])
    np.testing.assert_array_equal(together, alone[::-1])


def test_a_passage_has_nearly_the_same_vector_alone_and_in_a_batch(encoder: Encoder) -> None:
    together = encoder.encode(TEXTS, "passage")
    alone = np.concatenate([encoder.encode([text], "passage") for text in TEXTS])
    assert (together * alone).sum(axis=1).min() > 0.9999


def test_threads_may_share_an_encoder(encoder: Encoder) -> None:
    expected = encoder.encode(TEXTS, "query")
    failures: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(3):
                encoder.count_tokens(TEXTS)
                np.testing.assert_array_equal(encoder.encode(TEXTS[:3], "query"), expected[:3])
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_a_query_takes_one_thread_and_leaves_the_others_to_whoever_asks_next(
    encoder: Encoder,
) -> None:
    import torch

    encoder.encode(TEXTS[:1], "query")
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    used: dict[Kind, int] = {}
    try:
        for kind in ("query", "passage"):

            def note(*_: object, kind: Kind = kind) -> None:
                used[kind] = torch.get_num_threads()

            hook = torch.nn.modules.module.register_module_forward_pre_hook(note)
            encoder.encode(TEXTS[:1], kind)
            hook.remove()
    finally:
        torch.set_num_threads(before)
    assert used == {"query": 1, "passage": 2}


def test_tokens_are_counted_with_prefix_and_markers_and_in_full(encoder: Encoder) -> None:
    empty, one, long = encoder.count_tokens(["", "驿城区", "一" * 2000])
    assert empty == 5  # <s> ▁passage : ▁ </s>
    assert one == 7
    assert long > encoder.max_tokens == 512


def test_queries_and_passages_are_told_apart(encoder: Encoder) -> None:
    query, passage = (encoder.encode(["驿城区"], kind)[0] for kind in ("query", "passage"))
    assert query @ passage < 0.99


CHINESE = [
    "驛城區是河南省駐馬店市的市轄區。",
    "诺曼人把名字给了诺曼底。",
    "植物用二氧化碳和水造糖，放出氧气。",
]
ENGLISH = [
    "Yicheng is a district of the city of Zhumadian, Henan.",
    "The Normans gave their name to Normandy, a region in France.",
    "Plants make sugar of carbon dioxide and water, and release oxygen.",
]


@pytest.mark.parametrize("passages", [CHINESE, ENGLISH])
@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("驻马店有哪个区？", 0),
        ("駐馬店有哪個區？", 0),
        ("Which district does Zhumadian have?", 0),
        ("诺曼底得名于谁？", 1),
        ("Who is Normandy named after?", 1),
        ("植物放出什么气体？", 2),
        ("Which gas do plants release?", 2),
    ],
)
def test_the_related_passage_is_nearest_in_every_language(
    encoder: Encoder, passages: list[str], question: str, place: int
) -> None:
    cosines = encoder.encode(passages, "passage") @ encoder.encode([question], "query")[0]
    assert cosines[place] > max(np.delete(cosines, place)) + 0.01


def test_precision_is_chosen_by_processor_and_changes_little(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    from index.sentence_encoder import SentenceEncoder, has_bf16

    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx512_bf16": True}, raising=False)
    assert has_bf16()
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx2": True}, raising=False)
    assert not has_bf16()
    exact = SentenceEncoder(packaged_model(default_cache()), encoder.fingerprint)
    cosines = (exact.encode(TEXTS, "passage") * encoder.encode(TEXTS, "passage")).sum(axis=1)
    assert cosines.min() > 0.9998


def test_a_model_folder_is_named_by_its_content(encoder: Encoder) -> None:
    folder = packaged_model(default_cache())
    other = load_encoder(str(folder), default_cache())
    assert other.fingerprint.startswith(f"{folder.name}:")
    assert other.fingerprint == load_encoder(str(folder), Path("/nowhere")).fingerprint
    np.testing.assert_array_equal(other.encode(TEXTS, "query"), encoder.encode(TEXTS, "query"))


def test_a_model_in_the_cache_of_the_hub_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    revision = "0" * 40
    kept = tmp_path / "models--someone--e5"
    (kept / "snapshots").mkdir(parents=True)
    (kept / "snapshots" / revision).symlink_to(packaged_model(default_cache()))
    (kept / "refs").mkdir()
    (kept / "refs" / "main").write_text(revision)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    assert load_encoder("someone/e5", tmp_path).fingerprint.startswith("e5:")


@pytest.mark.parametrize("name", ["nobody/nothing", "nothing", "no model: a sentence", ""])
def test_an_unknown_name_lists_the_choices(name: str, tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="no encoder") as error:
        load_encoder(name, tmp_path)
    assert "multilingual-e5-small" in error.value.message
    assert "HF_HUB_OFFLINE=0" in error.value.hint


def test_a_folder_that_is_no_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="no sentence-transformers model") as error:
        load_encoder(str(tmp_path), tmp_path)
    assert "model.safetensors" in error.value.hint


def test_loading_is_lazy_silent_and_needs_no_network(encoder: Encoder) -> None:
    code = """
import socket, sys
def refuse(*arguments, **named):
    raise AssertionError("the network was used")
socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse
from index.encoder import load_encoder
from tests.cache import default_cache
assert "torch" not in sys.modules
encoder = load_encoder("multilingual-e5-small", default_cache())
assert encoder.encode(["驿城区"], "query").shape == (1, 384)
encoder.count_tokens(["一" * 2000])
"""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_hash_encoder_is_the_same_everywhere() -> None:
    encoder = HashEncoder()
    vectors = encoder.encode(["驿城区位于河南省", "驿城区在河南省", "The Normans"], "passage")
    np.testing.assert_allclose(vectors[0, :3], [-0.00238, 0.26001, -0.32654], atol=1e-4)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.3
    assert HashEncoder(seed=1).fingerprint != encoder.fingerprint


class Counting(HashEncoder):
    """Notes what it is asked to encode."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str], kind: Kind) -> Vectors:
        self.asked += texts
        return super().encode(texts, kind)


def test_the_cache_asks_for_each_text_once(tmp_path: Path) -> None:
    inner = Counting()
    for path in (tmp_path / "new" / "vectors.sqlite",) * 2:
        cached = CachedEncoder(inner, path)
        texts = ["a", "b", "a", *map(str, range(300))]
        np.testing.assert_array_equal(
            cached.encode(texts, "query"), HashEncoder().encode(texts, "query")
        )
    assert sorted(inner.asked) == sorted(set(texts))
    cached.encode(["a", "c"], "query")
    cached.encode(["a"], "passage")
    assert inner.asked[-2:] == ["c", "a"]
    assert (cached.fingerprint, cached.max_tokens) == (inner.fingerprint, 512)


def test_processes_share_the_cache(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from index.encoder import CachedEncoder, HashEncoder\n"
        "for n in range(20):\n"
        "    cached = CachedEncoder(HashEncoder(), pathlib.Path(sys.argv[1]))\n"
        "    cached.encode([str(m) for m in range(n, n + 100)], 'query')"
    )
    path = tmp_path / "vectors.sqlite"
    command = [sys.executable, "-W", "error", "-c", code, str(path)]
    both = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in "ab"]
    for process in both:
        _, errors = process.communicate(timeout=120)
        assert (process.returncode, errors) == (0, "")
    inner = Counting()
    CachedEncoder(inner, path).encode([str(n) for n in range(119)], "query")
    assert inner.asked == []


def test_a_cache_that_is_something_else_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "vectors.sqlite"
    path.write_text("no database, but long enough to be told from an empty one" * 20)
    with pytest.raises(EncoderError, match="cannot be used") as error:
        CachedEncoder(HashEncoder(), path)
    assert "Delete it" in error.value.hint
    assert isinstance(error.value.__cause__, sqlite3.DatabaseError)
