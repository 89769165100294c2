"""The trained reader: passages in windows, windows through the network, spans out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path
from threading import Lock

import index.offline  # noqa: F401 - before torch and its kin, which read the environment once

# isort: split
import torch
from torch import nn

from index.packaged import packaged_model
from index.records import Match, Span
from index.sentence_encoder import has_bf16
from rag.reader.network import NEVER, ReadingNetwork, Scores, half_precision, make_batch
from rag.reader.reading import Candidate, Reading
from rag.reader.weights import load
from rag.reader.windows import PairTokenizer, Window

CANDIDATES = 5

# Windows of one forward pass, all of one question: five passages of 300 characters take about
# 100 ms on two cores, and 180 ms one by one. In other company the last bits of a score differ.
BATCH = 8


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one window says: log-odds, the logarithm of the sum of all spans' exponentials, and
    the best spans in characters of the passage's text."""

    answerable: float
    total: float
    spans: tuple[tuple[Span, float], ...]


class TrainedReader:
    """Implements `Reader` with the weights in a file. Threads may share it."""

    def __init__(
        self,
        network: ReadingNetwork,
        tokenizer: PairTokenizer,
        *,
        candidates: int = CANDIDATES,
        batch: int = BATCH,
        bf16: bool | None = None,
        device: str = "cpu",
    ) -> None:
        """`bf16` multiplies in bfloat16, or float32; by default as suits the processor."""
        self._network = network.eval().to(device)
        self._tokenizer = tokenizer
        self._candidates = candidates
        self._batch = batch
        self._bf16 = (device != "cpu" or has_bf16()) if bf16 is None else bf16
        self._device = device
        # The network keeps all cores busy by itself.
        self._lock = Lock()

    @classmethod
    def open(cls, weights: Path, cache: Path) -> TrainedReader:
        """With the packaged encoder beneath `cache`. Raises ReaderError, EncoderError."""
        folder = packaged_model(cache)
        network = load(weights, folder)
        if has_bf16():
            for module in network.encoder.encoder.modules():
                if isinstance(module, torch.nn.Linear):
                    module.to(torch.bfloat16)  # Once, and not for every window.
        return cls(network, PairTokenizer(folder))

    def read(self, question: str, passages: Sequence[Match]) -> list[Reading]:
        """One reading for each passage, in their order, whatever stands beside it."""
        windows: list[Window] = []
        owners: list[int] = []
        for place, passage in enumerate(passages):
            text = self._tokenizer.text(passage.chunk.text)
            cut = self._tokenizer.windows(question, text, passage.chunk.context)
            windows += cut
            owners += [place] * len(cut)
        seen = self._see(windows)
        readings = []
        for place, passage in enumerate(passages):
            own = [one for one, owner in zip(seen, owners, strict=True) if owner == place]
            readings.append(_reading(own, passage.chunk.start, self._candidates))
        return readings

    def _see(self, windows: Sequence[Window]) -> list[_Seen]:
        seen: dict[int, _Seen] = {}
        by_length = sorted(range(len(windows)), key=lambda place: len(windows[place].ids))
        for first in range(0, len(windows), self._batch):
            places = by_length[first : first + self._batch]
            together = [windows[place] for place in places]
            batch = make_batch(together, self._tokenizer.pad, self._device)
            with (
                self._lock,
                torch.inference_mode(),
                half_precision(self._device, wanted=self._bf16),
            ):
                scores: Scores = self._network(batch)
            for row, place in enumerate(places):
                seen[place] = _look(scores, row, together[row], self._candidates)
        return [seen[place] for place in range(len(windows))]


def _look(scores: Scores, row: int, window: Window, candidates: int) -> _Seen:
    spans = scores.spans[row].flatten()
    width = scores.spans.shape[2]
    best = spans.topk(min(candidates, len(spans)))
    found = []
    for score, place in zip(best.values.tolist(), best.indices.tolist(), strict=True):
        first, last = (token - window.offset for token in divmod(place, width))
        if score > NEVER:  # a window may have fewer spans
            found.append((Span(window.passage.starts[first], window.passage.ends[last]), score))
    total = float(spans.logsumexp(0))
    return _Seen(float(scores.answerable[row]), total, tuple(found))


def _reading(seen: Sequence[_Seen], offset: int, candidates: int) -> Reading:
    """What the windows of one passage say together: it answers if one of them does, and a span
    that two of them see has its better score. A candidate's score is the logarithm of how probable
    it is that the passage answers, and with these words."""
    scores: dict[Span, float] = {}
    for one in seen:
        for span, score in one.spans:
            scores[span] = max(score, scores.get(span, score))
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0].start, item[0].end))
    total = float(torch.tensor([one.total for one in seen]).logsumexp(0))
    answering = nn.functional.logsigmoid(torch.tensor(max(one.answerable for one in seen)))
    return Reading(
        float(answering.exp()) if ranked else 0.0,
        tuple(
            Candidate(
                Span(offset + span.start, offset + span.end),
                float(answering) + score - total,
                exp(score - total),
            )
            for span, score in ranked[:candidates]
        ),
    )
