"""A real server, a real browser: ask, see the answer, open its source, at both widths."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.ui.conftest import ROOT
from ui.chat import EMPTY

WIDE, NARROW = (1280, 800), (390, 844)
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
QUESTION = "驿城区的产业集聚区规划面积是多少？"
UNANSWERABLE = "驿城区的地铁有几条线路？"


@pytest.fixture(scope="session")
def chromium() -> str:
    path = shutil.which("chromium")
    if path:
        return path
    if os.environ.get("CI") == "true":
        pytest.fail("CI needs Debian's chromium; .ci/run installs it")
    pytest.skip("there is no chromium on this machine")


# Of this module: while Playwright's loop runs, no other test can run one of its own.
@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server(collection: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of `yuanwen serve` over the collection that ships."""
    errors = tmp_path_factory.mktemp("server") / "stderr"
    with (
        errors.open("wb") as log,
        subprocess.Popen(
            [sys.executable, "-m", "ui.cli", "serve", "--port", "0", "--data", str(collection)],
            cwd=ROOT,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            stdout=subprocess.PIPE,
            stderr=log,
        ) as process,
    ):
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline().decode())
        assert found, errors.read_text()
        yield found.group()
        process.terminate()


@dataclass
class Visit:
    page: Page
    hosts: set[str] = field(default_factory=set)

    def ask(self, question: str, turn: int = 1) -> None:
        self.page.get_by_label("Question").fill(question)
        self.page.get_by_role("button", name="提问 Ask").click()
        self.wait(turn)

    def wait(self, turn: int) -> None:
        said = self.page.locator(f"#t{turn} .yw-words, #t{turn} .yw-refusal")
        expect(said).to_be_visible(timeout=30_000)


@pytest.fixture
def visit(browser: Browser, server: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A page of the given size; that it asked no other host for anything is checked at the end."""
    width, height = getattr(request, "param", WIDE)
    context = browser.new_context(viewport={"width": width, "height": height})
    visit = Visit(context.new_page())
    visit.page.on("request", lambda sent: visit.hosts.add(urlsplit(sent.url).netloc))
    visit.page.goto(server)
    expect(visit.page.get_by_label("Question")).to_be_visible(timeout=30_000)
    yield visit
    assert visit.hosts <= {urlsplit(server).netloc, ""}, "the page asked another host"
    context.close()


def ask_api(server: str, question: str) -> Any:
    request = Request(  # noqa: S310 - a server of our own
        f"{server}/ask",
        data=json.dumps({"question": question}).encode(),
        headers={"content-type": "application/json"},
    )
    with urlopen(request, timeout=60) as response:  # noqa: S310
        return json.load(response)


def screenshot(page: Page, name: str) -> None:
    """Only with SCREENSHOTS=1, so that a test run leaves the working tree clean. (No YUANWEN_…
    name: those are all settings, and an unknown one is an error.)"""
    if os.environ.get("SCREENSHOTS"):
        page.mouse.move(0, 0)
        page.wait_for_timeout(2_000)  # until the flash has faded
        page.screenshot(path=ROOT / "docs" / name)


def test_a_click_on_a_number_shows_the_quote_in_its_source(visit: Visit, server: str) -> None:
    body = ask_api(server, QUESTION)
    assert not body["abstained"]
    visit.ask(QUESTION)
    for citation in body["citations"]:
        mark = visit.page.locator(f"#t1-c{citation['n']}")
        visit.page.locator(f"#t1 .yw-cite[href='#t1-c{citation['n']}']").click()
        assert mark.text_content() == citation["quote"]
        expect(mark).to_be_in_viewport()
        expect(mark).to_have_class(re.compile("yw-flash"))
        assert mark.locator(".yw-strong").all_text_contents() == [
            body_text(citation, span) for span in citation["highlights"]
        ]
    assert visit.page.locator("#t1 .yw-short").text_content() == body["short_answer"]
    screenshot(visit.page, "chat-wide.png")


def body_text(citation: Any, span: Any) -> str:
    start = citation["start"]
    return str(citation["quote"][span["start"] - start : span["end"] - start])


def boxes(page: Page) -> tuple[dict[str, float], dict[str, float]]:
    """The answer's place and that of its sources, at one moment: the page may be scrolling."""
    talk, sources = page.evaluate(
        """['.yw-talk', '.yw-sources'].map(
            (part) => document.querySelector(`#t1 ${part}`).getBoundingClientRect().toJSON())"""
    )
    return talk, sources


@pytest.mark.parametrize("visit", [NARROW], indirect=True)
def test_on_a_phone_sources_stand_under_the_answer(visit: Visit) -> None:
    visit.ask(QUESTION)
    talk, sources = boxes(visit.page)
    assert sources["top"] >= talk["bottom"]
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
    screenshot(visit.page, "chat-narrow.png")


def test_on_a_wide_screen_sources_stand_beside_the_answer(visit: Visit) -> None:
    visit.ask(QUESTION)
    talk, sources = boxes(visit.page)
    assert sources["left"] >= talk["right"]
    assert sources["top"] <= talk["bottom"]


def test_a_refusal_says_so(visit: Visit, server: str) -> None:
    body = ask_api(server, UNANSWERABLE)
    assert body["abstained"]
    visit.ask(UNANSWERABLE)
    assert visit.page.locator("#t1 .yw-refusal").text_content() == body["answer"]
    expect(visit.page.locator("#t1 .yw-cite")).to_have_count(0)


def test_examples_come_from_the_collection_and_are_answered(visit: Visit) -> None:
    examples = visit.page.locator("#yw-examples button")
    expect(examples.nth(2)).to_be_visible()
    examples.first.click()
    visit.wait(1)
    expect(visit.page.locator("#t1 .yw-words")).to_be_visible()
    expect(examples.first).to_be_hidden()


def test_an_empty_question_only_asks_for_one(visit: Visit) -> None:
    visit.page.get_by_label("Question").press("Enter")
    expect(visit.page.locator("#yw-note")).to_have_text(EMPTY)
    expect(visit.page.locator(".yw-turn")).to_have_count(0)


def test_two_people_do_not_see_each_other(visit: Visit, browser: Browser, server: str) -> None:
    context = browser.new_context()
    other = Visit(context.new_page())
    other.page.goto(server)
    visit.ask(QUESTION)
    other.ask(UNANSWERABLE)
    visit.ask(UNANSWERABLE, turn=2)
    expect(visit.page.locator(".yw-turn")).to_have_count(2)
    expect(other.page.locator(".yw-turn")).to_have_count(1)
    context.close()


def test_a_question_is_text(visit: Visit) -> None:
    text = "<img src=x onerror=document.title='x'> ${1} {{2}} `"
    visit.ask(text)
    assert visit.page.locator("#t1 .yw-question").text_content() == text
    assert visit.page.title() != "x"
