"""How fast: `make bench`. Warm questions over the project's own collection, and a cold one."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np
from rich.console import Console
from rich.table import Table

from eval.datasets import CORPUS, Choices, load_set
from index.encoder import load_encoder
from index.store import Store
from rag.pipeline import Pipeline, Question
from rag.readers import READERS
from rag.settings import changed, load_settings


def main() -> None:
    settings = load_settings()
    encoder = load_encoder(settings.encoder, settings.cache)
    questions = [question.text for question in load_set("corpus", Choices()).questions]
    table = Table(title="Over corpus/, the encoder included")
    table.add_column("")
    table.add_column("", justify="right")
    with tempfile.TemporaryDirectory() as folder:
        started = perf_counter()
        with Store.open(Path(folder), encoder, write=True) as store:
            store.add([CORPUS])
            table.add_row("index corpus/, with loading", f"{perf_counter() - started:.1f} s")
            for reader in READERS:
                pipeline = Pipeline(store, changed(settings, reader=reader))
                pipeline.ask(Question(questions[0]))
                warm = [_milliseconds(pipeline, question) for question in questions]
                p50, p95 = np.percentile(warm, [50, 95])
                table.add_row(f"warm ask, {reader} reader, p50 / p95", f"{p50:.0f} / {p95:.0f} ms")
        started = perf_counter()
        cold = [sys.executable, "-m", "ui.cli", "ask", questions[0], "--data", folder]
        subprocess.run(cold, check=True, capture_output=True)  # noqa: S603
        table.add_row("yuanwen ask from the shell", f"{perf_counter() - started:.1f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    table.add_row("peak memory", f"{peak:.0f} MiB")
    Console().print(table)


def _milliseconds(pipeline: Pipeline, question: str) -> float:
    started = perf_counter()
    pipeline.ask(Question(question))
    return (perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
