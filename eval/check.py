"""Have the scores drifted? `expected.yaml` says what each condition should score.

    corpus:                                   # the name of the condition
      set: corpus
      docs: ../shared/seeds                   # paths are relative to the project
      questions: …                            # a SQuAD file in another language
      withhold: 0.5
      fold: 0                                 # with weights that have not learned from it
      always_answer: true
      other_script: true
      without_history: true                   # follow-ups by themselves
      legs: true                              # retrieval alone, against each of its legs
      settings: {retriever: bm25}             # or reader: …, or without: names with commas
      where: https://…                        # where to get data that does not ship
      tolerance: 0.01
      expected: {recall@1: [0.92, 0.88, 0.95]}  # the value, and its interval when it was measured

A condition that expects nothing but retrieval's metrics, and names no reader to rank again, is
searched only, which is quick; one with `legs` may expect `over_better_leg` too, and fails also
where a leg may be better than the whole.
The results in the README are rendered from the same file.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console

from eval.command import progress_bar, remembering_encoder
from eval.datasets import ROOM, Choices, load_set
from eval.evaluation import run_set, search_set
from eval.report import decimal
from eval.stats import Estimate
from eval.summary import METRICS, RANKING, Estimates
from eval.versus import MARGIN, legs_of, search_versus
from index.errors import SettingsError
from index.records import Encoder
from rag.settings import Settings, changed

EXPECTED = ROOM / "expected.yaml"
OVER_BETTER_LEG = "over_better_leg"
# The columns of the README's table, where any condition expects them.
SHOWN = (
    "recall@1",
    "recall@5",
    OVER_BETTER_LEG,
    "mrr@10",
    "holds_gold",
    "exact_match",
    "char_f1",
    "citations_dropped",
    "refused_unanswerable",
    "refused_answerable",
    "followup_right",
    "alone_unchanged",
    "auroc",
    "ece",
)
PROJECT = ROOM.parent


@dataclass(frozen=True, slots=True)
class Condition:
    """One run and its expected scores, each with the ends of its 95 % interval; `tolerance` is
    the largest drift of a value, either way."""

    set: str
    expected: Mapping[str, tuple[float, float, float]]
    tolerance: float
    docs: str | None = None
    questions: str | None = None
    withhold: float = 0.0
    fold: int | None = None
    always_answer: bool = False
    other_script: bool = False
    without_history: bool = False
    legs: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    where: str | None = None

    @property
    def searched_only(self) -> bool:
        """Retrieval is all that is expected, as it ranks before anything is read."""
        return self.expected.keys() <= RANKING.keys() and "reader" not in self.settings

    @property
    def command(self) -> str:
        """What to type, in the project's folder, for the same run."""
        options = {
            "--docs": self.docs,
            "--questions": self.questions,
            "--withhold": self.withhold or None,
            "--fold": self.fold,
            **{f"--{name.replace('_', '-')}": value for name, value in self.settings.items()},
        }
        words = [word for name, value in options.items() if value is not None
                 for word in (name, str(value))]  # fmt: skip
        flags = {
            "--other-script": self.other_script,
            "--without-history": self.without_history,
            "--always-answer": self.always_answer,
            "--legs": self.legs,
        }
        words += [flag for flag, given in flags.items() if given]
        return shlex.join(["yuanwen", "eval", self.set, *words])

    @property
    def files(self) -> list[str]:
        """Those that are named; a set by its name ships with the project."""
        by_name = [self.set, self.settings.get("reader", "")]
        given = [self.docs, self.questions, *(name for name in by_name if Path(name).suffix)]
        return [path for path in given if path]

    @property
    def outside(self) -> list[str]:
        """The files that do not ship."""
        resolved = {path: (PROJECT / path).resolve() for path in self.files}
        return [path for path in self.files if not resolved[path].is_relative_to(PROJECT)]

    @property
    def missing(self) -> list[str]:
        return [path for path in self.files if not (PROJECT / path).exists()]


def load_expected(path: Path = EXPECTED) -> dict[str, Condition]:
    """Conditions by name. Raises SettingsError that says where the file is wrong."""
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
        return {name: _condition(fields) for name, fields in content.items()}
    except (yaml.YAMLError, TypeError, ValueError, KeyError, AttributeError) as error:
        raise SettingsError(
            f"{path} is not as expected: {error}.", "The head of eval/check.py has a model."
        ) from error


