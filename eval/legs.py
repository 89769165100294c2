"""Is fused retrieval ever worse than its better leg? All of them over one index, in pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.table import Table

from eval.command import progress_bar, remembering_encoder
from eval.datasets import Choices, Dataset, load_set
from eval.evaluation import ProgressBar, Retrieval, search_set
from eval.report import decimal, interval
from eval.stats import Difference, difference, mean, resample
from eval.summary import columns_of
from index.records import Encoder
from rag.settings import Settings

# The most by which the interval of the difference may reach below zero.
MARGIN = 0.01
_LEGS = ("bm25", "dense")
_SHOWN = ("recall@1", "recall@5")


@dataclass(frozen=True, slots=True)
class Legs:
    """`retrievals` are by retriever, the fused one first; `differences` in recall@1, by leg, are
    those of the fused one against the leg."""

    retrievals: Mapping[str, Retrieval]
    differences: Mapping[str, Difference]

    @property
    def over_better(self) -> Difference:
        """Against the leg that found more; of two that found as much, the harder to beat."""
        return max(self.differences.values(), key=lambda found: (found.before, -found.low))

    @property
    def fine(self) -> bool:
        """Not worse than the better leg, as far as the interval tells."""
        return self.over_better.low > -MARGIN


def search_legs(
    dataset: Dataset, choices: Choices, settings: Settings, encoder: Encoder, progress: ProgressBar
) -> Legs:
    """The retriever of the settings against each leg alone, on the questions with an answer."""
    names = list(dict.fromkeys((settings.retriever, *_LEGS)))
    retrievals = search_set(dataset, choices, settings, encoder, progress, retrievers=names)
    recall = {name: columns_of(found.scores)["recall@1"] for name, found in retrievals.items()}
    fused = recall[settings.retriever]
    known = ~np.isnan(fused)
    groups = [score.group for score in retrievals[settings.retriever].scores]
    weights = resample(groups, choices.seed)[:, known]
    differences = {
        leg: difference(mean(recall[leg][known]), mean(fused[known]), weights) for leg in _LEGS
    }
    return Legs(retrievals, differences)


def compare_legs(
    sets: Sequence[str], settings: Settings, choices: Choices, console: Console
) -> bool:
    """Print a table for each set; True where nothing failed and no set has a leg that is better.

    Raises UsageError and NotFoundError for what cannot be evaluated as asked.
    """
    datasets = [load_set(name, choices) for name in sets]  # what is wrong shows before the work
    encoder = remembering_encoder(settings)
    fine = True
    for dataset in datasets:
        legs = search_legs(dataset, choices, settings, encoder, progress_bar)
        _print(dataset.name, legs, console)
        problems = [p for found in legs.retrievals.values() for p in found.problems]
        for problem in dict.fromkeys(problems):
            console.print(problem, markup=False, highlight=False)
        fine = fine and legs.fine and not problems
    return fine


def _print(title: str, legs: Legs, console: Console) -> None:
    table = Table(title=f"{title} · retrieval alone")
    for name in ("", *_SHOWN, "difference in recall@1 (95 % interval)", "p", "n"):
        table.add_column(name)
    for name, retrieval in legs.retrievals.items():
        cells = [
            f"{decimal(metric, found.value)} ({interval(metric, found)})"
            for metric in _SHOWN
            for found in [retrieval.metrics[metric]]
        ]
        against = legs.differences.get(name)
        tested = [f"{against.value:+.3f} ({against.low:+.3f} – {against.high:+.3f})",
                  f"{against.p:.4f}"] if against else ["", ""]  # fmt: skip
        table.add_row(name, *cells, *tested, str(retrieval.metrics["recall@1"].n))
    console.print(table)
    lower = f"lower bound against the better leg {legs.over_better.low:+.3f}"
    verdict = "not worse" if legs.fine else f"may be worse by more than {MARGIN}"
    console.print(f"{verdict}: {lower}", highlight=False)
