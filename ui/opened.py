"""What the terminal's commands open, and close behind them."""
# ruff: noqa: PLC0415 - heavy parts are imported when they are opened, to start fast

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from rag.settings import Settings
from ui.progress import LOADING, waiting

if TYPE_CHECKING:
    from index.store import Store
    from rag.pipeline import Pipeline


@contextmanager
def opened_store(settings: Settings, *, write: bool = False) -> Iterator[Store]:
    from index.encoder import load_encoder
    from index.store import Store

    with waiting(LOADING):
        store = Store.open(
            settings.data, load_encoder(settings.encoder, settings.cache), write=write
        )
    with closing(store):
        yield store


@contextmanager
def opened_pipeline(settings: Settings) -> Iterator[Pipeline]:
    from rag.pipeline import open_pipeline

    with waiting(LOADING):  # the encoder is loaded with the first question
        pipeline = open_pipeline(settings)
        with closing(pipeline.store):
            yield pipeline
