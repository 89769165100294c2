import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.encoder import HashEncoder
from index.store import Store
from rag.settings import PREFIX
from tests.rag.makers import write


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting and no data of whoever runs the tests reaches them."""
    for name in os.environ:
        if name.upper().startswith(PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    # The trained reader has tests of its own; the rest of the room has nothing to wait for.
    monkeypatch.setenv("YUANWEN_READER", "light")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two sibling districts, one in each script, and a page in English."""
    documents = tmp_path / "documents"
    write(
        documents / "qinghe.md",
        "---\ntitle: 青禾区\nlanguage: zh-Hans\ndate: 2021-04-02\n---\n"
        "😀青禾区引进企业300余家，投资6.5亿元。\n\n青禾区区长林小禾表示，明年再修一条路。",
    )
    write(
        documents / "bailu.md",
        "---\ntitle: 白露區\nlanguage: zh-Hant\npublisher: 白露日報\n---\n"
        "白露區引進企業45家，投資8.2億元。\n\n白露區的道路長12公里。",
    )
    write(
        documents / "islet.txt",
        "The Star Islet park covers 12.5 square kilometres. It has 40 schools.",
    )
    return documents


@pytest.fixture
def store(tmp_path: Path, folder: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "data", HashEncoder(), write=True) as store:
        store.add([folder])
        yield store
