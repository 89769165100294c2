"""The app over the fake pipeline, opened once: on this machine only, and with tokens."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr

from index.encoder import HashEncoder
from index.store import Store
from rag.pipeline import Pipeline
from rag.settings import PREFIX, Settings
from tests.ui.fakes import FakePipeline
from ui.api import create_app
from ui.server import Server, listen

TOKEN, WRITE_TOKEN = "a-token-to-read-with", "a-token-to-write-with"
GUARDED = Settings(
    host="0.0.0.0",  # noqa: S104 - nothing listens
    token=SecretStr(TOKEN),
    write_token=SecretStr(WRITE_TOKEN),
    rate_limit=100_000,
)


@pytest.fixture(autouse=True, scope="session")
def _own_environment() -> Iterator[None]:
    """No setting of whoever runs the tests reaches them."""
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name.upper().startswith(PREFIX):
                patch.delenv(name)
        yield


def opened(settings: Settings, base_url: str) -> Iterator[TestClient]:
    app = create_app(FakePipeline().typed, settings)
    with TestClient(app, base_url, raise_server_exceptions=False, follow_redirects=False) as client:
        yield client


@pytest.fixture(scope="module")
def local() -> Iterator[TestClient]:
    yield from opened(Settings(), "http://127.0.0.1:7860")


@pytest.fixture(scope="module")
def guarded() -> Iterator[TestClient]:
    yield from opened(GUARDED, "http://example.test")


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture(scope="module")
def app(data: Path) -> Iterator[FastAPI]:
    """Over the real store and the light reader; nothing is refused for its confidence."""
    settings = Settings(data=data, reader="light", threshold=0)
    with Store.open(data, HashEncoder()) as store:
        yield create_app(Pipeline(store, settings), settings)


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, "http://localhost", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def served(data: Path) -> Iterator[tuple[str, int]]:
    """Host and port of a real server over it, in a thread."""
    settings = Settings(data=data, reader="light", threshold=0)
    with Store.open(data, HashEncoder()) as store, listen("127.0.0.1", 0) as listener:
        server = Server(create_app(Pipeline(store, settings), settings))
        thread = Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield listener.getsockname()
        server.should_exit = True
        thread.join()
