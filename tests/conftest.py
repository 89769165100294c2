from __future__ import annotations

import pytest
from hypothesis import settings

from index.encoder import load_encoder
from index.records import Encoder
from tests.cache import default_cache


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The real one, from the user's cache (where the first run makes it, in about ten seconds)."""
    return load_encoder("multilingual-e5-small", default_cache())


# How long an example takes depends on what else the machine does: no test is about that.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
