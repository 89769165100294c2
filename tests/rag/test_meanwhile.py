"""A writer changes the collection while many ask: no error, and nothing that is not so."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import pytest

from index.doctor import examine
from index.encoder import HashEncoder
from index.identity import identity_of
from index.records import content_hash
from index.store import Store
from index.tokens import Tokenizer
from rag.pipeline import Pipeline, Question
from rag.settings import load_settings
from tests.rag.makers import write

READERS = 8
MOST = 12


@dataclass
class Ledger:
    """What the writer has done, written down before it begins or after it is done."""

    texts: dict[str, str] = field(default_factory=dict)  # by hash, before they are added
    ended: dict[str, float] = field(default_factory=dict)  # by hash, when its removal returned


@pytest.mark.parametrize("seconds", [3.0, pytest.param(60.0, marks=pytest.mark.soak)])
def test_changes_while_many_ask(tmp_path: Path, seconds: float) -> None:
    data, folder, ledger = tmp_path / "data", tmp_path / "documents", Ledger()
    with Store.open(data, HashEncoder(), write=True) as writer:
        change = changes(writer, folder, ledger)
        for _ in range(10):
            next(change)
        with (
            Store.open(data, HashEncoder()) as store,
            ThreadPoolExecutor(READERS) as readers,
        ):
            pipeline, over = Pipeline(store, load_settings(threshold=0)), Event()
            pipeline.ask(Question("第1区的收入是多少？"))  # dictionaries are loaded
            asked = [readers.submit(ask, pipeline, ledger, over, seed) for seed in range(READERS)]
            done, end = 0, time.monotonic() + seconds
            while time.monotonic() < end and not any(each.done() for each in asked):
                next(change)
                done += 1
            over.set()
            answers = [each.result() for each in asked]
    assert done > 3
    assert min(answers) > 1
    assert examine(data, identity_of(HashEncoder(), Tokenizer())) == []


def changes(store: Store, folder: Path, ledger: Ledger) -> Iterator[None]:
    """Adds, edits and removes documents for ever, one at a time."""
    chance = random.Random(7)
    there: dict[str, str] = {}
    number = 0
    while True:
        number += 1
        edited = chance.choice([None, None, *there]) if there else None
        source = edited or f"{number:04}.txt"
        text = f"第{number}区的收入是{number}亿元。第{number}区很大，有{number}条河。"
        ledger.texts[content_hash(text)] = text
        write(folder / source, text)
        store.add([folder])
        if source in there:
            ledger.ended[there[source]] = time.monotonic()
        there[source] = content_hash(text)
        yield
        if len(there) > MOST:
            source = chance.choice(list(there))
            (folder / source).unlink()
            [info] = [info for info in store.documents() if info.source == source]
            store.remove(info.id)
            ledger.ended[there.pop(source)] = time.monotonic()
            yield


def ask(pipeline: Pipeline, ledger: Ledger, over: Event, seed: int) -> int:
    """Ask until it is over; how many answers there were, all of them right."""
    chance = random.Random(seed)
    answers = 0
    while not over.is_set():
        number = chance.randint(1, len(ledger.texts))
        began = time.monotonic()
        answer = pipeline.ask(Question(f"第{number}区的收入是多少？"))
        assert answer.dropped == 0
        for citation in (*answer.citations, *answer.related):
            text = ledger.texts[citation.sha256]
            assert text[citation.start : citation.end] == citation.quote
            assert ledger.ended.get(citation.sha256, began) >= began
        answers += 1
    return answers
