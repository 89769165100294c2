import json
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rag.confidence as module
from index.store import Store
from rag.confidence import MODEL, confidence
from rag.generate import make_generator
from rag.readers import READERS, weights_of
from rag.retrieve import retrieve
from rag.settings import load_settings

MODELS = json.loads(MODEL.read_text(encoding="utf-8"))


@pytest.fixture
def invented(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Models of our own: bright days speak for an answer, and dark ones against it; to an owl it
    is the other way about."""
    model = tmp_path / "model.json"
    models = {
        "lark": {"weights": {"bright": 2.0, "dark": -3}},
        "owl": {"weights": {"bright": -1.0, "dark": 1.0}},
    }
    model.write_text(json.dumps(models), encoding="utf-8")
    monkeypatch.setattr(module, "MODEL", model)
    module._weights.cache_clear()
    yield
    module._weights.cache_clear()


def test_every_reader_has_a_model_and_every_model_a_reader() -> None:
    assert {weights_of(name) for name in (*READERS, "mine.safetensors")} == MODELS.keys()


@pytest.mark.parametrize("reader", MODELS)
def test_the_model_is_readable_json(reader: str) -> None:
    weights = MODELS[reader]["weights"]
    assert weights
    assert all(math.isfinite(weight) for weight in weights.values())


@pytest.mark.parametrize("reader", MODELS)
def test_every_feature_has_a_weight_and_every_weight_a_feature(store: Store, reader: str) -> None:
    generator = make_generator("extractive", store, load_settings())
    observed = set[str]()
    for question in ("青禾区投资多少？", "How much did Qinghe invest?"):
        passages = [
            p for p in retrieve(store, question, "hybrid") if p.document.source == "qinghe.md"
        ]
        observed |= generator.generate(question, passages).features.keys()
    assert MODELS[reader]["weights"].keys() == observed


@pytest.mark.usefixtures("invented")
def test_the_formula() -> None:
    assert confidence({}, "lark") == 0.5
    assert confidence({"bright": 0.5}, "lark") == pytest.approx(1 / (1 + math.exp(-1)))
    assert confidence({"bright": 3, "dark": 2}, "lark") == 0.5
    assert confidence({"unknown": 100}, "lark") == 0.5


@pytest.mark.usefixtures("invented")
def test_each_reader_has_weights_of_its_own() -> None:
    assert confidence({"dark": 1}, "lark") < 0.5 < confidence({"dark": 1}, "owl")


@pytest.mark.usefixtures("invented")
def test_it_rises_with_what_speaks_for_an_answer() -> None:
    values = [x / 4 for x in range(-20, 21)]
    rising = [confidence({"bright": x}, "lark") for x in values]
    falling = [confidence({"dark": x}, "lark") for x in values]
    assert rising == sorted(set(rising))
    assert falling == sorted(set(falling), reverse=True)


NAMES = sorted({name for model in MODELS.values() for name in model["weights"]})


@pytest.mark.parametrize("reader", MODELS)
@given(features=st.dictionaries(st.sampled_from(NAMES), st.floats(-1e300, 1e300)))
def test_it_is_a_probability(reader: str, features: dict[str, float]) -> None:
    assert 0 <= confidence(features, reader) <= 1
