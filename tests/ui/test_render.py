"""What is shown is what stands in the document: escaped, and marked to the code point."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from html import escape

from hypothesis import given
from hypothesis import strategies as st

from index.records import Span
from rag.answer import Answer, Citation, Hit, Segment, ask_body
from tests.ui import fakes
from tests.ui.markup import Marks, Places
from ui.labels import ENGLISH, LABELS, LEVELS, labels_for, level_of, system_words
from ui.marks import merged, passages, runs
from ui.render import Exchange, exchange_html


def test_what_no_quote_supports_is_struck_through_and_says_so() -> None:
    struck = "<s> (not in the text: It has &lt;b&gt;9&lt;/b&gt; schools.)</s>"
    answer = fakes.doubted()
    assert struck in exchange_html(1, Exchange("How large is it?", answer))
    assert struck in exchange_html(1, Exchange("How large is it?", said=answer.segments))
    assert system_words(answer) == ""


def test_a_quote_after_an_emoji_is_marked_exactly() -> None:
    marks = Marks(exchange_html(1, Exchange("面积？", fakes.answered())))
    assert marks.texts["t1-c1"] == fakes.QUOTE


def test_document_text_is_never_markup() -> None:
    html = exchange_html(1, Exchange("<img src=x onerror=1>", fakes.answered()))
    assert not {"script", "img", "b"} & set(Marks(html).tags)
    assert "&lt;script&gt;" in html
    assert "驛城區 &lt;b&gt;" in html
    assert "&lt;img" in html


def test_the_words_that_answer_are_marked_within_the_quote() -> None:
    html = exchange_html(1, Exchange("面积？", fakes.answered()))
    assert html.count(f'<mark class="yw-strong">{fakes.SHORT}</mark>') == 2  # in words and source


def test_numbers_link_to_the_sources_of_their_own_turn() -> None:
    for turn in (1, 2):
        html = exchange_html(turn, Exchange("面积？", fakes.answered()))
        assert f'href="#t{turn}-c1"' in html
        assert html.count(f'id="t{turn}-c1"') == 1
        assert f'<section class="yw-turn" id="t{turn}"' in html


def test_a_refusal_shows_what_is_nearby_apart() -> None:
    html = exchange_html(1, Exchange("谁是市长？", fakes.refused()))
    assert 'class="yw-refusal"' in html
    assert "并非答案" in html
    assert "yw-cited" not in html
    assert "yw-confidence" not in html


def test_what_was_understood_is_said_in_the_script_of_the_question() -> None:
    whole = "驿城区<b>面积？"
    for plain in (fakes.answered(), fakes.refused()):
        answer = replace(plain, resolved_question=whole)
        assert f"理解为：{escape(whole)}" in exchange_html(1, Exchange("面积呢？", answer))
        assert f"理解為：{escape(whole)}" in exchange_html(1, Exchange("面積呢？", answer))
        assert f"Understood as: {escape(whole)}" in exchange_html(1, Exchange("And?", answer))
        assert "理解" not in exchange_html(1, Exchange("面积呢？", plain))


def test_a_reply_to_small_talk_is_no_refusal() -> None:
    html = exchange_html(1, Exchange("你好", fakes.chatted()))
    assert '<p class="yw-said">你好！' in html
    assert "《驛城區 &lt;b&gt;》" in html
    assert not [name for name in ("yw-refusal", "yw-confidence", "<aside") if name in html]


def test_what_the_system_says_itself_stands_apart_from_the_quotes() -> None:
    html = exchange_html(1, Exchange("How large is it?", fakes.glossed()))
    words = html.split('<p class="yw-words">')[1].split("</p>")[0]
    assert words.endswith(f'<small class="yw-system">{escape(fakes.NOTE)}</small>')
    assert fakes.QUOTE not in words.split("<small")[1]
    assert "yw-system" not in exchange_html(1, Exchange("面积？", fakes.answered()))


def test_an_open_question_and_a_problem() -> None:
    assert "正在查找" in exchange_html(1, Exchange("面积？"))
    assert "a &lt; b" in exchange_html(1, Exchange("面积？", problem="a < b"))


def test_an_answer_in_its_own_words_keeps_them() -> None:
    answer = Answer("q", (Segment("About 21 km² ", (1,)),), 0.7, "llm", (fakes.citation(),))
    html = exchange_html(1, Exchange("How large?", answer))
    assert "About 21 km² <a" in html
    assert "Probably right" in html


def test_quotes_of_one_hit_share_a_passage_unless_they_overlap() -> None:
    first = fakes.citation(1, 0, "开发区")
    second = fakes.citation(2)
    third = fakes.citation(3, fakes.START + 1, fakes.QUOTE[1:])
    shared = passages([first, second, third], [fakes.HIT])
    assert [[c.n for c in passage.citations] for passage in shared] == [[1, 2], [3]]


def test_a_quote_that_no_hit_holds_stands_alone() -> None:
    moved = fakes.citation(1, fakes.START + 1)
    (passage,) = passages([moved], [fakes.HIT])
    assert (passage.start, passage.text) == (moved.start, fakes.QUOTE)


def test_overlapping_highlights_are_joined() -> None:
    spans = [Span(8, 12), Span(2, 5), Span(4, 6), Span(6, 7), Span(0, 1), Span(11, 99)]
    assert merged(spans, Span(1, 10)) == [Span(2, 7), Span(8, 10)]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6))
def test_runs_joined_are_the_quote(spans: list[tuple[int, int]]) -> None:
    cited = fakes.citation(highlights=tuple(Span(start, end) for start, end in spans))
    assert "".join(run.text for run in runs(cited)) == cited.quote


def test_labels_follow_the_script_of_the_question() -> None:
    assert labels_for("驿城区的面积是多少？") is LABELS["zh-Hans"]
    assert labels_for("驛城區的面積是多少？") is LABELS["zh-Hant"]
    assert labels_for("How large is it?") is LABELS["en"]


def test_every_confidence_has_a_word() -> None:
    assert [level_of(least) for least, _ in LEVELS] == ["high", "fair", "low"]
    assert level_of(-0.0) == "low"


def test_paragraphs_around_that_of_the_quote_stand_back() -> None:
    html = exchange_html(1, Exchange("面积？", fakes.answered()))
    before, after = fakes.TEXT[: fakes.START], html.split('class="yw-passage"')[1]
    assert f'<span class="yw-beyond">{before}</span><mark' in after


def piece(start: int, length: int) -> tuple[int, str]:
    return start, fakes.TEXT[start : start + length]


PIECES = st.lists(
    st.builds(piece, st.integers(0, len(fakes.TEXT) - 1), st.integers(1, 30)), max_size=5
)


def cited(pieces: list[tuple[int, str]]) -> tuple[Citation, ...]:
    return tuple(fakes.citation(n, *each) for n, each in enumerate(pieces, 1))


@given(quotes=PIECES, found=PIECES, near=PIECES, abstained=st.booleans())
def test_a_click_opens_what_it_stands_beside(
    quotes: list[tuple[int, str]],
    found: list[tuple[int, str]],
    near: list[tuple[int, str]],
    abstained: bool,
) -> None:
    """Every place names an item of the body, as the browser keeps it, with the text shown there."""
    citations = cited(quotes)
    hits = tuple(
        replace(fakes.HIT, chunk_id=str(n), start=start, end=start + len(text), text=text)
        for n, (start, text) in enumerate(found)
    )
    answer = Answer(
        "q",
        tuple(Segment(each.quote, (each.n,)) for each in citations),
        0.9,
        "extractive",
        citations=() if abstained else citations,
        hits=hits,
        related=cited(near) if abstained else (),
        abstained=abstained,
        reason="low_confidence" if abstained else None,
    )
    body = ask_body(answer)
    places = Places(exchange_html(1, Exchange("q", answer)))
    assert [body["citations"][place]["n"] for place in places.of_links] == [
        each.n for each in answer.citations
    ]
    assert places.of_cards or not (answer.citations or answer.related or hits)
    for name, place, passage in places.of_cards:
        item = body[name][place]
        assert (item["text"] if name == "hits" else item["quote"]) in passage


def test_a_hit_that_is_not_cited_stands_apart_with_both_scores() -> None:
    other = Hit("d2", "b.md", "<i>B", "d2:0", 0, 6, 0.71, 0.22, 0.64, "<b>另一段")
    html = exchange_html(1, Exchange("面积？", replace(fakes.answered(), hits=(fakes.HIT, other))))
    sources, retrieved = html.split('<details class="yw-retrieved">')
    assert "也检索到，但没有引用（1）" in retrieved
    assert "总分 0.71 · 字面 0.22 · 语义 0.64" in retrieved
    assert "&lt;i&gt;B" in retrieved
    assert "&lt;b&gt;另一段" in retrieved
    assert "另一段" not in sources
    assert "总分 0.90 · 字面 0.50 · 语义 0.80" in sources  # what is cited has its own
    assert "yw-retrieved" not in exchange_html(1, Exchange("面积？", fakes.answered()))


def test_a_refusal_says_how_much_was_searched_and_what_else_may_be_asked() -> None:
    suggested = ('<b>"面积"？', "人口？")
    exchange = Exchange("谁是市长？", fakes.refused(), searched=12, suggested=suggested)
    html = exchange_html(1, exchange)
    assert "已在 12 个文件里查找。" in html
    assert re.findall(r'data-ask="([^"]*)">([^<]*)<', html) == [
        (escape(each), escape(each)) for each in suggested
    ]
    plain = exchange_html(1, Exchange("谁是市长？", fakes.refused()))
    assert "data-ask" not in plain
    assert "查找" not in plain


def test_labels_of_every_language_fill_every_field() -> None:
    def blanks(text: str) -> int:
        return text.count("{}")

    for language, labels in LABELS.items():
        assert labels.language == language
        assert labels.confidence.keys() == ENGLISH.confidence.keys()
        assert all(labels.confidence.values())
        for name, text in asdict(labels).items():
            assert text
            if isinstance(text, str):
                assert blanks(text) == blanks(getattr(ENGLISH, name)), (language, name)
