"""The probability that a drafted answer is right: a logistic model for each reader, kept as
readable JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path

MODEL = Path(__file__).with_suffix(".json")


def confidence(features: Mapping[str, float], reader: str) -> float:
    """Logistic regression: 1 / (1 + exp(−Σ weight · feature)), in [0, 1]."""
    weights = _weights(reader)
    logit = sum(weights.get(name, 0.0) * value for name, value in features.items())
    return 1 / (1 + math.exp(-max(min(logit, 60.0), -60.0)))


@cache
def _weights(reader: str) -> dict[str, float]:
    model = json.loads(MODEL.read_text(encoding="utf-8"))[reader]
    return {str(name): float(weight) for name, weight in model["weights"].items()}
