from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from eval.datasets import Choices
from eval.questions import GoldQuestion
from eval.run import search_all
from eval.stats import Difference
from eval.versus import Versus, ablate, compare_legs
from index.records import Ingredients, Match
from rag import retrieve
from rag.answer import Found
from rag.pipeline import Question
from rag.settings import Settings
from tests.eval.fakes import hit

FACTS = [f"第{n}号机场有{n * 37}座机库。" for n in range(30)]


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    rows: list[Mapping[str, object]] = [{"id": "none", "question": "谁？", "answers": []}]
    for n, fact in enumerate(FACTS):
        (tmp_path / "docs" / f"{n:02}.txt").write_text(fact, "utf-8")
        rows.append({"id": str(n), "question": f"第{n}号机场有几座机库？",
                     "answers": [f"{n * 37}座"], "source": f"{n:02}"})  # fmt: skip
    path = tmp_path / "set.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return path


def compared(questions: Path, compare: Callable[..., bool] = compare_legs) -> tuple[bool, str]:
    folder = questions.parent
    settings = Settings(data=folder / "data", cache=folder / "cache", encoder="hash")
    console = Console(file=StringIO(), width=200)
    fine = compare([str(questions)], settings, Choices(folder / "docs"), console)
    assert isinstance(console.file, StringIO)
    return fine, console.file.getvalue()


def rank_by(monkeypatch: pytest.MonkeyPatch, **signs: float) -> None:
    """Let each retriever rank by BM25, forwards (1), not at all (0) or backwards (-1)."""

    def ranked(sign: float) -> object:
        def scores(matches: Sequence[Match], without: Ingredients) -> list[float]:
            return [sign * match.lexical for match in matches]

        return scores

    for name, sign in signs.items():
        monkeypatch.setitem(retrieve.RETRIEVERS, name, ranked(sign))


def test_a_hybrid_that_is_as_good_as_its_better_leg(
    questions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rank_by(monkeypatch, hybrid=1, bm25=1, dense=-1)
    fine, shown = compared(questions)
    assert fine
    assert "+0.000 (+0.000 – +0.000)" in shown
    assert "+1.000 (+1.000 – +1.000)" in shown
    assert " 30 " in shown  # the unanswerable question has no part
    assert "not worse: lower bound against the better leg +0.000" in shown


def test_a_hybrid_that_is_worse_than_one_leg_is_found_out(
    questions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rank_by(monkeypatch, hybrid=-1, bm25=-1, dense=1)
    fine, shown = compared(questions)
    assert not fine
    assert "may be worse by more than 0.01: lower bound against the better leg -1.000" in shown


def test_each_ingredient_is_left_out_in_turn(
    questions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def scores(matches: Sequence[Match], without: Ingredients) -> list[float]:
        sign = -1 if "lengths" in without else 1
        return [sign * match.lexical for match in matches]

    monkeypatch.setitem(retrieve.RETRIEVERS, "hybrid", scores)
    fine, shown = compared(questions, ablate)
    assert fine
    [row] = [line for line in shown.splitlines() if "without lengths" in line]
    assert "+1.000 (+1.000 – +1.000)" in row
    [row] = [line for line in shown.splitlines() if "without pinyin" in line]
    assert "+0.000" in row


def test_a_skipped_file_is_told_once_and_is_a_failure(
    questions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rank_by(monkeypatch, hybrid=1, bm25=1, dense=1)
    (questions.parent / "docs" / "broken.txt").write_bytes(bytes(range(256)))
    fine, shown = compared(questions)
    assert not fine
    assert shown.count("skipped: broken.txt") == 1


def test_of_two_equal_legs_the_harder_to_beat_decides() -> None:
    easy, hard = (Difference(0.8, 0.8, 0.0, low, 0.1, 1.0, 9) for low in (-0.005, -0.02))
    worse = Difference(0.7, 0.8, 0.1, -0.9, 0.2, 1.0, 9)
    assert not Versus({}, {"bm25": easy, "dense": hard}).not_worse
    assert Versus({}, {"bm25": easy, "dense": worse}).not_worse
    at_the_margin = Difference(0.8, 0.8, 0.0, -0.01, 0.1, 1.0, 9)
    assert not Versus({}, {"bm25": at_the_margin, "dense": worse}).not_worse


def test_a_search_that_fails_finds_nothing_and_stops_nothing() -> None:
    class Broken:
        def search(self, question: Question) -> Found:
            if question.text == "甲":
                raise ValueError("no")
            return Found(question.text, (hit("a", 1.0),))

    first, second = search_all(
        [GoldQuestion("a", "甲"), GoldQuestion("b", "乙")], Broken(), lambda *_: None
    )
    assert (first.hits, first.error) == ((), "ValueError: no")
    assert (second.hits, second.error) == ((hit("a", 1.0),), "")
