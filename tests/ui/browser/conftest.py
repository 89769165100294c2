"""A real server over the collection that ships, and a real browser before it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.ui.conftest import ROOT, eventually

WIDE, PHONE = (1280, 800), (390, 844)
QUESTION = "驿城区的产业集聚区规划面积是多少？"
UNANSWERABLE = "驿城区的地铁有几条线路？"
# Chromium's own calls home would be mistaken for the page's.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> str:
    path = shutil.which("chromium")
    if path:
        return path
    if os.environ.get("CI") == "true":
        pytest.fail("CI needs Debian's chromium; .ci/run installs it")
    pytest.skip("there is no chromium on this machine")


# Of one module each: while Playwright's loop runs, no other test can run one of its own.
@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(collection: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of `yuanwen serve` over a copy of the collection, which tests may change."""
    with serving(collection, tmp_path_factory.mktemp("server")) as url:
        yield url


@contextmanager
def serving(collection: Path, folder: Path, **settings: str) -> Iterator[str]:
    """The URL of a server over a copy of the collection in `folder`, with environment variables."""
    shutil.copytree(collection, folder / "data")
    command = [sys.executable, "-m", "ui.cli", "serve", "--port", "0"]
    errors = folder / "stderr"
    with (
        errors.open("wb") as log,
        subprocess.Popen(
            [*command, "--data", str(folder / "data")],
            cwd=ROOT,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", **settings},
            stdout=subprocess.PIPE,
            stderr=log,
        ) as process,
    ):
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline().decode())
        assert found, errors.read_text()
        eventually(lambda: ready(found.group()))
        yield found.group()
        process.terminate()


def ready(server: str) -> bool:
    try:
        with urlopen(f"{server}/ready", timeout=60):  # noqa: S310 - a server of our own
            return True
    except HTTPError:
        return False


@dataclass
class Visit:
    """A page, and the hosts that it asked for anything."""

    page: Page
    server: str
    hosts: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def open(self) -> None:
        self.page.goto(self.server)
        expect(self.box).to_be_visible(timeout=30_000)
        expect(self.page.locator(".yw-count")).not_to_be_empty()

    @property
    def box(self) -> Locator:
        return self.page.locator(".yw-composer textarea")

    def turn(self, number: int) -> Locator:
        return self.page.locator(f"#t{number}")

    def ask(self, question: str, turn: int = 1) -> Locator:
        self.box.fill(question)
        self.box.press("Enter")
        return self.answered(turn)

    def answered(self, turn: int) -> Locator:
        expect(self.turn(turn).locator(".yw-actions")).to_be_visible(timeout=30_000)
        return self.turn(turn)

    def text(self, selector: str) -> str:
        return self.page.locator(selector).text_content() or ""

    def highlighted(self) -> str:
        """What is marked in the document that is open, over all of its paragraphs."""
        marks = self.page.locator(".yw-viewer mark")
        expect(marks.first).to_be_in_viewport()
        return "".join(marks.all_text_contents())

    def do(self, name: str) -> None:
        self.page.locator(f"[data-do={name}]:visible").click()


Visits = Callable[..., Visit]


@pytest.fixture
def visits(browser: Browser, server: str) -> Iterator[Visits]:
    """Opens pages, each as another person's; at the end no page has asked another host for
    anything, and no script has failed."""
    opened: list[Visit] = []

    def visit(size: tuple[int, int] = WIDE, **how: Any) -> Visit:
        width, height = size
        how = {"locale": "zh-CN", **how}
        context = browser.new_context(viewport={"width": width, "height": height}, **how)
        new = Visit(context.new_page(), server)
        new.page.on("request", lambda sent: new.hosts.add(urlsplit(sent.url).netloc))
        new.page.on("pageerror", lambda error: new.faults.append(str(error)))
        opened.append(new)
        new.open()
        return new

    yield visit
    for each in opened:
        assert each.hosts <= {urlsplit(server).netloc, ""}, "the page asked another host"
        assert not each.faults
        each.page.context.close()


def call(server: str, path: str, body: object = None, method: str = "POST") -> Any:
    request = Request(  # noqa: S310 - a server of our own
        f"{server}/{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"content-type": "application/json"},
        method=method,
    )
    with urlopen(request, timeout=60) as response:  # noqa: S310
        return json.load(response)


@contextmanager
def added(visit: Visit, name: str, data: bytes) -> Iterator[None]:
    """Upload through the page's window; taken away again behind its back, if it is still there."""
    before = {each["id"] for each in call(visit.server, "documents", method="GET")["documents"]}
    visit.do("documents")
    visit.page.locator(".yw-drop input").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    )
    expect(visit.page.locator(".yw-uploads .yw-done")).to_be_visible(timeout=30_000)
    yield
    after = {each["id"] for each in call(visit.server, "documents", method="GET")["documents"]}
    for document_id in after - before:
        call(visit.server, f"documents/{document_id}", method="DELETE")


def screenshot(page: Page, name: str) -> None:
    """Only with SCREENSHOTS=1, so that a test run leaves the working tree clean. (No YUANWEN_…
    name: those are all settings, and an unknown one is an error.)"""
    if os.environ.get("SCREENSHOTS"):
        page.mouse.move(0, 0)
        page.wait_for_timeout(1_000)  # until nothing moves any more
        page.screenshot(path=ROOT / "docs" / name)
