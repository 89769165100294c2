"""With the keyboard alone, with a screen reader, with any theme: checked by axe-core."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.ui.browser.conftest import PHONE, QUESTION, UNANSWERABLE, WIDE, Visit, Visits


def serious(visit: Visit) -> list[str]:
    visit.page.wait_for_timeout(500)  # colours that fade in are no colours to be read
    found = Axe().run(visit.page).response["violations"]
    return [
        f"{each['id']}: {node['html']}"
        for each in found
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]


@pytest.mark.parametrize(("theme", "size"), [("light", WIDE), ("dark", PHONE)])
def test_nothing_serious_is_found(visits: Visits, theme: str, size: tuple[int, int]) -> None:
    visit = visits(size, color_scheme=theme)
    assert serious(visit) == []
    visit.ask(QUESTION).locator(".yw-retrieved > summary").click()
    visit.ask(UNANSWERABLE, turn=2)
    assert serious(visit) == []
    visit.turn(1).locator(".yw-cite").first.click()
    visit.highlighted()
    assert serious(visit) == []
    visit.do("close")
    visit.do("documents")
    expect(visit.page.locator(".yw-list li").first).to_be_visible()
    assert serious(visit) == []


def test_everything_is_reached_with_the_keyboard(visits: Visits) -> None:
    visit = visits()
    press = visit.page.keyboard.press
    visit.page.keyboard.type(QUESTION)  # the box has the focus from the start
    press("Enter")
    turn = visit.answered(1)
    reached: set[str] = set()
    visit.page.evaluate("document.body.tabIndex = -1; document.body.focus()")
    for _ in range(30):
        press("Tab")
        reached.add(
            visit.page.evaluate(
                """(() => {
                    const { dataset, tagName, type } = document.activeElement;
                    return dataset.do ?? (type || tagName.toLowerCase());
                })()"""
            )
        )
    wanted = {"documents", "fresh", "language", "theme", "place", "copy", "up", "down", "retry"}
    assert wanted | {"summary", "textarea", "submit"} <= reached
    turn.locator(".yw-cite").first.focus()
    press("Enter")
    assert visit.highlighted()
    assert visit.page.evaluate("document.activeElement.closest('dialog').className") == "yw-viewer"
    press("Escape")
    expect(visit.page.locator(".yw-viewer")).to_be_hidden()
    assert visit.page.evaluate("document.activeElement.className") == "yw-cite"


def test_confidence_is_told_without_colour(visits: Visits) -> None:
    visit = visits()
    confidence = visit.ask(QUESTION).locator(".yw-confidence")
    expect(confidence).to_have_text("很有把握")
    sign = confidence.evaluate("each => getComputedStyle(each, '::before').content")
    assert sign.strip('"') in "●◐○"
