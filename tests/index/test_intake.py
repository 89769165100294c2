"""What becomes of files that change, vanish, or can no longer be read; and of uploads."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from index.encoder import HashEncoder
from index.errors import StaleIndexError, StoreError
from index.records import Kind, Outcome, Vectors
from index.store import Store

PARAGRAPHS = [f"第{n}区收入{n}亿元，第{n}区的面积是{n}平方公里。" * 8 for n in range(1, 7)]


class Counting(HashEncoder):
    """Remembers what it has encoded."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str], kind: Kind) -> Vectors:
        self.texts += texts
        return super().encode(texts, kind)


@pytest.fixture
def encoder() -> Counting:
    return Counting()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "a.txt").write_text("\n\n".join(PARAGRAPHS), "utf-8")
    (folder / "b.txt").write_text("乙区没有收入。", "utf-8")
    return folder


@pytest.fixture
def store(tmp_path: Path, folder: Path, encoder: Counting) -> Iterator[Store]:
    with Store.open(tmp_path / "data", encoder, write=True) as store:
        store.add([folder])
        encoder.texts.clear()
        yield store


def outcome(store: Store, folder: Path, source: str = "a.txt") -> Outcome:
    return {outcome.source: outcome for outcome in store.add([folder])}[source]


def sources(store: Store) -> list[str]:
    return [info.source for info in store.documents()]


def test_what_has_not_changed_is_not_encoded_again(
    store: Store, folder: Path, encoder: Counting
) -> None:
    assert outcome(store, folder).status == "unchanged"
    assert encoder.texts == []


def test_only_changed_chunks_and_sentences_are_encoded_again(
    store: Store, folder: Path, encoder: Counting, tmp_path: Path
) -> None:
    changed = PARAGRAPHS[2] + "新的一句。"
    text = "\n\n".join([PARAGRAPHS[0], PARAGRAPHS[1], changed, *PARAGRAPHS[3:]])
    (folder / "a.txt").write_text(f"前言。\n\n{text}", "utf-8")
    assert outcome(store, folder).status == "updated"
    assert encoder.texts
    assert not [text for text in encoder.texts if PARAGRAPHS[5] in text]
    with Store.open(tmp_path / "fresh", HashEncoder(), write=True) as fresh:
        fresh.add([folder])
        for ours, theirs in zip(store.match("收入"), fresh.match("收入"), strict=True):
            assert ours.chunk == theirs.chunk
            assert ours.lexical == theirs.lexical
            assert ours.dense == pytest.approx(theirs.dense, abs=1e-6)
            assert ours.sentences == pytest.approx(theirs.sentences, abs=1e-6)


def test_a_repeated_sentence_is_encoded_once(store: Store, folder: Path, encoder: Counting) -> None:
    (folder / "c.txt").write_text("丙区很大。\n\n丙区很大。丁区很小。", "utf-8")
    outcome(store, folder)
    assert encoder.texts.count("丙区很大。") == 1


@pytest.mark.parametrize("data", [b"", b"\x7fELF" + bytes(200)])
def test_a_file_without_its_text_is_no_longer_quoted(
    store: Store, folder: Path, data: bytes
) -> None:
    (folder / "b.txt").write_bytes(data)
    found = outcome(store, folder, "b.txt")
    assert found.status == "skipped"
    assert found.reason.endswith("What was indexed of it before is removed.")
    assert sources(store) == ["a.txt"]
    assert "乙区" not in {match.chunk.text[:2] for match in store.match("乙区收入")}
    # Not again, now that nothing is left of it.
    assert "before" not in outcome(store, folder, "b.txt").reason


