from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from time import monotonic, sleep

import pytest
from typer.testing import CliRunner

from index.encoder import HashEncoder, load_encoder
from index.store import Store
from rag.pipeline import Pipeline
from rag.settings import Settings
from tests.ui.fakes import FakePipeline
from ui.cli import app

ROOT = Path(__file__).parents[2]


@pytest.fixture
def pipeline() -> FakePipeline:
    return FakePipeline()


@pytest.fixture
def fake_rooms(pipeline: FakePipeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal's commands find the fake pipeline and its store behind them."""
    monkeypatch.setenv("YUANWEN_DATA", str(tmp_path))
    monkeypatch.setattr("rag.pipeline.open_pipeline", lambda settings: pipeline)
    monkeypatch.setattr("index.encoder.load_encoder", lambda name, cache: None)
    monkeypatch.setattr("index.store.Store.open", lambda *_, **__: pipeline.store)


@pytest.fixture(scope="session")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder in which the collection that ships is indexed, by the real parts.

    From here on this process loads the encoder once, not for every command.
    """
    data = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        loaded = cache(load_encoder)
        patch.setattr("index.encoder.load_encoder", loaded)
        patch.setattr("rag.pipeline.load_encoder", loaded)
        result = CliRunner().invoke(app, ["index", str(ROOT / "corpus"), "--data", str(data)])
        assert result.exit_code == 0, result.output
        yield data


def write_files(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "one.md").write_text("# 大善县\n\n大善县的人口是45万人。", "utf-8")
    (folder / "two.txt").write_text("小河镇的规划面积是21平方公里。", "utf-8")
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a small index, made by the real parts but for the encoder."""
    folder = tmp_path_factory.mktemp("served")
    with Store.open(folder / "data", HashEncoder(), write=True) as store:
        store.add([write_files(folder / "files")])
    return folder / "data"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return write_files(tmp_path / "files")


@pytest.fixture
def real(tmp_path: Path, files: Path) -> Iterator[Pipeline]:
    """Over a small collection that may be changed, with the light reader."""
    data = tmp_path / "data"
    with Store.open(data, HashEncoder(), write=True) as store:
        store.add([files])
        yield Pipeline(store, Settings(data=data, reader="light"))


def named(store: Store, name: str) -> str:
    """The id of the document of that name."""
    return next(info.id for info in store.documents() if info.source.endswith(name))


def eventually(condition: Callable[[], bool]) -> None:
    """Wait for what happens in another thread or process; fail where it never does."""
    given_up = monotonic() + 120
    while not condition():
        assert monotonic() < given_up
        sleep(0.01)
