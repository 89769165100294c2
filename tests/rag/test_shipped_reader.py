"""The weights that ship: that they are those which the model card speaks of, and can read."""

import hashlib

import pytest

from rag.reader.trained import TrainedReader
from rag.reader.weights import training_of
from rag.readers import WEIGHTS
from tests.cache import default_cache
from tests.rag.makers import make_match

SHA256 = "43f89b542cd2bc8cd82efe41cd6e60ca72e69a2cdaf32baf015aa762fcd669c7"

QINGHE = (
    "青禾区位于星屿市东部，总面积125平方公里，下辖8个乡镇。2021年，全区引进企业36家，"
    "实现工业产值8.7亿元，同比增长12%。区长林小禾介绍，新建的图书馆将于明年6月开放。"
)
ISLET = (
    "The Star Islet park was opened in 1962 by the engineer Ada Brook. It covers 40 acres and is "
    "known for its glass lighthouse, which stands on the northern shore."
)
WEATHER = "昨天下了一整天的雨，河水上涨，两岸的道路都被淹没，许多人没有出门。"

# Questions, what is read, and the words that answer.
FIXED = [
    ("青禾区总面积是多少？", QINGHE, "125平方公里"),
    ("青禾區引進了多少家企業？", QINGHE, "36家"),
    ("青禾区的工业产值是多少？", QINGHE, "8.7亿元"),
    ("谁是青禾区的区长？", QINGHE, "林小禾"),
    ("What is the area of Qinghe district?", QINGHE, "125平方公里"),
    ("When was the park opened?", ISLET, "1962"),
    ("Who opened the park?", ISLET, "Ada Brook"),
    ("公园是哪一年开放的？", ISLET, "1962"),
]


@pytest.fixture(scope="module")
def reader() -> TrainedReader:
    return TrainedReader.open(WEIGHTS, default_cache())


def test_the_weights_are_those_of_the_model_card() -> None:
    assert hashlib.sha256(WEIGHTS.read_bytes()).hexdigest() == SHA256
    assert WEIGHTS.stat().st_size <= 45_000_000
    assert training_of(WEIGHTS)["recipe"]["fold"] is None


def test_they_read_a_small_fixed_set(reader: TrainedReader) -> None:
    right = 0
    for question, text, answer in FIXED:
        match = make_match(text)
        [reading] = reader.read(question, [match])
        span = reading.candidates[0].span
        words = match.chunk.words_at(span)
        right += answer in words and len(words) <= len(answer) + 6
    assert right >= 7


def test_they_tell_what_answers_from_what_does_not(reader: TrainedReader) -> None:
    for question, text, _ in FIXED:
        other = QINGHE if text is ISLET else ISLET
        own, *rest = reader.read(question, [make_match(t) for t in (text, WEATHER, other)])
        assert all(own.answerable > reading.answerable for reading in rest)
