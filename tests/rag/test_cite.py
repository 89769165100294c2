import pytest

from index.records import Document, Span
from index.store import Store
from rag.cite import cite, holds
from rag.draft import Quote


def document(store: Store, source: str) -> Document:
    ids = {info.source: info.id for info in store.documents()}
    return store.document(ids[source])


def quote_of(found: Document, text: str, *highlights: str) -> Quote:
    start = found.text.index(text)
    places = [found.text.index(words) for words in highlights]
    spans = [Span(p, p + len(words)) for p, words in zip(places, highlights, strict=True)]
    return Quote(found.id, start, start + len(text), text, tuple(spans))


def changed(quote: Quote, *, text: str | None = None, start: int = 0, end: int = 0) -> Quote:
    return Quote(
        quote.document_id,
        quote.start + start,
        quote.end + end,
        quote.text if text is None else text,
        quote.highlights,
    )


def test_a_citation_says_where_it_is_from(store: Store) -> None:
    found = document(store, "bailu.md")
    quote = quote_of(found, "投資8.2億元", "8.2億元")
    [citation] = cite(store, [quote])
    assert citation is not None
    assert (citation.title, citation.source, citation.publisher) == (
        "白露區",
        "bailu.md",
        "白露日報",
    )
    assert (citation.date, citation.page, citation.sha256) == (None, None, found.sha256)
    assert found.text[citation.start : citation.end] == citation.quote == "投資8.2億元"
    [highlight] = citation.highlights
    assert found.text[highlight.start : highlight.end] == "8.2億元"


def test_what_does_not_hold_is_dropped_and_numbers_have_no_gaps(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    found = document(store, "qinghe.md")
    good = quote_of(found, "引进企业300余家", "300余家")
    bad = [
        changed(good, text="引进企业900余家"),
        changed(good, text="引進企業300余家"),  # the other script
        changed(good, start=1, end=1),
        changed(good, start=-1, end=-1),
        changed(good, end=1),
        changed(good, end=-1),
    ]
    cited = cite(store, [bad[0], good, *bad[1:], good])
    assert [c and c.n for c in cited] == [None, 1, *[None] * 5, 2]
    assert len(caplog.records) == len(bad)
    assert found.id in caplog.text


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [(0, 0, ""), (2, 1, ""), (-3, 5, "区有三"), (3, 9, "三所。"), (6, 7, "")],
    ids=["empty", "backwards", "negative", "past the end", "outside"],
)
def test_positions_outside_the_text_do_not_hold(start: int, end: int, text: str) -> None:
    found = Document("a.md", "甲区有三所。", ())
    assert holds(found, Quote(found.id, 0, 6, found.text))
    assert not holds(found, Quote(found.id, start, end, text))


@pytest.mark.parametrize("highlight", [Span(1, 4), Span(3, 7), Span(4, 4), Span(5, 4), Span(0, 1)])
def test_a_highlight_outside_its_quote_does_not_hold(highlight: Span) -> None:
    found = Document("a.md", "甲区有三所学校。", ())
    assert holds(found, Quote(found.id, 2, 6, "有三所学", (Span(2, 6), Span(3, 5))))
    assert not holds(found, Quote(found.id, 2, 6, "有三所学", (Span(3, 5), highlight)))


def test_a_removed_document_is_cited_no_more(store: Store) -> None:
    gone, kept = document(store, "qinghe.md"), document(store, "bailu.md")
    quotes = [quote_of(gone, "引进企业"), quote_of(kept, "引進企業")]
    store.remove(gone.id)
    first, second = cite(store, quotes)
    assert first is None
    assert second is not None and second.n == 1


def test_positions_count_code_points(store: Store) -> None:
    found = document(store, "qinghe.md")
    assert found.text.startswith("😀")
    [citation] = cite(store, [quote_of(found, "青禾区引进")])
    assert citation is not None and citation.start == 1
