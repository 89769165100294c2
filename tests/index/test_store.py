import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index.encoder import HashEncoder
from index.errors import NotFoundError, StaleIndexError, StoreError
from index.records import Filters
from index.store import Store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "a.md").write_text(
        "---\ntitle: 甲区\nlanguage: zh-Hans\ndate: 2022-05-27\n---\n甲区收入六亿元。😀甲区很大。",
        encoding="utf-8",
    )
    (documents / "b.md").write_text("# 乙區\n\n乙區投資五億元。", encoding="utf-8")
    return documents


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(data: Path, folder: Path) -> Iterator[Store]:
    with Store.open(data, HashEncoder(), write=True) as store:
        store.add([folder])
        yield store


def statuses(store: Store, folder: Path, *, prune: bool = False) -> dict[str, str]:
    return {o.source: o.status for o in store.add([folder], prune=prune)}


def test_indexing_twice_changes_nothing(store: Store, folder: Path) -> None:
    before = store.documents()
    assert statuses(store, folder) == {"a.md": "unchanged", "b.md": "unchanged"}
    assert store.documents() == before


def test_an_edit_is_found_and_the_old_text_is_gone(store: Store, folder: Path) -> None:
    (folder / "b.md").write_text("# 乙區\n\n乙區投資九億元。", encoding="utf-8")
    before = {info.source: info.id for info in store.documents()}
    assert statuses(store, folder)["b.md"] == "updated"
    assert {info.source: info.id for info in store.documents()} == before
    texts = [match.chunk.text for match in store.match("乙区投资多少")]
    assert "乙區投資九億元。" in texts
    assert "乙區投資五億元。" not in texts


def test_pruning_removes_what_is_gone_beneath_the_path(store: Store, folder: Path) -> None:
    (folder / "b.md").unlink()
    assert statuses(store, folder) == {"a.md": "unchanged"}
    assert statuses(store, folder, prune=True) == {"a.md": "unchanged", "b.md": "removed"}
    assert [info.source for info in store.documents()] == ["a.md"]


def test_a_bad_file_is_skipped_with_its_reason_and_stops_no_other(
    store: Store, folder: Path
) -> None:
    (folder / "c.txt").write_bytes(bytes(200))
    (folder / "d.txt").write_text("丁区。", encoding="utf-8")
    outcomes = {o.source: o for o in store.add([folder])}
    assert outcomes["c.txt"].status == "skipped"
    assert "not a text" in outcomes["c.txt"].reason
    assert outcomes["d.txt"].status == "added"


def test_a_missing_path_changes_nothing(store: Store, folder: Path) -> None:
    (folder / "new.txt").write_text("新的。", encoding="utf-8")
    with pytest.raises(NotFoundError, match="nowhere"):
        store.add([folder, folder / "nowhere"])
    assert len(store.documents()) == 2


