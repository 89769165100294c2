from pathlib import Path

import pytest

from index.records import Document, Span
from index.store import Store
from rag.draft import Quote
from rag.verify import Saved, Verdict, verify
from tests.rag.makers import write

QUOTE = "投資8.2億元"
GONE = Verdict("stale", reason="quote_gone")
MISPLACED = Verdict("stale", reason="words_misplaced")


@pytest.fixture
def bailu(store: Store) -> Document:
    ids = {info.source: info.id for info in store.documents()}
    return store.document(ids["bailu.md"])


def quoted(document: Document, text: str = QUOTE) -> Quote:
    start = document.text.index(text)
    return Quote(document.id, start, start + len(text), text)


def moved(quote: Quote, by: int) -> Quote:
    spans = tuple(Span(span.start + by, span.end + by) for span in quote.highlights)
    return Quote(quote.document_id, quote.start + by, quote.end + by, quote.text, spans)


def edit(store: Store, folder: Path, text: str) -> None:
    """Make this the whole of bailu.md."""
    write(folder / "bailu.md", text)
    store.add([folder], prune=True)


def test_what_stands_where_it_did_is_ok(store: Store, folder: Path, bailu: Document) -> None:
    quote = quoted(bailu)
    ok = Verdict("ok", Span(quote.start, quote.end))
    assert verify(store, [Saved(quote)]) == [ok]
    edit(store, folder, bailu.text + "\n\n後來又加了一段。")  # the rest of a document may change
    assert verify(store, [Saved(quote)]) == [ok]


def test_text_before_it_moves_a_quote_by_its_length(
    store: Store, folder: Path, bailu: Document
) -> None:
    quote = quoted(bailu)
    edit(store, folder, "😀é\u0301。\n\n" + bailu.text)
    by = len("😀é\u0301。\n")
    assert verify(store, [Saved(quote)]) == [
        Verdict("moved", Span(quote.start + by, quote.end + by))
    ]


@pytest.mark.parametrize(
    ("places", "nearest"),
    [
        ((0, 7, 14, 28), 7),
        ((0, 6, 13, 28), 13),
        ((0, 7, 13, 28), 7),  # as near: the earlier
        ((28,), 28),
        ((0,), 0),
    ],
)
def test_of_several_places_the_nearest(
    store: Store, folder: Path, bailu: Document, places: tuple[int, ...], nearest: int
) -> None:
    line = list("字" * 30)
    for place in places:
        line[place : place + 2] = "甲乙"
    edit(store, folder, "".join(line))
    [verdict] = verify(store, [Saved(Quote(bailu.id, 10, 12, "甲乙"))])
    assert verdict == Verdict("moved", Span(nearest, nearest + 2))


def test_a_quote_that_overlaps_its_old_place(store: Store, folder: Path, bailu: Document) -> None:
    edit(store, folder, "乙甲甲甲乙")
    [verdict] = verify(store, [Saved(Quote(bailu.id, 0, 2, "甲甲"))])
    assert verdict == Verdict("moved", Span(1, 3))
    [verdict] = verify(store, [Saved(Quote(bailu.id, 2, 4, "甲甲"))])
    assert verdict == Verdict("ok", Span(2, 4))


def test_what_is_gone_is_stale(store: Store, folder: Path, bailu: Document) -> None:
    quote = quoted(bailu)
    edit(
        store, folder, bailu.text.replace(QUOTE, "投资8.2亿元")
    )  # the other script is another text
    assert verify(store, [Saved(quote)]) == [GONE]
    (folder / "bailu.md").unlink()
    store.add([folder], prune=True)
    assert verify(store, [Saved(quote)]) == [Verdict("stale", reason="document_gone")]


def test_another_document_does_not_vouch_for_it(store: Store, bailu: Document) -> None:
    other = Quote(bailu.id, 0, 7, "青禾区引进企业")
    assert verify(store, [Saved(other)]) == [GONE]


def test_positions_that_do_not_fit_the_quote_are_put_right(store: Store, bailu: Document) -> None:
    quote = quoted(bailu)
    right = Verdict("moved", Span(quote.start, quote.end))
    for start, end in [
        (quote.start, quote.end + 1),
        (quote.start + 1, quote.end + 1),
        (quote.start, quote.start),
        (0, 0),
        (10**20, 10**21),
    ]:
        assert verify(store, [Saved(Quote(bailu.id, start, end, QUOTE))]) == [right]


@pytest.mark.parametrize("by", [0, 5])
def test_highlights_and_short_answers_go_where_their_quote_goes(
    store: Store, folder: Path, bailu: Document, by: int
) -> None:
    edit(store, folder, "字" * (by - 1) + "\n\n" * (by > 0) + bailu.text)
    start = bailu.text.index(QUOTE)
    words = quoted(bailu, "8.2億元")
    spans = (Span(words.start, words.end), Span(start, start + 1))
    whole = Quote(bailu.id, start, start + len(QUOTE), QUOTE, spans)
    place = Span(start + by, start + by + len(QUOTE))
    verdict = Verdict("moved" if by else "ok", place)
    assert verify(store, [Saved(whole, (words,))]) == [verdict]
    longer = quoted(bailu, "白露區引進")
    for wrong in [
        moved(words, 1),
        moved(words, -1),
        Quote(bailu.id, words.start, words.end, "9.2億元"),
        longer,  # it stands in the document, but not in the quote
    ]:
        assert verify(store, [Saved(whole, (words, wrong))]) == [MISPLACED]
    outside = Quote(bailu.id, whole.start, whole.end, QUOTE, (Span(start, start + 99),))
    assert verify(store, [Saved(outside)]) == [MISPLACED]


def test_verdicts_are_in_order_and_a_document_is_read_once(
    store: Store, bailu: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def document(document_id: str) -> Document:
        read.append(document_id)
        return Store.document(store, document_id)

    monkeypatch.setattr(store, "document", document)
    good, bad = Saved(quoted(bailu)), Saved(Quote("nothing", 0, 1, "甲"))
    assert [verdict.status for verdict in verify(store, [bad, good, bad, good])] == [
        "stale", "ok", "stale", "ok",
    ]  # fmt: skip
    assert read == ["nothing", bailu.id]
    assert verify(store, []) == []
