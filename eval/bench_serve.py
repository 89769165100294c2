"""What `yuanwen serve` bears, over the collection that ships: `python -m eval.bench_serve`.

It prints, for the light reader and for the trained one, how long 16 clients wait who ask for a
minute without a pause, how many answers there are a second, and the server's memory; then what
becomes of 200 clients. No question is asked twice the same way: answers that are kept count for
nothing here.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from time import perf_counter, sleep

import httpx
import numpy as np

ROOT = Path(__file__).parents[1]
QUESTIONS = ROOT / "eval" / "sets" / "corpus.jsonl"
MIB = 1024 * 1024


@dataclass
class Load:
    """Seconds of each answer, statuses of all responses, and the server's bytes each second."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    memory: list[int] = field(default_factory=list)
    lasted: float = 0.0

    @property
    def growth(self) -> float:
        """Of the memory from the second third of the time to the last, as a share."""
        third = len(self.memory) // 3
        return float(np.median(self.memory[-third:]) / np.median(self.memory[third:-third]) - 1)

    def __str__(self) -> str:
        p50, p95 = np.percentile(self.seconds, [50, 95])
        return (
            f"p50 {p50:.2f} s, p95 {p95:.2f} s, {len(self.seconds) / self.lasted:.1f} answers a "
            f"second, {max(self.memory) / MIB:.0f} MiB at most ({self.growth:+.1%} at the end), "
            f"statuses {dict(sorted(self.statuses.items()))}"
        )


@contextmanager
def serving(data: Path, reader: str) -> Iterator[tuple[str, int]]:
    """The URL and the process id of a server that is ready."""
    command = [sys.executable, "-m", "ui.cli", "serve", "--port", "0", "--data", str(data)]
    environment = {**os.environ, "YUANWEN_READER": reader, "PYTHONIOENCODING": "utf-8"}
    with (
        TemporaryFile("w+", encoding="utf-8") as log,
        subprocess.Popen(  # noqa: S603 - our own command
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        try:
            line = process.stdout.readline() if process.stdout else ""
            found = re.search(r"http://\S+", line)
            if not found:
                log.seek(0)
                raise RuntimeError(f"yuanwen serve did not start: {log.read()}")
            while httpx.get(f"{found.group()}/ready", timeout=60).status_code != 200:
                sleep(0.1)
            yield found.group(), process.pid
        finally:
            process.terminate()


def load(url: str, process: int, clients: int, seconds: float) -> Load:
    """Ask from as many clients for so long, each again as soon as it has its answer."""
    return asyncio.run(_load(url, process, clients, seconds))


async def _load(url: str, process: int, clients: int, seconds: float) -> Load:
    result = Load()
    started = perf_counter()
    limits = httpx.Limits(max_connections=clients)
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits) as client:

        async def ask() -> None:
            while perf_counter() - started < seconds:
                asked = perf_counter()
                response = await client.post("/ask", json=next(_BODIES))
                result.statuses[response.status_code] += 1
                if response.status_code == 200:
                    result.seconds.append(perf_counter() - asked)
                else:
                    await asyncio.sleep(float(response.headers.get("Retry-After", 0)))

        async def watch() -> None:
            while True:
                result.memory.append(_memory(process))
                await asyncio.sleep(1)

        watching = asyncio.create_task(watch())
        await asyncio.gather(*(ask() for _ in range(clients)))
        watching.cancel()
    result.lasted = perf_counter() - started
    return result


def _bodies() -> Iterator[dict[str, object]]:
    """Ten thousand that differ, one question after the other."""
    lines = QUESTIONS.read_text("utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    for top_k, question in product(range(1, 51), filter(str.strip, questions)):
        yield {"question": question, "top_k": top_k}


# One for all loads, else the second on a server would get what is kept from the first.
_BODIES = _bodies()


def _memory(process: int) -> int:
    """Resident bytes (Linux)."""
    status = Path(f"/proc/{process}/status").read_text("ascii")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0


@contextmanager
def indexed() -> Iterator[Path]:
    """A data folder in which the collection that ships is indexed."""
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "ui.cli", "index", "corpus", "--data", folder]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        yield Path(folder)


def main() -> None:
    with indexed() as data:
        for reader in ("light", "trained"):
            with serving(data, reader) as (url, process):
                for clients, seconds in ((16, 60), (200, 20), (1, 10)):
                    told = load(url, process, clients, seconds)
                    sys.stdout.write(f"{reader} reader, {clients} clients: {told}\n")
                    sys.stdout.flush()


if __name__ == "__main__":
    main()
