"""Is one configuration better than another? A paired test on the questions of two reports."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from eval.report import SCORES, decimal
from eval.stats import Difference, difference
from eval.summary import METRICS
from index.errors import NotFoundError, UsageError

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The difference in each metric that is a mean over questions, and the ids left out of it."""

    differences: Mapping[str, Difference]
    unpaired: int


def compare(before: Path, after: Path, console: Console, seed: int = 0) -> Comparison:
    """Compare two report folders question by question, and print the differences.

    Raises NotFoundError where a folder has no scores, UsageError where no question is in both.
    """
    comparison = compare_scores(_read(before), _read(after), seed)
    table = Table(title=f"{after} against {before}")
    for name in ("", "before", "after", "difference (95 % interval)", "p", "n"):
        table.add_column(name)
    for metric, found in comparison.differences.items():
        before_, after_, value, low, high = (
            decimal(metric, number)
            for number in (found.before, found.after, found.value, found.low, found.high)
        )
        change = f"{value} ({low} – {high})"
        table.add_row(metric, before_, after_, change, f"{found.p:.4f}", str(found.n))
    console.print(table)
    if comparison.unpaired:
        console.print(f"{comparison.unpaired} questions stand in only one of the two.")
    return comparison


def compare_scores(
    before: Mapping[str, Row], after: Mapping[str, Row], seed: int = 0
) -> Comparison:
    """`before` and `after` map question ids to lines of scores.jsonl."""
    ids = [question for question in before if question in after]
    if not ids:
        raise UsageError(
            "The two reports have no question in common.", "Compare reports about the same set."
        )
    differences = {
        metric: found
        for metric in METRICS
        if (found := _difference(metric, [(before[i], after[i]) for i in ids], seed))
    }
    return Comparison(differences, len(before) + len(after) - 2 * len(ids))


def _difference(metric: str, pairs: Sequence[tuple[Row, Row]], seed: int) -> Difference | None:
    """On the questions that the metric is about in both; None where there are none."""
    about = [
        (a["scores"][metric], b["scores"][metric], a["group"])
        for a, b in pairs
        if metric in a["scores"] and metric in b["scores"]
    ]
    if not about:
        return None
    old, new, groups = zip(*about, strict=True)
    return difference(np.array(old), np.array(new), groups, seed)


def _read(folder: Path) -> dict[str, Row]:
    path = folder / SCORES
    if not path.is_file():
        raise NotFoundError(
            f"There is no {path}.", "`yuanwen eval SET --out DIR` leaves the scores in DIR."
        )
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return {row["id"]: row for row in rows}
