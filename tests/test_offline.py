"""Nothing leaves the machine: with every socket blocked, the whole line still runs."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from rich.console import Console

from eval.command import evaluate
from eval.datasets import Choices
from index.records import Encoder
from index.store import Store
from rag.pipeline import Pipeline, Question
from rag.settings import Settings
from tests.cache import default_cache

ROOT = Path(__file__).parents[1]


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("something tried to reach the network")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("no_network")
def test_index_ask_and_evaluate_without_a_network(encoder: Encoder, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", cache=default_cache())
    with Store.open(settings.data, encoder, write=True) as store:
        store.add([ROOT / "corpus"])
        answer = Pipeline(store, settings).ask(Question("新乡高新区完成了多少一般公共预算收入？"))
    assert not answer.abstained
    assert answer.citations
    out = tmp_path / "out"
    assert evaluate(["corpus"], settings, Choices(limit=3), out=out, console=Console(quiet=True))
    assert (out / "report.json").exists()
