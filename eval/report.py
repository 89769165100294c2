"""What an evaluation leaves in a folder: four files for people, programs and later comparisons."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from math import isnan
from pathlib import Path
from typing import Any

from eval.datasets import ROOM
from eval.evaluation import Evaluation
from eval.pages import Table, html_page, markdown_page
from eval.plots import plots_of
from eval.provenance import commit_of, documents_hash, file_hash
from eval.run import SHOWN_HITS, Result
from eval.stats import Estimate
from eval.summary import Estimates
from rag.answer import ask_body

_SHOWN_MISSES = 40

# What each question scored: not for people, but for a paired test against another report.
SCORES = "scores.jsonl"

# Where the index and its cache lie, and how it is served, has no influence on any score.
_IRRELEVANT_SETTINGS = {
    *("data", "cache", "top_k"),
    *("host", "port", "token", "write_token", "rate_limit", "log_questions"),
}

# Those of --docs and --questions stand in the set's name and in the hashes of the data.
_REPORTED_CHOICES = ("limit", "seed", "withhold", "other_script", "without_history")

_SLICE_METRICS = (
    "recall@1", "recall@5", "mrr@10", "holds_gold", "citation_precision", "citation_recall",
    "quote_length", "f1", "refused_unanswerable", "refused_answerable",
)  # fmt: skip


def write_report(evaluation: Evaluation, folder: Path) -> None:
    """Write report.json, report.md, report.html, answers.jsonl and scores.jsonl.

    The same inputs give the same files, but for what was measured in milliseconds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    body = report_body(evaluation)
    title = f"Evaluation: {evaluation.dataset.name}"
    tables = list(_tables(evaluation, body))
    files = {
        "report.json": json.dumps(body, ensure_ascii=False, indent=1) + "\n",
        "report.md": markdown_page(title, tables),
        "report.html": html_page(title, tables, plots_of(evaluation)),
        "answers.jsonl": _lines(map(answer_line, evaluation.results)),
        SCORES: _lines(_score_lines(evaluation)),
    }
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")


def report_body(evaluation: Evaluation) -> dict[str, Any]:
    """The content of report.json. Numbers have six decimals; what is undefined is null."""
    summary = evaluation.summary
    choices = asdict(evaluation.choices)
    return {
        "set": evaluation.dataset.name,
        "metrics": _numbers(summary.metrics),
        "recall_by_k": [_number(estimate) for estimate in summary.recall],
        "slices": {
            name: {value: _numbers(part) for value, part in parts.items()}
            for name, parts in summary.slices.items()
        },
        "matrix": {row: _numbers(cells) for row, cells in summary.matrix.items()},
        "risk_coverage": [
            {"coverage": round(coverage, 6), "risk": round(risk, 6)}
            for coverage, risk in summary.risk_coverage
        ],
        "reliability": [
            {"confidence": round(b.confidence, 6), "accuracy": round(b.accuracy, 6), "n": b.n}
            for b in summary.reliability
        ],
        "counts": evaluation.counts,
        "failures": {result.question.id: result.error for result in evaluation.failures},
        "skipped_documents": {outcome.source: outcome.reason for outcome in evaluation.skipped},
        "settings": evaluation.settings.model_dump(mode="json", exclude=_IRRELEVANT_SETTINGS),
        "choices": {name: choices[name] for name in _REPORTED_CHOICES},
        "commit": commit_of(ROOM.parent),
        "encoder": evaluation.encoder,
        "data": {
            **{path.name: file_hash(path) for path in evaluation.dataset.files},
            "documents": documents_hash(evaluation.documents),
        },
    }


def answer_line(result: Result) -> dict[str, Any]:
    """The body of `/ask` with at most ten hits and the question's id, or the error."""
    if result.answer is None:
        return {"id": result.question.id, "error": result.error}
    body = ask_body(result.answer)
    return {"id": result.question.id, **body, "hits": body["hits"][:SHOWN_HITS]}


def _score_lines(evaluation: Evaluation) -> Iterator[dict[str, Any]]:
    for score in evaluation.scores:
        known = {name: value for name, value in score.values.items() if not isnan(value)}
        yield {"id": score.id, "group": score.group, **score.slices, "scores": known}


