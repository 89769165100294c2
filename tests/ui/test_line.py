"""The whole line by the real parts: files in, a quoted answer out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
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


def test_a_saved_answer_is_followed_through_edits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YUANWEN_ENCODER", "hash")
    monkeypatch.setenv("YUANWEN_THRESHOLD", "0")
    data, file, saved = tmp_path / "data", tmp_path / "大善县.md", tmp_path / "saved.json"
    sentence = "大善县𠮷区的人口是45万人。"

    def verified(text: str) -> tuple[int, dict[str, Any]]:
        file.write_text(text, "utf-8")
        assert run(data, "index", str(file)).exit_code == 0
        result = run(data, "verify", str(saved), "--json")
        return result.exit_code, json.loads(result.stdout)

    saved.write_text("[]", "utf-8")
    assert verified(sentence) == (0, {"citations": [], "ok": 0, "moved": 0, "stale": 0})
    answer = run(data, "ask", "大善县的人口是多少？", "--json").stdout
    assert json.loads(answer)["short_answer"] == "45万人"
    saved.write_text(answer, "utf-8")
    status, body = verified(f"{sentence}\n\n后来加了一段。")
    assert (status, body["ok"]) == (0, 1)
    status, body = verified(f"🎉先加了一段。\n\n{sentence}")
    assert (status, body["moved"]) == (1, 1)
    [citation] = body["citations"]
    text = json.loads(run(data, "show", citation["document_id"], "--json").stdout)["text"]
    assert text[citation["start"] : citation["end"]] == sentence
    status, body = verified("大善县𠮷区的人口是46万人。")
    assert (status, body["stale"]) == (1, 1)
    assert run(data, "remove", citation["document_id"]).exit_code == 0
    result = run(data, "verify", str(saved))
    assert result.exit_code == 1
    assert "the document is gone" in result.stdout


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
    assert "skipped\tbad.txt\t" in result.stdout
    assert "added\tgood.txt\t" in result.stdout


def test_a_folder_without_an_index_says_what_to_do(tmp_path: Path) -> None:
    result = run(tmp_path / "none", "ask", "面积？")
    assert result.exit_code == 1
    assert "yuanwen index" in result.stderr
    assert not (tmp_path / "none").exists()
