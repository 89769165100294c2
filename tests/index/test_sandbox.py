"""The child process that reads files: it serves all threads, may die, and costs nothing unused."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.load import load_document, sandbox

ROOT = Path(__file__).parents[2]


def text_of(number: int) -> str:
    document = load_document(f"# 标题\n\n第{number}段。".encode(), f"{number}.md")
    assert document
    return document.text


def test_threads_share_one_child_and_get_their_own_documents() -> None:
    with ThreadPoolExecutor(8) as pool:
        texts = list(pool.map(text_of, range(100)))
    assert texts == [f"标题\n第{number}段。" for number in range(100)]
    assert len(sandbox._idle) == 1


def test_a_child_that_was_killed_between_two_files_is_replaced() -> None:
    text_of(1)
    (child,) = sandbox._idle
    child._process.kill()
    child._process.wait()
    assert text_of(2) == "标题\n第2段。"


def test_a_child_that_has_read_much_gives_its_memory_back() -> None:
    document = load_document(("新乡高新区的收入。" * 300_000).encode(), "a.txt")
    assert document
    assert len(document.text) == 9 * 300_000
    assert sandbox._idle == []


def test_ctrl_c_leaves_no_child_whose_answer_nobody_awaits(monkeypatch: pytest.MonkeyPatch) -> None:
    text_of(1)
    (child,) = sandbox._idle

    def interrupted(pipe: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sandbox, "read_frame", interrupted)
        with pytest.raises(KeyboardInterrupt):
            text_of(2)
    assert not child.lives()
    assert text_of(3) == "标题\n第3段。"


def test_a_name_that_cannot_be_encoded_comes_through() -> None:
    document = load_document(b"text", "\udcff.txt")
    assert document
    assert document.source == "\udcff.txt"


def test_indexing_loads_no_library_of_a_format_into_this_process() -> None:
    unused = ("lxml", "docx", "openpyxl", "pypdfium2", "selectolax", "markdown_it", "jieba")
    code = (
        "import sys, index.load;"
        "assert index.load.load_document(b'# a', 'a.md').text == 'a';"
        f"print([name for name in {unused} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
    assert done.stderr == ""


def test_the_child_ends_with_its_parent() -> None:
    code = (
        "import os;from index.load import load_document, sandbox;load_document(b'a', 'a.txt');"
        "print(sandbox._idle[0]._process.pid, flush=True);os.kill(os.getpid(), 9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == -9
    pid = int(done.stdout)
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").split()[2]
        except FileNotFoundError:
            return
        if state == "Z":
            return
        subprocess.run(["sleep", "0.1"], check=True)
    pytest.fail("the child outlived its parent")
