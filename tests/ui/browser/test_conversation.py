"""A conversation is kept by its browser: over a reload, copied, rated, stopped, begun anew."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Route, expect

from eval.jsonl import read_questions
from tests.ui.browser.conftest import QUESTION, UNANSWERABLE, Visits, added, call


def test_it_survives_a_reload(visits: Visits) -> None:
    visit = visits()
    visit.ask(QUESTION)
    visit.ask(UNANSWERABLE, turn=2)
    before = visit.turn(1).inner_text()
    visit.open()
    assert visit.answered(1).inner_text() == before
    expect(visit.page.locator(".yw-turn")).to_have_count(2)
    visit.turn(1).locator(".yw-cite").first.click()
    assert visit.highlighted()


def test_a_new_one_forgets_the_old(visits: Visits) -> None:
    visit = visits()
    visit.ask(QUESTION)
    visit.do("fresh")
    expect(visit.page.locator(".yw-turn")).to_have_count(0)
    visit.open()
    expect(visit.page.locator(".yw-turn")).to_have_count(0)


def test_what_a_browser_has_stored_may_be_anything(visits: Visits) -> None:
    visit = visits()
    hostile = [{"question": "<b>x</b>", "documents": [], "body": {"citations": 1}, "gone": False}]
    for stored in ('"x"', "{", json.dumps(hostile)):
        visit.page.evaluate("text => sessionStorage.setItem('yuanwen-turns', text)", stored)
        visit.open()
        visit.do("fresh")
        visit.ask(QUESTION)


def test_a_copy_has_its_sources(visits: Visits, server: str) -> None:
    body = call(server, "ask", {"question": QUESTION})
    visit = visits(permissions=["clipboard-read", "clipboard-write"])
    visit.ask(QUESTION).locator("[data-do=copy]").click()
    expect(visit.page.locator(".yw-composer .yw-status")).to_contain_text("已复制")
    text = visit.page.evaluate("navigator.clipboard.readText()")
    assert body["answer"] in text
    for citation in body["citations"]:
        assert f"“{citation['quote']}”" in text
        assert citation["source"] in text


def test_ratings_leave_as_an_evaluation_set(visits: Visits, tmp_path: Path, server: str) -> None:
    body = call(server, "ask", {"question": QUESTION})
    visit = visits()
    visit.ask(QUESTION).locator("[data-do=up]").click()
    expect(visit.turn(1).locator("[data-do=up]")).to_have_attribute("aria-pressed", "true")
    wrong = visit.ask(UNANSWERABLE, turn=2)
    wrong.locator("[data-do=down]").click()
    wrong.locator(".yw-correction input").fill("三条")
    wrong.locator(".yw-correction [type=submit]").click()
    with visit.page.expect_download() as download:
        visit.do("export")
    download.value.save_as(tmp_path / "rated.jsonl")
    right, corrected = read_questions(tmp_path / "rated.jsonl")
    assert right.text == QUESTION
    assert right.gold == ((body["short_answer"],),)
    assert right.evidence == (body["citations"][0]["quote"],)
    assert corrected.gold == (("三条",),)
    assert corrected.sources == ()


def test_a_question_can_be_stopped_and_asked_again(visits: Visits) -> None:
    visit = visits()

    held: list[Route] = []
    visit.page.route("**/queue/join*", lambda route: held.append(route))  # noqa: PLW0108 - Playwright looks into it
    visit.box.fill(QUESTION)
    visit.box.press("Enter")
    visit.do("stop")
    expect(visit.turn(1)).to_contain_text("已停止")
    for route in held:
        route.continue_()  # what comes of it now is not shown any more
    visit.page.unroute("**/queue/join*")
    visit.page.wait_for_timeout(2_000)
    expect(visit.turn(1)).to_contain_text("已停止")
    visit.open()
    expect(visit.turn(1)).to_contain_text("没有回答")
    visit.turn(1).locator("[data-do=retry]").click()
    expect(visit.answered(1).locator(".yw-words")).to_be_visible()


def test_what_quotes_a_removed_document_goes_with_it(visits: Visits) -> None:
    visit = visits()
    with added(visit, "well.txt", "蓝塔村有三百二十口水井。".encode()):
        visit.do("close")
        visit.ask("蓝塔村有多少口水井？")
        expect(visit.turn(1)).to_contain_text("三百二十口")
        visit.do("documents")
        row = visit.page.locator(".yw-list li", has_text="well.txt")
        row.locator(".yw-remove").click()
        row.locator(".yw-remove").click()
        expect(row).to_have_count(0)
        visit.do("close")
        expect(visit.turn(1)).not_to_contain_text("三百二十口")
        for storage in ("localStorage", "sessionStorage"):
            kept = visit.page.evaluate(f"{storage}.getItem('yuanwen-turns')")
            assert "三百二十口" not in kept
        turn = visit.ask("蓝塔村有多少口水井？", turn=2)
        expect(turn.locator(".yw-refusal")).to_be_visible()
        expect(turn).not_to_contain_text("三百二十口")


def test_an_answer_to_a_question_given_up_is_not_shown_under_the_next(visits: Visits) -> None:
    visit = visits()
    held: list[Route] = []
    visit.page.route("**/queue/join*", lambda route: held.append(route))  # noqa: PLW0108 - Playwright looks into it
    for question in (UNANSWERABLE, QUESTION):
        visit.do("fresh")
        visit.box.fill(question)
        visit.box.press("Enter")
        expect(visit.turn(1).locator(".yw-question")).to_have_text(question)
    visit.page.wait_for_timeout(500)
    given_up, wanted = held
    given_up.continue_()
    visit.page.wait_for_timeout(2_000)
    expect(visit.turn(1).locator(".yw-question")).to_have_text(QUESTION)
    wanted.continue_()
    expect(visit.answered(1).locator(".yw-question")).to_have_text(QUESTION)


def test_each_tab_keeps_its_own(visits: Visits) -> None:
    one = visits()
    one.ask(QUESTION)
    other = one.page.context.new_page()
    other.goto(one.server)
    expect(other.locator("#t1 .yw-actions")).to_be_visible()  # begins with what was said last
    other.locator("[data-do=fresh]").click()
    expect(other.locator(".yw-turn")).to_have_count(0)
    one.open()
    expect(one.answered(1).locator(".yw-question")).to_have_text(QUESTION)


def test_a_server_that_is_gone_is_said(visits: Visits) -> None:
    visit = visits()
    visit.page.route("**/*", lambda route: route.abort())
    visit.box.fill(QUESTION)
    visit.box.press("Enter")
    expect(visit.turn(1)).to_contain_text("服务器没有回应", timeout=10_000)
    visit.page.unroute("**/*")  # Gradio finds it again, and loads the page anew
    expect(visit.turn(1)).to_contain_text("还没有回答", timeout=30_000)
    visit.turn(1).locator("[data-do=retry]").click()
    expect(visit.answered(1).locator(".yw-words")).to_be_visible()


def test_asking_hides_its_own_button_only(visits: Visits) -> None:
    visit = visits()
    visit.ask(QUESTION).locator("[data-do=down]").click()
    visit.page.route("**/queue/join*", lambda route: route.abort())
    visit.box.fill(UNANSWERABLE)
    visit.box.press("Enter")
    expect(visit.page.locator(".yw-composer [type=submit]")).to_be_hidden()
    expect(visit.page.locator(".yw-correction [type=submit]")).to_be_visible()


def test_half_a_character_does_not_cost_the_conversation(visits: Visits) -> None:
    visit = visits()
    visit.ask(QUESTION)
    visit.box.evaluate("box => box.value = 'x\\ud800'")
    visit.box.press("Enter")
    visit.answered(2)
    visit.open()
    visit.answered(2)
