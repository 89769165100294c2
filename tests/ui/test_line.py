"""The whole line by the real parts: files in, a quoted answer out."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from tests.ui.conftest import ROOT
from ui.cli import app


def run(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--data", str(data)])


def test_an_answer_is_quoted_from_the_document(collection: Path) -> None:
    result = run(collection, "ask", "驿城区的产业集聚区规划面积是多少？", "--json")
    assert result.exit_code == 0, result.output
    body = json.loads(result.stdout)
    assert "21平方公里" in body["answer"].replace(" ", "")
    for citation in body["citations"]:
        shown = run(collection, "show", citation["document_id"], "--json")
        text = json.loads(shown.stdout)["text"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_a_question_beyond_the_collection_is_refused(collection: Path) -> None:
    result = run(collection, "ask", "驿城区的地铁有几条线路？")
    assert result.exit_code == 0
    assert "文档里" in result.stdout


def test_filters_at_the_terminal(collection: Path) -> None:
    question = "规划面积是多少？"
    found = run(collection, "search", question, "--source", "004", "--json")
    assert {hit["source"] for hit in json.loads(found.stdout)["hits"]} == {
        "004-yicheng-district.md"
    }
    nothing = run(collection, "ask", question, "--from", "2023")
    assert nothing.exit_code == 0
    assert "warning: The filters leave none of the 6 documents to search." in nothing.stderr
    unknown = run(collection, "ask", question, "--document", "nothing")
    assert unknown.exit_code == 2
    assert "There is no document 'nothing'." in unknown.stderr


def test_indexing_again_changes_nothing(collection: Path) -> None:
    listed = run(collection, "list").stdout
    assert len(listed.splitlines()) == 6
    again = run(collection, "index", str(ROOT / "corpus"), "--json")
    assert {outcome["status"] for outcome in json.loads(again.stdout)} <= {"unchanged", "ignored"}
    assert run(collection, "list").stdout == listed


def test_a_bad_file_is_skipped_with_its_reason_and_stops_no_other(tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    (files / "good.txt").write_text("大善县的人口是45万人。", "utf-8")
    (files / "bad.txt").write_bytes(bytes(range(256)) * 20)
    result = run(tmp_path / "data", "index", str(files))
    assert result.exit_code == 1
    assert "skipped   bad.txt" in result.stdout
    assert "added     good.txt" in result.stdout


def test_a_folder_without_an_index_says_what_to_do(tmp_path: Path) -> None:
    result = run(tmp_path / "none", "ask", "面积？")
    assert result.exit_code == 1
    assert "yuanwen index" in result.stderr
    assert not (tmp_path / "none").exists()