def test_a_file_that_cannot_be_read_is_kept_as_it_was(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.load.limits.BYTES", 10)
    found = outcome(store, folder, "b.txt")
    assert found.status == "skipped"
    assert found.reason.endswith("What was indexed of it before is kept.")
    assert sources(store) == ["a.txt", "b.txt"]


def test_what_is_gone_from_an_archive_goes_with_its_change(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stand-in for an archive: each line is a member."""

    def parts(path: Path, source: str) -> Iterator[tuple[str, bytes]]:
        for line in path.read_text("utf-8").splitlines():
            name, _, text = line.partition(" ")
            yield f"{source}/{name}", text.encode()

    monkeypatch.setattr("index.intake.read_parts", parts)
    archive = folder / "c.zip"
    archive.write_text("x.txt 丙区。\ny.txt 丁区。\n", "utf-8")
    assert {o.source: o.status for o in store.add([archive])} == {
        "c.zip/x.txt": "added",
        "c.zip/y.txt": "added",
    }
    archive.write_text("y.txt 丁区。\nz.txt 戊区。\n", "utf-8")
    assert {o.source: o.status for o in store.add([archive])} == {
        "c.zip/x.txt": "removed",
        "c.zip/y.txt": "unchanged",
        "c.zip/z.txt": "added",
    }
    assert sources(store) == ["a.txt", "b.txt", "c.zip/y.txt", "c.zip/z.txt"]


def test_an_interrupted_run_is_taken_up_where_it_was(
    tmp_path: Path, folder: Path, encoder: Counting
) -> None:
    for n in range(40):
        (folder / f"c{n:02}.txt").write_text(PARAGRAPHS[n % 6] + f"其{n}。", "utf-8")

    def interrupt(done: int, total: int, source: str) -> None:
        if source == "c39.txt":
            raise KeyboardInterrupt

    with Store.open(tmp_path / "data", encoder, write=True) as store:
        with pytest.raises(KeyboardInterrupt):
            store.add([folder], progress=interrupt)
        kept = sources(store)
        assert 20 < len(kept) < 42
        encoder.texts.clear()
        outcomes = store.add([folder])
        assert [o.source for o in outcomes if o.status == "unchanged"] == kept
        assert len(sources(store)) == 42
        assert not [text for text in encoder.texts if text.endswith("其0。")]


def test_progress_never_goes_back_and_arrives(tmp_path: Path, folder: Path) -> None:
    seen: list[tuple[int, int]] = []
    with Store.open(tmp_path / "data", HashEncoder(), write=True) as store:
        for _ in range(2):
            seen.clear()
            store.add([folder], progress=lambda done, total, _: seen.append((done, total)))
            assert [done for done, _ in seen] == sorted(done for done, _ in seen)
            assert seen[-1][0] == seen[-1][1] > 0


def test_an_upload_is_a_document_that_pruning_leaves_alone(store: Store, folder: Path) -> None:
    assert store.add_bytes("new.md", "# 丙區\n\n丙區很大。".encode()).status == "added"
    assert store.add_bytes("new.md", "# 丙區\n\n丙區很大。".encode()).status == "unchanged"
    assert store.add_bytes("new.md", "# 丙區\n\n丙區很小。".encode()).status == "updated"
    store.add([folder], prune=True)
    assert sources(store) == ["a.txt", "b.txt", "new.md"]
    assert "丙區很小。" in {match.chunk.text for match in store.match("丙区")}


def test_an_upload_that_is_refused_changes_nothing(store: Store) -> None:
    store.add_bytes("new.md", "丙区很大。".encode())
    for data in (b"", b"\x7fELF" + bytes(200)):
        assert store.add_bytes("new.md", data).status == "skipped"
    assert store.add_bytes("new.exe", b"MZ\x90\0" + bytes(200)).status == "skipped"
    assert "丙区很大。" in {match.chunk.text for match in store.match("丙区")}


def test_an_upload_and_a_file_do_not_replace_each_other(store: Store, folder: Path) -> None:
    assert "same name" in store.add_bytes("a.txt", "别的。".encode()).reason
    store.add_bytes("c.txt", "上传的。".encode())
    (folder / "c.txt").write_text("文件的。", "utf-8")
    found = outcome(store, folder, "c.txt")
    assert (found.status, "An upload" in found.reason) == ("skipped", True)
    assert {"上传的。"} < {match.chunk.text for match in store.match("上传的")}


def test_a_store_that_is_open_for_reading_changes_nothing(store: Store, tmp_path: Path) -> None:
    with Store.open(tmp_path / "data", HashEncoder()) as reader:
        with pytest.raises(StoreError, match="for reading only"):
            reader.add_bytes("c.txt", "丙区。".encode())
        with pytest.raises(StoreError, match="for reading only"):
            reader.remove(store.documents()[0].id)


def test_a_writer_notices_that_the_index_was_made_again_by_another_encoder(
    store: Store, tmp_path: Path
) -> None:
    from index.rebuild import rebuild

    rebuild(tmp_path / "data", HashEncoder(seed=1))
    for call in (lambda: store.add_bytes("c.txt", "丙区。".encode()), lambda: store.match("收入")):
        with pytest.raises(StaleIndexError, match="encoder"):
            call()
    with Store.open(tmp_path / "data", HashEncoder(seed=1)) as other:
        assert other.match("收入")
