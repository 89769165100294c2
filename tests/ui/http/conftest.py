"""The app over the fake pipeline, opened once: on this machine only, and with tokens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from rag.settings import Settings
from tests.ui.fakes import FakePipeline
from ui.api import create_app

TOKEN, WRITE_TOKEN = "a-token-to-read-with", "a-token-to-write-with"
GUARDED = Settings(
    host="0.0.0.0",  # noqa: S104 - nothing listens
    token=SecretStr(TOKEN),
    write_token=SecretStr(WRITE_TOKEN),
    rate_limit=100_000,
)


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
