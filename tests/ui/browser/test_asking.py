"""Ask, see the answer, open its source: as somebody would who has never seen the page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.ui.browser.conftest import (
    PHONE,
    QUESTION,
    UNANSWERABLE,
    WIDE,
    Visits,
    added,
    call,
    screenshot,
)

EMOJI = "第一行🎉👩‍👩‍👧 é\n蓝塔村有三百二十口水井🎈，其中𠮷字号的水井有九口。\n最后一行。"
ASKED = {
    "zh-Hans": QUESTION,
    "zh-Hant": "驛城區的產業集聚區規劃面積是多少？",
    "en": "How large is the planned area of the Yicheng District industrial cluster?",
}


def words(citation: Any, span: Any) -> str:
    """The words of a quote that a highlight means."""
    start = citation["start"]
    return str(citation["quote"][span["start"] - start : span["end"] - start])


@pytest.mark.parametrize("language", ASKED)
def test_a_click_on_a_number_opens_the_document_at_the_quote(
    visits: Visits, server: str, language: str
) -> None:
    body = call(server, "ask", {"question": ASKED[language]})
    assert not body["abstained"]
    visit = visits()
    turn = visit.ask(ASKED[language])
    assert turn.get_attribute("lang") == language
    assert turn.locator(".yw-short").text_content() == body["short_answer"]
    for place, citation in enumerate(body["citations"]):
        turn.locator(f".yw-cite[data-n='{place}']").first.click()
        assert visit.highlighted() == citation["quote"]
        strong = visit.page.locator(".yw-viewer .yw-strong").all_text_contents()
        assert strong == [words(citation, span) for span in citation["highlights"]]
        assert citation["source"] in visit.text(".yw-viewer .yw-origin")
        visit.page.keyboard.press("Escape")
        expect(visit.page.locator(".yw-viewer")).to_be_hidden()


def test_after_emoji_the_very_characters_are_marked(visits: Visits) -> None:
    visit = visits()
    with added(visit, "emoji.txt", EMOJI.encode()):
        visit.do("close")
        visit.ask("蓝塔村有多少口水井？").locator(".yw-cite").first.click()
        quote = visit.highlighted()
        assert quote in EMOJI
        assert "三百二十口" in quote
        body = json.loads(visit.page.evaluate("localStorage.getItem('yuanwen-turns')"))[0]["body"]
        assert quote == body["citations"][0]["quote"]


def test_a_quote_that_has_moved_is_marked_where_it_stands_now_and_a_gone_one_nowhere(
    visits: Visits,
) -> None:
    visit = visits()
    visit.ask(QUESTION)
    quote = visit.page.evaluate(
        """(async () => {
            const { open } = await import(new URL("page/viewer.js", document.baseURI));
            const [{ body }] = JSON.parse(localStorage.getItem("yuanwen-turns"));
            const cited = body.citations[0];
            const by = (span) => ({ start: span.start - 5, end: span.end - 5 });
            const highlights = cited.highlights.map(by);
            const viewer = document.querySelector(".yw-viewer");
            await open(viewer, cited.document_id, { ...cited, ...by(cited), highlights });
            return cited.quote;
        })()"""
    )
    assert visit.highlighted() == quote
    assert "改动过" in visit.text(".yw-viewer .yw-status")
    visit.do("close")
    visit.page.evaluate(
        """(async () => {
            const { open } = await import(new URL("page/viewer.js", document.baseURI));
            const [{ body }] = JSON.parse(localStorage.getItem("yuanwen-turns"));
            const viewer = document.querySelector(".yw-viewer");
            const place = { start: 0, end: 4, quote: "没有的字", highlights: [] };
            await open(viewer, body.citations[0].document_id, place);
        })()"""
    )
    expect(visit.page.locator(".yw-viewer article")).not_to_be_empty()
    expect(visit.page.locator(".yw-viewer mark")).to_have_count(0)
    assert "没有标出" in visit.text(".yw-viewer .yw-status")


def test_cited_and_retrieved_stand_apart_with_the_scores_of_both_legs(
    visits: Visits, server: str
) -> None:
    body = call(server, "ask", {"question": QUESTION})
    visit = visits()
    turn = visit.ask(QUESTION)
    expect(turn.locator(".yw-retrieved .yw-source").first).to_be_hidden()
    turn.locator(".yw-retrieved > summary").click()
    found = turn.locator(".yw-retrieved .yw-source")
    cited = turn.locator(".yw-cited > .yw-source")
    assert found.count() + cited.count() == len(body["hits"])
    last = body["hits"][-1]
    expect(found.last).to_contain_text(f"字面 {last['lexical']:.2f} · 语义 {last['dense']:.2f}")
    found.last.locator(".yw-open").click()
    assert visit.highlighted() == last["text"].replace("\n", "")


def boxes(page: Page) -> tuple[dict[str, float], dict[str, float]]:
    """The answer's place and that of its sources, at one moment: the page may be scrolling."""
    talk, sources = page.evaluate(
        """['.yw-talk', '.yw-sources'].map(
            (part) => document.querySelector(`#t1 ${part}`).getBoundingClientRect().toJSON())"""
    )
    return talk, sources


