"""One configuration of retrieval against others, over one index, question by question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
from rich.console import Console
from rich.table import Table

from eval.command import progress_bar, remembering_encoder
from eval.datasets import Choices, Dataset, load_set
from eval.evaluation import ProgressBar, Retrieval, search_set
from eval.report import decimal, interval
from eval.stats import Difference, difference, mean, resample
from eval.summary import columns_of
from index.records import Encoder, Ingredient
from rag.settings import Settings, changed

# The most by which the interval of the difference to the better leg may reach below zero.
MARGIN = 0.01
_LEGS = ("bm25", "dense")
_SHOWN = ("recall@1", "recall@5", "mrr@10")

# The configurations by name; the first is the one that the others are compared with.
Configurations = Mapping[str, Settings]


@dataclass(frozen=True, slots=True)
class Versus:
    """`retrievals` are by configuration; `differences` those in recall@1 of the first one over
    each of the others."""

    retrievals: Mapping[str, Retrieval]
    differences: Mapping[str, Difference]

    @property
    def over_best(self) -> Difference:
        """Over the other that found most; of two that found as much, the harder to beat."""
        return max(self.differences.values(), key=lambda found: (found.before, -found.low))

    @property
    def not_worse(self) -> bool:
        """Than any other, as far as the interval tells."""
        return self.over_best.low > -MARGIN


def legs_of(settings: Settings) -> Configurations:
    """Is fused retrieval ever worse than its better leg?"""
    names = dict.fromkeys((settings.retriever, *_LEGS))
    return {name: changed(settings, retriever=name) for name in names}


def ablations_of(settings: Settings) -> Configurations:
    """What is each ingredient worth? The whole first, then without each in turn."""
    ablated = {
        f"without {name}": changed(settings, without=settings.without | {name})
        for name in get_args(Ingredient)
        if name not in settings.without
    }
    return {settings.retriever: settings, **ablated}


def search_versus(
    dataset: Dataset,
    choices: Choices,
    configurations: Configurations,
    encoder: Encoder,
    progress: ProgressBar,
) -> Versus:
    """Compared on the questions that have an answer."""
    retrievals = search_set(dataset, choices, configurations, encoder, progress)
    recall = {name: columns_of(found.scores)["recall@1"] for name, found in retrievals.items()}
    first, *others = retrievals
    known = ~np.isnan(recall[first])
    groups = [score.group for score in retrievals[first].scores]
    weights = resample(groups, choices.seed)[:, known]
    after = mean(recall[first][known])
    differences = {name: difference(mean(recall[name][known]), after, weights) for name in others}
    return Versus(retrievals, differences)


def compare(
    sets: Sequence[str],
    settings: Settings,
    choices: Choices,
    configurations: Callable[[Settings], Configurations],
    console: Console,
) -> list[Versus]:
    """Print a table for each set.

    Raises UsageError and NotFoundError for what cannot be evaluated as asked.
    """
    datasets = [load_set(name, choices) for name in sets]  # what is wrong shows before the work
    encoder = remembering_encoder(settings)
    results = []
    for dataset in datasets:
        found = search_versus(dataset, choices, configurations(settings), encoder, progress_bar)
        console.print(_table(dataset.name, found))
        for problem in dict.fromkeys(_problems(found)):
            console.print(problem, markup=False, highlight=False)
        results.append(found)
    return results


def compare_legs(
    sets: Sequence[str], settings: Settings, choices: Choices, console: Console
) -> bool:
    """True where nothing failed and no set has a leg that may be better."""
    fine = True
    for found in compare(sets, settings, choices, legs_of, console):
        lower = f"lower bound against the better leg {found.over_best.low:+.3f}"
        verdict = "not worse" if found.not_worse else f"may be worse by more than {MARGIN}"
        console.print(f"{verdict}: {lower}", highlight=False)
        fine = fine and found.not_worse and not _problems(found)
    return fine


def ablate(sets: Sequence[str], settings: Settings, choices: Choices, console: Console) -> bool:
    """True where nothing failed."""
    found = compare(sets, settings, choices, ablations_of, console)
    return not any(map(_problems, found))


def _problems(found: Versus) -> list[str]:
    return [problem for each in found.retrievals.values() for problem in each.problems]


def _table(title: str, found: Versus) -> Table:
    table = Table(title=f"{title} · retrieval alone")
    first = next(iter(found.retrievals))
    for name in ("", *_SHOWN, f"recall@1 of {first} over it (95 % interval)", "p", "n"):
        table.add_column(name)
    for name, retrieval in found.retrievals.items():
        cells = [
            f"{decimal(metric, scored.value)} ({interval(metric, scored)})"
            for metric in _SHOWN
            for scored in [retrieval.metrics[metric]]
        ]
        over = found.differences.get(name)
        tested = [f"{over.value:+.3f} ({over.low:+.3f} – {over.high:+.3f})",
                  f"{over.p:.4f}"] if over else ["", ""]  # fmt: skip
        table.add_row(name, *cells, *tested, str(retrieval.metrics["recall@1"].n))
    return table
