"""How fast at scale: retrieval alone over synthetic collections, the encoder left out."""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from time import perf_counter

import numpy as np
from rich.console import Console
from rich.table import Table

from eval.command import progress_bar
from eval.synthesis import Source, documents, load_source
from index.encoder import HashEncoder
from index.fold import simplify
from index.lexicon import translations
from index.records import Kind, Vectors
from index.romanised import Romanised
from index.store import Store
from index.tokens import Tokenizer
from rag.retrieve import retrieve

_SEED = 0
_DIMENSION = 384
_ASKED = 150  # in each language
_FILES_TOGETHER = 20

Row = Mapping[str, float]

# What is measured, as the table names it, with its unit and decimals.
_ROWS = {
    "chunks": ("chunks", "", 0),
    "index": ("index them", "s", 0),
    "again": ("index them again, unchanged", "s", 1),
    "one_more": ("add one document, and ask", "s", 1),
    "size": ("size of the index", "MiB", 0),
    "open": ("open it, and ask for the first time", "s", 2),
    "peak": ("peak memory of asking", "MiB", 0),
    "before": ("of it, libraries and dictionaries", "MiB", 0),
    "chinese_p50": ("Chinese question, p50", "ms", 1),
    "chinese_p95": ("Chinese question, p95", "ms", 1),
    "english_p50": ("English question, p50", "ms", 1),
    "english_p95": ("English question, p95", "ms", 1),
    "p50": ("all questions, p50", "ms", 1),
    "p95": ("all questions, p95", "ms", 1),
}


class Prepared:
    """An encoder that has encoded its questions before they are asked."""

    def __init__(self, inner: HashEncoder, questions: Sequence[str]) -> None:
        self.fingerprint, self.max_tokens = inner.fingerprint, inner.max_tokens
        self.count_tokens = inner.count_tokens
        texts = [simplify(question) for question in questions]
        self._rows = {text: row for row, text in enumerate(texts)}
        self._vectors = inner.encode(texts, "query")

    def encode(self, texts: Sequence[str], kind: Kind) -> Vectors:
        """Of texts that are among those questions."""
        return self._vectors[[self._rows[text] for text in texts]]


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m eval.bench_scale", description=__doc__)
    arguments.add_argument("--chunks", type=int, nargs="+", default=[10_000, 100_000])
    arguments.add_argument("--build", type=Path, help="only make an index here; prints JSON")
    arguments.add_argument("--ask", type=Path, help="only ask an index made so; prints JSON")
    chosen = arguments.parse_args()
    source = load_source()
    if chosen.build:
        sys.stdout.write(json.dumps(_build(chosen.build, source, chosen.chunks[0])))
        return
    if chosen.ask:
        sys.stdout.write(json.dumps(_ask(chosen.ask / "index", source)))
        return
    columns = [_measure(chunks) for chunks in chosen.chunks]
    table = Table(title=f"Retrieval alone, over texts made from {source.name}")
    table.add_column("")
    for _ in columns:
        table.add_column("", justify="right")
    for name, (title, unit, decimals) in _ROWS.items():
        cells = (f"{column[name]:,.{decimals}f} {unit}".strip() for column in columns)
        table.add_row(title, *cells)
    Console().print(table)


def _measure(chunks: int) -> Row:
    """Build an index in a temporary folder and ask it, each in a process of its own: on Linux a
    process starts with the peak memory of the one that started it."""
    with tempfile.TemporaryDirectory(prefix="yuanwen-bench-") as folder:
        row = _run("--build", folder, "--chunks", str(chunks))
        size = sum(path.stat().st_size for path in (Path(folder) / "index").iterdir()) / 2**20
        return {**row, "size": size, **_run("--ask", folder)}


def _run(*arguments: str) -> Row:
    command = [sys.executable, "-m", "eval.bench_scale", *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    return dict(json.loads(done.stdout))


def _build(root: Path, source: Source, chunks: int) -> Row:
    index, folder = root / "index", root / "documents"
    folder.mkdir(parents=True)
    encoder = HashEncoder(_DIMENSION)
    texts = documents(source, _SEED)
    row: dict[str, float] = {}
    with Store.open(index, encoder, write=True) as store:
        with _timed(row, "index"), progress_bar(f"index {chunks:,} chunks") as report:
            done = 0
            while done < chunks:
                files = _write(folder, len(list(folder.iterdir())), islice(texts, _FILES_TOGETHER))
                done += sum(outcome.chunks for outcome in store.add(files))
                report(done, chunks, "")
        with _timed(row, "again"):
            store.add([folder])
        store.match(source.chinese[0])
        with _timed(row, "one_more"):
            store.add(_write(folder, -1, islice(texts, 1)))
            store.match(source.chinese[0])
    return {"chunks": done, **row}


def _write(folder: Path, first: int, texts: Iterator[str]) -> list[Path]:
    paths = []
    for number, text in enumerate(texts, start=first):
        paths.append(folder / f"{number:06d}.txt")
        paths[-1].write_text(text, "utf-8")
    return paths


def _ask(index: Path, source: Source) -> Row:
    """Open an index and ask it; the dictionaries, which any index needs, are loaded before."""
    chinese, english = _sample(source.chinese), _sample(source.english)
    encoder = Prepared(HashEncoder(_DIMENSION), [*chinese, *english])
    Tokenizer().terms("甲"), translations("甲"), Romanised(["甲乙"])
    row: dict[str, float] = {"before": _peak()}
    with _timed(row, "open"):
        store = Store.open(index, encoder)
        store.match(chinese[0])
    with store:
        for question in (*chinese, *english):
            _milliseconds(store, question)
        asked = {
            "chinese": [_milliseconds(store, question) for question in chinese],
            "english": [_milliseconds(store, question) for question in english],
        }
    everything = [*asked["chinese"], *asked["english"]]
    for name, values in {"": everything, **{f"{n}_": v for n, v in asked.items()}}.items():
        row |= {f"{name}p{p}": float(np.percentile(values, p)) for p in (50, 95)}
    return {**row, "peak": _peak()}


def _sample(questions: Sequence[str]) -> Sequence[str]:
    return questions[:: max(1, len(questions) // _ASKED)][:_ASKED]


def _milliseconds(store: Store, question: str) -> float:
    started = perf_counter()
    with store.moment() as moment:
        retrieve(moment, question, "hybrid")
    return (perf_counter() - started) * 1000


@contextmanager
def _timed(row: dict[str, float], name: str) -> Iterator[None]:
    started = perf_counter()
    yield
    row[name] = perf_counter() - started


def _peak() -> float:
    """The most memory that this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
