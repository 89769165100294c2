"""Files in, files out, and a question that is limited to some of them."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

from playwright.sync_api import FilePayload, expect

from tests.index.made import pdf_text
from tests.ui.browser.conftest import QUESTION, Visits, added, screenshot


def test_a_pdf_is_added_asked_about_and_removed(visits: Visits) -> None:
    visit = visits()
    made = pdf_text("蓝塔村的历史很长。", "蓝塔村的图书馆藏书86000册。", title="蓝塔村简介")
    with added(visit, "blue tower.pdf", made):
        row = visit.page.locator(".yw-list li", has_text="蓝塔村简介")
        expect(row).to_contain_text("blue-tower.pdf")
        screenshot(visit.page, "chat-documents.png")
        visit.do("close")
        turn = visit.ask("蓝塔村的图书馆有多少藏书？")
        expect(turn.locator(".yw-short")).to_contain_text("86000册")
        expect(turn.locator(".yw-cited")).to_contain_text("第 1 页")
        turn.locator(".yw-cite").first.click()
        assert "86000册" in visit.highlighted()
        visit.do("close")
        visit.do("documents")
        remove = row.locator(".yw-remove")
        remove.click()
        expect(remove).to_have_text("确定移除？")
        remove.click()
        expect(row).to_have_count(0)
        visit.do("close")
        refused = visit.ask("蓝塔村的图书馆有多少藏书？", turn=2)
        expect(refused.locator(".yw-refusal")).to_be_visible()


def test_each_file_says_what_became_of_it(visits: Visits) -> None:
    visit = visits()
    with added(visit, "good.txt", "蓝塔村有三百二十口水井。".encode()):
        visit.page.locator(".yw-drop input").set_input_files(
            [
                FilePayload(name="bad.pdf", mimeType="application/pdf", buffer=b"%PDF-1.7 broken"),
                FilePayload(name="empty.txt", mimeType="text/plain", buffer=b""),
            ]
        )
        lines = visit.page.locator(".yw-uploads li")
        expect(visit.page.locator(".yw-uploads .yw-refused")).to_have_count(2, timeout=30_000)
        assert [each.split(" ")[0] for each in lines.all_text_contents()] == [
            "good.txt",
            "bad.pdf",
            "empty.txt",
        ]
        expect(lines.nth(0)).to_contain_text("已添加")
        expect(lines.nth(1)).to_contain_text("没有添加：")


def test_files_can_be_dropped(visits: Visits) -> None:
    visit = visits()
    with added(visit, "good.txt", "蓝塔村有三百二十口水井。".encode()):
        carried = visit.page.evaluate_handle(
            """() => {
                const carried = new DataTransfer();
                carried.items.add(new File(["红塔村有九口水井。"], "dropped.txt"));
                return carried;
            }"""
        )
        visit.do("close")
        visit.page.dispatch_event("body", "drop", {"dataTransfer": carried})  # anywhere on the page
        expect(visit.page.locator(".yw-uploads .yw-done")).to_have_count(2, timeout=30_000)
        expect(visit.page.locator(".yw-list li", has_text="dropped.txt")).to_be_visible()


def test_a_question_is_limited_to_the_documents_that_are_chosen(visits: Visits) -> None:
    visit = visits()
    with added(visit, "good.txt", "蓝塔村有三百二十口水井。".encode()):
        visit.page.locator(".yw-list li", has_text="good.txt").get_by_role("checkbox").check()
        visit.do("close")
        expect(visit.page.locator(".yw-filter")).to_contain_text("1 个文件")
        refused = visit.ask(QUESTION)
        expect(refused.locator(".yw-refusal")).to_be_visible()
        expect(refused).to_contain_text("1 个文件里查找")
        visit.do("unfilter")
        expect(visit.page.locator(".yw-filter")).to_be_hidden()
        expect(visit.ask(QUESTION, turn=2).locator(".yw-words")).to_be_visible()


def test_a_document_is_opened_from_the_list(visits: Visits) -> None:
    visit = visits()
    visit.do("documents")
    row = visit.page.locator(".yw-list li").first
    title = row.locator("strong").text_content()
    row.get_by_role("button").first.click()
    expect(visit.page.locator(".yw-viewer h2")).to_have_text(title or "")
    expect(visit.page.locator(".yw-viewer article p").nth(2)).to_be_visible()
    expect(visit.page.locator(".yw-viewer mark")).to_have_count(0)


def test_an_archive_says_what_became_of_its_parts(visits: Visits) -> None:
    made, empty = BytesIO(), BytesIO()
    with ZipFile(made, "w") as archive:
        archive.writestr("good.txt", "红塔村有九口水井。")
        archive.writestr("bad.pdf", b"%PDF-1.7 broken")
    ZipFile(empty, "w").close()
    visit = visits()
    with added(visit, "good.txt", "蓝塔村有三百二十口水井。".encode()):
        visit.page.locator(".yw-drop input").set_input_files(
            [
                FilePayload(name="two.zip", mimeType="application/zip", buffer=made.getvalue()),
                FilePayload(name="none.zip", mimeType="application/zip", buffer=empty.getvalue()),
            ]
        )
        lines = visit.page.locator(".yw-uploads .yw-refused")
        expect(lines).to_have_count(2, timeout=30_000)
        expect(lines.first).to_contain_text("good.txt 已添加")
        expect(lines.first).to_contain_text("bad.pdf 没有添加：")
        expect(lines.last).to_contain_text("没有文件")
