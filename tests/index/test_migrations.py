"""An index that an earlier version made is brought up to date where it is opened for writing."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index.doctor import examine
from index.encoder import HashEncoder
from index.errors import StaleIndexError
from index.identity import identity_of
from index.migrations import MIGRATIONS
from index.store import Store
from index.tables import SCHEMA
from index.tokens import Tokenizer

ENCODER = HashEncoder(8)


@pytest.fixture(params=sorted(MIGRATIONS))
def data(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """An index of this version's tables, as that version made it; for the rest of today's."""
    with closing(sqlite3.connect(tmp_path / "index.sqlite")) as connection:
        dump = Path(__file__).with_name(f"schema-{request.param}.sql")
        connection.executescript(dump.read_text("utf-8"))
        with connection:
            connection.executemany(
                "UPDATE identity SET value = ? WHERE name = ? AND name != 'schema'",
                [(value, name) for name, value in identity_of(ENCODER, Tokenizer()).items()],
            )
    return tmp_path


def test_it_is_brought_up_to_date_whole(data: Path) -> None:
    with Store.open(data, ENCODER, write=True) as store:
        assert [info.source for info in store.documents()] == ["a.md", "b.md"]
        best = max(store.match("乙区投资"), key=lambda match: match.lexical)
        assert best.chunk.text == "乙區投資五億元。"
        assert store.add_bytes("c.txt", "丙区。".encode()).status == "added"
    assert examine(data, identity_of(ENCODER, Tokenizer())) == []


def test_reading_it_changes_nothing_and_names_what_does(data: Path) -> None:
    before = (data / "index.sqlite").read_bytes()
    with pytest.raises(StaleIndexError, match="schema") as caught:
        Store.open(data, ENCODER)
    assert f"yuanwen rebuild --data {data}" in caught.value.hint
    assert [fault.check for fault in examine(data, identity_of(ENCODER, Tokenizer()))] == [
        "identity"
    ]
    assert (data / "index.sqlite").read_bytes() == before


def test_it_is_brought_up_to_date_whole_or_not_at_all(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [(version, (following, statements))] = MIGRATIONS.items()
    broken = {version: (following, f"{statements}; INSERT INTO nowhere VALUES (1)")}
    monkeypatch.setattr("index.migrations.MIGRATIONS", broken)
    for _ in range(2):
        with pytest.raises(Exception, match="nowhere"):
            Store.open(data, ENCODER, write=True)
    monkeypatch.undo()
    Store.open(data, ENCODER, write=True).close()


@pytest.mark.parametrize("version", ["1", "99"])
def test_a_version_that_leads_nowhere_is_left_alone(tmp_path: Path, version: str) -> None:
    Store.open(tmp_path, ENCODER, write=True).close()
    with closing(sqlite3.connect(tmp_path / "index.sqlite")) as connection, connection:
        connection.execute("UPDATE identity SET value = ? WHERE name = 'schema'", (version,))
    for write in (False, True):
        with pytest.raises(StaleIndexError, match=f"schema '{version}'") as caught:
            Store.open(tmp_path, ENCODER, write=write)
        assert "rebuild" not in caught.value.hint


def test_every_version_leads_to_todays() -> None:
    followed = [MIGRATIONS[version][0] for version in sorted(MIGRATIONS, key=int)]
    assert followed == [*sorted(MIGRATIONS, key=int)[1:], SCHEMA]
