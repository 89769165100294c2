from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunk import LONGEST, TARGET, chunk_document
from index.load.content import Content, Paragraph, assemble
from index.records import Chunk, Document


def count_characters(texts: Sequence[str]) -> list[int]:
    return [len(text) for text in texts]


def make(*paragraphs: str | Paragraph, title: str = "") -> Document:
    content = tuple(p if isinstance(p, Paragraph) else Paragraph(p) for p in paragraphs)
    return assemble("a.md", Content(content, {"title": title} if title else {}))


def cut(document: Document, max_tokens: int = 10_000) -> list[Chunk]:
    return chunk_document(document, count_characters, max_tokens)


def test_short_neighbours_are_merged_towards_the_target() -> None:
    chunks = cut(make(*["这一段话正好有二十个汉字那么长你说对不对。"] * 40))
    assert all(TARGET <= len(c.text) <= LONGEST for c in chunks[:-1])


def test_a_paragraph_is_not_merged_across_a_heading() -> None:
    chunks = cut(make(Paragraph("总览", 1), "甲。", Paragraph("资金", 2), "乙。", title="年报"))
    assert [(c.text, c.context) for c in chunks] == [
        ("甲。", "年报 › 总览"),
        ("乙。", "年报 › 总览 › 资金"),
    ]


def test_a_heading_of_the_same_level_replaces_the_one_before() -> None:
    chunks = cut(make(Paragraph("一", 2), "甲。", Paragraph("二", 2), "乙。"))
    assert [c.context for c in chunks] == ["一", "二"]


def test_a_heading_with_nothing_below_it_is_not_lost() -> None:
    chunks = cut(make(Paragraph("标题", 1), Paragraph("六点三四亿元", 2)))
    assert [c.text for c in chunks] == ["六点三四亿元"]


def test_an_aside_is_in_no_chunk_and_parts_its_neighbours() -> None:
    menu = Paragraph("首页 | 登录", aside=True)
    document = make(Paragraph("总览", 1), "甲。", menu, "乙。", menu)
    assert [(c.text, c.context) for c in cut(document)] == [("甲。", "总览"), ("乙。", "总览")]
    assert "首页 | 登录" in document.text


def test_a_heading_with_only_an_aside_below_it_is_not_lost() -> None:
    chunks = cut(make(Paragraph("六点三四亿元", 2), Paragraph("登录", aside=True)))
    assert [c.text for c in chunks] == ["六点三四亿元"]


def test_a_long_paragraph_is_cut_at_sentence_ends_into_even_runs() -> None:
    chunks = cut(make("这是一个有十五个汉字那么长的句子。" * 60))
    assert len(chunks) == 3
    assert all(c.text.endswith("。") for c in chunks)
    lengths = [len(c.text) for c in chunks]
    assert max(lengths) - min(lengths) <= 2 * 17


def test_an_endless_sentence_still_fits_the_encoder() -> None:
    chunks = cut(make("长" * 5000), max_tokens=512)
    assert all(len(c.text) <= 512 for c in chunks)
    assert "".join(c.text for c in chunks) == "长" * 5000


def test_a_paragraph_marked_as_a_heading_is_text() -> None:
    chunks = cut(make(Paragraph("很长的标题" * 50, 1), "正文。"))
    assert "".join(chunk.text for chunk in chunks).startswith("很长的标题")


def test_an_endless_title_leaves_room_for_the_text() -> None:
    [chunk] = cut(make("正文。", title="题" * 3000), max_tokens=512)
    assert chunk.text == "正文。"
    assert len(chunk.context) <= 128


@pytest.mark.parametrize("tokens", [60, 200])
@given(
    st.lists(
        st.text(st.sampled_from("天地人。！“”.; aB\u0301😀"), min_size=1).filter(str.strip),
        min_size=1,
        max_size=12,
    )
)
def test_offsets_are_exact_and_nothing_is_lost(tokens: int, paragraphs: list[str]) -> None:
    document = make(*(p.strip() for p in paragraphs))
    chunks = cut(document, max_tokens=tokens)
    covered: set[int] = set()
    for chunk in chunks:
        assert document.text[chunk.start : chunk.end] == chunk.text
        assert count_characters([chunk.text])[0] <= tokens
        assert chunk.sentences[0].start == chunk.start
        assert chunk.sentences[-1].end == chunk.end
        assert not covered & set(range(chunk.start, chunk.end))
        covered |= set(range(chunk.start, chunk.end))
    assert all(c.isspace() or i in covered for i, c in enumerate(document.text))
    assert len({chunk.id for chunk in chunks}) == len(chunks)