def _condition(fields: Mapping[str, Any]) -> Condition:
    """Raises TypeError for a missing or an unknown field, ValueError for a score unknown."""
    triples = {
        name: (float(value), float(low), float(high))
        for name, (value, low, high) in fields["expected"].items()
    }
    condition = Condition(**{**fields, "expected": triples})
    known = [*RANKING, OVER_BETTER_LEG] if condition.legs else [*METRICS]
    if unknown := condition.expected.keys() - set(known):
        raise ValueError(f"{', '.join(sorted(unknown))} is no metric; there are {known}")
    if unknown := condition.settings.keys() - {"retriever", "without", "reader"}:
        raise ValueError(f"{', '.join(sorted(unknown))} is no option of `yuanwen eval`")
    if condition.outside and not condition.where:
        raise ValueError(f"'where' does not say where to get {', '.join(condition.outside)}")
    return condition


def check(settings: Settings, console: Console, path: Path = EXPECTED) -> bool:
    """Run every condition whose data is there; False where a score has drifted."""
    encoder = remembering_encoder(settings)
    fine = True
    for name, condition in load_expected(path).items():
        console.print(f"{name}: {condition.command}", markup=False, highlight=False)
        if lost := [path for path in condition.missing if path not in condition.outside]:
            raise SettingsError(
                f"The condition {name!r} names {', '.join(lost)}, which is not in the project.",
                f"Correct {path}.",
            )
        if condition.missing:
            absent = ", ".join(condition.missing)
            console.print(f"  skipped: {absent} is absent; see {condition.where}", markup=False)
            continue
        drifts = drifted(condition, measure(condition, settings, encoder))
        for line in drifts or ["as expected"]:
            console.print(f"  {line}", markup=False, highlight=False)
        fine = fine and not drifts
    return fine


def measure(condition: Condition, settings: Settings, encoder: Encoder) -> Estimates:
    """The scores of a condition, by metric: at least those that are expected."""
    choices = Choices(
        docs=PROJECT / condition.docs if condition.docs else None,
        questions=PROJECT / condition.questions if condition.questions else None,
        withhold=condition.withhold,
        fold=condition.fold,
        other_script=condition.other_script,
        without_history=condition.without_history,
    )
    named = str(PROJECT / condition.set) if Path(condition.set).suffix else condition.set
    special: dict[str, Any] = {"threshold": 0.0} if condition.always_answer else {}
    if condition.settings.get("reader") in condition.files:
        special["reader"] = str(PROJECT / condition.settings["reader"])
    own = changed(settings, **{**condition.settings, **special})
    dataset = load_set(named, choices)
    if condition.legs:
        found = search_versus(dataset, choices, legs_of(own), encoder, progress_bar)
        over = found.over_best
        difference = Estimate(over.value, over.low, over.high, over.n)
        return {**found.retrievals[own.retriever].metrics, OVER_BETTER_LEG: difference}
    if condition.searched_only:
        [searched] = search_set(dataset, choices, {"": own}, encoder, progress_bar).values()
        return searched.metrics
    return run_set(dataset, choices, own, encoder, progress_bar).summary.metrics


def drifted(condition: Condition, found: Estimates) -> list[str]:
    """One line for each score beyond its tolerance, an undefined one being beyond any, and one
    where a leg may be better than the whole."""
    lines = [
        f"{name} is {_found(name, found)}, expected {decimal(name, wanted)} ± {condition.tolerance}"
        for name, (wanted, *_) in condition.expected.items()
        if isnan(found[name].value) or abs(found[name].value - wanted) > condition.tolerance
    ]
    if condition.legs and found[OVER_BETTER_LEG].low <= -MARGIN:
        shown = _found(OVER_BETTER_LEG, found)
        lines.append(f"{OVER_BETTER_LEG} is {shown}, which may be below -{MARGIN}")
    return lines


def _found(name: str, found: Estimates) -> str:
    return _cell(name, found[name].value, found[name].low, found[name].high)


def results_table(conditions: Mapping[str, Condition], metrics: Sequence[str]) -> str:
    """The README's table of results, in Markdown: a row for each condition."""
    metrics = [m for m in metrics if any(m in c.expected for c in conditions.values())]
    lines = [["", *metrics, "command"], ["---"] * (len(metrics) + 2)]
    for name, condition in conditions.items():
        expected = condition.expected
        values = [
            _cell(metric, *expected[metric]) if metric in expected else "" for metric in metrics
        ]
        note = f"[{name}]({condition.where})" if condition.where else name
        lines.append([note, *values, f"`{condition.command}`"])
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def _cell(metric: str, *scored: float) -> str:
    """The value and, where it is one, its interval."""
    value, low, high = (decimal(metric, number) for number in scored)
    return value if low == high else f"{value} ({low} – {high})"
