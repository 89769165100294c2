"""Documents go out of one index and into another, all of them and unchanged."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.encoder import HashEncoder
from index.errors import FileError, NotFoundError, StoreError, UsageError
from index.exchange import export_documents, read_export
from index.records import Document
from index.store import Store


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "a.md").write_text(
        "---\ntitle: 甲区\nlanguage: zh-Hans\ndate: 2022-05-27\npublisher: 某报\n---\n"
        "# 甲区\n\n甲区收入六亿元。😀\u2028甲区很大。",
        "utf-8",
    )
    (folder / "b.txt").write_text("乙區投資五億元。\n\n乙區沒有河。", "utf-8")
    with Store.open(tmp_path / "data", HashEncoder(), write=True) as store:
        store.add([folder])
        store.add_bytes("c.txt", b"An upload.")
    return tmp_path / "data"


def documents(data: Path) -> list[Document]:
    with Store.open(data, HashEncoder()) as store:
        return [store.document(info.id) for info in store.documents()]


def into(data: Path, file: Path) -> dict[str, str]:
    with Store.open(data, HashEncoder(), write=True) as store:
        return {o.source: o.status for o in store.restore(read_export(file))}


def test_what_goes_out_comes_in_unchanged(data: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "out.jsonl", tmp_path / "other"
    assert export_documents(data, file) == 3
    assert into(other, file) == dict.fromkeys(("a.md", "b.txt", "c.txt"), "added")
    assert documents(other) == documents(data)
    with Store.open(data, HashEncoder()) as one, Store.open(other, HashEncoder()) as two:
        assert one.match("甲区收入") == two.match("甲区收入")
    assert into(other, file) == dict.fromkeys(("a.md", "b.txt", "c.txt"), "unchanged")
    again = tmp_path / "again.jsonl"
    export_documents(other, again)
    assert again.read_bytes() == file.read_bytes()


def test_what_comes_in_is_known_by_the_files_it_came_from(data: Path, tmp_path: Path) -> None:
    export_documents(data, tmp_path / "out.jsonl")
    into(tmp_path / "other", tmp_path / "out.jsonl")
    with Store.open(tmp_path / "other", HashEncoder(), write=True) as store:
        outcomes = store.add([tmp_path / "documents"], prune=True)
    assert {outcome.status for outcome in outcomes} == {"unchanged"}


def test_what_comes_in_replaces_what_is_there_and_leaves_the_rest(
    data: Path, tmp_path: Path
) -> None:
    export_documents(data, tmp_path / "out.jsonl")
    with Store.open(tmp_path / "other", HashEncoder(), write=True) as store:
        store.add_bytes("a.md", "旧的。".encode())
        store.add_bytes("z.txt", "别的。".encode())
    found = into(tmp_path / "other", tmp_path / "out.jsonl")
    assert found == {"a.md": "updated", "b.txt": "added", "c.txt": "added"}
    assert [d.source for d in documents(tmp_path / "other")] == ["a.md", "b.txt", "c.txt", "z.txt"]
    assert documents(tmp_path / "other")[:3] == documents(data)


def test_an_import_that_is_interrupted_leaves_nothing(data: Path, tmp_path: Path) -> None:
    for n in range(40):
        with Store.open(data, HashEncoder(), write=True) as store:
            store.add_bytes(f"{n:02}.txt", f"第{n}区很大。".encode())
    export_documents(data, tmp_path / "out.jsonl")

    def interrupt(done: int, total: int, source: str) -> None:
        if source == "b.txt":
            raise KeyboardInterrupt

    with Store.open(tmp_path / "other", HashEncoder(), write=True) as store:
        with pytest.raises(KeyboardInterrupt):
            store.restore(read_export(tmp_path / "out.jsonl"), interrupt)
        assert store.documents() == []
        assert store.match("大") == []


Change = Callable[[dict[str, Any]], object]

BAD: dict[str, Change] = {
    "its keys should be": lambda body: body.pop("path"),
    "another hash": lambda body: body.update(text=body["text"] + "x"),
    "not the lines": lambda body: body["blocks"].pop(),
    "title is 3": lambda body: body.update(title=3),
    "source is None": lambda body: body.update(source=None),
    "is no block": lambda body: body["blocks"][0].update(kind="table"),
    "a block's keys": lambda body: body["blocks"][0].pop("level"),
    "not iterable": lambda body: body.update(blocks=3),
    "an earlier line": lambda body: body.update(source="a.md"),
}


@pytest.mark.parametrize("message", BAD)
def test_a_line_that_was_changed_is_named(data: Path, tmp_path: Path, message: str) -> None:
    file = tmp_path / "out.jsonl"
    export_documents(data, file)
    lines = file.read_text("utf-8").split("\n")
    body = json.loads(lines[1])
    BAD[message](body)
    lines[1] = json.dumps(body)
    file.write_text("\n".join(lines), "utf-8")
    with pytest.raises(FileError, match=f"line 2: .*{message}"):
        read_export(file)


@pytest.mark.parametrize("content", [b"[1]", b"{", b"\xff", b"3\n"])
def test_a_file_that_is_no_export_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.jsonl").write_bytes(content)
    with pytest.raises(FileError, match=r"x\.jsonl"):
        read_export(tmp_path / "x.jsonl")


def test_a_truncated_file_is_refused(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    export_documents(data, file)
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(FileError, match="line 3"):
        read_export(file)


def test_where_nothing_can_be_read_or_written(data: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"nothing\.jsonl"):
        read_export(tmp_path / "nothing.jsonl")
    with pytest.raises(UsageError, match="cannot be written"):
        export_documents(data, tmp_path / "no" / "folder.jsonl")
    with pytest.raises(StoreError, match="no index"):
        export_documents(tmp_path, tmp_path / "out.jsonl")
    assert not list(tmp_path.glob("*.jsonl*"))
