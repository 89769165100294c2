"""Zip archives: which sources they hold, under which names, and that they are read one by one."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile, ZipInfo

import pytest

from index.encoder import HashEncoder
from index.errors import FileError
from index.load import limits, load_document, parts_of, read_parts
from index.store import Store
from tests.index import made


def found(data: bytes, source: str = "a.zip") -> Mapping[str, bytes | str]:
    """What there is under each source; the reason of a refusal as text."""
    parts = list(parts_of(data, source))
    by_source = {name: str(part) if isinstance(part, FileError) else part for name, part in parts}
    assert len(by_source) == len(parts)
    return by_source


def test_what_is_no_archive_holds_itself() -> None:
    for data in (b"text", made.word_text("x"), made.workbook({"a": [["x"]]}), made.book(), b""):
        assert found(data, "a.bin") == {"a.bin": data}


def test_members_stand_beneath_the_archive_and_archives_in_it_too() -> None:
    word = made.word_text("正文。")
    inner = made.archive({"c.txt": "丙", "d/e.md": "丁"})
    data = made.archive({"a.md": "甲", "b/": "", "b/a.docx": word, "b/inner.zip": inner})
    assert found(data, "folder/all.zip") == {
        "folder/all.zip/a.md": "甲".encode(),
        "folder/all.zip/b/a.docx": word,
        "folder/all.zip/b/inner.zip/c.txt": "丙".encode(),
        "folder/all.zip/b/inner.zip/d/e.md": "丁".encode(),
    }


def test_an_archive_is_told_by_content() -> None:
    assert found(made.archive({"a.md": "甲"}), "a.txt") == {"a.txt/a.md": "甲".encode()}
    with pytest.raises(FileError, match="an archive, not a document"):
        load_document(made.archive({"a.md": "甲"}), "a.txt")


def test_hidden_members_are_left_out() -> None:
    hidden = (".git/config", "__MACOSX/a.md", "b/.DS_Store", "~$a.docx", "./a/../.b")
    assert found(made.archive(dict.fromkeys(hidden, "x"))) == {}


def test_odd_names_are_made_plain() -> None:
    data = made.archive({"./a//b.md": "甲", "c\\d.md": "乙"})
    assert found(data) == {"a.zip/a/b.md": "甲".encode(), "a.zip/c/d.md": "乙".encode()}


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_names_that_windows_wrote_are_read(encoding: str) -> None:
    name = "资料/誠信表格.txt"
    packed = BytesIO()
    with ZipFile(packed, "w") as container:
        # Zip takes the bytes of such a name for cp437.
        container.writestr(ZipInfo(name.encode(encoding).decode("cp437")), "甲")
    raw = packed.getvalue()
    utf8 = name.encode(encoding).decode("cp437").encode()
    assert raw.count(utf8) == 2
    # Python marks them as UTF-8; as Windows would, without the mark and in its own encoding.
    plain = bytearray(raw.replace(utf8, name.encode(encoding).ljust(len(utf8), b"\0")))
    for mark, offset in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        plain[plain.index(mark) + offset] &= ~0x08
    assert list(found(bytes(plain))) == [f"a.zip/{name}"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_second_member_of_a_name_is_refused() -> None:
    packed = BytesIO()
    with ZipFile(packed, "w") as container:
        container.writestr("a.md", "甲")
        container.writestr("a.md", "乙")
    first, second = parts_of(packed.getvalue(), "a.zip")
    assert first == ("a.zip/a.md", "甲".encode())
    assert isinstance(second[1], FileError)
    assert "another member" in second[1].message


def test_a_bad_member_stops_no_other(tmp_path: Path) -> None:
    data = made.archive({"a.md": "甲", "../b.md": "乙", "c.md": b"\x7fELF", "d.md": "丁"})
    (tmp_path / "a.zip").write_bytes(data)
    with Store.open(tmp_path / "data", HashEncoder(), write=True) as store:
        outcomes = {each.source: each.status for each in store.add([tmp_path / "a.zip"])}
    assert outcomes == {
        "a.zip/a.md": "added",
        "a.zip/b.md": "skipped",
        "a.zip/c.md": "skipped",
        "a.zip/d.md": "added",
    }


def test_archives_in_an_archive_share_its_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = {f"{n}.zip": made.archive({"a.txt": "x", "b.txt": "x"}) for n in range(9)}
    monkeypatch.setattr(limits, "MEMBERS", 9)
    parts = found(made.archive(inner))
    assert list(parts.values())[:-1] == [b"x"] * 6
    assert "more than 9 members" in str(list(parts.values())[-1])


def test_one_member_at_a_time_is_in_memory(tmp_path: Path) -> None:
    """Seven of 8 MiB that do not compress: all of them would be 56 MiB beside the archive."""
    member = random.Random(1).randbytes(8 * limits.MIB)
    path = tmp_path / "a.zip"
    path.write_bytes(made.archive({f"{n}.txt": member for n in range(7)}))
    tracemalloc.start()
    assert sum(len(part) for _, part in read_parts(path, "a.zip") if isinstance(part, bytes))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < path.stat().st_size + 5 * len(member)
