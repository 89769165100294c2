"""The terminal's door: what it prints, where, and with which exit status."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from eval.datasets import Choices
from index.errors import BusyError, StoreError
from index.load.content import Content, Paragraph, assemble
from index.records import Chunk, Filters
from rag.answer import ask_body
from tests.ui import fakes
from tests.ui.fakes import FakePipeline
from ui import bodies, cli, terminal

ROOT = Path(__file__).parents[2]


pytestmark = pytest.mark.usefixtures("fake_rooms")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, list(arguments))


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "ui.cli", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
        timeout=60,
    )


def test_ask_prints_the_short_answer_first(pipeline: FakePipeline) -> None:
    result = run("ask", "面积多少？", "--top-k", "3", "--generator", "extractive")
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert lines[0] == fakes.SHORT
    assert lines[2] == f"[1] {fakes.QUOTE}"
    assert lines[3].strip() == "驛城區 <b> · 河南日報 · 2015-03 · zones/004.md"
    assert lines[5] == "很有把握 (93%)"
    assert (pipeline.asked[0].top_k, pipeline.asked[0].generator) == (3, "extractive")
    assert pipeline.store.closed


def test_ask_json_is_the_http_body() -> None:
    result = run("ask", "面积多少？", "--json")
    assert json.loads(result.stdout) == ask_body(fakes.answered("面积多少？"))


def test_a_refusal_is_no_failure_and_shows_what_is_nearby() -> None:
    result = run("ask", "谁是市长？")
    assert result.exit_code == 0
    assert "没有找到" in result.stdout
    assert "并非答案" in result.stdout
    assert fakes.QUOTE in result.stdout


def test_what_was_understood_comes_first() -> None:
    for given in (fakes.answered(), fakes.refused()):
        shown = terminal.answer_text(replace(given, question="And?", resolved_question="面积？"))
        assert shown.plain.startswith("Understood as: 面积？\n\n")


def test_a_reply_to_small_talk_is_all_that_is_printed() -> None:
    assert run("ask", "你好").stdout == f"{fakes.chatted().text}\n"


def test_what_the_system_says_itself_follows_the_short_answer() -> None:
    lines = run("ask", "How large is it?").stdout.splitlines()
    assert lines[:5] == [fakes.SHORT, "", fakes.NOTE.strip(), "", f"[1] {fakes.QUOTE}"]
    assert sum(fakes.QUOTE in line for line in lines) == 1


def test_search_shows_both_legs() -> None:
    result = run("search", "面积")
    assert "lexical 0.500  dense 0.800" in result.stdout
    assert fakes.TEXT.splitlines()[1] in result.stdout  # literal: [bold] and <script> as they are
    hits = json.loads(run("search", "面积", "--json").stdout)["hits"]
    assert hits[0]["chunk_id"] == fakes.CHUNK.id


@pytest.mark.parametrize("name", ["ask", "search"])
def test_filters_reach_the_pipeline(pipeline: FakePipeline, name: str) -> None:
    dates = ("--from", "2014", "--to", "2015-03")
    documents = ("--document", "x", "--document", "y")
    result = run(name, "面积？", *documents, "--source", "zones/", *dates, "--language", "zh")
    assert result.exit_code == 0, result.output
    assert pipeline.asked[-1].filters == Filters(("x", "y"), "zones/", "2014", "2015-03", "zh")
    run(name, "面积？")
    assert pipeline.asked[-1].filters == Filters()


@pytest.mark.parametrize("name", ["ask", "search"])
def test_warnings_go_to_stderr_or_into_the_body(pipeline: FakePipeline, name: str) -> None:
    pipeline.warnings = ("Not [b]quite.",)
    result = run(name, "谁是市长？")  # a refusal has warnings too
    assert result.exit_code == 0
    assert result.stderr == "warning: Not [b]quite.\n"
    assert "quite" not in result.stdout
    result = run(name, "谁是市长？", "--json")
    assert result.stderr == ""
    assert json.loads(result.stdout)["warnings"] == ["Not [b]quite."]


def test_list_and_show_and_remove(pipeline: FakePipeline) -> None:
    assert run("list").stdout.split("\t")[:2] == [fakes.DOCUMENT.id, fakes.DOCUMENT.source]
    assert json.loads(run("list", "--json").stdout)[0]["id"] == fakes.DOCUMENT.id
    shown = run("show", fakes.DOCUMENT.id).stdout
    assert "publisher: 河南日報" in shown
    assert f"--- chunk 1/1 [0, {len(fakes.TEXT)})" in shown
    body = json.loads(run("show", fakes.DOCUMENT.id, "--json").stdout)
    assert body["text"][body["chunks"][0]["start"] : body["chunks"][0]["end"]] == fakes.TEXT
    assert run("remove", fakes.DOCUMENT.id).stdout == "removed zones/004.md\n"
    assert pipeline.store.removed == [fakes.DOCUMENT.id]


def test_show_says_what_is_set_apart_and_where() -> None:
    assert "set apart: -" in run("show", fakes.DOCUMENT.id).stdout
    menu, text = "首页 | 登录", "正文。"
    document = assemble("page.txt", Content((Paragraph(menu, aside=True), Paragraph(text))))
    chunk = Chunk(document.id, len(menu) + 1, len(document.text), text, "", ())
    shown = terminal.document_text(document, [chunk]).plain
    assert "set apart: 1 of 2 lines, not searched, shown behind a ┆\n" in shown
    assert f"\n┆ {menu}\n" in shown
    assert f"\n{text}" in shown
    body = bodies.document_body(document, [chunk])
    assert body["asides"] == [{"start": 0, "end": len(menu)}]


def test_an_unknown_document_changes_nothing(pipeline: FakePipeline) -> None:
    for name in ("show", "remove"):
        result = run(name, "nothing")
        assert result.exit_code == 2
        assert "error: There is no document 'nothing'." in result.stderr
    assert pipeline.store.removed == []


def test_index_reports_each_file_and_fails_for_a_skipped_one(tmp_path: Path) -> None:
    good, bad = tmp_path / "a.txt", tmp_path / "b.bin"
    good.touch()
    bad.touch()
    assert run("index", str(good)).exit_code == 0
    result = run("index", str(good), str(bad), "--prune")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "added\ta.txt\t3 chunks",
        "skipped\tb.bin\t[red]binary[/red]",
        "1 added · 1 skipped",
    ]
    assert result.stderr == ""  # no bar where nobody looks
    outcomes = json.loads(run("index", str(bad), "--json").stdout)
    assert outcomes[0]["status"] == "skipped"


def test_a_missing_path_is_found_before_anything_is_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("index.encoder.load_encoder", pytest.fail)
    result = run("index", "nowhere")
    assert result.exit_code == 2
    assert "nowhere" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask", " "], "The question is empty."),
        (["ask"], "Missing argument"),
        (["ask", "q", "--top-k", "0"], "--top-k"),
        (["ask", "q", "--from", "2022-02-30"], "'2022-02-30', which is no date"),
        (["search", "q", "--to", "yesterday"], "'yesterday', which is no date"),
        (["search", "q", "--from", "2023", "--to", "2022-12"], "2023, is after the latest"),
        (["serve", "--port", "70000"], "--port"),
        (["nonsense"], "nonsense"),
        (["eval", "corpus", "--legs", "--out", "reports"], "--legs has no use for --out."),
        (["eval", "--check", "--retriever", "bm25"], "--check has no use for --retriever."),
        (["eval", "corpus", "--legs", "--ablations"], "--legs and --ablations are different"),
    ],
)
def test_bad_usage(arguments: list[str], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize(("error", "status"), [(StoreError, 1), (BusyError, 1)])
def test_errors_are_messages(pipeline: FakePipeline, error: type[StoreError], status: int) -> None:
    pipeline.error = error("[b]What[/b] was found.", "What to do.")
    result = run("ask", "q")
    assert result.exit_code == status
    assert result.stderr == "error: [b]What[/b] was found.\nWhat to do.\n"
    result = run("ask", "q", "--json")
    assert result.exit_code == status
    assert json.loads(result.stdout)["error"] == {
        "code": error.code,
        "message": "[b]What[/b] was found.",
        "hint": "What to do.",
    }


def test_an_unknown_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YUANWEN_TOPK", "3")
    result = run("list")
    assert result.exit_code == 2
    assert "YUANWEN_TOPK" in result.stderr


@pytest.mark.parametrize(("fine", "status"), [(True, 0), (False, 1)])
def test_eval(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, fine: bool, status: int) -> None:
    called: dict[str, Any] = {}

    def evaluate(sets: list[str], settings: Any, choices: Any, **options: Any) -> bool:
        called.update(options, sets=sets, retriever=settings.retriever, choices=choices)
        return fine

    monkeypatch.setattr("eval.command.evaluate", evaluate)
    arguments = ["--limit", "9", "--retriever", "bm25", "--other-script", "--out", str(tmp_path)]
    result = run("eval", "corpus", *arguments)
    assert result.exit_code == status
    del called["console"]
    assert called == {
        "sets": ["corpus"],
        "choices": Choices(limit=9, other_script=True),
        "always_answer": False,
        "fit_confidence": False,
        "out": tmp_path,
        "retriever": "bm25",
    }


@pytest.mark.parametrize(("fine", "status"), [(True, 0), (False, 1)])
def test_eval_of_the_legs(monkeypatch: pytest.MonkeyPatch, *, fine: bool, status: int) -> None:
    called: list[Any] = []

    def compare_legs(sets: list[str], settings: Any, choices: Any, _: Any) -> bool:
        called.append((sets, settings.retriever, choices))
        return fine

    monkeypatch.setattr("eval.versus.compare_legs", compare_legs)
    assert run("eval", "corpus", "--docs", "pages", "--legs").exit_code == status
    assert called == [(["corpus"], "hybrid", Choices(docs=Path("pages")))]


def test_ctrl_c_is_quiet(pipeline: FakePipeline) -> None:
    def interrupted(question: object) -> None:
        raise KeyboardInterrupt

    pipeline.ask = interrupted  # type: ignore[assignment, method-assign]
    result = run("ask", "q")
    assert result.exit_code == 130
    assert result.output.strip() == ""


def test_a_port_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.server.open_pipeline", pytest.fail)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("serve", "--port", str(port))
    assert result.exit_code == 1
    assert f"error: Cannot listen on 127.0.0.1:{port}" in result.stderr
    assert "--port" in result.stderr


def test_control_characters_are_shown_not_obeyed() -> None:
    assert terminal.literal("a\x1b[31mb\x9bc\td\n").plain == "a\ufffd[31mb\ufffdc\td\n"


@pytest.mark.parametrize("rooms", ["rag.pipeline", "ui.saved, ui.checked"])
def test_a_command_does_not_wait_for_what_it_does_not_use(rooms: str) -> None:
    unused = ("gradio", "fastapi", "uvicorn", "matplotlib", "torch")
    code = f"import sys, ui.cli, {rooms};print([name for name in {unused} if name in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "utf-8"])
def test_a_locale_that_cannot_write_the_text_does_not_fail(encoding: str) -> None:
    result = command("index", "没有🎉", PYTHONIOENCODING=encoding)
    assert result.returncode == 2
    assert b"Traceback" not in result.stderr
    assert result.stderr.startswith(b"error: ")
    result = command("index", "没有🎉", "--json", PYTHONIOENCODING=encoding)
    assert "没有🎉" in json.loads(result.stdout.decode(encoding))["error"]["message"]
