"""The plots of a report, as inline SVG that is the same for the same numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import StringIO

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eval.evaluation import Evaluation
from eval.summary import columns_of

_INK = "#1f5f8b"
_SIZE = (4.8, 3.4)  # inches


def plots_of(evaluation: Evaluation) -> dict[str, str]:
    """Captions to SVG; a plot that has nothing to show is left out."""
    drawn = {caption: _draw(caption, draw, evaluation) for caption, draw in _PLOTS.items()}
    return {caption: svg for caption, svg in drawn.items() if svg}


def _draw(caption: str, draw: Callable[[Axes, Evaluation], bool], evaluation: Evaluation) -> str:
    # The salt makes the ids of shapes, which are random otherwise; text as text keeps it small.
    with mpl.rc_context({"svg.hashsalt": caption, "svg.fonttype": "none"}):
        figure = Figure(figsize=_SIZE, layout="constrained")
        axes = figure.add_subplot()
        axes.grid(alpha=0.3)
        if not draw(axes, evaluation):
            return ""
        file = StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None})
    svg = file.getvalue()
    return svg[svg.index("<svg") :]


def _recall(axes: Axes, evaluation: Evaluation) -> bool:
    recall = [estimate for estimate in evaluation.summary.recall if estimate.n]
    depths = range(1, len(recall) + 1)
    lowest = min((e.low for e in recall), default=0.0)
    axes.fill_between(depths, [e.low for e in recall], [e.high for e in recall], alpha=0.2)
    axes.plot(depths, [e.value for e in recall], marker="o", color=_INK)
    axes.set(xlabel="k", ylabel="recall@k", ylim=(min(lowest - 0.02, 0.8), 1.005), xticks=depths)
    return bool(recall)


def _risk_coverage(axes: Axes, evaluation: Evaluation) -> bool:
    curve = evaluation.summary.risk_coverage
    # Questions of equal confidence are answered together, so that the risk jumps between them.
    axes.step([0, *(c for c, _ in curve)], [0, *(r for _, r in curve)], where="pre", color=_INK)
    axes.set(xlabel="coverage", ylabel="risk (share of wrong answers)", xlim=(0, 1), ylim=(0, None))
    return bool(curve)


def _reliability(axes: Axes, evaluation: Evaluation) -> bool:
    bins = evaluation.summary.reliability
    axes.plot([0, 1], [0, 1], color="grey", linestyle=":")
    means, shares = [bar.confidence for bar in bins], [bar.accuracy for bar in bins]
    axes.scatter(means, shares, s=[20 + 4 * bar.n for bar in bins], color=_INK, alpha=0.8)
    axes.set(xlabel="confidence", ylabel="share right", xlim=(0, 1), ylim=(-0.03, 1.03))
    return bool(bins)


def _latency(axes: Axes, evaluation: Evaluation) -> bool:
    ms = columns_of(evaluation.scores)["ms"]
    known = ms[~np.isnan(ms)]
    axes.hist(known, bins=30, color=_INK)
    axes.set(xlabel="milliseconds", ylabel="questions")
    return bool(len(known))


_PLOTS: Mapping[str, Callable[[Axes, Evaluation], bool]] = {
    "Recall by k, with 95 % intervals": _recall,
    "Risk and coverage": _risk_coverage,
    "Reliability: confidence and the share that was right": _reliability,
    "Time to an answer": _latency,
}