def test_two_files_with_one_source_do_not_replace_each_other(store: Store, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.md").write_text("别的文件。", encoding="utf-8")
    [outcome] = store.add([other])
    assert outcome.status == "skipped"
    assert "same name" in outcome.reason


def test_of_two_files_with_one_source_in_one_call_the_second_is_skipped(
    store: Store, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.md").write_text(f"{name}。", encoding="utf-8")
    outcomes = store.add([tmp_path / "one", tmp_path / "two"])
    assert sorted(outcome.status for outcome in outcomes) == ["added", "skipped"]


def test_a_file_that_asks_not_to_be_indexed_any_more_is_gone(store: Store, folder: Path) -> None:
    (folder / "b.md").write_text("---\nindex: false\n---\n乙區。", encoding="utf-8")
    assert statuses(store, folder)["b.md"] == "ignored"
    assert [info.source for info in store.documents()] == ["a.md"]


def test_an_empty_file_is_no_index(tmp_path: Path) -> None:
    (tmp_path / "index.sqlite").touch()
    with pytest.raises(StoreError, match="no index of Yuanwen"):
        Store.open(tmp_path, HashEncoder())


def test_removing_a_document_removes_its_chunks(store: Store) -> None:
    info = store.documents()[0]
    assert store.remove(info.id) == info
    assert info.id not in {m.chunk.document_id for m in store.match("甲区收入")}
    with pytest.raises(NotFoundError):
        store.document(info.id)
    with pytest.raises(NotFoundError):
        store.remove(info.id)


def vocabulary(data: Path) -> dict[str, int]:
    with closing(sqlite3.connect(data / "index.sqlite")) as connection:
        return dict(connection.execute("SELECT term, chunks FROM terms"))


def test_a_term_is_gone_with_the_last_chunk_that_has_it(
    store: Store, data: Path, folder: Path
) -> None:
    assert vocabulary(data)["亿元"] == 2
    assert vocabulary(data)["乙区"] == 1
    (folder / "b.md").write_text("投资九亿元。", encoding="utf-8")
    store.add([folder])
    assert vocabulary(data)["亿元"] == 2
    assert "乙区" not in vocabulary(data)
    for info in store.documents():
        store.remove(info.id)
    assert vocabulary(data) == {}
    assert store.match("投资") == []


def test_what_was_changed_is_searched_as_if_it_had_always_been_so(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    (folder / "a.md").write_text("乙区投资七亿元，乙区很小。", encoding="utf-8")
    (folder / "c.md").write_text("丙区没有投资，投资很少。", encoding="utf-8")
    store.add([folder])
    (folder / "b.md").unlink()
    store.add([folder], prune=True)
    with Store.open(tmp_path / "fresh", HashEncoder(), write=True) as fresh:
        fresh.add([folder])
        assert store.match("乙区投资多少") == fresh.match("乙区投资多少")


def test_a_match_finds_the_other_script_and_keeps_its_own(store: Store) -> None:
    best = max(store.match("乙区投资"), key=lambda match: match.lexical)
    assert best.chunk.text == "乙區投資五億元。"
    assert best.lexical > 0


def test_matches_carry_exact_offsets(store: Store) -> None:
    for match in store.match("甲区"):
        document = store.document(match.chunk.document_id)
        assert document.text[match.chunk.start : match.chunk.end] == match.chunk.text
        assert len(match.sentences) == len(match.chunk.sentences)


@pytest.mark.parametrize(
    ("filters", "sources"),
    [
        (Filters(), {"a.md", "b.md"}),
        (Filters(source_prefix="b"), {"b.md"}),
        (Filters(language="zh"), {"a.md", "b.md"}),  # b.md states none and is in Chinese
        (Filters(language="zh-Hans"), {"a.md"}),
        (Filters(date_from="2022-01-01", date_to="2022-12-31"), {"a.md"}),
        (Filters(date_from="2023"), set()),
        (Filters(documents=("nothing",)), set()),
    ],
)
def test_filters_limit_both_legs(store: Store, filters: Filters, sources: set[str]) -> None:
    found = {m.chunk.document_id for m in store.match("甲区乙区收入投资", filters=filters)}
    names = {info.id: info.source for info in store.documents()}
    assert {names[document_id] for document_id in found} == sources


def test_a_text_that_states_no_language_and_is_not_chinese_has_none(
    store: Store, folder: Path
) -> None:
    (folder / "c.txt").write_text("The third area, which is called 丙区 by some.", encoding="utf-8")
    store.add([folder])
    assert [info.source for info in store.admitted(Filters(language="zh"))] == ["a.md", "b.md"]
    assert store.admitted(Filters(language="en")) == []


def test_a_filter_by_an_unknown_document_is_noticed(store: Store) -> None:
    known = store.documents()[0]
    assert store.admitted(Filters(documents=(known.id,))) == [known]
    with pytest.raises(NotFoundError, match="'nothing'"):
        store.admitted(Filters(documents=(known.id, "nothing")))


def test_a_filter_finds_what_would_be_far_down_the_ranking(store: Store, folder: Path) -> None:
    for n in range(20):
        (folder / f"more-{n}.txt").write_text(f"丁区收入六亿元，第{n}期。", encoding="utf-8")
    (folder / "rare.txt").write_text("另有一区收入很少，记在别处。", encoding="utf-8")
    store.add([folder])
    question = "丁区收入六亿元"
    rare = Filters(source_prefix="rare")
    found = {match.chunk.text for match in store.match(question, limit=1)}
    [alone] = store.match(question, limit=1, filters=rare)
    assert alone.chunk.text.startswith("另有") and alone.chunk.text not in found
    # How rare a word is remains a matter of the whole collection.
    everything = {match.chunk.id: match for match in store.match(question)}
    assert alone == everything[alone.chunk.id]


def test_a_reader_sees_what_a_writer_changes(store: Store, data: Path, folder: Path) -> None:
    with Store.open(data, HashEncoder()) as reader:
        assert len(reader.match("甲区乙区")) == 2
        (folder / "c.txt").write_text("丙区收入七亿元。", encoding="utf-8")
        store.add([folder])
        assert len(reader.match("甲区乙区丙区")) == 3
        store.remove(store.documents()[0].id)
        assert len(reader.match("甲区乙区丙区")) == 2


def test_opening_for_reading_leaves_the_index_as_it_is(store: Store, data: Path) -> None:
    store.close()
    before = (data / "index.sqlite").read_bytes()
    with Store.open(data, HashEncoder()) as reader:
        assert reader.match("甲区")
    assert (data / "index.sqlite").read_bytes() == before


def test_an_index_in_a_read_only_folder_can_be_read(store: Store, data: Path) -> None:
    store.close()
    before = sorted(data.iterdir())
    data.chmod(0o555)
    (data / "index.sqlite").chmod(0o444)
    # A process of its own, without root's power to write everywhere.
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from index.encoder import HashEncoder\n"
        "from index.lexicon import translations\n"
        "from index.store import Store\n"
        "from index.tokens import Tokenizer\n"
        "Tokenizer().terms('甲'), translations('甲')  # dictionaries lie where only root may read\n"
        "os.geteuid() or os.setuid(65534)\n"
        "print(len(Store.open(Path(sys.argv[1]), HashEncoder()).match('甲区')))"
    )
    for folder in (data, *data.parents[:3]):
        if folder.stat().st_uid == os.geteuid():
            folder.chmod(folder.stat().st_mode | 0o055)
    try:
        found = subprocess.run(
            [sys.executable, "-c", script, str(data)],
            capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False,
        )  # fmt: skip
    finally:
        data.chmod(0o755)
    assert (found.stdout, found.stderr) == ("2\n", "")
    assert sorted(data.iterdir()) == before


def test_no_index_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        Store.open(tmp_path, HashEncoder())
    assert "yuanwen index" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_index_says_so(tmp_path: Path) -> None:
    (tmp_path / "index.sqlite").write_bytes(b"no database" * 100)
    with pytest.raises(StoreError, match="cannot be opened"):
        Store.open(tmp_path, HashEncoder())


@pytest.mark.parametrize("name", ["encoder", "tokenizer", "chunker", "schema"])
def test_another_identity_is_noticed(store: Store, data: Path, name: str) -> None:
    store.close()
    with sqlite3.connect(data / "index.sqlite") as connection:
        connection.execute("UPDATE identity SET value = 'other' WHERE name = ?", (name,))
    for write in (False, True):
        with pytest.raises(StaleIndexError, match=name) as caught:
            Store.open(data, HashEncoder(), write=write)
        assert ("yuanwen rebuild" in caught.value.hint) == (name != "schema")


def test_a_user_dictionary_that_changes_meanwhile_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("骆驼湾有企业。", "utf-8")
    with Store.open(tmp_path / "data", HashEncoder(), write=True) as store:
        (tmp_path / "data" / "yuanwen.dict").write_text("骆驼湾", "utf-8")
        with pytest.raises(StaleIndexError, match="user dictionary"):
            store.add([tmp_path / "a.txt"])
        assert store.documents() == []
    with pytest.raises(StaleIndexError, match="tokenizer"):
        Store.open(tmp_path / "data", HashEncoder())
