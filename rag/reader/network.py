"""The reading network: the encoder's layers, trained further, with a head for spans and another
for whether the window answers at all."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import index.offline  # noqa: F401 - before torch and its kin, which read the environment once

# isort: split
import torch
from torch import Tensor, nn
from transformers import BertModel

from index.errors import ReaderError
from rag.reader.windows import Window

# In tokens. One answer in a hundred of CMRC's, which are the longest, has more.
LONGEST_ANSWER = 100

# Size of what a start and an end are compared by, and of the hidden layer of `answerable`.
_PAIR = 64
_HIDDEN = 128

# What no span is scored; finite, so that a window without tokens of its own makes no NaN.
NEVER = -1e4


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows side by side. `ids` and `attended` have the shape (windows, tokens); `own`, of that
    shape too, says which tokens are the passage's own and not space."""

    ids: Tensor
    attended: Tensor
    own: Tensor


@dataclass(frozen=True, slots=True)
class Scores:
    """`spans` of shape (windows, tokens, tokens): that of the span from the row's token to the
    column's, NEVER where that is none. `answerable` of shape (windows,): log-odds."""

    spans: Tensor
    answerable: Tensor


class ReadingNetwork(nn.Module):
    """A span's score is start + end + how well the two go together, a bilinear form of low rank
    (Dozat & Manning 2017). All spans compete, not starts and ends by themselves: Fajcik et al.
    2021, "Rethinking the Objectives of Extractive Question Answering"."""

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        self.encoder = encoder
        size = int(encoder.config.hidden_size)
        self.bounds = nn.Linear(size, 2)
        self.starts = nn.Linear(size, _PAIR)
        self.ends = nn.Linear(size, _PAIR)
        self.answerable = nn.Sequential(
            nn.Linear(3 * size, _HIDDEN), nn.Tanh(), nn.Linear(_HIDDEN, 1)
        )

    def forward(self, batch: Batch) -> Scores:
        states = self.encoder(input_ids=batch.ids, attention_mask=batch.attended).last_hidden_state
        # The heads are small: in float32 they cost nothing and lose nothing.
        with torch.autocast(states.device.type, enabled=False):
            states = states.float()
            bounds = self.bounds(states)
            pairs = self.starts(states) @ self.ends(states).transpose(1, 2) / _PAIR**0.5
            spans = bounds[:, :, :1] + bounds[:, :, 1:].transpose(1, 2) + pairs
            spans = spans.masked_fill(~_possible(batch.own), NEVER)
            return Scores(spans, self._answerable(states, spans))

    def _answerable(self, states: Tensor, spans: Tensor) -> Tensor:
        """From the state of <s> and those where the answer would begin and end."""
        likely = spans.flatten(1).softmax(1).view_as(spans)
        begin = (likely.sum(2, keepdim=True) * states).sum(1)
        end = (likely.sum(1).unsqueeze(2) * states).sum(1)
        answerable: Tensor = self.answerable(torch.cat([states[:, 0], begin, end], 1))
        return answerable.squeeze(1)


def _possible(own: Tensor) -> Tensor:
    """Which (start, end) are spans: both the passage's own, in order, not too far apart."""
    tokens = own.shape[1]
    ordered = torch.ones(tokens, tokens, dtype=torch.bool, device=own.device).triu()
    near = ordered & ~ordered.triu(LONGEST_ANSWER)
    return near & own.unsqueeze(2) & own.unsqueeze(1)


def make_batch(windows: Sequence[Window], pad: int, device: str = "cpu") -> Batch:
    """The windows padded to the longest of them."""
    width = max(len(window.ids) for window in windows)
    ids = torch.full((len(windows), width), pad)
    attended = torch.zeros(len(windows), width, dtype=torch.long)
    own = torch.zeros(len(windows), width, dtype=torch.bool)
    for row, window in enumerate(windows):
        ids[row, : len(window.ids)] = torch.tensor(window.ids)
        attended[row, : len(window.ids)] = 1
        visible = [a < b for a, b in zip(window.passage.starts, window.passage.ends, strict=True)]
        own[row, window.offset : window.offset + len(visible)] = torch.tensor(visible)
    return Batch(ids.to(device), attended.to(device), own.to(device))


def new_network(folder: Path, *, dropout: float = 0.0) -> ReadingNetwork:
    """The encoder in a folder with new heads, which torch's random numbers fill.

    `dropout` is of hidden states; attention has none, since on a processor that takes the fast
    attention away: 2.1 windows/s instead of 5.7. Raises ReaderError where there is no such encoder.
    """
    options: dict[str, Any] = {
        "hidden_dropout_prob": dropout,
        "attention_probs_dropout_prob": 0.0,
        "attn_implementation": "sdpa",
        "dtype": torch.float32,
        "local_files_only": True,
        "use_safetensors": True,
    }
    try:
        encoder = BertModel.from_pretrained(folder, **options)
    except Exception as error:  # Whatever the library raises at files that are something else.
        raise ReaderError(
            f"{folder} holds no encoder of BERT's kind: {error}",
            "The reader needs the packaged encoder multilingual-e5-small.",
        ) from error
    encoder.pooler = None
    return ReadingNetwork(encoder)


def half_precision(device: str, *, wanted: bool) -> AbstractContextManager[object]:
    """Matrix products in bfloat16; sums and norms stay in float32."""
    return torch.autocast(device, torch.bfloat16, enabled=wanted)
