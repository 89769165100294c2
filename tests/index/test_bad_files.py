"""What cannot become a document says why, costs little, and leaves everything else as it was."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import FileError
from index.load import limits, load_document, read_parts
from index.records import Document
from tests.index.bad_files import BAD_FILES, MIB


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bad")
    for name, (make, _) in BAD_FILES.items():
        (folder / name).write_bytes(make())
    return folder


def read(path: Path) -> list[Document | None]:
    """Every document in a file. Raises the first error."""
    documents = []
    for source, data in read_parts(path, path.name):
        if isinstance(data, FileError):
            raise data
        documents.append(load_document(data, source))
    return documents


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_has_a_clear_reason(bad: Path, name: str) -> None:
    with pytest.raises(FileError, match=BAD_FILES[name][1]) as raised:
        read(bad / name)
    assert raised.value.hint


@pytest.mark.skipif(sys.platform != "linux", reason="the limit on memory is Linux's")
def test_bad_files_leave_the_index_and_the_files_beside_them_alone(
    bad: Path, tmp_path: Path
) -> None:
    """In a process of its own, to see how much memory it takes, and its child."""
    good = tmp_path / "good"
    good.mkdir()
    for name in ("a.md", "z.md"):
        (good / name).write_text(f"# {name}\n\n新乡高新区的收入。", encoding="utf-8")
    (bad / "secret.txt").symlink_to(good / "a.md")
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, script, tmp_path / "data", good, bad],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert found["documents"] == ["a.md", "z.md"]
    assert {status for _, status in found["bad"]} == {"skipped"}
    assert {source.split("/")[0] for source, _ in found["bad"]} == {*BAD_FILES, "secret.txt"}
    assert found["again"] == ["unchanged", "unchanged"]
    assert found["own"] < 500 * MIB
    assert found["child"] < limits.MEMORY + 200 * MIB


# What getrusage says of a process begins with what its parent had; /proc begins anew.
SCRIPT = """
import json, re, resource, sys
from pathlib import Path
from index.encoder import HashEncoder
from index.store import Store

data, good, bad = map(Path, sys.argv[1:])
with Store.open(data, HashEncoder(), write=True) as store:
    store.add([good])
    outcomes = [(outcome.source, outcome.status) for outcome in store.add([bad])]
    again = [outcome.status for outcome in store.add([good])]
    documents = [info.source for info in store.documents()]
own = 1024 * int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1])
child = 1024 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps(dict(bad=outcomes, again=again, documents=documents, own=own, child=child)))
"""


def test_what_takes_too_long_is_given_up_and_the_next_file_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deep = b"<html>" + b"<div>" * 100_000 + b"text"
    monkeypatch.setattr(limits, "SECONDS", 1)
    with pytest.raises(FileError, match="longer than 1 s"):
        load_document(deep, "deep.html")
    monkeypatch.undo()
    assert load_document(b"text", "a.txt")


@pytest.mark.soak
def test_a_page_nested_as_deeply_as_anyone_likes_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECONDS", 1000)  # for the busiest of machines
    document = load_document(b"<html>" + b"<div>" * 100_000 + b"text", "deep.html")
    assert document
    assert document.text == "text"


def test_the_limits_stand_in_the_docs() -> None:
    text = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    table = text.partition("## Limits")[2].partition("\n## ")[0]
    names = [name for name in vars(limits) if name.isupper() and name != "MIB"]
    assert [name for name in names if f" {getattr(limits, name):,}" not in table] == []
    assert len(names) == 10
