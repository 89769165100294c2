"""`yuanwen serve` as a process: it refuses to be open to all, and stops without cutting off."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from tests.ui.conftest import ROOT, eventually
from ui.cli import app

# Slow enough that the signal comes while it is answered.
SLOW = """
import sys, time
from rag.pipeline import Pipeline
from ui.cli import main
ask = Pipeline.ask

def slow(pipeline, question, **how):
    time.sleep(2 if "人口" in question.text else 0)
    return ask(pipeline, question, **how)

Pipeline.ask = slow
main()
"""


@contextmanager
def serving(data: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", SLOW, "serve", "--data", str(data), "--port", "0"]
    settings = {"YUANWEN_ENCODER": "hash", "YUANWEN_READER": "light", "PYTHONIOENCODING": "utf-8"}
    inherited = {name: value for name, value in os.environ.items() if "YUANWEN_" not in name}
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**inherited, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def test_told_to_stop_it_finishes_what_it_is_answering(data: Path) -> None:
    with serving(data) as process, ThreadPoolExecutor() as pool:
        assert process.stdout is not None
        assert process.stderr is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found
        client = httpx.Client(base_url=found.group(), timeout=60)
        eventually(lambda: client.get("/ready").status_code == 200)
        asked = pool.submit(client.post, "/ask", json={"question": "大善县的人口是多少？"})
        eventually(lambda: "yuanwen_pending 1.0" in client.get("/metrics").text)
        process.send_signal(signal.SIGTERM)
        answer = asked.result()
        assert answer.status_code == 200
        assert answer.json()["hits"]
        assert process.wait(30) == 0
        assert "Traceback" not in process.stderr.read()


@pytest.mark.parametrize("address", ["::", "192.0.2.1", "example.test"])
def test_it_does_not_start_open_to_all(tmp_path: Path, address: str) -> None:
    result = CliRunner().invoke(app, ["serve", "--host", address, "--data", str(tmp_path)])
    assert result.exit_code == 2
    assert "no token is set" in result.stderr
