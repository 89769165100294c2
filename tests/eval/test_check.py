from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from eval import check as checking
from eval.check import OVER_BETTER_LEG, Condition, check, drifted, load_expected, results_table
from eval.stats import Estimate
from index.encoder import HashEncoder
from index.errors import SettingsError
from rag.answer import Answer
from rag.pipeline import Pipeline, Question
from rag.settings import Settings

EXPECTED = """
corpus:
  set: corpus
  tolerance: 0.01
  expected: {recall@1: [0.9, 0.85, 0.95], citations_dropped: [0, 0, 0]}
DRCD, bm25:
  set: ../nowhere/DRCD_dev.json
  withhold: 0.5
  other_script: true
  settings: {retriever: bm25}
  where: https://example.org/DRCD
  tolerance: 0.01
  expected: {recall@1: [0.92, 0.91, 0.93]}
"""


@pytest.fixture
def expected(tmp_path: Path) -> Path:
    path = tmp_path / "expected.yaml"
    path.write_text(EXPECTED, "utf-8")
    return path


def test_a_condition_says_what_to_type(expected: Path) -> None:
    commands = [condition.command for condition in load_expected(expected).values()]
    assert commands == [
        "yuanwen eval corpus",
        "yuanwen eval ../nowhere/DRCD_dev.json --withhold 0.5 --retriever bm25 --other-script",
    ]


def test_only_what_is_beyond_its_tolerance_has_drifted() -> None:
    condition = Condition(
        set="corpus",
        tolerance=0.01,
        expected={"recall@1": (0.9, 0.8, 1.0), "f1": (0.5, 0.4, 0.6)},
    )
    assert drifted(condition, {"recall@1": scored(0.905), "f1": scored(0.495)}) == []
    far = {"recall@1": Estimate(0.88, 0.8, 0.9, 9), "f1": scored(float("nan"))}
    assert drifted(condition, far) == [
        "recall@1 is 0.880 (0.800 – 0.900), expected 0.900 ± 0.01",
        "f1 is –, expected 0.500 ± 0.01",
    ]


def scored(value: float) -> Estimate:
    return Estimate(value, value, value, 9)


def test_a_leg_that_may_be_better_is_a_drift_whatever_was_expected() -> None:
    condition = Condition(
        set="corpus", legs=True, tolerance=1.0, expected={OVER_BETTER_LEG: (0.0, -0.5, 0.5)}
    )
    assert not drifted(condition, {OVER_BETTER_LEG: Estimate(0.0, -0.009, 0.1, 9)})
    (line,) = drifted(condition, {OVER_BETTER_LEG: Estimate(0.0, -0.01, 0.1, 9)})
    assert line == "over_better_leg is 0.000 (-0.010 – 0.100), which may be below -0.01"


def test_absent_data_is_skipped_with_where_to_get_it(
    expected: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "remembering_encoder", lambda _: HashEncoder())
    found = {"recall@1": scored(0.9), "citations_dropped": scored(0)}
    monkeypatch.setattr(checking, "measure", lambda *_: found)
    console = Console(file=StringIO(), width=200)
    assert check(Settings(data=tmp_path), console, expected)
    assert "DRCD_dev.json is absent; see https://example.org/DRCD" in shown(console)
    found["recall@1"] = scored(0.7)
    assert not check(Settings(data=tmp_path), console, expected)
    assert "recall@1 is 0.700, expected 0.900" in shown(console)


def shown(console: Console) -> str:
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        "[1]",
        "corpus: {set: corpus}",
        "corpus: {set: corpus, tolerance: 0.1, expected: {recall@1: [1, 1, 1]}, extra: 1}",
        "corpus: {set: corpus, tolerance: 0.1, expected: {recal@1: [1, 1, 1]}}",
        "corpus: {set: corpus, tolerance: 0.1, expected: {recall@1: 1}}",
        "corpus: {set: corpus, tolerance: 0.1, expected: {over_better_leg: [1, 1, 1]}}",
        "corpus: {set: corpus, legs: true, tolerance: 0.1, expected: {f1: [1, 1, 1]}}",
        "away: {set: ../x.json, tolerance: 0.1, expected: {recall@1: [1, 1, 1]}}",
        "a: {",
    ],
)
def test_a_file_that_is_wrong(tmp_path: Path, content: str) -> None:
    (tmp_path / "expected.yaml").write_text(content, "utf-8")
    with pytest.raises(SettingsError):
        load_expected(tmp_path / "expected.yaml")


