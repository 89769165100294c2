"""Each format, from a real file to the exact text of its document."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest
from docx.document import Document as Word
from docx.oxml import parse_xml
from openpyxl.workbook import Workbook

from tests.index import made
from tests.index.made import lines, load

# DOCX


def write_word(document: Word) -> None:
    document.core_properties.title = "通知"
    document.core_properties.language = "zh-CN"
    document.sections[0].header.paragraphs[0].text = "内部资料"
    document.add_heading("总则", 1)
    document.add_heading("范围", 2)
    paragraph = document.add_paragraph("收入")
    paragraph.add_run("6.34").bold = True
    paragraph.add_run("亿元，")
    paragraph.add_run("不可见").font.hidden = True
    paragraph.add_run("增长 5 %。").add_break()
    paragraph.add_run("另起一行。")
    table = document.add_table(2, 2)
    for row, cells in enumerate([["项目", "数"], ["收入\n其中税收", "5"]]):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    document.add_table(1, 1).cell(0, 0).text = "框内\n两段"
    document.add_paragraph("完。")


def test_a_word_document_has_headings_rows_and_asides() -> None:
    document = load(made.word(write_word))
    assert lines(document) == [
        "总则", "范围", "收入6.34亿元，增长 5 %。", "另起一行。", "项目 | 数",
        "收入 其中税收 | 5", "框内", "两段", "完。", "内部资料",
    ]  # fmt: skip
    assert [block.level for block in document.blocks if block.kind == "heading"] == [1, 2]
    assert lines(document, "aside") == ["内部资料"]
    assert (document.title, document.language, document.date) == ("通知", "zh-CN", None)


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TRACKED = f"""<w:p {W}><w:r><w:t>原有</w:t></w:r><w:ins><w:r><w:t>插入</w:t></w:r></w:ins>
<w:del><w:r><w:delText>删除</w:delText></w:r></w:del>
<w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink>
<w:sdt><w:sdtContent><w:r><w:t>控件</w:t></w:r></w:sdtContent></w:sdt>
<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>文本框</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>
</w:p>"""
CONTROLLED = f"""<w:sdt {W}><w:sdtContent><w:p><w:r><w:t xml:space="preserve">整段 </w:t></w:r>
<w:r><w:t>控件</w:t></w:r></w:p></w:sdtContent></w:sdt>"""


def test_insertions_controls_and_text_boxes_are_text() -> None:
    def write(document: Word) -> None:
        for xml in (TRACKED, CONTROLLED):
            document.element.body.insert(0, parse_xml(xml))

    assert lines(load(made.word(write))) == ["整段 控件", "原有插入链接控件", "文本框"]


# XLSX and CSV

ROWS: list[list[object]] = [
    ["2022年各区情况"],
    [],
    ["区", "收入", "增长", "日期"],
    ["甲区", 6.34, 0.125, date(2022, 5, 27)],
    ["乙区", 12345, None, datetime(2022, 5, 27, 9, 30)],
]


def test_a_row_of_a_workbook_is_a_paragraph_with_its_header() -> None:
    document = load(made.workbook({"财政": ROWS, "人口": [["区", "人口"], ["甲区", 0.1 + 0.2]]}))
    assert lines(document) == [
        "财政", "2022年各区情况",
        "区: 甲区 | 收入: 6.34 | 增长: 0.125 | 日期: 2022-05-27",
        "区: 乙区 | 收入: 12345 | 日期: 2022-05-27 09:30:00",
        "人口", "区: 甲区 | 人口: 0.3",
    ]  # fmt: skip
    assert lines(document, "heading") == ["财政", "人口"]


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (0.125, "0.0%", "12.5%"),
        (0.125, "0%", "12%"),
        (12345.6, "#,##0.00_ ", "12,345.60"),
        (6.3, "0.00", "6.30"),
        (6.3, '0.0"亿元"', "6.3"),
        (6.3, "General", "6.3"),
        (7, "000", "7"),
        (True, "General", "TRUE"),
    ],
)
def test_a_number_is_written_as_the_sheet_shows_it(
    value: float, number_format: str, shown: str
) -> None:
    def change(book: Workbook) -> None:
        book.worksheets[0]["B2"].number_format = number_format

    data = changed(made.workbook({"a": [["项", "数"], ["甲", value]]}), change)
    assert load(data).text == f"项: 甲 | 数: {shown}"


def changed(data: bytes, change: Callable[[Workbook], None]) -> bytes:
    book = openpyxl.load_workbook(BytesIO(data))
    change(book)
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def test_hidden_sheets_are_left_out() -> None:
    def change(book: Workbook) -> None:
        book.worksheets[1].sheet_state = "hidden"

    assert load(changed(made.workbook({"a": [["甲"]], "b": [["密"]]}), change)).text == "甲"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_row_of_csv_is_a_paragraph_with_its_header(delimiter: str, encoding: str) -> None:
    rows = [["区", "收入（亿元）", "说明"], ["甲区", "6.34", '"增长，\n多行"'], ["乙区", "", "无"]]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    assert lines(load(text.encode(encoding), "a.csv")) == [
        "区: 甲区 | 收入（亿元）: 6.34 | 说明: 增长， 多行",
        "区: 乙区 | 说明: 无",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021,5\n2022,6", ["2021 | 5", "2022 | 6"]),
        ("甲,甲\n1,2", ["甲 | 甲", "1 | 2"]),
        ("名\n张三\n李四", ["名", "张三", "李四"]),
        ("区,收入", ["区 | 收入"]),
        ("区,收入\n甲,1,备注", ["区: 甲 | 收入: 1 | 备注"]),
    ],
)
def test_a_table_without_a_header_is_its_cells(text: str, expected: list[str]) -> None:
    assert lines(load(text.encode(), "a.csv")) == expected


# HTML

PAGE = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="{charset}"><title>新闻_网站</title>
<meta name="PubDate" content="2022年5月7日 09:30"><meta property="og:site_name" content="日报网">
<noscript><img src="x"></noscript><style>p {{}}</style></head><body>
<nav><a>首页</a> <a>新闻</a></nav>
<h1>收入<br>增长</h1><p>新乡高新区完成收入，
同比<b>增长</b>&nbsp;5%。<br>　　另一行。</p>散文<span>接着</span><script>bad()</script>
<ul><li>一</li><li>two
three</li></ul>
<table><tr><th>项目</th><th>数</th></tr><tr><td>收入<p>亿元</p></td><td>5</td></tr></table>
<table><tr><td><h2>版面</h2>左</td><td>右</td></tr></table>
<pre>甲
  乙</pre>
<p hidden>藏</p><div style="DISPLAY : none">藏</div><template>藏</template><dialog>藏</dialog>
<article>正文<footer>记者</footer><aside>链接</aside></article>
<aside>广告</aside><footer>版权</footer></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "utf-16"])
def test_a_page_is_its_visible_text(charset: str) -> None:
    data = PAGE.format(charset=charset).encode("gb18030" if charset == "gb2312" else charset)
    document = load(data, "page.txt")
    assert lines(document) == [
        "首页 新闻", "收入", "增长", "新乡高新区完成收入，同比增长 5%。", "另一行。", "散文接着",
        "一", "two three", "项目 | 数", "收入 亿元 | 5", "版面", "左", "右", "甲", "乙",
        "正文", "记者", "链接", "广告", "版权",
    ]  # fmt: skip
    assert lines(document, "aside") == ["首页 新闻", "广告", "版权"]
    assert lines(document, "heading") == ["收入", "增长", "版面"]
    assert (document.title, document.publisher, document.date, document.language) == (
        "新闻_网站", "日报网", "2022-05-07", "zh-CN",
    )  # fmt: skip


def test_a_page_says_what_encoding_it_is_in() -> None:
    page = '<html><meta charset="shift_jis"><p>日本語のテキスト</p></html>'
    assert load(page.encode("shift_jis")).text == "日本語のテキスト"


def test_what_a_page_does_not_state_is_none() -> None:
    document = load(b"<html><p>text 2022-05-07</p></html>")
    assert (document.title, document.publisher, document.date, document.language) == (None,) * 4


def test_text_about_html_is_text() -> None:
    assert load(b"# <html> tags\n\n<b>x</b>", "a.txt").text == "# <html> tags\n<b>x</b>"


# EPUB


def test_a_book_is_its_chapters_in_the_order_of_reading() -> None:
    document = load(made.book())
    assert lines(document) == ["第一章", "第一段。", "第二章", "第二段。"]
    assert lines(document, "heading") == ["第一章", "第二章"]
    assert (document.title, document.publisher, document.date, document.language) == (
        "新区志", "出版社", "2021-03-05", "zh-CN",
    )  # fmt: skip


# Which format it is


@pytest.mark.parametrize("source", ["a.txt", "a.csv", "a", "a.md", "a.exe"])
@pytest.mark.parametrize(
    "data",
    [
        made.pdf_text("正文。"),
        made.word_text("正文。"),
        made.workbook({"a": [["正文。"]]}),
        made.book({"OEBPS/book.opf": made.PACKAGE.replace('<itemref idref="b"/>', ""),
                   "OEBPS/text/one .xhtml": made.chapter("正文。")}),
        "<!-- 说明 -->\n<HTML><body>正文。".encode("utf-16"),
    ],
    ids=["pdf", "docx", "xlsx", "epub", "html"],
)  # fmt: skip
def test_a_format_is_told_by_content(data: bytes, source: str) -> None:
    assert load(data, source).text == "正文。"


def test_a_text_is_read_as_its_name_says() -> None:
    text = b"# a,b\n1,2"
    assert load(text, "a.txt").text == "# a,b\n1,2"
    assert load(text, "a.md").text == "a,b\n1,2"
    assert load(text, "a.csv").text == "# a: 1 | b: 2"
    assert load(b"a<p>b", "a.html").text == "a\nb"
