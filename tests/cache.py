from pathlib import Path

from rag.settings import Settings


def default_cache() -> Path:
    """Where the encoder is kept between test runs: the same place as for everybody else."""
    return Settings().cache
