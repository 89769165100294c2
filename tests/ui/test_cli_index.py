"""The commands that keep an index, with the real store behind them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from index.encoder import HashEncoder
from index.lock import writing
from ui.cli import app


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("index.encoder.load_encoder", lambda name, cache: HashEncoder())
    monkeypatch.setenv("YUANWEN_DATA", str(tmp_path / "data"))
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "a.md").write_text("# 甲区\n\n甲区收入六亿元。", "utf-8")
    (folder / "b.md").write_text("# 乙區\n\n乙區投資五億元。", "utf-8")
    assert run("index", str(folder)).exit_code == 0
    return tmp_path / "data"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def damage(data: Path, statement: str) -> None:
    with closing(sqlite3.connect(data / "index.sqlite")) as connection, connection:
        connection.execute(statement)


def test_the_doctor_finds_damage_and_its_advice_mends_it(data: Path) -> None:
    assert run("doctor").stdout == "All is well.\n"
    assert json.loads(run("doctor", "--json").stdout) == []
    damage(data, "UPDATE terms SET chunks = 7 WHERE term = '甲区'")
    result = run("doctor")
    assert result.exit_code == 1
    assert "1 chunks have it, not 7" in result.stdout
    [fault] = json.loads(run("doctor", "--json").stdout)
    assert fault["mend"] == f"yuanwen rebuild --data {data}"
    assert run(*fault["mend"].split()[1:]).stdout == "rebuilt 2 documents\n"
    assert run("doctor").exit_code == 0


def test_a_stale_index_names_the_command_that_mends_it(data: Path) -> None:
    damage(data, "UPDATE identity SET value = 'older' WHERE name = 'chunker'")
    for arguments in (["list"], ["search", "甲区"], ["index", str(data.parent / "documents")]):
        result = run(*arguments)
        assert result.exit_code == 1
        assert f"yuanwen rebuild --data {data}" in result.stderr
    assert run("doctor").exit_code == 1
    assert json.loads(run("rebuild", "--rechunk", "--json").stdout) == {"documents": 2}
    assert run("list").exit_code == 0


def test_rechunk_and_reencode_are_different_things() -> None:
    result = run("rebuild", "--rechunk", "--reencode")
    assert result.exit_code == 2
    assert "Give one of them" in result.stderr
    assert run("rebuild", "--reencode").exit_code == 0


def test_export_and_import(data: Path, tmp_path: Path) -> None:
    file = str(tmp_path / "out.jsonl")
    assert run("export", file).stdout == "exported 2 documents\n"
    other = ["--data", str(tmp_path / "other")]
    assert run("import", file, *other).stdout == "2 added\n"
    assert run("import", file, *other).stdout == "2 unchanged\n"
    assert run("list", *other).stdout == run("list").stdout
    assert run("doctor", *other).exit_code == 0
    body = json.loads(run("import", file, "--json", *other).stdout)
    assert [each["status"] for each in body] == ["unchanged", "unchanged"]


def test_an_import_of_something_else_makes_no_index(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text("{}\n", "utf-8")
    for name, status in (("x.jsonl", 1), ("nothing.jsonl", 2)):
        result = run("import", str(tmp_path / name), "--data", str(tmp_path / "other"))
        assert result.exit_code == status
        assert name in result.stderr
    assert not (tmp_path / "other").exists()


def test_commands_that_need_an_index_say_how_to_make_one(tmp_path: Path) -> None:
    for arguments in (["doctor"], ["rebuild"], ["export", str(tmp_path / "out.jsonl")]):
        result = run(*arguments, "--data", str(tmp_path / "nothing"))
        assert result.exit_code == 1
        assert "yuanwen index" in result.stderr
    assert not (tmp_path / "nothing").exists()


def test_who_is_writing_is_said(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.store.writing", lambda folder: writing(folder, wait=0))
    with writing(data):
        result = run("index", str(data.parent / "documents"), "--json")
    assert result.exit_code == 1
    error = json.loads(result.stdout)["error"]
    assert error["code"] == "busy"
    assert "is being written to by process" in error["message"]