def _lines(rows: Iterable[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _numbers(estimates: Estimates) -> dict[str, Any]:
    return {name: _number(estimate) for name, estimate in estimates.items()}


def _number(estimate: Estimate) -> dict[str, float | int | None]:
    numbers = {"value": estimate.value, "low": estimate.low, "high": estimate.high}
    rounded = {key: None if isnan(n) else round(n, 6) for key, n in numbers.items()}
    return {**rounded, "n": estimate.n}


# Tables for people


def _tables(evaluation: Evaluation, body: Mapping[str, Any]) -> Iterator[Table]:
    summary = evaluation.summary
    yield Table(
        "Scores",
        ("metric", "value", "95 % interval", "questions"),
        [
            (name, decimal(name, e.value), interval(name, e), str(e.n))
            for name, e in summary.metrics.items()
            if e.n
        ],
        "Intervals are bootstrapped over the paragraphs that questions share. Milliseconds are "
        "those of an encoder that remembers what it has encoded before.",
    )
    for name, parts in summary.slices.items():
        yield Table(
            f"By {name}",
            (name, "questions", *_SLICE_METRICS),
            [(value, *_slice_row(part)) for value, part in parts.items()],
        )
    if summary.matrix:
        yield _matrix(summary.matrix)
    yield _pairs("Counts", evaluation.counts)
    if evaluation.failures:
        yield _pairs("Failures", body["failures"])
    if evaluation.skipped:
        yield _pairs("Skipped documents", body["skipped_documents"])
    yield from _missed(evaluation)
    made_with = {
        "commit": body["commit"] or "unknown",
        "encoder": body["encoder"],
        **{f"setting {name}": value for name, value in body["settings"].items()},
        **body["choices"],
        **{f"sha256 of {name}": value for name, value in body["data"].items()},
    }
    yield _pairs("Made with", made_with)


def decimal(name: str, value: float) -> str:
    """Scores with three decimals; counts, lengths and milliseconds as such."""
    if isnan(value):
        return "–"
    if name == "citations_dropped":
        return f"{value:.0f}"
    return f"{value:.1f}" if name.endswith(("_ms", "_length")) else f"{value:.3f}"


def interval(name: str, estimate: Estimate) -> str:
    return f"{decimal(name, estimate.low)} – {decimal(name, estimate.high)}"


def _slice_row(part: Estimates) -> Iterator[str]:
    yield str(part["citations_dropped"].n)
    for name in _SLICE_METRICS:
        estimate = part[name]
        known = f"{decimal(name, estimate.value)} ({interval(name, estimate)})"
        yield known if estimate.n else ""


def _matrix(matrix: Mapping[str, Estimates]) -> Table:
    documents = sorted({column for cells in matrix.values() for column in cells})
    return Table(
        "Recall@1 by the language of the question and of the documents",
        ("question", *documents),
        [
            (row, *(_matrix_cell(cells[d]) if d in cells else "" for d in documents))
            for row, cells in matrix.items()
        ],
        "A row for each language of questions, a column for each of the documents that answer "
        "them (joined by + where several do). Where no language is stated, the script tells.",
    )


def _matrix_cell(e: Estimate) -> str:
    return f"{decimal('recall@1', e.value)} ({interval('recall@1', e)}) n={e.n}"


def _pairs(title: str, values: Mapping[str, Any]) -> Table:
    return Table(title, ("", ""), [(name, str(value)) for name, value in values.items()])


def _missed(evaluation: Evaluation) -> Iterator[Table]:
    """The questions that went wrong, for a closer look. Those of the test half are not shown:
    who has seen them would tune on them."""
    kinds = (
        ("Not among the first five", "recall@5", 0.0),
        ("Quotes without the gold", "holds_gold", 0.0),
        ("Refused, though the documents answer", "refused_answerable", 1.0),
        ("Answered, though the documents do not", "refused_unanswerable", 0.0),
    )
    shown = [
        (result, score.values)
        for result, score in zip(evaluation.results, evaluation.scores, strict=True)
        if result.question.split != "test"
    ]
    for title, name, wrong in kinds:
        rows: Sequence[tuple[str, str]] = [
            (result.question.id, result.question.text)
            for result, values in shown
            if values.get(name) == wrong
        ]
        if rows:
            yield Table(f"{title} ({len(rows)})", ("id", "question"), rows[:_SHOWN_MISSES])
