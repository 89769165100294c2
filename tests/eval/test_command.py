from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from eval.command import evaluate
from eval.datasets import Choices
from index.errors import NotFoundError
from rag.settings import Settings

QUESTIONS = [
    {"id": "a", "question": "司机之家投资了多少？", "answers": ["100余万元"], "source": "zone.txt"},
    {"id": "b", "question": "高新区有多少家企业？", "answers": ["3200余家"], "split": "dev"},
    {"id": "c", "question": "", "answers": []},
    {"id": "d", "question": "火星上有几座机场？", "answers": []},
]
DOCUMENTS = {
    "zone.txt": "经开区为司机之家投资100余万元。\n\n" + "此处另有安排。" * 60,
    "park.md": "---\ntitle: 高新区\nlanguage: zh-Hans\n---\n\n高新区有企业3200余家。",
}


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    for source, text in DOCUMENTS.items():
        (tmp_path / "docs" / source).write_text(text, "utf-8")
    path = tmp_path / "small.jsonl"
    path.write_text("\n".join(map(json.dumps, QUESTIONS)), "utf-8")
    return path


@pytest.fixture
def console() -> Console:
    return Console(file=StringIO(), width=200)


def settings_in(folder: Path, threshold: float = 0.5) -> Settings:
    data, cache = folder / "data", folder / "cache"
    return Settings(
        data=data,
        cache=cache,
        encoder="hash",
        retriever="bm25",
        threshold=threshold,
        reader="light",
    )


def test_the_whole_line_over_real_documents(questions: Path, console: Console) -> None:
    folder = questions.parent
    settings = settings_in(folder)
    docs, out = folder / "docs", folder / "out"
    assert evaluate([str(questions)], settings, Choices(docs), out=out, console=console)
    report = json.loads((out / "report.json").read_text("utf-8"))
    assert report["metrics"]["recall@1"]["value"] == 1
    assert report["metrics"]["citations_dropped"]["value"] == 0
    assert report["counts"]["questions"] == 3
    assert report["counts"]["excluded_empty"] == 1
    assert report["settings"]["retriever"] == "bm25"
    # One document states its language, the other's script tells: the same language is one.
    assert report["matrix"].keys() == {"zh-Hans"}
    assert report["matrix"]["zh-Hans"]["zh-Hans"]["n"] == 2
    assert set(report["slices"]["script"]) == {"Hans"}
    lines = (out / "answers.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["a", "b", "d"]
    assert not (folder / "data").exists()


def test_always_answering_refuses_nothing_for_its_confidence(
    questions: Path, console: Console
) -> None:
    folder = questions.parent
    settings = settings_in(folder, threshold=1.0)
    refusals = {"low_confidence", "unsupported", "no_match"}
    for always, reasons in ((False, refusals), (True, {None})):
        evaluate(
            [str(questions)], settings, Choices(folder / "docs"), always_answer=always,
            out=folder / "out", console=console,
        )  # fmt: skip
        lines = (folder / "out" / "answers.jsonl").read_text("utf-8").splitlines()
        known = [line for line in map(json.loads, lines) if line["id"] != "d"]
        assert {line["reason"] for line in known} <= reasons


def test_several_sets_have_a_folder_each_and_a_skipped_file_is_told(
    questions: Path, console: Console
) -> None:
    folder = questions.parent
    (folder / "docs" / "broken.txt").write_bytes(bytes(range(256)))
    other = folder / "other.jsonl"
    other.write_bytes(questions.read_bytes())
    settings = settings_in(folder)
    names = [str(questions), str(other)]
    assert not evaluate(
        names, settings, Choices(folder / "docs"), out=folder / "out", console=console
    )
    assert {path.name for path in (folder / "out").iterdir()} == {"small-on-docs", "other-on-docs"}
    assert isinstance(console.file, StringIO)
    assert "skipped: broken.txt" in console.file.getvalue()


def test_a_missing_set_leaves_nothing_behind(questions: Path, console: Console) -> None:
    out = questions.parent / "out"
    with pytest.raises(NotFoundError):
        evaluate(["nowhere"], settings_in(out), Choices(), out=out, console=console)
    assert not out.exists()
