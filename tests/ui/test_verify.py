"""`yuanwen verify`: what it prints of saved answers, and with which exit status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rich.text import Text
from typer.testing import CliRunner, Result

from rag.answer import ask_body
from tests.ui import fakes
from tests.ui.fakes import FakePipeline
from ui import cli

pytestmark = pytest.mark.usefixtures("fake_rooms")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, list(arguments))


def written(path: Path, *answers: dict[str, Any]) -> str:
    path.write_text("\n".join(map(json.dumps, answers)), "utf-8")
    return str(path)


def test_verify(pipeline: FakePipeline, tmp_path: Path) -> None:
    answer, refusal = ask_body(fakes.answered("面积\n多少？")), ask_body(fakes.refused())
    good = written(tmp_path / "good.jsonl", answer, {"id": "q", "error": "E"}, refusal)
    result = run("verify", good)
    assert result.exit_code == 0, result.output
    place = f"[{fakes.START}, {fakes.START + len(fakes.QUOTE)})"
    assert result.stdout.splitlines() == [
        f"面积 多少？\t1\tzones/004.md\tok\t{place}",
        f"谁是市长？\trelated 1\tzones/004.md\tok\t{place}",
    ]
    assert result.stderr == "2 ok, 0 moved, 0 stale\n"
    assert pipeline.store.closed


def test_verify_fails_where_a_citation_has_moved_or_is_stale(tmp_path: Path) -> None:
    answer = ask_body(fakes.answered())
    [citation] = answer["citations"]
    back = {**citation, "n": 2, "start": 2, "end": 2 + len(fakes.QUOTE), "highlights": []}
    gone = {**citation, "n": 3, "document_id": "nothing"}
    other = {**citation, "n": 4, "quote": "驿城区"}
    moved = written(tmp_path / "moved", {**answer, "citations": [citation, back]})
    stale = written(tmp_path / "stale", answer, {**answer, "citations": [citation, gone, other]})
    result = run("verify", moved)
    assert result.exit_code == 1
    new = f"[{fakes.START}, {fakes.START + len(fakes.QUOTE)})"
    assert result.stdout.splitlines()[1].endswith(f"\tmoved\t[2, {2 + len(fakes.QUOTE)}) → {new}")
    result = run("verify", stale)
    assert result.exit_code == 1
    assert [line.split("\t")[3:] for line in result.stdout.splitlines()[2:]] == [
        ["stale", "the document is gone"],
        ["stale", "the quote is gone"],
    ]
    result = run("verify", stale, "--json")
    assert result.exit_code == 1
    body = json.loads(result.stdout)
    assert (body["ok"], body["moved"], body["stale"]) == (2, 0, 2)
    assert [(each["answer"], each["n"]) for each in body["citations"]] == [
        (0, 1), (1, 1), (1, 3), (1, 4),
    ]  # fmt: skip
    assert body["citations"][2] == {
        "answer": 1,
        "part": "citations",
        "n": 3,
        "document_id": "nothing",
        "status": "stale",
        "reason": "document_gone",
        "start": None,
        "end": None,
    }


def test_on_a_terminal_there_is_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    answer = written(tmp_path / "answer", ask_body(fakes.answered()))
    for arguments, names, value in [
        (["verify", answer], ["question", "n", "source", "status", "where"], "\x1b[32mok"),
        (["list"], ["id", "source", "title", "date", "characters", "chunks"], "驛城區 <b>"),
    ]:
        heading, row = run(*arguments).stdout.splitlines()
        assert Text.from_ansi(heading).plain.split() == names
        assert value in row


def test_verify_reads_standard_input() -> None:
    answer = json.dumps(ask_body(fakes.answered()))
    result = CliRunner().invoke(cli.app, ["verify", "-", "--json"], input=answer)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["ok"] == 1
    result = CliRunner().invoke(cli.app, ["verify", "-"], input="{")
    assert result.exit_code == 2
    assert "standard input, line 1: not valid JSON" in result.stderr


def test_verify_reads_the_file_before_anything_is_loaded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("index.encoder.load_encoder", pytest.fail)
    broken = written(tmp_path / "broken", {"question": "q"})
    for name, message in [
        ("nowhere", "There is no file nowhere."),
        (str(tmp_path), f"{tmp_path} cannot be read: Is a directory."),
        (broken, f"{broken}, line 1: .citations: Field required."),
    ]:
        result = run("verify", name)
        assert result.exit_code == 2
        assert message in result.stderr
    error = json.loads(run("verify", "nowhere", "--json").stdout)["error"]
    assert error["code"] == "not_found"
