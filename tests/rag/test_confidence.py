import json
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rag.confidence as module
from rag.confidence import MODEL, confidence


@pytest.fixture
def invented(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A model of our own: bright days speak for an answer, and dark ones against it."""
    model = tmp_path / "model.json"
    model.write_text(json.dumps({"weights": {"bright": 2.0, "dark": -3}}), encoding="utf-8")
    monkeypatch.setattr(module, "MODEL", model)
    module._weights.cache_clear()
    yield
    module._weights.cache_clear()


def test_the_model_is_readable_json() -> None:
    model = json.loads(MODEL.read_text(encoding="utf-8"))
    assert model["weights"]
    assert all(math.isfinite(weight) for weight in model["weights"].values())


@pytest.mark.usefixtures("invented")
def test_the_formula() -> None:
    assert confidence({}) == 0.5
    assert confidence({"bright": 0.5}) == pytest.approx(1 / (1 + math.exp(-1)))
    assert confidence({"bright": 3, "dark": 2}) == 0.5
    assert confidence({"unknown": 100}) == 0.5


@pytest.mark.usefixtures("invented")
def test_it_rises_with_what_speaks_for_an_answer() -> None:
    values = [x / 4 for x in range(-20, 21)]
    rising = [confidence({"bright": x}) for x in values]
    falling = [confidence({"dark": x}) for x in values]
    assert rising == sorted(set(rising))
    assert falling == sorted(set(falling), reverse=True)


NAMES = sorted(json.loads(MODEL.read_text(encoding="utf-8"))["weights"])


@given(st.dictionaries(st.sampled_from(NAMES), st.floats(-1e300, 1e300)))
def test_it_is_a_probability(features: dict[str, float]) -> None:
    assert 0 <= confidence(features) <= 1
