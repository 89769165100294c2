"""Behind a login, with the token that lets one read and with none that holds any more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.ui.browser.conftest import QUESTION, Visit, serving
from tests.ui.http.conftest import TOKEN, WRITE_TOKEN


@pytest.fixture(scope="module")
def guarded(collection: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    # Asking whether it is ready counts as well.
    tokens = {
        "YUANWEN_TOKEN": TOKEN,
        "YUANWEN_WRITE_TOKEN": WRITE_TOKEN,
        "YUANWEN_RATE_LIMIT": "100000",
    }
    with serving(collection, tmp_path_factory.mktemp("guarded"), **tokens) as url:
        yield url


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="zh-CN")
    yield context.new_page()
    context.close()


def test_who_may_read_asks_and_opens_and_is_told_what_they_may_not(
    page: Page, guarded: str
) -> None:
    page.goto(guarded)
    page.locator("input[name=token]").fill(TOKEN)
    page.keyboard.press("Enter")
    visit = Visit(page, guarded)
    expect(visit.page.locator(".yw-examples button").first).to_be_visible(timeout=60_000)
    visit.ask(QUESTION).locator(".yw-cite").first.click()
    assert visit.highlighted()
    visit.do("close")
    page.reload()
    visit.answered(1)
    visit.do("documents")
    page.locator(".yw-drop input").set_input_files(
        FilePayload(name="a.txt", mimeType="text/plain", buffer="蓝塔村".encode())
    )
    expect(page.locator(".yw-uploads .yw-refused")).to_contain_text("This token lets you read")
    remove = page.locator(".yw-list .yw-remove").first
    remove.click()
    remove.click()
    expect(page.locator(".yw-documents .yw-status")).to_contain_text("This token lets you read")


def test_a_token_that_holds_no_more_is_said(page: Page, guarded: str) -> None:
    page.goto(guarded)
    page.locator("input[name=token]").fill(TOKEN)
    page.keyboard.press("Enter")
    visit = Visit(page, guarded)
    expect(page.locator(".yw-count")).not_to_be_empty()
    page.context.clear_cookies()
    visit.box.fill(QUESTION)
    visit.box.press("Enter")
    expect(visit.turn(1)).to_contain_text("访问口令已失效", timeout=10_000)
    visit.do("documents")
    expect(page.locator(".yw-documents .yw-status")).to_contain_text("访问口令已失效")