def test_the_table_of_results(expected: Path) -> None:
    assert results_table(load_expected(expected), ["recall@1", "citations_dropped"]) == (
        "|  | recall@1 | citations_dropped | command |\n"
        "| --- | --- | --- | --- |\n"
        "| corpus | 0.900 (0.850 – 0.950) | 0 | `yuanwen eval corpus` |\n"
        "| [DRCD, bm25](https://example.org/DRCD) | 0.920 (0.910 – 0.930) |  "
        "| `yuanwen eval ../nowhere/DRCD_dev.json"
        " --withhold 0.5 --retriever bm25 --other-script` |\n"
    )


def test_a_metric_that_no_condition_expects_has_no_column(expected: Path) -> None:
    assert "mrr@10" not in results_table(load_expected(expected), ["recall@1", "mrr@10"])


def asked(condition: Condition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many questions are answered to measure the condition."""
    count = 0
    answering = Pipeline.ask

    def counting(pipeline: Pipeline, question: Question) -> Answer:
        nonlocal count
        count += 1
        return answering(pipeline, question)

    monkeypatch.setattr(Pipeline, "ask", counting)
    settings = Settings(data=tmp_path, retriever="bm25", reader="light")
    found = checking.measure(condition, settings, HashEncoder())
    assert condition.expected.keys() <= found.keys()
    return count


def test_what_only_expects_retrieval_is_searched_only_and_finds_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ranking, words = ({name: (0.0, 0.0, 0.0)} for name in ("recall@1", "f1"))
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.txt").write_text("司机之家投资100余万元。", "utf-8")
    (docs / "b.txt").write_text("驿城区有企业3200余家。" + "闲话。" * 90, "utf-8")
    rows = [
        {"id": "a", "question": "司机之家投资多少？", "answers": ["100余万元"], "source": "a"},
        {"id": "b", "question": "闲话说了多少？", "answers": ["3200余家"], "source": "nowhere"},
        {"id": "c", "question": "火星有几座机场？", "answers": []},
    ]
    (tmp_path / "set.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    searched, answered = (
        Condition(set=str(tmp_path / "set.jsonl"), docs=str(docs), tolerance=0.1, expected=expected)
        for expected in (ranking, words)
    )
    settings = Settings(data=tmp_path, retriever="bm25", reader="light")
    quick, whole = (
        checking.measure(condition, settings, HashEncoder()) for condition in (searched, answered)
    )
    assert quick == {name: whole[name] for name in quick}
    assert (quick["recall@1"].value, quick["recall@1"].n) == (0.5, 2)
    assert asked(searched, tmp_path, monkeypatch) == 0
    assert asked(answered, tmp_path, monkeypatch) > 0
    legs = replace(searched, legs=True, expected={OVER_BETTER_LEG: (0.0, 0.0, 0.0)})
    assert asked(legs, tmp_path, monkeypatch) == 0


def test_the_readme_shows_the_expected_scores() -> None:
    readme = (checking.PROJECT / "README.md").read_text("utf-8")
    shown_there = readme.partition("<!-- results -->\n")[2].partition("<!-- /results -->")[0]
    assert shown_there.strip()
    assert shown_there == results_table(load_expected(), checking.SHOWN)


def test_a_path_of_the_project_that_is_wrong_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "expected.yaml"
    path.write_text(
        "typo: {set: eval/sets/corpsu.jsonl, tolerance: 0.1, expected: {recall@1: [1, 1, 1]}}",
        "utf-8",
    )
    settings = Settings(data=tmp_path, cache=tmp_path, encoder="hash")
    with pytest.raises(SettingsError, match=r"corpsu\.jsonl"):
        check(settings, Console(file=StringIO()), path)
