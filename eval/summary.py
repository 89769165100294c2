"""What the scores of many questions make together: every metric with its interval, and by slice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.calibration import Bin, aurc, auroc, ece, reliability, risk_coverage
from eval.scores import DEPTH, Score
from eval.stats import Estimate, Floats, Statistic, estimate, mean, quantile, resample, total

Columns = Mapping[str, Floats]
Estimates = Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Metric:
    """`about` is the column whose known values are the questions that the metric rests on."""

    about: str
    statistic: Callable[[Columns], Statistic]


def _mean_of(name: str) -> Metric:
    return Metric(name, lambda columns: mean(columns[name]))


def _total_of(name: str) -> Metric:
    return Metric(name, lambda columns: total(columns[name]))


def _quantile_of(name: str, share: float) -> Metric:
    return Metric(name, lambda columns: quantile(columns[name], share))


def _confidence_in(
    column: str, make: Callable[[Floats, Floats], Statistic], confidence: str = "confidence"
) -> Metric:
    def statistic(columns: Columns) -> Statistic:
        known = ~np.isnan(columns[confidence])
        inner = make(columns[confidence][known], columns[column][known])
        return lambda weights: inner(weights[:, known])

    return Metric(confidence, statistic)


METRICS: Mapping[str, Metric] = {
    "recall@1": _mean_of("recall@1"),
    "recall@5": _mean_of("recall@5"),
    "recall@10": _mean_of("recall@10"),
    "mrr@10": _mean_of("mrr@10"),
    "ndcg@10": _mean_of("ndcg@10"),
    "holds_gold": _mean_of("holds_gold"),
    "citation_precision": _mean_of("citation_precision"),
    "citation_recall": _mean_of("citation_recall"),
    "quote_length": _mean_of("quote_length"),
    "exact_match": _mean_of("exact_match"),
    "f1": _mean_of("f1"),
    "char_f1": _mean_of("char_f1"),
    "citations_dropped": _total_of("citations_dropped"),
    "refused_unanswerable": _mean_of("refused_unanswerable"),
    "refused_answerable": _mean_of("refused_answerable"),
    "followup_right": _mean_of("followup_right"),
    "alone_unchanged": _mean_of("alone_unchanged"),
    "auroc": _confidence_in("answerable", auroc, "answerability"),
    "auroc_right": _confidence_in("right", auroc),
    "aurc": _confidence_in("right", aurc),
    "ece": _confidence_in("right", ece),
    "p50_ms": _quantile_of("ms", 0.5),
    "p95_ms": _quantile_of("ms", 0.95),
}


# What can be told without an answer.
RANKING = {
    name: METRICS[name] for name in ("recall@1", "recall@5", "recall@10", "mrr@10", "ndcg@10")
}

_RECALL = {name: _mean_of(name) for name in (f"recall@{k}" for k in range(1, DEPTH + 1))}


@dataclass(frozen=True, slots=True)
class Summary:
    """Every metric over all questions and over each slice.

    `recall` has recall@k for k = 1 … 10; `matrix` recall@1 by the question's language and, within
    that, by the language of the documents that answer; `risk_coverage` (coverage, risk) pairs.
    """

    metrics: Estimates
    slices: Mapping[str, Mapping[str, Estimates]]
    recall: Sequence[Estimate]
    matrix: Mapping[str, Estimates]
    risk_coverage: Sequence[tuple[float, float]]
    reliability: Sequence[Bin]


def summarise(scores: Sequence[Score], seed: int) -> Summary:
    """Slices are estimated from the same resamples as the whole."""
    columns = columns_of(scores)
    weights = resample([score.group for score in scores], seed)
    known = ~np.isnan(columns["confidence"])
    confidence, right = columns["confidence"][known], columns["right"][known]
    return Summary(
        _estimates(METRICS, columns, weights),
        {name: dict(_slices(name, scores, columns, weights)) for name in _slice_names(scores)},
        list(_estimates(_RECALL, columns, weights).values()),
        _matrix(scores, columns, weights),
        risk_coverage(confidence, right),
        reliability(confidence, right),
    )


def summarise_ranking(scores: Sequence[Score], seed: int) -> Estimates:
    """The metrics of retrieval alone."""
    weights = resample([score.group for score in scores], seed)
    return _estimates(RANKING, columns_of(scores), weights)


def columns_of(scores: Sequence[Score]) -> Columns:
    """Every number that a metric needs, as an array over the questions, NaN where one has none."""
    needed = {metric.about for metric in METRICS.values()} | {"answerable", "right", *_RECALL}
    return {
        name: np.array([score.values.get(name, float("nan")) for score in scores])
        for name in sorted(needed)
    }


def _slice_names(scores: Sequence[Score]) -> list[str]:
    return list(dict.fromkeys(name for score in scores for name in score.slices))


def _slices(
    name: str, scores: Sequence[Score], columns: Columns, weights: Floats
) -> Iterator[tuple[str, Estimates]]:
    for value, own in _members(name, scores):
        part = {column: numbers[own] for column, numbers in columns.items()}
        yield value, _estimates(METRICS, part, weights[:, own])


def _members(name: str, scores: Sequence[Score]) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Each value of a slice, and which questions have it."""
    values = np.array([score.slices.get(name, "") for score in scores])
    for value in sorted(set(values) - {""}):
        yield str(value), values == value


def _matrix(
    scores: Sequence[Score], columns: Columns, weights: Floats
) -> dict[str, dict[str, Estimate]]:
    recall = columns["recall@1"]
    matrix: dict[str, dict[str, Estimate]] = {}
    for language, asked in _members("language", scores):
        for documents, held in _members("documents", scores):
            cell = asked & held & ~np.isnan(recall)
            if cell.any():
                found = estimate(mean(recall[cell]), weights[:, cell], n=int(cell.sum()))
                matrix.setdefault(language, {})[documents] = found
    return matrix


def _estimates(wanted: Mapping[str, Metric], columns: Columns, weights: Floats) -> Estimates:
    return {
        name: estimate(
            metric.statistic(columns), weights, n=int((~np.isnan(columns[metric.about])).sum())
        )
        for name, metric in wanted.items()
    }
