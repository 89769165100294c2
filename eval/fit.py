"""Fit the confidence: how probable it is that what the extractive generator drafts is right.

Each question is asked twice: over all the documents, and without those that answer it, when every
draft is wrong. So the siblings of the right document are among the examples. Of a set in halves
only the development half is used.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from eval.datasets import Dataset
from eval.evaluation import ProgressBar, indexed
from eval.normalise import holds
from eval.questions import GoldQuestion
from index.records import Encoder, Filters
from index.store import Store
from rag import confidence
from rag.draft import Draft
from rag.generate import make_generator
from rag.readers import weights_of
from rag.retrieve import retrieve
from rag.settings import Settings

# Strength of the pull towards zero, in examples, for features scaled to unit deviation.
_RIDGE = 1.0

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """The features of a draft, whether it was right, and how much the example counts."""

    features: Mapping[str, float]
    right: bool
    weight: float


def fit(
    datasets: Sequence[Dataset], settings: Settings, encoder: Encoder, progress: ProgressBar
) -> dict[str, object]:
    """Fit on all the sets, each with the same total weight, and write the weights of the settings'
    reader into `rag/confidence.json`."""
    examples: list[Example] = []
    for dataset in datasets:
        examples += _examples(dataset, settings, encoder, progress)
    model = {
        "formula": "1 / (1 + exp(-sum(weight * feature)))",
        "fitted_by": "yuanwen eval --fit",
        "sets": [dataset.name for dataset in datasets],
        "encoder": encoder.fingerprint,
        "examples": len(examples),
        "right": sum(example.right for example in examples),
        "weights": logistic(examples),
    }
    models = json.loads(confidence.MODEL.read_text(encoding="utf-8"))
    models[weights_of(settings.reader)] = model
    text = json.dumps(models, ensure_ascii=False, indent=2)
    confidence.MODEL.write_text(f"{text}\n", encoding="utf-8")
    return model


def logistic(examples: Sequence[Example]) -> dict[str, float]:
    """Weights of a logistic regression with a ridge penalty, found by L-BFGS.

    A feature that an example lacks is 0 in it. The feature "one" is the intercept.
    """
    names = sorted({name for example in examples for name in example.features})
    rows = np.array([[e.features.get(name, 0.0) for name in names] for e in examples])
    right = np.array([float(example.right) for example in examples])
    weight = np.array([example.weight for example in examples])
    scale = np.maximum(rows.std(axis=0), 1e-6)
    scale[scale == 1e-6] = 1.0

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        logits = rows / scale @ weights
        errors = weight * (1 / (1 + np.exp(-logits)) - right)
        value = weight @ (np.logaddexp(0, logits) - right * logits)
        return (
            float(value + _RIDGE / 2 * weights @ weights),
            (rows / scale).T @ errors + _RIDGE * weights,
        )

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B")
    return dict(zip(names, (found.x / scale).round(4).tolist(), strict=True))


def _examples(
    dataset: Dataset, settings: Settings, encoder: Encoder, progress: ProgressBar
) -> list[Example]:
    questions = [q for q in dataset.questions if q.split in (None, "dev")]
    drafts: list[tuple[Draft, bool]] = []
    with (
        indexed(dataset, encoder, progress) as (store, _),
        progress(f"fit {dataset.name}") as report,
    ):
        for done, question in enumerate(questions):
            report(done, len(questions), question.id)
            drafts += _drafts(store, settings, question)
    # A set of a thousand questions must not drown one of a hundred.
    weight = 1000 / max(len(drafts), 1)
    return [Example(draft.features, right, weight) for draft, right in drafts if draft.quotes]


def _drafts(
    store: Store, settings: Settings, question: GoldQuestion
) -> Iterator[tuple[Draft, bool]]:
    draft = _draft(store, settings, question.text, Filters())
    yield draft, question.answerable and holds([q.text for q in draft.quotes], question.gold)
    others = tuple(
        info.id
        for info in store.documents()
        if not any(part in info.source for part in question.sources)
    )
    if question.answerable and others:
        yield _draft(store, settings, question.text, Filters(documents=others)), False


def _draft(store: Store, settings: Settings, question: str, filters: Filters) -> Draft:
    passages = retrieve(store, question, settings.retriever, filters, settings.without)
    return make_generator(settings.generator, store, settings).generate(question, passages)
