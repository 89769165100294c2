"""Train the reader: `python -m eval.train_reader --data FOLDER --out FOLDER`.

A processor suffices; a GPU is used where there is one. Killed, it goes on from its last checkpoint
when it is started again. With `--fold K` the articles of fold K are held out, and reading them is
scored; without, everything is learned from, and nothing is left to score.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random
from time import perf_counter

import index.offline  # noqa: F401 - before torch and its kin, which read the environment once

# isort: split
import torch
from rich.console import Console
from rich.table import Table

from eval.command import progress_bar, remembering_encoder
from eval.mining import Confused, mine_family
from eval.negatives import Kind, Negatives
from eval.provenance import file_hash
from eval.reading_data import FOLDS, ReadingSet, read_sets
from eval.reading_groups import (
    Group,
    GroupMaker,
    choose,
    make_batches,
    make_groups,
    training_folds,
)
from eval.reading_loop import Recipe, Training, identity_of, train
from eval.reading_scores import ReadingScores, reported, sample, score_reading
from index.errors import YuanwenError
from index.packaged import fingerprint_of, packaged_model
from rag.reader.network import new_network
from rag.reader.trained import TrainedReader
from rag.reader.weights import freeze, load, save, training_of
from rag.reader.windows import PairTokenizer
from rag.settings import load_settings

WEIGHTS = "reader.safetensors"
CHECKPOINT = "checkpoint.safetensors"
SCORES = "scores.json"


@dataclass(frozen=True, slots=True)
class Material:
    """What is learned from: files read, and what retrieval confuses in them."""

    sets: Sequence[ReadingSet]
    confused: dict[str, Confused]
    data: dict[str, str]  # the files' hashes, by name


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0, or 1 after an error that says what to do."""
    chosen = _parse(arguments)
    console = Console(stderr=True)
    try:
        run(chosen, console)
    except YuanwenError as error:
        console.print(f"{error.message}\n{error.hint}", markup=False, highlight=False)
        return 1
    return 0


def run(chosen: argparse.Namespace, console: Console) -> None:
    """Train, save the weights, and score them where a fold is held out."""
    recipe = _recipe(chosen)
    out: Path = chosen.out
    if chosen.threads:
        torch.set_num_threads(chosen.threads)
    settings = load_settings()
    folder = packaged_model(settings.cache)
    sets = read_sets(sorted(chosen.data.glob("*.json")))
    encoder = remembering_encoder(settings)
    confused = mine_family(sets, encoder, chosen.mined or out / "mined", progress_bar)
    material = Material(sets, confused, {one.path.name: file_hash(one.path) for one in sets})
    weights = out / WEIGHTS
    if chosen.only_score:
        console.print(f"Scoring {weights}", highlight=False)
    else:
        _train(recipe, material, folder, out, console, start=chosen.start)
    if recipe.fold is not None:
        reader = TrainedReader.open(weights, settings.cache)
        scores = _score(reader, recipe.fold, material, chosen.evaluate)
        _print(scores, console)
        content = {
            "recipe": asdict(recipe),
            "data": material.data,
            "scores": {name: asdict(score) for name, score in scores.items()},
        }
        text = json.dumps(content, ensure_ascii=False, indent=2)
        (out / SCORES).write_text(f"{text}\n", "utf-8")


def _train(
    recipe: Recipe,
    material: Material,
    folder: Path,
    out: Path,
    console: Console,
    *,
    start: Path | None = None,
) -> None:
    tokenizer = PairTokenizer(folder)
    batches, without = prepare(recipe, material, tokenizer)
    windows = sum(len(group) for batch in batches for group in batch)
    console.print(
        f"{windows} windows in {len(batches)} steps; {without} questions without a group",
        highlight=False,
    )
    # The heads begin with numbers of their own, whatever was drawn before.
    torch.manual_seed(recipe.seed)
    network = (
        load(start, folder, dropout=recipe.dropout)
        if start
        else new_network(folder, dropout=recipe.dropout)
    )
    freeze(network, recipe.frozen)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    training = Training(network, recipe, len(batches), tokenizer.pad, device=device)
    data = material.data | ({"from": file_hash(start)} if start else {})
    identity = identity_of(recipe, data, fingerprint_of(folder))
    checkpoint = out / CHECKPOINT
    started = perf_counter()
    with progress_bar("train") as report:
        losses = train(training, batches, checkpoint, identity, report)
    seconds = perf_counter() - started
    trained = sum(len(group) for batch in batches[len(batches) - len(losses) :] for group in batch)
    rate = trained / seconds if losses else 0.0
    console.print(
        f"{trained} windows in {seconds:.0f} s, {rate:.2f} a second; loss "
        + " ".join(f"{value:.2f}" for value in _course(losses)),
        highlight=False,
    )
    metadata = {"recipe": asdict(recipe), "data": data, "windows": windows}
    if start:
        metadata["from"] = training_of(start)
    save(network, out / WEIGHTS, folder, metadata)
    checkpoint.unlink(missing_ok=True)


