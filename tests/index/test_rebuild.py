"""What is derived can be made again from the texts: whole, in part, and after an interruption."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from index.doctor import examine
from index.encoder import HashEncoder
from index.errors import BusyError, StaleIndexError, StoreError
from index.identity import identity_of
from index.lock import writing
from index.rebuild import rebuild
from index.records import Kind, Match, Vectors
from index.store import Store
from index.tokens import Tokenizer
from tests.index.test_intake import Counting

QUESTION = "第3区的收入是多少"


def fill(data: Path, folder: Path, encoder: HashEncoder, count: int = 60) -> None:
    folder.mkdir(exist_ok=True)
    for n in range(count):
        (folder / f"{n:03}.md").write_text(
            f"# 第{n}区\n\n第{n}区的收入是{n}亿元。😀它很大。\n\n第{n}区没有河。", "utf-8"
        )
    with Store.open(data, encoder, write=True) as store:
        store.add([folder])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    fill(tmp_path / "data", tmp_path / "documents", HashEncoder())
    return tmp_path / "data"


def matches(data: Path, encoder: HashEncoder) -> list[Match]:
    with Store.open(data, encoder) as store:
        return store.match(QUESTION)


def state(name: str, value: str, data: Path) -> None:
    with closing(sqlite3.connect(data / "index.sqlite")) as connection, connection:
        connection.execute("UPDATE identity SET value = ? WHERE name = ?", (value, name))


@pytest.mark.parametrize("name", ["tokenizer", "chunker"])
def test_a_stale_index_is_mended_without_encoding_anything(data: Path, name: str) -> None:
    before = matches(data, HashEncoder())
    state(name, "older", data)
    with pytest.raises(StaleIndexError, match=name) as caught:
        Store.open(data, HashEncoder())
    assert f"yuanwen rebuild --data {data}" in caught.value.hint
    encoder = Counting()
    assert rebuild(data, encoder, mode="rechunk") == 60
    assert encoder.texts == []
    assert matches(data, HashEncoder()) == before


def test_another_encoder_makes_all_vectors_anew(data: Path, tmp_path: Path) -> None:
    other = HashEncoder(32, seed=1)
    with pytest.raises(StaleIndexError, match="Another encoder") as caught:
        rebuild(data, other, mode="rechunk")
    assert "--reencode" in caught.value.hint
    assert matches(data, HashEncoder())  # as it was
    rebuild(data, other)
    fill(tmp_path / "fresh", tmp_path / "documents", other)
    assert matches(data, other) == matches(tmp_path / "fresh", other)
    assert examine(data, identity_of(other, Tokenizer())) == []


def test_reencoding_keeps_no_vector(data: Path) -> None:
    encoder = Counting()
    rebuild(data, encoder, mode="reencode")
    assert len([text for text in encoder.texts if text.endswith("第3区没有河。")]) > 0


class Failing(Counting):
    """Is interrupted after so many texts."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.after = after

    def encode(self, texts: Sequence[str], kind: Kind) -> Vectors:
        if len(self.texts) > self.after:
            raise KeyboardInterrupt
        return super().encode(texts, kind)


def test_an_interrupted_rebuild_goes_on_where_it_was(data: Path) -> None:
    before = matches(data, HashEncoder())
    failing = Failing(100)
    with pytest.raises(KeyboardInterrupt):
        rebuild(data, failing, mode="reencode")
    assert matches(data, HashEncoder()) == before  # whoever searches has the old
    resumed = Counting()
    rebuild(data, resumed, mode="reencode")
    assert not set(failing.texts) & set(resumed.texts)
    assert matches(data, HashEncoder()) == before
    assert not (data / "rebuild").exists()


def test_what_changed_since_an_interruption_is_not_what_was_made_then(
    data: Path, tmp_path: Path
) -> None:
    with pytest.raises(KeyboardInterrupt):
        rebuild(data, Failing(100), mode="reencode")
    (tmp_path / "documents" / "000.md").write_text("别的内容。", "utf-8")
    (tmp_path / "documents" / "001.md").unlink()
    with Store.open(data, HashEncoder(), write=True) as store:
        store.add([tmp_path / "documents"], prune=True)
    before = matches(data, HashEncoder())
    rebuild(data, HashEncoder(), mode="reencode")
    assert matches(data, HashEncoder()) == before
    assert examine(data, identity_of(HashEncoder(), Tokenizer())) == []


def test_a_rebuild_that_was_begun_otherwise_is_begun_anew(data: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        rebuild(data, Failing(100), mode="reencode")
    other = HashEncoder(32, seed=1)
    rebuild(data, other)
    assert examine(data, identity_of(other, Tokenizer())) == []


def test_who_searches_meanwhile_has_the_old_and_then_the_new(data: Path) -> None:
    with Store.open(data, HashEncoder()) as reader:
        with reader.moment() as moment:
            before = moment.match(QUESTION)
            rebuild(data, HashEncoder())
            assert moment.match(QUESTION) == before
        assert reader.match(QUESTION) == before


def test_a_damaged_text_is_not_made_to_look_right(data: Path) -> None:
    with closing(sqlite3.connect(data / "index.sqlite")) as connection, connection:
        connection.execute("UPDATE documents SET text = '假的' WHERE source = '000.md'")
    with pytest.raises(StoreError, match="000"):
        rebuild(data, HashEncoder())


def test_nothing_to_rebuild(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no index"):
        rebuild(tmp_path, HashEncoder())
    assert list(tmp_path.iterdir()) == []


def test_one_writer_at_a_time(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.rebuild.writing", lambda folder: writing(folder, wait=0))
    with writing(data), pytest.raises(BusyError):
        rebuild(data, HashEncoder())


def test_an_empty_index(tmp_path: Path) -> None:
    Store.open(tmp_path, HashEncoder(), write=True).close()
    assert rebuild(tmp_path, HashEncoder()) == 0
