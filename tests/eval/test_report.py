from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from eval.command import print_scores
from eval.compare import compare
from eval.datasets import Choices, Dataset
from eval.evaluation import Evaluation
from eval.questions import GoldQuestion
from eval.report import write_report
from eval.run import Result
from eval.scores import Score
from eval.summary import summarise
from index.errors import NotFoundError, UsageError
from index.records import DocumentInfo, Outcome
from rag.settings import Settings
from tests.eval.fakes import answer, hit

HITS = [hit("000.txt", 1 - i / 100, f"chunk {i}") for i in range(30)]


def evaluation(tmp_path: Path, *, shift: float = 0.0, n: int = 40) -> Evaluation:
    """Forty questions of which some fail, some should be refused, and recall varies by chance."""
    generator = np.random.default_rng(0)
    results, scores = [], []
    for i in range(n):
        question = GoldQuestion(
            f"q{i}", f"第{i}问|<b>", (("甲",),) if i % 4 else (), split="test" if i % 2 else "dev"
        )
        given = answer(["甲"], ["甲"], confidence=i / n, hits=HITS, abstained=not i % 8)
        failed = i == 5
        results.append(
            Result(question, None if failed else given, given, 3.0 + i, "boom" if failed else "")
        )
        found = float(generator.random() < 0.6 + shift)
        values = {f"recall@{k}": found for k in range(1, 11)} | {"holds_gold": found, "f1": found}
        values |= (
            {"refused_answerable": 0.0, "mrr@10": found} if i % 4 else {"refused_unanswerable": 1.0}
        )
        if not i % 4:
            values = {"refused_unanswerable": float(not i % 8)}
        values |= {
            "answerable": float(bool(i % 4)), "relevant_units": 1.0, "confidence": i / n,
            "answerability": i / n, "right": found, "ms": 3.0 + i, "citations_dropped": 0.0,
        }  # fmt: skip
        slices = {"split": question.split or "", "language": "en" if i % 5 else "zh-Hant"}
        if i % 4:
            slices["documents"] = "en" if i % 3 else "zh-Hans"
        scores.append(Score(f"q{i}", f"p{i // 3}", slices, values))
    (tmp_path / "set.jsonl").write_text("{}", "utf-8")
    dataset = Dataset("small", (), (tmp_path / "set.jsonl",), counts={"excluded_empty": 2})
    document = DocumentInfo("d", "000.txt", "0" * 64, 9, 1)
    return Evaluation(
        dataset, Choices(), Settings(data=tmp_path), "characters-64", [document],
        [Outcome("x.bin", "skipped", "it looks binary")], results, scores, summarise(scores, 0),
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_report(evaluation(tmp_path), tmp_path / "out")
    return tmp_path / "out"


def test_programs_find_every_metric_with_its_interval(folder: Path) -> None:
    report = json.loads((folder / "report.json").read_text("utf-8"))
    recall = report["metrics"]["recall@1"]
    assert recall["low"] <= recall["value"] <= recall["high"]
    assert recall["n"] == 30
    assert report["metrics"]["ndcg@10"] == {"value": None, "low": None, "high": None, "n": 0}
    assert report["metrics"]["citations_dropped"]["value"] == 0
    assert report["slices"]["split"]["dev"]["holds_gold"]["n"] == 10
    assert report["counts"]["questions"] == 40
    assert report["counts"]["unanswerable"] == 10
    assert report["counts"]["excluded_empty"] == 2
    assert report["failures"] == {"q5": "boom"}
    assert report["skipped_documents"] == {"x.bin": "it looks binary"}
    assert len(report["data"]["set.jsonl"]) == 64
    assert report["encoder"] == "characters-64"
    assert report["settings"]["retriever"] == "hybrid"


def test_the_matrix_has_a_cell_for_each_pair_of_languages(folder: Path) -> None:
    report = json.loads((folder / "report.json").read_text("utf-8"))
    cells = {(row, column): cell for row, found in report["matrix"].items()
             for column, cell in found.items()}  # fmt: skip
    expected = {(a, b): 0 for a in ("en", "zh-Hant") for b in ("en", "zh-Hans")}
    for i in range(40):
        if i % 4:  # the others should be refused, and have no right document
            expected["en" if i % 5 else "zh-Hant", "en" if i % 3 else "zh-Hans"] += 1
    assert {pair: cell["n"] for pair, cell in cells.items()} == expected
    for cell in cells.values():
        assert cell["low"] <= cell["value"] <= cell["high"]
    share = sum(cell["value"] * cell["n"] for cell in cells.values()) / 30
    assert share == pytest.approx(report["metrics"]["recall@1"]["value"], abs=1e-5)
    people = (folder / "report.md").read_text("utf-8")
    assert "| question | en | zh-Hans |\n" in people
    corner = cells["zh-Hant", "zh-Hans"]
    row = next(line for line in people.splitlines()
               if line.startswith("| zh-Hant |") and line.count("|") == 4)  # fmt: skip
    assert f"{corner['value']:.3f} ({corner['low']:.3f} – {corner['high']:.3f}) n=" in row
    assert "<th>question</th><th>en</th><th>zh-Hans</th>" in (folder / "report.html").read_text()


def test_programs_find_the_points_of_the_curve_and_the_bins(folder: Path) -> None:
    report = json.loads((folder / "report.json").read_text("utf-8"))
    curve, bins = report["risk_coverage"], report["reliability"]
    assert len(curve) == 40  # every confidence of the forty is another one
    assert curve[-1]["coverage"] == 1
    widths = np.diff([0, *(point["coverage"] for point in curve)])
    area = sum(widths * [point["risk"] for point in curve])
    assert area == pytest.approx(report["metrics"]["aurc"]["value"], abs=1e-4)
    assert sum(bar["n"] for bar in bins) == 40
    gaps = sum(abs(bar["accuracy"] - bar["confidence"]) * bar["n"] for bar in bins) / 40
    assert gaps == pytest.approx(report["metrics"]["ece"]["value"], abs=1e-4)


def test_each_answer_is_the_body_of_ask_with_ten_hits(folder: Path) -> None:
    rows = [json.loads(line) for line in (folder / "answers.jsonl").read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows] == [f"q{i}" for i in range(40)]
    assert rows[5] == {"id": "q5", "error": "boom"}
    assert len(rows[0]["hits"]) == 10
    assert {"answer", "segments", "confidence", "citations", "timings_ms"} <= rows[0].keys()


def test_the_same_evaluation_gives_the_same_files(folder: Path, tmp_path: Path) -> None:
    write_report(evaluation(tmp_path), tmp_path / "again")
    for file in folder.iterdir():
        assert file.read_bytes() == (tmp_path / "again" / file.name).read_bytes(), file.name


def test_the_page_needs_no_other_host_and_escapes_what_it_shows(folder: Path) -> None:
    page = (folder / "report.html").read_text("utf-8")
    assert page.count("<svg") == 4
    assert not re.search(r"(src|href)=\"(?!#)", page.replace('xlink:href="#', ""))
    assert "第0问|<b>" not in page
    assert "第12问|&lt;b&gt;" in page


def test_questions_of_the_test_half_are_not_listed(folder: Path) -> None:
    people = (folder / "report.md").read_text("utf-8")
    assert "| q4 | 第4问\\|<b> |" in people
    assert "第3问" not in people


def test_the_terminal_shows_both_halves(tmp_path: Path) -> None:
    console = Console(file=StringIO(), width=200)
    print_scores(evaluation(tmp_path), console)
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert {"all", "dev", "test"} <= set(shown.split())
    assert "failed: q5: boom" in shown
    assert "skipped: x.bin" in shown


class TestComparing:
    def test_a_report_against_itself_and_a_better_one(self, folder: Path, tmp_path: Path) -> None:
        write_report(evaluation(tmp_path, shift=0.3), tmp_path / "better")
        console = Console(file=StringIO(), width=200)
        same = compare(folder, folder, console).differences["recall@1"]
        assert (same.value, same.p) == (0, 1)
        better = compare(folder, tmp_path / "better", console).differences["recall@1"]
        assert better.low > 0
        assert better.n == 30

    def test_what_is_no_mean_over_questions_is_tested_too(
        self, folder: Path, tmp_path: Path
    ) -> None:
        write_report(evaluation(tmp_path, shift=0.4), tmp_path / "better")
        found = compare(folder, tmp_path / "better", Console(file=StringIO())).differences
        reports = [
            json.loads((path / "report.json").read_text("utf-8"))["metrics"]
            for path in (folder, tmp_path / "better")
        ]
        for name in ("auroc", "aurc", "ece", "p95_ms"):
            before, after = (report[name]["value"] for report in reports)
            assert (found[name].before, found[name].after) == pytest.approx((before, after))
            assert found[name].low <= after - before <= found[name].high
        assert found["aurc"].high < 0
        assert "ndcg@10" not in found

    def test_questions_in_only_one_of_them_are_counted(self, folder: Path, tmp_path: Path) -> None:
        write_report(evaluation(tmp_path, n=30), tmp_path / "fewer")
        console = Console(file=StringIO(), width=200)
        assert compare(folder, tmp_path / "fewer", console).unpaired == 10

    def test_what_cannot_be_compared(self, folder: Path, tmp_path: Path) -> None:
        with pytest.raises(NotFoundError, match=r"scores\.jsonl"):
            compare(folder, tmp_path, Console(file=StringIO()))
        row = {"id": "other", "group": "p0", "scores": {}}
        (tmp_path / "scores.jsonl").write_text(json.dumps(row), "utf-8")
        with pytest.raises(UsageError, match="no question in common"):
            compare(folder, tmp_path, Console(file=StringIO()))
