"""The network is the real one with untrained heads: what is read is chance, where is not."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from index.errors import ReaderError
from index.packaged import packaged_model
from index.records import Chunk, Match
from rag.reader import Reader
from rag.reader.network import LONGEST_ANSWER, make_batch, new_network
from rag.reader.trained import TrainedReader
from rag.reader.weights import changed, freeze, load, save, training_of
from rag.reader.windows import PairTokenizer
from tests.cache import default_cache

FOLDER = packaged_model(default_cache())
LETTERS = "驛城區驿城区位于位於臺灣 的年2014.5%（）。，😀é\u0301🀄️ﬁ㈱ab C\n\u200d"


def match(text: str, context: str = "", start: int = 0) -> Match:
    return Match(Chunk("d", start, start + len(text), text, context, ()), 0.0, 0.0, ())


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    network = new_network(FOLDER)
    freeze(network, 10)  # a small file: only two layers and the heads
    path = tmp_path_factory.mktemp("reader") / "reader.safetensors"
    save(network, path, FOLDER, {"seed": 0})
    return path


@pytest.fixture(scope="module")
def reader(weights: Path) -> TrainedReader:
    return TrainedReader.open(weights, default_cache())


def test_it_is_a_reader(reader: TrainedReader) -> None:
    one: Reader = reader
    assert one.read("谁？", []) == []


@settings(max_examples=25)
@given(
    st.lists(st.text(st.sampled_from(LETTERS), max_size=60), min_size=1, max_size=3),
    st.integers(0, 1000),
)
def test_spans_lie_in_the_passage_and_nowhere_else(
    reader: TrainedReader, texts: list[str], start: int
) -> None:
    passages = [match(text, "臺灣 2014", start) for text in texts]
    for passage, reading in zip(passages, reader.read("哪一年？", passages), strict=True):
        assert 0 <= reading.answerable <= 1
        assert len({c.span for c in reading.candidates}) == len(reading.candidates)
        for candidate in reading.candidates:
            span = candidate.span
            assert passage.chunk.start <= span.start < span.end <= passage.chunk.end
            words = passage.chunk.words_at(span)
            assert words == words.strip()
            assert 0 <= candidate.probability <= 1.0001
        scores = [candidate.score for candidate in reading.candidates]
        assert scores == sorted(scores, reverse=True)


def test_a_long_passage_is_read_to_its_end(reader: TrainedReader) -> None:
    text = "😀臺灣有很多鐵路，也有很多車站。" * 60
    (reading,) = reader.read("有什么？", [match(text)])
    for candidate in reading.candidates:
        assert text[candidate.span.start : candidate.span.end].strip()
        assert candidate.span.end - candidate.span.start < 4 * LONGEST_ANSWER
    tokenizer = PairTokenizer(FOLDER)
    assert len(tokenizer.windows("有什么？", tokenizer.text(text))) > 1


def test_a_passage_without_words_answers_nothing(reader: TrainedReader) -> None:
    (reading,) = reader.read("谁？", [match(" \n")])
    assert (reading.answerable, reading.candidates) == (0.0, ())


def test_company_changes_no_more_than_the_last_digits(reader: TrainedReader) -> None:
    texts = ["甲地在北边。", "乙地有 2014 年建成的铁路，很长。" * 5, "丙"]
    together = reader.read("哪里？", [match(text) for text in texts])
    alone = [reader.read("哪里？", [match(text)])[0] for text in texts]
    assert [one.answerable for one in together] == pytest.approx(
        [one.answerable for one in alone], abs=0.02
    )
    assert together == reader.read("哪里？", [match(text) for text in texts])


def test_traditional_and_simplified_are_read_alike(reader: TrainedReader) -> None:
    traditional, simplified = reader.read("哪裡？", [match("鐵路在臺灣"), match("铁路在台湾")])
    assert traditional == simplified


def test_a_batch_scores_about_as_windows_alone() -> None:
    torch.manual_seed(0)
    network = new_network(FOLDER).eval()
    tokenizer = PairTokenizer(FOLDER)
    windows = [
        *tokenizer.windows("谁？", tokenizer.text("短")),
        *tokenizer.windows("谁？", tokenizer.text("长长的一段文字，有很多字。")),
    ]
    with torch.inference_mode():
        together = network(make_batch(windows, tokenizer.pad)).answerable
        alone = [network(make_batch([window], tokenizer.pad)).answerable[0] for window in windows]
    assert together.tolist() == pytest.approx([float(one) for one in alone], abs=1e-4)


def test_weights_come_back_as_they_were_stored(weights: Path) -> None:
    torch.manual_seed(0)
    before = new_network(FOLDER)
    freeze(before, 10)
    after = dict(load(weights, FOLDER).named_parameters())
    for name, value in changed(before).items():
        assert torch.equal(after[name], value.half().float())
    assert training_of(weights) == {"seed": 0}


def test_embeddings_and_frozen_layers_are_not_stored(weights: Path) -> None:
    names = list(load_file(weights))
    assert not [name for name in names if "embeddings" in name or ".layer.9." in name]
    assert [name for name in names if ".layer.10." in name]


def test_all_layers_are_stored_in_45_megabytes() -> None:
    network = new_network(FOLDER)
    freeze(network, 0)
    assert sum(2 * value.numel() for value in changed(network).values()) < 44_500_000


def test_what_is_no_reader_says_so(weights: Path, tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match="no weights"):
        load(tmp_path / "none.safetensors", FOLDER)
    text = tmp_path / "text.safetensors"
    text.write_text("not weights")
    with pytest.raises(ReaderError, match="no safetensors file"):
        load(text, FOLDER)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "reader-0"}, "format"),
        ({"encoder": "another:1"}, "was trained on the encoder 'another:1'"),
        ({"sha256": "0"}, "damaged"),
    ],
)
def test_weights_that_do_not_fit_are_refused(
    weights: Path, tmp_path: Path, change: dict[str, str], message: str
) -> None:
    from safetensors import safe_open

    with safe_open(weights, "pt") as file:
        stated = file.metadata()
    path = tmp_path / "changed.safetensors"
    save_file(load_file(weights), path, stated | change)
    with pytest.raises(ReaderError, match=message):
        load(path, FOLDER)


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    network = new_network(FOLDER)
    freeze(network, 12)
    network.extra = torch.nn.Linear(2, 2)
    save(network, tmp_path / "other.safetensors", FOLDER, {})
    with pytest.raises(ReaderError, match="another network"):
        load(tmp_path / "other.safetensors", FOLDER)
