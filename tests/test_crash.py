"""Indexing is killed at random moments: what was committed is whole, and the next run goes on."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from index.doctor import examine
from index.encoder import HashEncoder
from index.identity import identity_of
from index.store import Store
from index.tokens import Tokenizer
from tests import crashing

FILES = 24
SEED = 5

Work = Callable[[Path, Path, Connection], None]


class Folder:
    """Documents that change; every text that a source has ever had is remembered."""

    def __init__(self, path: Path, chance: random.Random) -> None:
        self.path = path
        self.path.mkdir()
        self.texts: dict[str, set[str]] = {}
        self._chance = chance
        self._versions = 0

    def change(self) -> None:
        """Some are written, for the first time or anew, and one in ten is deleted."""
        for number in self._chance.sample(range(FILES), FILES // 3):
            file = self.path / f"{number:02}.txt"
            if self._chance.random() < 0.1:
                file.unlink(missing_ok=True)
                continue
            self._versions += 1
            line = f"第{number}号文件称作{word(number)}，这是第{self._versions}版，有若干内容。"
            text = "\n".join(line * 6 for _ in range(self._chance.randint(1, 4)))
            self.texts.setdefault(file.name, set()).add(text)
            file.write_text(text.replace("\n", "\n\n"), "utf-8")

    def sources(self) -> set[str]:
        return {file.name for file in self.path.iterdir()}


def word(number: int) -> str:
    """One that no other document has."""
    return "file" + "".join(chr(ord("a") + int(digit)) for digit in f"{number:03}")


@pytest.mark.parametrize("kills", [10, pytest.param(200, marks=pytest.mark.soak)])
def test_nothing_is_half_there_after_a_kill(tmp_path: Path, kills: int) -> None:
    chance = random.Random(SEED)
    data, folder = tmp_path / "data", Folder(tmp_path / "documents", chance)
    folder.change()
    durations = {work: run(work, data, folder) for work in (crashing.index, crashing.make_again)}
    unfinished = 0
    for kill in range(kills):
        present = check(data, folder)
        work = crashing.make_again if kill % 5 == 4 else crashing.index
        if work is crashing.index:
            folder.change()
        unfinished += run(work, data, folder, kill_after=chance.uniform(0, durations[work])) > 0
        # Nothing that was there is lost but what was deleted, or gave way to a newer text.
        assert present & folder.sources() <= check(data, folder)
    assert unfinished > kills / 3
    run(crashing.index, data, folder)
    assert check(data, folder) == folder.sources()
    with Store.open(data, HashEncoder(), write=True) as store:
        assert {o.status for o in store.add([folder.path])} == {"unchanged"}


def run(work: Work, data: Path, folder: Folder, kill_after: float | None = None) -> float:
    """Run it to its end, and say how long that took; or kill it, and say what was in its way."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.crashing"])
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(data, folder.path, theirs))
    process.start()
    ours.recv()
    started = time.perf_counter()
    process.join(kill_after)
    killed = process.is_alive()
    process.kill()
    process.join()
    assert process.exitcode in ((0,) if kill_after is None else (0, -9))
    duration = time.perf_counter() - started
    for end in (ours, theirs):
        end.close()
    process.close()
    return duration if kill_after is None or killed else 0.0


def check(data: Path, folder: Folder) -> set[str]:
    """Open it: the doctor finds nothing, and every document answers, whole. Returns the sources."""
    assert examine(data, identity_of(HashEncoder(), Tokenizer())) == []
    with Store.open(data, HashEncoder()) as store:
        infos = store.documents()
        for info in infos:
            text = store.document(info.id).text
            assert text in folder.texts[info.source]
            found = [m for m in store.match(word(int(info.source[:2]))) if m.lexical > 0]
            assert {match.chunk.document_id for match in found} == {info.id}
            assert len(found) == info.chunks
    return {info.source for info in infos}
