import os
from pathlib import Path

import pytest

from index.errors import FileError, NotFoundError
from index.load import find_files, load_document, read_file, read_parts
from index.load.content import Content, Paragraph, assemble
from index.records import Document

CHINESE = "新乡高新区完成一般公共预算收入，同比增长。\n第二段话在这里，内容不多。"


def read(tmp_path: Path, name: str, data: bytes | str) -> Document:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    document = load_document(read_file(path), name)
    assert document is not None
    return document


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"],
)
def test_simplified_text_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    assert read(tmp_path, "a.txt", CHINESE.encode(encoding)).text == CHINESE


def test_traditional_text_in_big5(tmp_path: Path) -> None:
    text = "驛城區對外開放工作突出，被省政府授予先進區稱號。"
    assert read(tmp_path, "a.txt", text.encode("big5")).text == text


@pytest.mark.parametrize(
    "data",
    [
        os.urandom(2000),
        b"\x01\x02\x01\x01" + bytes(100) + b"text",
        "Привет мир, как дела".encode("cp1251"),
        "日本語のテキストです。これは試験です。".encode("shift_jis"),
        "한국어 텍스트입니다 시험입니다".encode("euc-kr"),
        b"\xff\xfe\x00",
    ],
    ids=["random", "binary", "cp1251", "shift_jis", "euc-kr", "broken utf-16"],
)
def test_what_is_no_known_text_says_so(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(FileError, match="not a text in a known encoding"):
        read(tmp_path, "a.txt", data)


@pytest.mark.parametrize("data", ["", "  \n\n ", "---\ntitle: x\n---\n"])
def test_a_file_without_text_says_so(tmp_path: Path, data: str) -> None:
    with pytest.raises(FileError, match="no text"):
        read(tmp_path, "a.md", data)


def test_front_matter_is_read_and_left_out(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        "a.md",
        "---\ntitle: 标题\nlanguage: zh-Hans\npublisher: 报社\ndate: 2022-05-27\n---\n"
        "# 大标题\n\n正文。",
    )
    assert (document.title, document.language, document.publisher, document.date) == (
        "标题", "zh-Hans", "报社", "2022-05-27",
    )  # fmt: skip
    assert document.text == "大标题\n正文。"


def test_what_the_page_does_not_state_is_none(tmp_path: Path) -> None:
    document = read(tmp_path, "a.txt", "正文。")
    assert (document.title, document.language, document.publisher, document.date) == (None,) * 4


def test_broken_front_matter_names_the_line(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="line 2"):
        read(tmp_path, "a.md", "---\ntitle: a: b\n---\ntext")


def test_a_rule_at_the_top_is_no_front_matter(tmp_path: Path) -> None:
    assert read(tmp_path, "a.txt", "---\n正文。").text == "---\n正文。"


def test_a_file_may_ask_not_to_be_indexed(tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_text("---\nindex: false\n---\ntext", encoding="utf-8")
    assert load_document(read_file(path), "README.md") is None


def test_markdown_becomes_its_visible_text(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        "a.md",
        "# 一\r\n\r\n甲**乙**[丙](http://x.y)`丁`\r\n续行\r\n\r\n"
        "- 第一\r\n- second\r\n  line\r\n\r\n"
        "| 项 | 数 |\r\n|---|---|\r\n| 收入 | 5 |\r\n\r\n<div>块</div>\r\n\r\n> 引文\r\n",
    )
    assert document.text.split("\n") == [
        "一", "甲乙丙丁续行", "第一", "second line", "项 | 数", "收入 | 5", "块", "引文",
    ]  # fmt: skip
    assert [b.level for b in document.blocks if b.kind == "heading"] == [1]


def test_blocks_are_the_lines_of_the_text(tmp_path: Path) -> None:
    document = read(tmp_path, "a.md", "# 一\n\n😀甲\n\n乙\n")
    lines = [document.text[b.start : b.end] for b in document.blocks]
    assert lines == document.text.split("\n")


def test_plain_text_has_a_paragraph_a_line(tmp_path: Path) -> None:
    assert read(tmp_path, "a.txt", "第一段。\r\n第二段。\r\r第三段。").text.count("\n") == 2


def test_hard_wrapped_lines_are_joined(tmp_path: Path) -> None:
    wrapped = (
        "The quick brown fox jumps over the lazy dog and runs away into the\n"
        "forest, where it meets another fox that has been waiting there for\n"
        "a long time, and they talk about the weather until the sun goes down\n"
        "behind the hills.\n\nA second paragraph.\n"
    )
    text = read(tmp_path, "a.txt", wrapped).text
    assert text.count("\n") == 1
    assert "into the forest, where" in text


def test_hard_wrapped_chinese_is_joined_without_spaces(tmp_path: Path) -> None:
    line = "天" * 30
    assert (
        read(tmp_path, "a.txt", f"{line}\n{line}\n{line}\n{line}\n完。").text == line * 4 + "完。"
    )


def test_a_text_of_an_unknown_name_is_a_text(tmp_path: Path) -> None:
    assert read(tmp_path, "a.xyz", "# 正文").text == "# 正文"


def test_files_are_found_in_order_and_hidden_ones_left_out(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("b/2.txt", "a.md", ".hidden.txt", "~$a.docx", "b/1.txt"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert [source for _, source in find_files([tmp_path])] == ["a.md", "b/1.txt", "b/2.txt"]


def test_a_link_that_leaves_the_folder_is_not_followed(tmp_path: Path) -> None:
    inside = tmp_path / "inside" / "deeper"
    inside.mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (inside / "a.txt").write_text("text", encoding="utf-8")
    (inside / "leaves.txt").symlink_to(tmp_path / "secret.txt")
    (inside / "stays.txt").symlink_to(inside / "a.txt")
    found = [part for file in find_files([tmp_path / "inside"]) for part in read_parts(*file)]
    sources = [source for source, _ in found]
    a, leaves, stays = (data for _, data in found)
    assert sources == ["deeper/a.txt", "deeper/leaves.txt", "deeper/stays.txt"]
    assert a == stays == b"text"
    assert isinstance(leaves, FileError)
    assert "link that leads out" in leaves.message


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"nowhere"):
        find_files([tmp_path / "nowhere"])


def test_a_page_is_that_of_the_line_on_which_a_character_stands() -> None:
    pages = Paragraph("甲", page=1), Paragraph("乙", page=1), Paragraph("丙", page=2)
    document = assemble("a.pdf", Content(pages))
    assert [document.page_at(document.text.index(char)) for char in "甲乙丙"] == [1, 1, 2]


def test_what_has_no_pages_is_on_none() -> None:
    assert assemble("a.md", Content((Paragraph("甲"),))).page_at(0) is None
