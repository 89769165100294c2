import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from index.encoder import HashEncoder
from index.errors import BusyError, StoreError
from index.lock import HOLDER, writing
from index.store import Store

ROOT = Path(__file__).parents[2]

HOLD = (
    "import sys\n"
    "from pathlib import Path\n"
    "from index.lock import writing\n"
    "with writing(Path(sys.argv[1])):\n"
    "    print('held', flush=True)\n"
    "    sys.stdin.read()\n"
)


def hold(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder), "--some", "arguments"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_writer_is_told_who_is_the_first(tmp_path: Path) -> None:
    with hold(tmp_path) as holder:
        with pytest.raises(BusyError) as caught, writing(tmp_path, wait=0):
            pass
        for part in (f"process {holder.pid}", socket.gethostname(), "--some arguments", "since "):
            assert part in caught.value.message
        holder.communicate("")
    with writing(tmp_path, wait=0):
        assert json.loads((tmp_path / HOLDER).read_text("utf-8"))["pid"] == os.getpid()


def test_a_dead_holder_holds_nothing(tmp_path: Path) -> None:
    with hold(tmp_path) as holder:
        holder.send_signal(signal.SIGKILL)
    assert (tmp_path / HOLDER).exists()
    with writing(tmp_path, wait=0):
        pass
    assert not (tmp_path / HOLDER).exists()


def test_a_holder_that_cannot_be_read_is_another_process(tmp_path: Path) -> None:
    with hold(tmp_path) as holder:
        for content in ("", "{", "[]", "{}"):
            (tmp_path / HOLDER).write_text(content, "utf-8")
            with pytest.raises(BusyError, match="by another process"), writing(tmp_path, wait=0):
                pass
        holder.communicate("")


def test_threads_of_one_process_exclude_each_other_too(tmp_path: Path) -> None:
    with writing(tmp_path), pytest.raises(BusyError), writing(tmp_path, wait=0):
        pass


def test_a_store_says_who_writes_and_reads_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.store.writing", lambda folder: writing(folder, wait=0))
    with Store.open(tmp_path, HashEncoder(), write=True) as store:
        store.add_bytes("a.txt", "甲区。".encode())
        with hold(tmp_path) as holder:
            with pytest.raises(BusyError, match=f"process {holder.pid}"):
                store.add_bytes("b.txt", "乙区。".encode())
            assert len(store.match("甲区")) == 1
            holder.communicate("")
        assert store.add_bytes("b.txt", "乙区。".encode()).status == "added"


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be written to"), writing(tmp_path / "file"):
        pass
