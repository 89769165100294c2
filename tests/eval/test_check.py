from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from eval import check as checking
from eval.check import Condition, check, drifted, load_expected, results_table
from index.encoder import HashEncoder
from index.errors import SettingsError
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
    assert drifted(condition, {"recall@1": 0.905, "f1": 0.495}) == []
    assert drifted(condition, {"recall@1": 0.88, "f1": float("nan")}) == [
        "recall@1 is 0.880, expected 0.900 ± 0.01",
        "f1 is –, expected 0.500 ± 0.01",
    ]


def test_absent_data_is_skipped_with_where_to_get_it(
    expected: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "remembering_encoder", lambda _: HashEncoder())
    found = {"recall@1": 0.9, "citations_dropped": 0.0}
    monkeypatch.setattr(checking, "measure", lambda *_: found)
    console = Console(file=StringIO(), width=200)
    assert check(Settings(data=tmp_path), console, expected)
    assert "DRCD_dev.json is absent; see https://example.org/DRCD" in shown(console)
    found["recall@1"] = 0.7
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


def test_the_readme_shows_the_expected_scores() -> None:
    readme = (checking.PROJECT / "README.md").read_text("utf-8")
    shown_there = readme.partition("<!-- results -->\n")[2].partition("<!-- /results -->")[0]
    assert shown_there.strip()
    assert shown_there == results_table(load_expected(), checking.SHOWN)
