"""A disk that is full and a folder that is read-only: said plainly, with nothing half done."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from index.doctor import examine
from index.encoder import HashEncoder
from index.identity import identity_of
from index.store import Store
from index.tokens import Tokenizer

ROOT = Path(__file__).parents[2]

# A process of its own, whose files may not grow beyond a size: what it writes then fails as on a
# full disk. Every document fills several pages of the file.
LIMITED = """
import resource, signal, sys
from pathlib import Path
from index.encoder import HashEncoder
from index.errors import StoreError
from index.store import Store

folder, limit = Path(sys.argv[1]), int(sys.argv[2])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    with Store.open(folder / "data", HashEncoder(), write=True) as store:
        store.add([folder / "documents"])
except StoreError as error:
    print(error.message)
    print(error.hint)
"""


@pytest.mark.parametrize("limit", [0, 20_000, 300_000, 1_000_000])
def test_no_room_on_the_disk(tmp_path: Path, limit: int) -> None:
    documents = tmp_path / "documents"
    documents.mkdir()
    for n in range(200):
        (documents / f"{n:03}.txt").write_text(f"第{n}区的收入是{n}亿元。" * 30, "utf-8")
    found = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path), str(limit)],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert found.stderr == ""
    assert "room on" in found.stdout
    # Once there is room, it goes on from whatever was kept, all of it whole.
    with Store.open(tmp_path / "data", HashEncoder(), write=True) as store:
        kept = {info.source for info in store.documents()}
        assert len(kept) < 200
        assert (limit < 1_000_000) or kept
        assert examine(tmp_path / "data", identity_of(HashEncoder(), Tokenizer())) == []
        outcomes = store.add([documents])
        assert {o.source for o in outcomes if o.status == "unchanged"} == kept
    assert examine(tmp_path / "data", identity_of(HashEncoder(), Tokenizer())) == []


WRITING = """
import os, sys
from pathlib import Path
from index.encoder import HashEncoder
from index.errors import StoreError
from index.lexicon import translations
from index.store import Store
from index.tokens import Tokenizer
Tokenizer().terms('甲'), translations('甲')
os.geteuid() or os.setuid(65534)
try:
    with Store.open(Path(sys.argv[1]), HashEncoder(), write=True) as store:
        store.add_bytes("b.txt", "乙区。".encode())
except StoreError as error:
    print(error.message)
    print(error.hint)
"""


@pytest.mark.parametrize("there", [True, False])
def test_a_read_only_folder(tmp_path: Path, there: bool) -> None:
    data = tmp_path / "data"
    data.mkdir()
    if there:
        with Store.open(data, HashEncoder(), write=True) as store:
            store.add_bytes("a.txt", "甲区。".encode())
    before = {path.name: path.read_bytes() for path in data.iterdir()}
    data.chmod(0o555)
    for path in data.iterdir():
        path.chmod(0o444)
    for folder in (data, *data.parents[:3]):
        if folder.stat().st_uid == os.geteuid():
            folder.chmod(folder.stat().st_mode | 0o055)
    try:
        found = subprocess.run(
            [sys.executable, "-c", WRITING, str(data)],
            capture_output=True, text=True, cwd=ROOT, check=False,
        )  # fmt: skip
    finally:
        data.chmod(0o755)
    assert found.stderr == ""
    assert "permissions" in found.stdout or "may be written to" in found.stdout
    assert {path.name: path.read_bytes() for path in data.iterdir()} == before