def test_on_a_phone_sources_stand_under_the_answer(visits: Visits) -> None:
    visit = visits(PHONE, color_scheme="dark")
    visit.ask(QUESTION)
    talk, sources = boxes(visit.page)
    assert sources["top"] >= talk["bottom"]
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    screenshot(visit.page, "chat-phone.png")
    visit.page.locator("#t1 .yw-cite").first.click()
    visit.highlighted()
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    screenshot(visit.page, "chat-phone-source.png")


def test_on_a_wide_screen_sources_stand_beside_the_answer(visits: Visits) -> None:
    visit = visits()
    visit.ask(QUESTION)
    talk, sources = boxes(visit.page)
    assert sources["left"] >= talk["right"]
    assert sources["top"] <= talk["bottom"]
    screenshot(visit.page, "chat-wide.png")
    visit.page.locator("#t1 .yw-cite").first.click()
    visit.highlighted()
    screenshot(visit.page, "chat-source.png")


def test_a_refusal_says_what_was_searched_and_offers_what_can_be_answered(
    visits: Visits, server: str
) -> None:
    body = call(server, "ask", {"question": UNANSWERABLE})
    assert body["abstained"]
    visit = visits()
    turn = visit.ask(UNANSWERABLE)
    assert turn.locator(".yw-refusal").text_content() == body["answer"]
    expect(turn.locator(".yw-cite")).to_have_count(0)
    expect(turn).to_contain_text("6 个文件")
    expect(turn.locator(".yw-nearby .yw-source").first).to_be_visible()
    offered = turn.locator("[data-ask]").first
    expect(offered).to_be_visible(timeout=60_000)
    offered.click()
    expect(visit.answered(2).locator(".yw-words")).to_be_visible()


def test_examples_come_from_the_collection_and_are_answered(visits: Visits) -> None:
    visit = visits()
    examples = visit.page.locator(".yw-examples button")
    expect(examples.nth(2)).to_be_visible(timeout=60_000)
    screenshot(visit.page, "chat-start.png")
    examples.first.click()
    expect(visit.answered(1).locator(".yw-words")).to_be_visible()
    expect(examples.first).to_be_hidden()


def test_an_empty_question_only_asks_for_one(visits: Visits) -> None:
    visit = visits()
    visit.box.press("Enter")
    expect(visit.page.locator(".yw-composer .yw-status")).to_have_text("请输入问题。")
    expect(visit.page.locator(".yw-turn")).to_have_count(0)


def test_a_word_chosen_with_an_input_method_is_not_sent(visits: Visits) -> None:
    visit = visits()
    visit.box.fill("mian")
    visit.box.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    visit.box.press("Shift+Enter")
    expect(visit.page.locator(".yw-turn")).to_have_count(0)
    expect(visit.box).to_have_value("mian\n")


def test_two_people_do_not_see_each_other(visits: Visits) -> None:
    one, other = visits(), visits()
    one.ask(QUESTION)
    other.ask(UNANSWERABLE)
    one.ask(UNANSWERABLE, turn=2)
    expect(one.page.locator(".yw-turn")).to_have_count(2)
    expect(other.page.locator(".yw-turn")).to_have_count(1)


def test_what_was_said_before_is_understood(visits: Visits) -> None:
    visit = visits()
    visit.ask(QUESTION)
    turn = visit.ask("那建成区面积呢？", turn=2)
    expect(turn).to_contain_text("理解为：")


def test_a_question_is_text(visits: Visits) -> None:
    text = "<img src=x onerror=document.title='x'> ${1} {{2}} `"
    visit = visits()
    assert visit.ask(text).locator(".yw-question").text_content() == text
    assert visit.page.title() != "x"


@pytest.mark.parametrize(
    ("locale", "word"), [("zh-CN", "提问"), ("zh-TW", "提問"), ("en-GB", "Ask"), ("fr-FR", "Ask")]
)
def test_the_page_speaks_the_language_of_the_browser(
    visits: Visits, locale: str, word: str
) -> None:
    visit = visits(locale=locale)
    expect(visit.page.locator("[type=submit]")).to_have_text(word)


def test_language_and_theme_are_chosen_and_kept(visits: Visits) -> None:
    visit = visits(WIDE, color_scheme="light")
    visit.page.locator("[data-do=language]").select_option("en")
    visit.do("theme")
    expect(visit.page.locator("body.dark")).to_be_visible()
    visit.open()
    expect(visit.page.locator("[type=submit]")).to_have_text("Ask")
    expect(visit.page.locator("body.dark")).to_be_visible()
    assert visit.page.evaluate("document.documentElement.lang") == "en"
