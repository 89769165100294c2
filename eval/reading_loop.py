"""The training loop: a loss, an optimizer, checkpoints. It knows nothing of where groups come from.

The same groups, recipe and number of threads give the same weights, killed and resumed or not.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import index.offline  # noqa: F401 - before torch and its kin, which read the environment once

# isort: split
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from eval.reading_groups import Group
from eval.run import Progress
from index.errors import UsageError
from index.sentence_encoder import has_bf16
from rag.reader.network import ReadingNetwork, Scores, half_precision, make_batch
from rag.reader.weights import changed


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides on the weights beside data and encoder. Rates are AdamW's: that of the
    highest layer, what each layer below has of the one above, that of the new heads."""

    windows: int = 12_000
    seed: int = 0
    fold: int | None = None
    length: int = 256  # tokens of a window
    rivals: float = 0.5  # windows of a group that do not answer, on average
    groups: int = 5  # of a batch
    rate: float = 2e-4
    decay: float = 0.93
    head_rate: float = 5e-4
    weight_decay: float = 0.01
    warm_up: float = 0.08
    dropout: float = 0.1
    frozen: int = 0  # lowest layers


def loss_of(scores: Scores, groups: Sequence[Group]) -> Tensor:
    """The mean over groups of reading's loss, plus the mean over windows of answerability's.

    Reading: all spans of a group's windows share one normalisation, so that scores compare between
    passages (Clark & Gardner 2018, "Simple and Effective Multi-Paragraph Reading Comprehension",
    section 3.2, with spans for starts and ends as Fajcik et al. 2021 have them). The loss is the
    mean of the negative log-likelihoods of the gold spans and of the gold bounds. Answerability:
    binary cross-entropy.
    """
    spans = scores.spans
    of_window = spans.flatten(1).logsumexp(1)
    reading: list[Tensor] = []
    truth = torch.zeros(len(spans))
    row = 0
    for group in groups:
        total = of_window[row : row + len(group)].logsumexp(0)
        exact, starts, ends = [], [], []
        for window in group:
            for first, last in window.gold:
                exact.append(spans[row, first, last])
                starts.append(spans[row, first].logsumexp(0))
                ends.append(spans[row, :, last].logsumexp(0))
            truth[row] = float(bool(window.gold))
            row += 1
        reading.append(total - torch.stack(exact).logsumexp(0))
        # Places of one answer may share a start: their bounds are averaged, not added up.
        reading.append((total - torch.stack(starts).mean()) / 2)
        reading.append((total - torch.stack(ends).mean()) / 2)
    answering = nn.functional.binary_cross_entropy_with_logits(
        scores.answerable, truth.to(scores.answerable.device)
    )
    return torch.stack(reading).sum() / (2 * len(groups)) + answering


