"""Every kind of damage is noticed, and what mends it is named."""

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from index.doctor import examine
from index.encoder import HashEncoder
from index.errors import StoreError
from index.identity import identity_of
from index.rebuild import rebuild
from index.store import Store
from index.tokens import Tokenizer

ENCODER = HashEncoder(8)
EXPECTED = identity_of(ENCODER, Tokenizer())


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "a.md").write_text("# 甲区\n\n甲区收入六亿元。😀甲区很大。\n\n甲区没有河。", "utf-8")
    (folder / "b.md").write_text("# 乙區\n\n乙區投資五億元。", "utf-8")
    with Store.open(tmp_path / "data", ENCODER, write=True) as store:
        store.add([folder])
        store.add_bytes("c.txt", b"An upload, which has no file.")
    return tmp_path / "data"


def damage(data: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(data / "index.sqlite")) as connection, connection:
        assert connection.execute(statement, values).rowcount > 0


def blob(data: Path, column: str) -> bytes:
    with closing(sqlite3.connect(data / "index.sqlite")) as connection:
        row = connection.execute(f"SELECT {column} FROM chunks ORDER BY id LIMIT 1").fetchone()
    return bytes(row[0])


def test_all_is_well(data: Path) -> None:
    assert examine(data, EXPECTED) == []


FIRST = "WHERE id = (SELECT min(id) FROM chunks)"
DAMAGE = {
    "UPDATE documents SET text = text || 'x' WHERE source = 'b.md'": ("documents", "remove"),
    "UPDATE documents SET characters = 1 WHERE source = 'b.md'": ("documents", "remove"),
    "UPDATE documents SET blocks = '[]' WHERE source = 'b.md'": ("documents", "remove"),
    "UPDATE documents SET blocks = '[{' WHERE source = 'b.md'": ("documents", "remove"),
    "UPDATE documents SET id = 'x' WHERE source = 'c.txt'": ("documents", "remove"),
    f"UPDATE chunks SET text = text || 'x' {FIRST}": ("chunks", "rebuild --reencode"),
    f"UPDATE chunks SET start = start + 1 {FIRST}": ("chunks", "rebuild --reencode"),
    f"UPDATE chunks SET sentences = '[[0, 9999]]' {FIRST}": ("chunks", "rebuild --reencode"),
    f"UPDATE chunks SET sentences = '[]' {FIRST}": ("chunks", "rebuild --reencode"),
    f"UPDATE chunks SET sentences = '[[' {FIRST}": ("chunks", "rebuild --reencode"),
    f"UPDATE chunks SET id = 'x' {FIRST}": ("chunks", "rebuild --reencode"),
    f"DELETE FROM chunks {FIRST}": ("chunks", "rebuild --reencode"),
    f"UPDATE chunks SET term_ids = x'00' {FIRST}": ("terms", "rebuild"),
    f"UPDATE chunks SET term_counts = x'0000' {FIRST}": ("terms", "rebuild"),
    f"UPDATE chunks SET part_terms = x'FFFFFFFF' {FIRST}": ("terms", "rebuild"),
    "UPDATE terms SET chunks = chunks + 1 WHERE term = '甲区'": ("terms", "rebuild"),
    "DELETE FROM terms WHERE term = '甲区'": ("terms", "rebuild"),
    "INSERT INTO terms VALUES (9999, 'nobody', 0)": ("terms", "rebuild"),
    f"UPDATE chunks SET vector = x'0000' {FIRST}": ("vectors", "rebuild --reencode"),
    f"UPDATE chunks SET sentence_vectors = x'0000' {FIRST}": ("vectors", "rebuild --reencode"),
    "UPDATE identity SET value = 'other' WHERE name = 'tokenizer'": ("identity", "rebuild"),
    "UPDATE identity SET value = '1' WHERE name = 'schema'": ("identity", "index"),
    "UPDATE chunks SET document_id = 'x' WHERE start = 0": ("file", "rebuild"),
}


@pytest.mark.parametrize("statement", DAMAGE)
def test_damage_is_noticed(data: Path, statement: str) -> None:
    check, mend = DAMAGE[statement]
    damage(data, statement)
    faults = [fault for fault in examine(data, EXPECTED) if fault.check == check]
    assert faults
    assert all(f"yuanwen {mend}" in fault.mend for fault in faults)
    assert all("{" not in fault.mend for fault in faults)


@pytest.mark.parametrize("value", [np.nan, np.inf, 0.0, 0.9])
def test_a_vector_that_is_none_is_noticed(data: Path, value: float) -> None:
    vector = np.frombuffer(blob(data, "vector"), np.float32) * np.float32(value)
    damage(data, f"UPDATE chunks SET vector = ? {FIRST}", vector.tobytes())
    [fault] = examine(data, EXPECTED)
    assert fault.check == "vectors"


def test_vectors_of_several_dimensions_are_noticed(data: Path) -> None:
    vector = np.frombuffer(blob(data, "vector"), np.float32)
    damage(data, f"UPDATE chunks SET vector = ? {FIRST}", np.append(vector, vector).tobytes())
    assert "vectors" in {fault.check for fault in examine(data, EXPECTED)}


def test_bytes_that_were_overwritten_are_noticed(data: Path) -> None:
    content = bytearray((data / "index.sqlite").read_bytes())
    content[4096 * 3 :] = b"\xff" * (len(content) - 4096 * 3)
    (data / "index.sqlite").write_bytes(content)
    assert "file" in {fault.check for fault in examine(data, EXPECTED)}
    with pytest.raises(StoreError, match="malformed") as caught:
        Store.open(data, ENCODER)
    assert "yuanwen doctor" in caught.value.hint


MENDED = [
    statement
    for statement, (check, mend) in DAMAGE.items()
    if mend.startswith("rebuild") and check != "identity"
]


@pytest.mark.parametrize("statement", MENDED)
def test_what_is_named_mends_it(data: Path, statement: str) -> None:
    with Store.open(data, ENCODER) as store:
        before = store.match("甲区收入多少")
    damage(data, statement)
    rebuild(data, ENCODER, mode="reencode" if "--reencode" in DAMAGE[statement][1] else "as needed")
    assert examine(data, EXPECTED) == []
    with Store.open(data, ENCODER) as store:
        assert store.match("甲区收入多少") == before


def test_no_index_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no index"):
        examine(tmp_path, EXPECTED)
