"""Error bars: the bootstrap, over the groups of questions that share a paragraph.

A `Statistic` takes weights of shape (resamples, questions), how often each question was drawn,
and gives one value a resample. The value on the questions themselves has weights of one. Where a
resample drew nothing that the statistic is about, its value is NaN.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Statistic = Callable[[Floats], Floats]

RESAMPLES = 2000
_BATCH = 250


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95 % interval and the number of questions that it rests on."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Difference:
    """`after - before` with its 95 % interval; `p` is two-sided, for no difference at all."""

    before: float
    after: float
    value: float
    low: float
    high: float
    p: float
    n: int


def resample(groups: Sequence[str], seed: int, resamples: int = RESAMPLES) -> Floats:
    """Draw as many groups as there are, with replacement; all questions of a group come with it.

    The cluster bootstrap (Davison & Hinkley 1997, section 3.8). Shape (resamples, questions).
    """
    names, group_of = np.unique(np.asarray(groups), return_inverse=True)
    generator = np.random.default_rng(seed)
    drawn = generator.multinomial(len(names), np.full(len(names), 1 / len(names)), resamples)
    return drawn.astype(np.float64)[:, group_of]


def estimate(statistic: Statistic, weights: Floats, n: int) -> Estimate:
    """The value, and the percentile interval over the resamples (Efron & Tibshirani 1993, §13)."""
    value = float(statistic(np.ones((1, weights.shape[1])))[0])
    low, high = _interval(_over(statistic, weights))
    return Estimate(value, low, high, n)


def difference(before: Statistic, after: Statistic, weights: Floats) -> Difference:
    """The paired bootstrap: both statistics on the same resamples of the same questions.

    p is twice the share of resamples on the far side of zero, as the interval's inversion has it;
    one is added above and below, so that it is never zero (Davison & Hinkley 1997, §4.2).
    """
    n = weights.shape[1]
    old, new = (float(statistic(np.ones((1, n)))[0]) for statistic in (before, after))
    drawn = _over(after, weights) - _over(before, weights)
    low, high = _interval(drawn)
    known = drawn[~np.isnan(drawn)]
    tail = min(np.sum(known <= 0), np.sum(known >= 0))
    p = min(1.0, 2 * float(tail + 1) / (len(known) + 1))
    return Difference(old, new, new - old, low, high, p, n)


def _over(statistic: Statistic, weights: Floats) -> Floats:
    """In batches, so that what a statistic makes of the weights on its way stays small."""
    batches = (weights[i : i + _BATCH] for i in range(0, len(weights), _BATCH))
    return np.concatenate([statistic(batch) for batch in batches])


def _interval(values: Floats) -> tuple[float, float]:
    if np.isnan(values).all():
        return float("nan"), float("nan")
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return float(low), float(high)


# Statistics of one value a question


def mean(values: Floats) -> Statistic:
    """The weighted mean; values that are NaN have no part in it."""
    sums_and_counts = np.stack([np.nan_to_num(values), ~np.isnan(values)], axis=1)

    def statistic(weights: Floats) -> Floats:
        sums, counts = (weights @ sums_and_counts).T
        return divide(sums, counts)

    return statistic


def total(values: Floats) -> Statistic:
    return lambda weights: weights @ np.nan_to_num(values)


def quantile(values: Floats, share: float) -> Statistic:
    """The smallest value that at least `share` of the weight does not exceed (inverted CDF)."""
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.argsort(values[known], kind="stable")]

    def statistic(weights: Floats) -> Floats:
        cumulative = weights[:, order].cumsum(axis=1)
        if not len(order):
            return np.full(len(weights), np.nan)
        reached = cumulative >= share * cumulative[:, -1:]
        found = values[order][reached.argmax(axis=1)]
        return np.where(cumulative[:, -1] > 0, found, np.nan)

    return statistic


def divide(above: Floats, below: Floats) -> Floats:
    """Elementwise, NaN where `below` is zero, without a warning."""
    quotients: Floats = np.full(np.shape(below), np.nan)
    np.divide(above, below, out=quotients, where=below != 0)
    return quotients
