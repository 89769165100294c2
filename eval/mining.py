"""The paragraphs that retrieval confuses with the right one: what the reader must tell apart."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from eval.datasets import Choices, load_set
from eval.evaluation import ProgressBar, indexed
from eval.provenance import file_hash
from eval.reading_data import ReadingSet
from eval.squad import source_of
from index.records import Encoder
from rag.retrieve import retrieve

# Paragraphs kept for each question, best first, the right one left out.
_KEPT = 12

# For each question id, numbers of contexts of the same file.
Confused = dict[str, list[int]]


def mine(
    reading_set: ReadingSet, encoder: Encoder, folder: Path, progress: ProgressBar
) -> Confused:
    """Ask all questions of the file over an index of all its contexts; the result is kept in
    `folder`, under the hash of the file and the encoder's fingerprint."""
    digest = file_hash(reading_set.path)[:16]
    path = folder / f"confused-{reading_set.name}-{digest}-{encoder.fingerprint}.json"
    path = path.with_name(path.name.replace(":", "-"))
    if path.is_file():
        kept: Confused = json.loads(path.read_text("utf-8"))
        return kept
    found = _search(reading_set, encoder, progress)
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".tmp")
    unfinished.write_text(json.dumps(found), "utf-8")
    unfinished.replace(path)
    return found


def _search(reading_set: ReadingSet, encoder: Encoder, progress: ProgressBar) -> Confused:
    dataset = load_set(str(reading_set.path), Choices())
    numbers = {
        source_of(paragraph.number): paragraph.number for paragraph in reading_set.paragraphs
    }
    found: Confused = {}
    with (
        indexed(dataset, encoder, progress) as (store, _),
        progress(f"search {reading_set.name}") as report,
    ):
        for done, example in enumerate(reading_set.examples):
            report(done, len(reading_set.examples), example.id)
            passages = retrieve(store, example.question, "hybrid")
            ranked = dict.fromkeys(numbers[passage.document.source] for passage in passages)
            ranked.pop(example.paragraph.number, None)
            found[example.id] = list(ranked)[:_KEPT]
    return found


def mine_family(
    sets: Sequence[ReadingSet], encoder: Encoder, folder: Path, progress: ProgressBar
) -> dict[str, Confused]:
    """For each set by name. Of translations, whose contexts have the same numbers in every file,
    only Chinese and English are searched: paragraphs that are alike are alike in every language."""
    found: dict[str, Confused] = {}
    for reading_set in sets:
        if reading_set.language in ("", "zh", "en"):
            found[reading_set.name] = mine(reading_set, encoder, folder, progress)
    for reading_set in sets:
        for other in sets:
            alike = (other.family, len(other.paragraphs)) == (
                reading_set.family,
                len(reading_set.paragraphs),
            )
            if alike and other.name in found:
                found.setdefault(reading_set.name, found[other.name])
    return found
