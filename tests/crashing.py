"""What the crash test runs in processes that it kills. Imported once, by the server that forks
them, so that each starts at once: dictionaries are loaded here."""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path

from index.encoder import HashEncoder
from index.rebuild import rebuild
from index.store import Store
from index.tokens import Tokenizer

Tokenizer().terms("甲")


def index(data: Path, documents: Path, started: Connection) -> None:
    """As `yuanwen index --prune` does it."""
    started.send(None)
    with Store.open(data, HashEncoder(), write=True) as store:
        store.add([documents], prune=True)


def make_again(data: Path, documents: Path, started: Connection) -> None:
    """As `yuanwen rebuild --reencode` does it."""
    started.send(None)
    rebuild(data, HashEncoder(), mode="reencode")