def prepare(
    recipe: Recipe, material: Material, tokenizer: PairTokenizer
) -> tuple[list[list[Group]], int]:
    """The batches of a recipe, and how many examples made no group."""
    folds = training_folds(recipe.fold)
    negatives = Negatives(material.sets, material.confused, folds)
    count = int(recipe.windows / (1 + recipe.rivals))
    examples = choose(material.sets, folds, count, Random(recipe.seed))  # noqa: S311 - no secret
    maker = GroupMaker(tokenizer, negatives, length=recipe.length, rivals=recipe.rivals)
    groups, without = make_groups(examples, maker, recipe.seed)
    return make_batches(groups, recipe.groups, Random(recipe.seed)), without  # noqa: S311


def _score(
    reader: TrainedReader, fold: int, material: Material, size: int | None
) -> dict[str, ReadingScores]:
    negatives = Negatives(material.sets, material.confused, (fold,))
    scores = {}
    for name, examples in reported(material.sets, fold).items():
        with progress_bar(f"score {name}") as report:
            scores[name] = score_reading(reader, sample(examples, size), negatives, report)
    return scores


def _course(losses: Sequence[float], points: int = 12) -> list[float]:
    """The means of stretches of equal length, to see how it went."""
    size = max(1, len(losses) // points)
    parts = [losses[first : first + size] for first in range(0, len(losses), size)]
    return [sum(part) / len(part) for part in parts]


def _print(scores: dict[str, ReadingScores], console: Console) -> None:
    table = Table(title="held-out fold, the right paragraph given")
    for name in ("", "n", "F1", "EM", "AUROC", "confused", "withheld", "swapped", "first of 4"):
        table.add_column(name)
    for name, one in scores.items():
        kinds = [f"{one.auroc_by_kind.get(k, float('nan')):.3f}" for k in _SHOWN]
        overlap = f"{one.f1:.3f} ({one.f1_low:.3f} – {one.f1_high:.3f})"
        numbers = [f"{value:.3f}" for value in (one.exact, one.auroc)]
        table.add_row(name, str(one.n), overlap, *numbers, *kinds, f"{one.first:.3f}")
    console.print(table)


_SHOWN: tuple[Kind, ...] = ("confused", "withheld", "swapped")


def _recipe(chosen: argparse.Namespace) -> Recipe:
    given = {
        name: getattr(chosen, name)
        for name in Recipe.__dataclass_fields__
        if getattr(chosen, name, None) is not None
    }
    return replace(Recipe(), **given)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m eval.train_reader", description=__doc__)
    add = parser.add_argument
    add("--data", type=Path, default=Path("../shared/benchmarks"), help="SQuAD-format .json files")
    add("--out", type=Path, required=True, help="for the weights, the checkpoint and the scores")
    add("--fold", type=int, choices=range(FOLDS), help="articles to hold out, and score")
    add("--from", dest="start", type=Path, help="weights to train further, for a second round")
    add("--windows", type=int, help=f"how many to learn from; by default {Recipe().windows}")
    add("--seed", type=int)
    add("--evaluate", type=int, metavar="N", help="score N questions a set, not all")
    add("--mined", type=Path, help="where what retrieval confuses is kept, for several trainings")
    add("--only-score", action="store_true", help="score the weights that are there")
    add("--threads", type=int, help="of the processor; one is best where other programs are busy")
    for name, kind, text in _RECIPE_OPTIONS:
        add(f"--{name}", type=kind, help=text)
    return parser.parse_args(arguments)


_RECIPE_OPTIONS = (
    ("length", int, "tokens of a window"),
    ("rivals", float, "windows without the answer for each with it, on average"),
    ("groups", int, "questions of a batch"),
    ("rate", float, "learning rate of the highest layer"),
    ("decay", float, "what a layer's rate is of the one above it"),
    ("frozen", int, "lowest layers that stay as they are"),
)

if __name__ == "__main__":
    sys.exit(main())
