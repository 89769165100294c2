"""How well a reader reads: with the right paragraph given, and with what only looks right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from eval.calibration import auroc
from eval.metrics import exact_match, f1
from eval.negatives import Kind, Negative, Negatives
from eval.reading_data import Example, ReadingSet, cross
from eval.run import Progress
from eval.stats import Estimate, estimate, mean, resample
from index.records import Chunk, Match, Span, content_hash
from rag.reader.reading import Reader, Reading

# Languages of question and paragraph that are reported, where files are translations.
_PAIRS = (("zh", "zh"), ("en", "en"), ("en", "zh"), ("zh", "en"))
_RIVALS = 3


@dataclass(frozen=True, slots=True)
class ReadingScores:
    """Of one set: means over `n` questions of the first candidate's F1 and exact match, F1 with its
    95 % interval (bootstrap over paragraphs); the AUROC
    of `answerable` between right paragraphs and all others, and by the others' kind; the share of
    the questions whose right paragraph is the most answerable of it and up to three that
    retrieval confuses with it."""

    n: int
    f1: float
    f1_low: float
    f1_high: float
    exact: float
    auroc: float
    auroc_by_kind: Mapping[Kind, float]
    first: float


def reported(sets: Sequence[ReadingSet], fold: int) -> dict[str, list[Example]]:
    """The held-out examples, by what they are reported as."""
    kept = {one.name: [e for e in one.examples if e.paragraph.fold == fold] for one in sets}
    found: dict[str, list[Example]] = {}
    for one in sets:
        related = [other for other in sets if other.family == one.family]
        if len(related) == 1:
            found[one.name] = kept[one.name]
        for asked in related if len(related) > 1 else ():
            if (asked.language, one.language) in _PAIRS:
                by_id = {e.id: e for e in kept[asked.name]}
                name = f"{asked.language} on {one.language}, {one.family.split('.')[0]}"
                found[name] = [cross(by_id[e.id], e) for e in kept[one.name] if e.id in by_id]
    return {name: examples for name, examples in found.items() if examples}


def sample(examples: Sequence[Example], size: int | None) -> list[Example]:
    """The same on every machine; a smaller sample is part of a larger one."""
    ranked = sorted(examples, key=lambda e: content_hash("sample", e.paragraph.set, e.id))
    return ranked[:size]


def score_reading(
    reader: Reader, examples: Sequence[Example], negatives: Negatives, progress: Progress
) -> ReadingScores:
    """Each question over its own paragraph, and over what looks like it."""
    scores: list[tuple[float, float]] = []
    right: list[float] = []
    wrong: list[tuple[Kind, float]] = []
    first: list[float] = []
    for done, example in enumerate(examples):
        progress(done, len(examples), example.id)
        text = example.paragraph.text
        own, *rivals = _read(reader, example, [text, *_texts(negatives.ranked(example, _RIVALS))])
        predicted = [text[c.span.start : c.span.end] for c in own.candidates[:1]]
        gold = [example.answers]
        scores.append((f1(predicted, gold), exact_match(predicted, gold)))
        right.append(own.answerable)
        wrong += [("confused", rival.answerable) for rival in rivals]
        if rivals:
            first.append(float(all(own.answerable > rival.answerable for rival in rivals)))
        random = Random(content_hash("score", example.id))  # noqa: S311 - no secret
        kinds: tuple[Kind, ...] = ("withheld", "swapped")
        for kind in kinds:
            negative = negatives.make(example, kind, random)
            if negative:
                wrong.append((kind, _read_one(reader, negative).answerable))
    progress(len(examples), len(examples), "")
    kinds_seen = sorted({kind for kind, _ in wrong})
    overlap = _over_paragraphs([score for score, _ in scores], examples)
    return ReadingScores(
        n=len(examples),
        f1=overlap.value,
        f1_low=overlap.low,
        f1_high=overlap.high,
        exact=float(np.mean([score for _, score in scores])),
        auroc=_auroc(right, [value for _, value in wrong]),
        auroc_by_kind={
            kind: _auroc(right, [value for other, value in wrong if other == kind])
            for kind in kinds_seen
        },
        first=float(np.mean(first)) if first else float("nan"),
    )


def as_match(text: str, context: str = "") -> Match:
    """A text as if retrieval had found it: a whole document of one chunk."""
    return Match(Chunk("", 0, len(text), text, context, (Span(0, len(text)),)), 0.0, 0.0, (0.0,))


def _texts(negatives: Sequence[Negative]) -> list[str]:
    return [negative.text for negative in negatives]


def _read(reader: Reader, example: Example, texts: Sequence[str]) -> list[Reading]:
    # Without titles: in an open collection of these paragraphs they would give answers away.
    return reader.read(example.question, [as_match(text) for text in texts])


def _read_one(reader: Reader, negative: Negative) -> Reading:
    return reader.read(negative.question, [as_match(negative.text)])[0]


def _over_paragraphs(scores: Sequence[float], examples: Sequence[Example]) -> Estimate:
    paragraphs = [f"{e.paragraph.set} {e.paragraph.number}" for e in examples]
    return estimate(mean(np.array(scores)), resample(paragraphs, seed=0), len(scores))


def _auroc(right: Sequence[float], wrong: Sequence[float]) -> float:
    if not right or not wrong:
        return float("nan")
    values = np.array([*right, *wrong])
    positive = np.array([1.0] * len(right) + [0.0] * len(wrong))
    return float(auroc(values, positive)(np.ones((1, len(values))))[0])
