"""How much the confidence is worth: statistics over (confidence, was it right?) pairs.

Confidences are probabilities in [0, 1], one a question; `right` holds 0 and 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.stats import Floats, Statistic, divide

BINS = 10


def auroc(confidence: Floats, positive: Floats) -> Statistic:
    """The chance that a positive question has more confidence than a negative one; a tie is half.

    The area under the ROC curve, as the Mann–Whitney statistic (Hanley & McNeil 1982).
    """
    order, starts = _tied_groups(confidence)

    def statistic(weights: Floats) -> Floats:
        drawn = weights[:, order]
        positives = _sums(drawn * positive[order], starts)
        negatives = _sums(drawn * (1 - positive[order]), starts)
        below = negatives.cumsum(axis=1) - negatives
        wins = (positives * (below + negatives / 2)).sum(axis=1)
        return divide(wins, positives.sum(axis=1) * negatives.sum(axis=1))

    return statistic


def aurc(confidence: Floats, right: Floats) -> Statistic:
    """Area under the risk–coverage curve: the mean, over all coverages, of the risk there.

    Geifman & El-Yaniv 2017, "Selective Classification for Deep Neural Networks". The smaller the
    better. Questions of equal confidence are answered together: each meets the risk of them all.
    """
    order, starts = _tied_groups(-confidence)

    def statistic(weights: Floats) -> Floats:
        drawn = weights[:, order]
        counts = _sums(drawn, starts)
        wrong = _sums(drawn * (1 - right[order]), starts).cumsum(axis=1)
        risk = np.nan_to_num(divide(wrong, counts.cumsum(axis=1)))
        return divide((counts * risk).sum(axis=1), counts.sum(axis=1))

    return statistic


def ece(confidence: Floats, right: Floats) -> Statistic:
    """Expected calibration error: the gap between confidence and accuracy, bin by bin.

    Σ_bins |Σ_questions (right - confidence)| / questions, ten bins of equal width (Naeini et al.
    2015; Guo et al. 2017, equation 3).
    """
    members = np.eye(BINS)[_bins(confidence)]
    gaps = members * (right - confidence)[:, np.newaxis]
    return lambda weights: divide(np.abs(weights @ gaps).sum(axis=1), weights.sum(axis=1))


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar of a reliability diagram: mean confidence, share right, number of questions."""

    confidence: float
    accuracy: float
    n: int


def reliability(confidence: Floats, right: Floats) -> list[Bin]:
    """The bins of `ece` that hold anything, in order."""
    bins = _bins(confidence)
    members = [bins == number for number in range(BINS)]
    return [
        Bin(float(confidence[own].mean()), float(right[own].mean()), int(own.sum()))
        for own in members
        if own.any()
    ]


def risk_coverage(confidence: Floats, right: Floats) -> list[tuple[float, float]]:
    """(coverage, risk) at each confidence that occurs, from the highest down."""
    if not len(confidence):
        return []
    order, starts = _tied_groups(-confidence)
    answered = np.append(starts[1:], len(order))
    wrong = (1 - right[order]).cumsum()[answered - 1]
    return [
        (float(count / len(order)), float(errors / count))
        for count, errors in zip(answered, wrong, strict=True)
    ]


def _bins(confidence: Floats) -> NDArray[np.intp]:
    return np.clip((confidence * BINS).astype(np.intp), 0, BINS - 1)


def _tied_groups(values: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Positions in ascending order of value, and where in that order each distinct value starts."""
    order = np.argsort(values, kind="stable")
    ascending = values[order]
    starts = np.flatnonzero(np.append(True, ascending[1:] != ascending[:-1])[: len(order)])
    return order, starts


def _sums(drawn: Floats, starts: NDArray[np.intp]) -> Floats:
    """Sums over the tied groups: (resamples, questions) to (resamples, groups)."""
    if not len(starts):
        return np.zeros((len(drawn), 0))
    return np.add.reduceat(drawn, starts, axis=1)
