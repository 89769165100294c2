"""PDF: lines of print as paragraphs, with the pages on which they begin."""

from __future__ import annotations

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph as Flowing
from reportlab.platypus import Spacer, Table

from index.records import Block, Document
from tests.index import made
from tests.index.made import lines, load

LONG = (
    "新乡高新区完成一般公共预算收入6.34亿元，同比增长百分之十二，驛城區😀拆除违建70余万平方米，"
    "清运垃圾，这里是很长的一段文字，用来看看换行之后能不能重新连接起来，直到这一段结束为止。"
)


def line(document: Document, beginning: str) -> tuple[str, Block]:
    """The one line that begins so, and its block."""
    (found,) = (
        (document.text[block.start : block.end], block)
        for block in document.blocks
        if document.text.startswith(beginning, block.start)
    )
    return found


def number_of(canvas: Canvas, page: object) -> None:
    canvas.setFont("STSong-Light", 9)
    canvas.drawString(72, 800, "河南日报 2022年")
    canvas.drawCentredString(300, 30, f"第 {canvas.getPageNumber()} 页 共 9 页")


def test_a_pdf_is_paragraphs_with_pages() -> None:
    texts = [f"第{number}段：{LONG * 2}" for number in range(20)]
    story = [Flowing("公报", made.LARGE), *(Flowing(text, made.CHINESE) for text in texts)]
    document = load(made.pdf(story, title="公报 2022", running=number_of))
    assert lines(document, "text") == texts
    assert lines(document, "heading") == ["公报"]
    assert document.title == "公报 2022"
    assert set(lines(document, "aside")) == {
        "河南日报 2022年", *(f"第 {page} 页 共 9 页" for page in (1, 2, 3, 4)),
    }  # fmt: skip
    pages = [document.page_at(document.text.index(text)) for text in texts]
    assert pages == sorted(page for page in pages if page)
    assert set(pages) == {1, 2, 3, 4}


def test_a_paragraph_over_the_edge_of_a_page_is_one_and_stands_where_it_begins() -> None:
    text = LONG.replace("。", "，") * 30
    document = load(made.pdf_text("短。", text, "后。", running=number_of))
    found, block = line(document, LONG[:8])
    assert (found, block.page) == (text, 1)
    assert line(document, "后。")[1].page == 2


def test_words_that_a_line_parts_are_mended() -> None:
    text = [
        "This is a sentence that tells of an exam-",
        "ple with two words, of which the one is well-",
        "known, as nobody who has a well-known exam-",
        "ple before their eyes will ever want to deny.",
    ]
    page = [(72.0, 700.0 - 14 * row, words) for row, words in enumerate(text)]
    assert load(made.pdf_drawn([page])).text == (
        "This is a sentence that tells of an example with two words, of which the one is "
        "well-known, as nobody who has a well-known example before their eyes will ever want to "
        "deny."
    )


def test_lists_rows_and_short_lines_of_a_pdf_stay_apart() -> None:
    story = [
        Flowing("The first paragraph is long enough to be broken into two lines of text, where the "
                "second is much shorter.", made.ENGLISH),
        Flowing("The second is short.", made.ENGLISH),
        Table([["项目", "数"], ["收入", "5"]], colWidths=120,
              style=[("FONT", (0, 0), (-1, -1), "STSong-Light")]),
        Spacer(1, 12),
        *(Flowing(name, made.CHINESE) for name in ("张三", "李四", "王五")),
    ]  # fmt: skip
    assert lines(load(made.pdf(story))) == [
        "The first paragraph is long enough to be broken into two lines of text, where the second "
        "is much shorter.",
        "The second is short.", "项目 数", "收入 5", "张三", "李四", "王五",
    ]  # fmt: skip


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [(72.0, 700.0 - 16 * row, "左栏的文字一行一行地排下来没有停") for row in range(3)]
    right = [(320.0, 700.0 - 16 * row, "右栏的文字接着左栏的文字往下排来") for row in range(3)]
    text = load(made.pdf_drawn([[*left, *right]])).text
    assert text == left[0][2] * 3 + right[0][2] * 3


def test_what_stands_on_every_page_is_set_apart_and_what_stands_on_some_is_not() -> None:
    bodies = ["甲区的收入", "乙区的收入", "乙区的收入"]
    pages = [[(72.0, 700.0, "统计公报"), (72.0, 500.0, body)] for body in bodies]
    document = load(made.pdf_drawn(pages))
    assert lines(document, "text") == bodies
    assert lines(document, "aside") == ["统计公报"] * 3


def test_a_sentence_is_text_wherever_it_stands() -> None:
    pages = [[(72.0, 700.0, "收入增长，支出减少。"), (72.0, 500.0, each)] for each in "甲乙丙"]
    assert lines(load(made.pdf_drawn(pages)), "aside") == []


def test_a_pdf_that_opens_without_a_password_is_read() -> None:
    locked = made.pdf_drawn([[(72.0, 700.0, "正文。")]], encrypt=StandardEncryption("", "owner"))
    assert load(locked).text == "正文。"
