"""Whatever the documents are made of, every citation is their text, character for character."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoder import HashEncoder
from index.store import Store
from rag.pipeline import Pipeline, Question
from rag.settings import load_settings
from tests.rag.makers import assert_holds, write

_WORDS = st.sampled_from(
    ["青禾区", "白露區", "投资", "投資", "引进企业300余家", "６.５億元", "2019年3月5日", "[1]",
     "区长林小禾", "Star Islet ", "covers 12.5 square kilometres", "&lt;", "\u3000", " ",
     "e\u0301", "n\u0303", "\u0301", "😀", "🏽", "👩\u200d👧", "𠮷", "𝔸", "ﬁ", "㍿", "½", "İ",
     "\u200b", "\ufeff"]
)  # fmt: skip
_ENDS = st.sampled_from(["。", "！", "？”", "；", ". ", "…", "，", ""])
_BREAKS = st.sampled_from(["\n", "\r\n", "\r\n\r\n", "\n\n", "\r", "\n# ", "\n- ", "\n| "])
_LONG = st.builds(lambda piece, count: piece * count, _WORDS, st.integers(50, 400))
_LINES = st.lists(st.one_of(_WORDS, _WORDS, _ENDS), max_size=20).map("".join)
_ANY = st.text(st.characters(codec="utf-8"), max_size=30)
_TEXTS = st.lists(st.one_of(_LINES, _LINES, _LONG, _ANY, _BREAKS, _BREAKS), max_size=12).map(
    "".join
)
_FILES = st.dictionaries(
    st.sampled_from(["a.md", "b.txt", "c.md", "d/e.txt"]), _TEXTS, min_size=1, max_size=3
)
_QUESTIONS = st.one_of(_LINES, _ANY).filter(str.strip)


@settings(max_examples=40, deadline=None)
@given(_FILES, st.lists(_QUESTIONS, min_size=1, max_size=3))
def test_every_citation_holds(files: dict[str, str], questions: list[str]) -> None:
    with TemporaryDirectory() as folder:
        for name, text in files.items():
            write(Path(folder, "documents", name), text)
        with Store.open(Path(folder, "data"), HashEncoder(), write=True) as store:
            store.add([Path(folder, "documents")])
            pipeline = Pipeline(store, load_settings(data=Path(folder), threshold=0))
            texts = {info.id: store.document(info.id).text for info in store.documents()}
            for question in [*questions, "青禾区投资多少？", "何时？", "How large is it?"]:
                answer = pipeline.ask(Question(question))
                assert_holds(answer, texts)
                assert answer.abstained == (not answer.hits)
