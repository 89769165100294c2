"""What is summed up of a model's answers, and that there may be no model to measure."""

from __future__ import annotations

import sys

import pytest

from eval import bench_llm
from eval.bench_llm import totals


def row(name: str, *faults: str, error: str = "") -> dict[str, object]:
    judged = [["a sentence", [1], fault] for fault in faults]
    return {
        "id": name, "judged": judged, "error": error,
        "first_s": 0.5, "whole_s": 2.0, "child_mib": 7,
    }  # fmt: skip


def test_shares_have_their_intervals() -> None:
    found = totals([row("a", "", "a name"), row("b", "no marker"), row("c", "", "")])
    assert (found["questions"], found["sentences"]) == (3, 5)
    share, low, high = found["passed"]
    assert share == 0.6 and low < share < high
    assert found["stood_in"][0] == 0.333
    assert found["faults"] == {"a name": 1, "no marker": 1}
    assert (found["first_s_p50_p95"], found["whole_s_p50_p95"]) == ([0.5, 0.5], [2.0, 2.0])
    assert found["child_mib"] == 7


def test_a_model_that_says_nothing_has_no_share() -> None:
    found = totals([row("a", error="It cannot be reached.")])
    assert (found["sentences"], found["failed"], found["stood_in"][0]) == (0, 1, 1.0)


def test_without_a_model_it_says_why_it_measures_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["bench_llm"])
    monkeypatch.setattr(bench_llm, "find_spec", lambda name: None)
    bench_llm.main()
    assert "skipped" in capsys.readouterr().out
