"""Whatever the documents are made of, every citation is their text, character for character; and
after an edit, each is found again where it went, or said to be gone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoder import HashEncoder
from index.records import Span
from index.store import Store
from rag.draft import Quote
from rag.pipeline import Pipeline, Question
from rag.settings import load_settings
from rag.verify import Status, Verdict, verify
from tests.rag.makers import assert_holds, saved, write

_WORDS = st.sampled_from(
    ["青禾区", "白露區", "投资", "投資", "引进企业300余家", "６.５億元", "2019年3月5日", "[1]",
     "区长林小禾", "Star Islet ", "covers 12.5 square kilometres", "&lt;", "\u3000", " ",
     "e\u0301", "n\u0303", "\u0301", "😀", "🏽", "👩\u200d👧", "𠮷", "𝔸", "ﬁ", "㍿", "½", "İ",
     "\u200b", "\ufeff"]
)  # fmt: skip
_ENDS = st.sampled_from(["。", "！", "？”", "；", ". ", "…", "，", ""])
_BREAKS = st.sampled_from(["\n", "\r\n", "\r\n\r\n", "\n\n", "\r", "\n# ", "\n- ", "\n| "])
_FRONT = st.sampled_from(
    ["", "", "---\ntitle: 青禾区\n---\n", "---\r\ntitle: [\r\n---\r\n", "---\n"]
)
_LONG = st.builds(lambda piece, count: piece * count, _WORDS, st.integers(50, 400))
_LINES = st.lists(st.one_of(_WORDS, _WORDS, _ENDS), max_size=20).map("".join)
_ANY = st.text(st.characters(codec="utf-8"), max_size=30)
_PIECES = st.lists(st.one_of(_LINES, _LINES, _LONG, _ANY, _BREAKS, _BREAKS), max_size=12)
_TEXTS = st.builds(lambda front, pieces: front + "".join(pieces), _FRONT, _PIECES)
_FILES = st.dictionaries(
    st.sampled_from(["a.md", "b.txt", "c.md", "d/e.txt"]), _TEXTS, min_size=1, max_size=3
)
_QUESTIONS = st.one_of(_LINES, _ANY).filter(str.strip)

# With something in it that is always asked for, so that there is an answer to follow.
_ANSWERING = st.builds(lambda before, after: f"{before}青禾区投资6.5億元。{after}", _TEXTS, _TEXTS)

# What becomes of a file after it was asked; `quote` is one that it was cited with.
_EDITS: dict[str, Callable[[str, str], str | None]] = {
    "a line before": lambda text, quote: "改𠮷e\u0301😀。\n\n" + text,
    "a line after": lambda text, quote: text + "\n\n改了。",
    "twice": lambda text, quote: f"{text}\n\n{text}",
    "other words for it": lambda text, quote: text.replace(quote, "改了。"),
    "the quote before itself": lambda text, quote: f"{quote}\n\n{text}",
    "its other half": lambda text, quote: text[len(text) // 2 :],
    "a title": lambda text, quote: f"---\ntitle: 改\n---\n{text}",
    "old line ends": lambda text, quote: text.replace("\n", "\r\n"),
    "other words throughout": lambda text, quote: "改了。",
    "removed": lambda text, quote: None,
}


@settings(max_examples=40, deadline=None)
@given(_FILES, st.lists(_QUESTIONS, min_size=1, max_size=3))
def test_every_citation_holds(files: dict[str, str], questions: list[str]) -> None:
    with TemporaryDirectory() as folder, _indexed(Path(folder), files) as pipeline:
        texts = _texts(pipeline.store)
        for question in [*questions, "青禾区投资多少？", "何时？", "How large is it?"]:
            answer = pipeline.ask(Question(question))
            assert_holds(answer, texts)
            assert answer.abstained == (not answer.hits)
            citations = saved(answer)
            assert verify(pipeline.store, citations) == [
                Verdict("ok", Span(each.quote.start, each.quote.end)) for each in citations
            ]


@pytest.mark.parametrize("edit", _EDITS)
@settings(max_examples=10, deadline=None)
@given(files=_FILES, answering=_ANSWERING)
def test_after_an_edit_every_verdict_is_what_the_text_says(
    files: dict[str, str], answering: str, edit: str
) -> None:
    files = {**files, "answering.md": answering}
    with TemporaryDirectory() as folder, _indexed(Path(folder), files) as pipeline:
        answer = pipeline.ask(Question("青禾区投资多少？"))
        citations = saved(answer)
        for cited in (*answer.citations, *answer.related):
            path = Path(folder, "documents", cited.source)
            if path.exists():
                edited = _EDITS[edit](path.read_bytes().decode("utf-8"), cited.quote)
                path.unlink()
                if edited is not None:
                    write(path, edited)
        pipeline.store.add([Path(folder, "documents")], prune=True)
        texts = _texts(pipeline.store)
        found = verify(pipeline.store, citations)
        assert found == [
            _expected(texts.get(each.quote.document_id), each.quote) for each in citations
        ]
        for verdict, each in zip(found, citations, strict=True):
            if verdict.place:
                text = texts[each.quote.document_id]
                assert text[verdict.place.start : verdict.place.end] == each.quote.text


def _expected(text: str | None, quote: Quote) -> Verdict:
    """By trying every place of the text."""
    if text is None:
        return Verdict("stale", reason="document_gone")
    places = [place for place in range(len(text)) if text.startswith(quote.text, place)]
    if not places:
        return Verdict("stale", reason="quote_gone")
    nearest = min(places, key=lambda place: (abs(place - quote.start), place))
    status: Status = "ok" if nearest == quote.start else "moved"
    return Verdict(status, Span(nearest, nearest + len(quote.text)))


@contextmanager
def _indexed(folder: Path, files: dict[str, str]) -> Iterator[Pipeline]:
    for name, text in files.items():
        write(folder / "documents" / name, text)
    with Store.open(folder / "data", HashEncoder(), write=True) as store:
        store.add([folder / "documents"])
        yield Pipeline(store, load_settings(data=folder, threshold=0))


def _texts(store: Store) -> dict[str, str]:
    return {info.id: store.document(info.id).text for info in store.documents()}