class Training:
    """A network on its way, one step a batch."""

    def __init__(
        self,
        network: ReadingNetwork,
        recipe: Recipe,
        steps: int,
        pad: int,
        *,
        device: str = "cpu",
    ) -> None:
        self.network = network.to(device)
        self.step = 0
        self._recipe = recipe
        self._steps = steps
        self._pad = pad
        self._device = device
        self._bf16 = device != "cpu" or has_bf16()
        self._parameters = changed(network)
        self._optimizer = torch.optim.AdamW(_groups(network, recipe), fused=True)
        self._rates = [float(group["lr"]) for group in self._optimizer.param_groups]

    def learn(self, groups: Sequence[Group]) -> float:
        """One step; the loss before it."""
        # Dropout is drawn anew from seed and step: it does not matter whether a step comes after
        # a resumption. Steps of different seeds stay apart.
        torch.manual_seed(self._recipe.seed * 1_000_003 + self.step)
        self.network.train()
        for group, rate in zip(self._optimizer.param_groups, self._rates, strict=True):
            group["lr"] = rate * self._schedule()
        windows = [one.window for group in groups for one in group]
        batch = make_batch(windows, self._pad, self._device)
        with half_precision(self._device, wanted=self._bf16):
            scores = self.network(batch)
        loss = loss_of(scores, groups)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._parameters.values(), 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad()
        self.step += 1
        return float(loss.detach())

    def _schedule(self) -> float:
        """Linear, up and then down to nothing."""
        warm = max(1, round(self._recipe.warm_up * self._steps))
        if self.step < warm:
            return (self.step + 1) / warm
        return (self._steps - self.step) / max(1, self._steps - warm)

    def save(self, path: Path, identity: str) -> None:
        """All that the next step depends on, in float32; what stood there is replaced at once."""
        tensors: dict[str, Tensor] = {}
        for name, value in self._parameters.items():
            state = self._optimizer.state[value]
            tensors |= {
                f"value.{name}": value.detach().cpu().contiguous(),
                f"mean.{name}": state["exp_avg"].cpu().contiguous(),
                f"square.{name}": state["exp_avg_sq"].cpu().contiguous(),
            }
        unfinished = path.with_suffix(".tmp")
        path.parent.mkdir(parents=True, exist_ok=True)
        save_file(tensors, unfinished, {"step": str(self.step), "identity": identity})
        unfinished.replace(path)

    def resume(self, path: Path, identity: str) -> None:
        """Go on where `save` was called. Raises UsageError where another training saved it."""
        with safe_open(path, "pt", device=self._device) as file:
            stated = file.metadata()
            if stated["identity"] != identity:
                raise UsageError(
                    f"{path} belongs to a training with another recipe, data or encoder.",
                    "Delete it, or name another folder with --out.",
                )
            self.step = int(stated["step"])
            with torch.no_grad():
                for name, value in self._parameters.items():
                    value.copy_(file.get_tensor(f"value.{name}"))
                    self._optimizer.state[value] = {
                        "step": torch.tensor(float(self.step), device=value.device),
                        "exp_avg": file.get_tensor(f"mean.{name}"),
                        "exp_avg_sq": file.get_tensor(f"square.{name}"),
                    }


def _groups(network: ReadingNetwork, recipe: Recipe) -> list[dict[str, object]]:
    """Parameters by learning rate: lower layers know the languages, and should forget less."""
    layers = list(network.encoder.encoder.layer)
    groups: list[dict[str, object]] = []
    for depth, layer in enumerate(reversed(layers)):
        groups += _with_rate(layer, recipe.rate * recipe.decay**depth, recipe.weight_decay)
    for name, head in network.named_children():
        if name != "encoder":
            groups += _with_rate(head, recipe.head_rate, recipe.weight_decay)
    return groups


def _with_rate(module: nn.Module, rate: float, weight_decay: float) -> list[dict[str, object]]:
    """Matrices shrink, biases and norms do not."""
    trained = [value for value in module.parameters() if value.requires_grad]
    return [
        {"params": part, "lr": rate, "weight_decay": decay}
        for part, decay in (
            ([value for value in trained if value.dim() > 1], weight_decay),
            ([value for value in trained if value.dim() <= 1], 0.0),
        )
        if part
    ]


def identity_of(recipe: Recipe, data: dict[str, str], encoder: str) -> str:
    """What a checkpoint must agree in to be resumed."""
    return json.dumps({"recipe": asdict(recipe), "data": data, "encoder": encoder}, sort_keys=True)


def train(
    training: Training,
    batches: Sequence[Sequence[Group]],
    checkpoint: Path,
    identity: str,
    progress: Progress,
    *,
    every: int = 100,
) -> list[float]:
    """Learn from the batches that come after the checkpoint, if there is one, and save another
    each `every` steps. The losses of these steps."""
    if checkpoint.is_file():
        training.resume(checkpoint, identity)
    losses: list[float] = []
    for batch in batches[training.step :]:
        progress(training.step, len(batches), f"loss {losses[-1]:.2f}" if losses else "")
        losses.append(training.learn(batch))
        if training.step % every == 0 and training.step < len(batches):
            training.save(checkpoint, identity)
    progress(len(batches), len(batches), "")
    return losses
