"""Is one configuration better than another? A paired test on the questions of two reports."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from eval.report import SCORES, decimal
from eval.scores import Score
from eval.stats import Difference, Floats, difference, resample
from eval.summary import METRICS, Columns, Metric, columns_of
from index.errors import NotFoundError, UsageError


@dataclass(frozen=True, slots=True)
class Comparison:
    """The difference in each metric, and how many questions only one side has."""

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
    before: Mapping[str, Score], after: Mapping[str, Score], seed: int = 0
) -> Comparison:
    """`before` and `after` map question ids to their scores."""
    ids = [question for question in before if question in after]
    if not ids:
        raise UsageError(
            "The two reports have no question in common.", "Compare reports about the same set."
        )
    old, new = (columns_of([scores[i] for i in ids]) for scores in (before, after))
    weights = resample([before[i].group for i in ids], seed)
    differences = {
        name: found
        for name, metric in METRICS.items()
        if (found := _difference(metric, old, new, weights))
    }
    return Comparison(differences, len(before) + len(after) - 2 * len(ids))


def _difference(
    metric: Metric, before: Columns, after: Columns, weights: Floats
) -> Difference | None:
    """On the questions that the metric is about in both; None where they do not define it."""
    known = ~(np.isnan(before[metric.about]) | np.isnan(after[metric.about]))
    old, new = (
        metric.statistic({name: column[known] for name, column in columns.items()})
        for columns in (before, after)
    )
    found = difference(old, new, weights[:, known])
    return None if isnan(found.value) else found


def _read(folder: Path) -> dict[str, Score]:
    path = folder / SCORES
    if not path.is_file():
        raise NotFoundError(
            f"There is no {path}.", "`yuanwen eval SET --out DIR` leaves the scores in DIR."
        )
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return {row["id"]: Score(row["id"], row["group"], {}, row["scores"]) for row in rows}
