"""`yuanwen eval`: evaluate sets, print the scores, leave the reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from math import isnan
from pathlib import Path

from rich.console import Console
from rich.progress import Progress as RichProgress
from rich.table import Table

from eval.datasets import Choices, load_set
from eval.evaluation import Evaluation, run_set
from eval.fit import fit
from eval.report import decimal, interval, write_report
from eval.run import Progress
from eval.squad import share_ids
from eval.summary import Estimates
from index.encoder import CachedEncoder, load_encoder
from rag.settings import Settings

CACHE = "evaluation.sqlite"
_HALVES = ("dev", "test")
_PRINTED = (
    "recall@1", "recall@5", "mrr@10", "ndcg@10", "holds_gold", "citation_precision",
    "citation_recall", "quote_length", "exact_match", "f1", "char_f1", "citations_dropped",
    "refused_unanswerable", "refused_answerable", "followup_right", "alone_unchanged",
    "auroc", "aurc", "ece", "p50_ms", "p95_ms",
)  # fmt: skip


def evaluate(
    sets: Sequence[str],
    settings: Settings,
    choices: Choices,
    *,
    always_answer: bool = False,
    out: Path | None = None,
    fit_confidence: bool = False,
    console: Console,
) -> bool:
    """Evaluate each set, or fit the confidence on them; True where nothing failed.

    With several sets, each has its own folder beneath `out`. Raises UsageError and NotFoundError
    for what cannot be evaluated as asked.
    """
    if always_answer:
        settings = settings.model_copy(update={"threshold": 0.0})
    if fit_confidence:
        found = [load_set(name, variant) for name in sets for variant in _variants(name, choices)]
        model = fit(found, settings, remembering_encoder(settings), progress_bar)
        console.print(f"{model['examples']} examples, {model['right']} right", highlight=False)
        return True
    datasets = [load_set(name, choices) for name in sets]  # what is wrong shows before the work
    encoder = remembering_encoder(settings)
    fine = True
    for dataset in datasets:
        evaluation = run_set(dataset, choices, settings, encoder, progress_bar)
        print_scores(evaluation, console)
        if out:
            folder = out / dataset.name.replace(" ", "-") if len(sets) > 1 else out
            write_report(evaluation, folder)
            console.print(f"Reports: {folder}", highlight=False)
        fine = fine and not evaluation.failures and not evaluation.skipped
    return fine


def _variants(name: str, choices: Choices) -> list[Choices]:
    """To fit on: a set as it is and, where that can be asked of it, over other documents or in
    another language, so that messy pages and foreign questions are among the examples."""
    plain = replace(choices, docs=None, questions=None)
    if not name.endswith(".json"):
        plain = replace(plain, fold=None)
        other = replace(plain, docs=choices.docs)
    elif choices.questions and share_ids(Path(name), choices.questions):
        other = replace(plain, questions=choices.questions)
    else:
        other = plain
    return [plain] if other == plain else [plain, other]


def remembering_encoder(settings: Settings) -> CachedEncoder:
    """The encoder of the settings; what it has encoded once is quick from then on."""
    settings.cache.mkdir(parents=True, exist_ok=True)
    return CachedEncoder(load_encoder(settings.encoder, settings.cache), settings.cache / CACHE)


def print_scores(evaluation: Evaluation, console: Console) -> None:
    """The scores with their intervals, the two halves side by side where there are two."""
    columns = {"all": evaluation.summary.metrics}
    splits = evaluation.summary.slices.get("split", {})
    columns |= {half: splits[half] for half in _HALVES if half in splits}
    table = Table(title=f"{evaluation.dataset.name} · {evaluation.settings.retriever}")
    table.add_column("")
    for name in columns:
        table.add_column(name)
    for metric in _PRINTED:
        if evaluation.summary.metrics[metric].n:
            table.add_row(metric, *(_cell(metric, column) for column in columns.values()))
    console.print(table)
    counts = (f"{number} {name.replace('_', ' ')}" for name, number in evaluation.counts.items())
    console.print(", ".join(counts), highlight=False)
    for result in evaluation.failures:
        console.print(f"failed: {result.question.id}: {result.error}", markup=False)
    for outcome in evaluation.skipped:
        console.print(f"skipped: {outcome.source}: {outcome.reason}", markup=False)


def _cell(metric: str, estimates: Estimates) -> str:
    estimate = estimates[metric]
    known = f"{decimal(metric, estimate.value)} ({interval(metric, estimate)}) n={estimate.n}"
    return "–" if isnan(estimate.value) else known


@contextmanager
def progress_bar(title: str) -> Iterator[Progress]:
    """On stderr where that is a terminal, and gone when it is done."""
    err = Console(stderr=True)
    with RichProgress(console=err, transient=True, disable=not err.is_terminal) as bars:
        task = bars.add_task(title, total=None)

        def report(done: int, total: int, _: str) -> None:
            bars.update(task, completed=done, total=total)

        yield report
