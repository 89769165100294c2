"""What every `Reader` keeps to, whichever way it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoder import HashEncoder
from index.packaged import packaged_model
from index.records import Match
from index.store import Store
from rag.reader import Reader
from rag.reader.light import LightReader
from rag.reader.network import new_network
from rag.reader.reading import Reading
from rag.reader.trained import TrainedReader
from rag.reader.windows import PairTokenizer
from rag.readers import READERS
from tests.cache import default_cache
from tests.rag.makers import make_match, write

# Scores in bfloat16 have eight bits; in float32, as here, sums in another order differ this much.
TOLERANCE = 1e-3
QUESTION = "青禾区引进了多少家企业？"

TEXTS = [
    "😀青禾区引进企业300余家，投资6.5亿元。青禾区区长林小禾表示，明年再修一条路。",
    "白露區引進企業45家，投資8.2億元。\n白露區的道路長12公里。",
    "The Star Islet park covers 12.5 square kilometres. It has 40 schools.",
    "星屿",
]
ODD = {
    "emoji": "👩\u200d👧😀青禾区🏽有🀄️300家。😀",
    "old line ends": "青禾区引进\r\n企业300家。\r\n\r\n又修了路。\r",
    "combining marks": "e\u0301n\u0303\u0301青\u0301禾区A\u0328\u0301 有300家。\u0301",
    "a character that folds to several": "ﬁ㍿½İ㈱有３００家。",
    "nothing to be seen": "\u200b\ufeff\u200d",
    "marks only": "。，！？（）",
    "beyond the first plane": "𠮷野家𝔸有300家。",
    "very long": "青禾区引进企业300余家，投资6.5亿元。" * 60,
    "a very long sentence": "青禾区引进企业" * 150,
    "a very long word": "a" * 2000,
}


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """What a reader that asks how rare words are is told."""
    folder = tmp_path_factory.mktemp("contract")
    for number, text in enumerate(TEXTS):
        write(folder / "documents" / f"{number}.md", text)
    with Store.open(folder / "data", HashEncoder(), write=True) as store:
        store.add([folder / "documents"])
        yield store


def make_light(store: Store) -> Reader:
    return LightReader(store)


def make_trained(store: Store) -> Reader:
    """The network that ships with heads that were never trained: what it says is chance."""
    folder = packaged_model(default_cache())
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = new_network(folder)
    return TrainedReader(network, PairTokenizer(folder), bf16=False)


FACTORIES: dict[str, Callable[[Store], Reader]] = {"light": make_light, "trained": make_trained}


@pytest.fixture(scope="session", params=FACTORIES)
def reader(request: pytest.FixtureRequest, store: Store) -> Reader:
    return FACTORIES[request.param](store)


def match(text: str, start: int = 0) -> Match:
    return make_match(text, start=start, context="青禾区 › 产业", lexical=0.5, dense=0.8)


def assert_keeps_to_it(passages: Sequence[Match], readings: Sequence[Reading]) -> None:
    assert len(readings) == len(passages)
    for passage, reading in zip(passages, readings, strict=True):
        chunk = passage.chunk
        assert 0 <= reading.answerable <= 1
        assert bool(reading.candidates) == bool(chunk.text.strip())
        for candidate in reading.candidates:
            assert chunk.start <= candidate.span.start < candidate.span.end <= chunk.end
            assert chunk.words_at(candidate.span).strip()
            assert 0 <= candidate.probability <= 1
        assert sum(c.probability for c in reading.candidates) <= 1 + 1e-4
        scores = [candidate.score for candidate in reading.candidates]
        assert scores == sorted(scores, reverse=True)
        spans = [candidate.span for candidate in reading.candidates]
        assert len(set(spans)) == len(spans)


def assert_alike(one: Reading, other: Reading) -> None:
    """But for rounding, by which candidates that are as good as equal may change places."""
    assert other.answerable == pytest.approx(one.answerable, abs=TOLERANCE)
    scores, others = ([c.score for c in reading.candidates] for reading in (one, other))
    assert others == pytest.approx(scores, abs=TOLERANCE)
    known = {candidate.span: candidate for candidate in one.candidates}
    for candidate in other.candidates:
        if candidate.score > min(scores) + TOLERANCE:
            before = known[candidate.span]
            assert candidate.score == pytest.approx(before.score, abs=TOLERANCE)
            assert candidate.probability == pytest.approx(before.probability, abs=TOLERANCE)


def test_every_reader_of_the_table_keeps_to_the_contract() -> None:
    assert FACTORIES.keys() == READERS.keys()


def test_without_passages_there_are_no_readings(reader: Reader) -> None:
    assert reader.read(QUESTION, []) == []


def test_each_passage_has_one_reading_in_their_order(reader: Reader) -> None:
    passages = [match(text) for text in TEXTS]
    readings = reader.read(QUESTION, passages)
    assert_keeps_to_it(passages, readings)
    backwards = reader.read(QUESTION, passages[::-1])
    for one, other in zip(readings, backwards[::-1], strict=True):
        assert_alike(one, other)


@pytest.mark.parametrize("start", [1, 997])
def test_candidates_stand_at_the_places_of_the_document(reader: Reader, start: int) -> None:
    [first] = reader.read(QUESTION, [match(TEXTS[0])])
    [later] = reader.read(QUESTION, [match(TEXTS[0], start)])
    assert [(c.span.start + start, c.span.end + start) for c in first.candidates] == [
        (c.span.start, c.span.end) for c in later.candidates
    ]


def test_the_same_question_is_read_alike_twice(reader: Reader) -> None:
    passages = [match(text, 3) for text in (*TEXTS, ODD["very long"])]
    assert reader.read(QUESTION, passages) == reader.read(QUESTION, passages)


def test_company_changes_nothing_but_the_rounding(reader: Reader) -> None:
    passages = [match(text) for text in (*TEXTS, " ", ODD["very long"], *TEXTS)]
    together = reader.read(QUESTION, passages)
    for passage, reading in zip(passages, together, strict=True):
        [alone] = reader.read(QUESTION, [passage])
        assert_alike(alone, reading)


@pytest.mark.parametrize("text", ["", " ", "\n", "\r\n\t\u3000\xa0"])
def test_a_passage_without_words_has_no_candidates(reader: Reader, text: str) -> None:
    passages = [match(TEXTS[0]), match(text, 5), match(TEXTS[1])]
    readings = reader.read(QUESTION, passages)
    assert_keeps_to_it(passages, readings)
    assert [bool(reading.candidates) for reading in readings] == [True, False, True]


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_odd_passages_are_read_like_others(reader: Reader, text: str) -> None:
    passages = [match(text, 11), match(TEXTS[0])]
    assert_keeps_to_it(passages, reader.read(QUESTION, passages))


@pytest.mark.parametrize("question", ["", " ", "\n", "？", *ODD.values()])
def test_odd_questions_are_asked_like_others(reader: Reader, question: str) -> None:
    passages = [match(text) for text in TEXTS]
    assert_keeps_to_it(passages, reader.read(question, passages))


PIECES = st.sampled_from(
    ["青禾区", "白露區", "引进企业300余家", "2019年3月5日", "。", "；", "\r\n", " ", "\u3000",
     "e\u0301", "\u0301", "😀", "👩\u200d👧", "𠮷", "İ", "½", "\u200b", "Star Islet "]
)  # fmt: skip
WRITTEN = st.lists(PIECES, max_size=12).map("".join)


@settings(max_examples=25)
@given(question=WRITTEN, texts=st.lists(WRITTEN, max_size=3), start=st.integers(0, 10**6))
def test_whatever_is_written_is_read(
    reader: Reader, question: str, texts: list[str], start: int
) -> None:
    passages = [match(text, start) for text in texts]
    assert_keeps_to_it(passages, reader.read(question, passages))
