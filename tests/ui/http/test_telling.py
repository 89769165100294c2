"""An answer told while it is being made: in order, whole, and no longer than someone listens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import httpx
import pytest

from index.errors import OverloadError, StoreError, UsageError
from rag.answer import Answer, Segment, ask_body
from rag.pipeline import Question, to_nobody
from rag.settings import Settings
from rag.stated import Say
from tests.ui import fakes
from tests.ui.conftest import eventually
from tests.ui.fakes import FakePipeline
from ui.api import create_app
from ui.http import service
from ui.http.service import Asking, Service
from ui.server import Server, listen


class Slow(FakePipeline):
    """Asked "q", it says a segment, waits to be let go, and then says the other one, fails, or
    goes on saying it until nobody listens."""

    def __init__(self, then: str = "") -> None:
        super().__init__()
        self.then = then
        self.let_go = Event()
        self.ended = Event()

    def ask(self, question: Question, say: Say = to_nobody) -> Answer:
        first, second = fakes.glossed().segments
        if question.text != "q":  # the chat looks for examples
            return super().ask(question, say)
        try:
            say(first)
            self.let_go.wait()
            if self.then == "fails":
                raise StoreError("The index cannot be read.", "`yuanwen doctor`")
            say(second)
            while self.then == "goes on":
                say(second)
        finally:
            self.ended.set()
        return fakes.glossed(question.text)


@pytest.fixture
def pipeline() -> Iterator[Slow]:
    pipeline = Slow()
    yield pipeline
    pipeline.let_go.set()


@pytest.fixture
def asking(pipeline: Slow) -> Iterator[Asking]:
    yield from asking_of(pipeline)


def asking_of(pipeline: FakePipeline) -> Iterator[Asking]:
    served = Service(pipeline.typed, Settings())
    yield Asking(served)
    served.close()


@contextmanager
def serving(pipeline: FakePipeline) -> Iterator[str]:
    with listen("127.0.0.1", 0) as listener:
        server = Server(create_app(pipeline.typed, Settings()))
        thread = Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        host, port = listener.getsockname()
        try:
            yield f"http://{host}:{port}"
        finally:
            server.should_exit = True
            thread.join()


def events(lines: Iterator[str]) -> Iterator[tuple[str, str]]:
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line[7:]
        elif line.startswith("data: "):
            yield name, line[6:]


def test_segments_come_before_the_answer_is_whole(pipeline: Slow, asking: Asking) -> None:
    told = asking.stream(Question("q"))
    first, second = fakes.glossed().segments
    assert next(told) == first
    assert not pipeline.ended.is_set()
    pipeline.let_go.set()
    assert list(told) == [second, fakes.glossed("q")]
    assert list(asking.stream(Question("q")))[:-1] == [first, second]  # from the cache


def test_who_stops_listening_stops_the_telling() -> None:
    pipeline = Slow("goes on")
    pipeline.let_go.set()
    for asking in asking_of(pipeline):
        told = asking.stream(Question("q"))
        assert isinstance(next(told), Segment)
        told.close()  # type: ignore[attr-defined]
        assert pipeline.ended.wait(60)
        pipeline.then = ""
        assert isinstance(list(asking.stream(Question("q")))[-1], Answer)


def test_what_asking_raises_is_raised(
    monkeypatch: pytest.MonkeyPatch, pipeline: Slow, asking: Asking
) -> None:
    pipeline.then = "fails"
    told = asking.stream(Question("q"))
    next(told)
    pipeline.let_go.set()
    with pytest.raises(StoreError, match="cannot be read"):
        next(told)
    monkeypatch.setattr(service, "THREADS", 1)
    monkeypatch.setattr(service, "WAITING", 0)
    pipeline.let_go.clear()
    for full in asking_of(pipeline):
        waiting = full.stream(Question("q"))
        next(waiting)
        with pytest.raises(OverloadError):
            next(full.stream(Question("q")))
        pipeline.let_go.set()


def test_over_http(pipeline: Slow) -> None:
    body = {"question": "q", "stream": True}
    first, second = fakes.glossed().segments
    with serving(pipeline) as url, httpx.stream("POST", f"{url}/ask", json=body) as response:
        told = events(response.iter_lines())
        assert next(told) == ("token", json.dumps({"text": first.marked}, ensure_ascii=False))
        assert not pipeline.ended.is_set()
        pipeline.let_go.set()
        (_, text), (name, whole), end = told
        assert json.loads(text) == {"text": second.marked}
        assert (name, json.loads(whole)) == ("answer", ask_body(fakes.glossed("q")))
        assert end[1] == "[DONE]"


def test_a_failure_before_the_first_word_has_its_status_and_a_later_one_its_event() -> None:
    body = {"question": "q", "stream": True}
    refusing = FakePipeline()
    refusing.error = UsageError("There is no generator 'q'.")
    with serving(refusing) as url:
        assert httpx.post(f"{url}/ask", json=body).status_code == 400
    failing = Slow("fails")
    failing.let_go.set()
    with serving(failing) as url:
        *_, (name, data) = events(iter(httpx.post(f"{url}/ask", json=body).text.splitlines()))
    assert (name, json.loads(data)["error"]["code"]) == ("error", "store")


def test_a_client_that_hangs_up_stops_the_telling() -> None:
    pipeline = Slow("goes on")
    with serving(pipeline) as url:
        body = {"question": "q", "stream": True}
        with httpx.stream("POST", f"{url}/ask", json=body) as response:
            next(response.iter_lines())
        pipeline.let_go.set()
        assert pipeline.ended.wait(60)
        eventually(lambda: "yuanwen_pending 0.0" in httpx.get(f"{url}/metrics").text)
