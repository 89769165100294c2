import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import NotFoundError, UsageError
from index.records import Filters, Span
from index.store import Store
from index.view import View
from rag.answer import Answer, Citation, Found, Segment
from rag.draft import Draft, Generator, Passage, Quote
from rag.generate import GENERATORS
from rag.pipeline import MAX_TOP_K, Pipeline, Question
from rag.settings import Settings, load_settings
from tests.rag.makers import assert_holds, write

# Refuses nothing for lack of confidence, but still what the documents do not speak of.
LEAST = 1e-12

QUESTION = "青禾区引进了多少家企业？"


def make_pipeline(store: Store, threshold: float = LEAST, retriever: str = "hybrid") -> Pipeline:
    return Pipeline(store, load_settings(threshold=threshold, retriever=retriever))


def texts(store: Store) -> dict[str, str]:
    return {info.id: store.document(info.id).text for info in store.documents()}


def sources(citations: Sequence[Citation]) -> set[str]:
    return {citation.source for citation in citations}


def timeless(answer: Answer) -> Answer:
    return replace(answer, timings_ms={})


@pytest.mark.parametrize(
    ("question", "quote", "short"),
    [
        (QUESTION, "😀青禾区引进企业300余家，投资6.5亿元。", "300余家"),
        ("青禾區引進了多少家企業？", "😀青禾区引进企业300余家，投资6.5亿元。", "300余家"),
        ("白露区引进企业多少家？", "白露區引進企業45家，投資8.2億元。", "45家"),
        ("How many schools does the Star Islet park have?", "It has 40 schools.", "40 schools"),
    ],
)
def test_an_answer_is_a_quote_that_was_verified(
    store: Store, question: str, quote: str, short: str
) -> None:
    answer = make_pipeline(store).ask(Question(question))
    assert not answer.abstained and answer.reason is None
    assert quote in answer.citations[0].quote
    assert answer.short_answer == short
    assert answer.text.startswith(f"{answer.citations[0].quote}[1]")
    assert answer.related == ()
    assert 0 <= answer.confidence <= 1
    assert answer.timings_ms.keys() == {"retrieve", "generate", "total"}
    assert_holds(answer, texts(store))


@pytest.mark.parametrize(
    ("text", "opening", "titles"),
    [
        ("你好呀！", "你好！", "3 篇文档：《白露區》、《islet.txt》、《青禾区》。"),
        ("謝謝", "不客氣！", "3 篇文件：《白露區》、《islet.txt》、《青禾区》。"),
        ("Hello there", "Hello! ", "(3): “白露區”, “islet.txt”, “青禾区”."),
    ],
)
def test_small_talk_is_answered_without_looking_anything_up(
    store: Store, monkeypatch: pytest.MonkeyPatch, text: str, opening: str, titles: str
) -> None:
    monkeypatch.setattr(store, "match", None)  # calling it fails
    answer = make_pipeline(store, threshold=0).ask(Question(text))
    assert (answer.abstained, answer.reason) == (True, "small_talk")
    assert answer.text.startswith(opening)
    assert titles in answer.text
    assert (answer.citations, answer.related, answer.hits, answer.short_answers) == ((), (), (), ())
    assert answer.confidence == 0
    assert answer.timings_ms.keys() == {"retrieve", "generate", "total"}
    assert_holds(answer, texts(store))


def test_a_greeting_before_a_question_changes_nothing(store: Store) -> None:
    pipeline = make_pipeline(store)
    greeted, asked = (pipeline.ask(Question(text)) for text in (f"你好，{QUESTION}", QUESTION))
    assert greeted.short_answer == asked.short_answer == "300余家"


def test_a_collection_that_is_empty_says_so_to_small_talk(store: Store) -> None:
    for info in store.documents():
        store.remove(info.id)
    answer = make_pipeline(store).ask(Question("你能做什么？"))
    assert answer.reason == "small_talk"
    assert "还没有文档" in answer.text


@pytest.mark.parametrize("text", ["", "  ", "\n\u3000\t"])
def test_an_empty_question_is_an_error(text: str) -> None:
    with pytest.raises(UsageError, match="empty"):
        Question(text)


@pytest.mark.parametrize("top_k", [0, -1])
def test_top_k_is_at_least_one(top_k: int) -> None:
    with pytest.raises(UsageError, match=f"top_k is {top_k}"):
        Question(QUESTION, top_k=top_k)


def test_top_k_limits_the_hits_and_too_many_are_clamped_with_a_warning(store: Store) -> None:
    pipeline = make_pipeline(store)
    assert len(pipeline.ask(Question(QUESTION, top_k=1)).hits) == 1
    assert len(pipeline.search(Question(QUESTION, top_k=2)).hits) == 2
    assert pipeline.ask(Question(QUESTION, top_k=MAX_TOP_K)).warnings == ()
    clamped = pipeline.ask(Question(QUESTION, top_k=99))
    [warning] = clamped.warnings
    assert "99" in warning and str(MAX_TOP_K) in warning
    assert len(clamped.hits) == 3
    assert pipeline.search(Question(QUESTION, top_k=99)).warnings == clamped.warnings


def test_top_k_does_not_change_the_answer(store: Store) -> None:
    pipeline = make_pipeline(store)
    one, three = (pipeline.ask(Question(QUESTION, top_k=k)) for k in (1, 3))
    assert timeless(one) == replace(timeless(three), hits=three.hits[:1])


def test_search_finds_what_ask_reports_in_an_order_of_its_own(store: Store) -> None:
    pipeline = make_pipeline(store)
    found = pipeline.search(Question(QUESTION))
    read = pipeline.ask(Question(QUESTION)).hits
    assert {hit.chunk_id for hit in found.hits} == {hit.chunk_id for hit in read}
    for hits in (found.hits, read):
        assert list(hits) == sorted(hits, key=lambda hit: (-hit.score, hit.chunk_id))


def test_an_unknown_generator_lists_the_choices(store: Store) -> None:
    with pytest.raises(UsageError, match="'oracle'") as caught:
        make_pipeline(store).ask(Question(QUESTION, generator="oracle"))
    assert all(name in caught.value.hint for name in GENERATORS)


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("青禾区2019年引进多少家企业？", "文档里有相近的内容，但没有说到问题里的这一点：2019。"),
        ("青禾區2019年引進多少家企業？", "文件裡有相近的內容，但沒有說到問題裡的這一點：2019。"),
        (
            "How large was the Star Islet park in 1999?",
            "The documents say something close, but nothing about 1999.",
        ),
    ],
)
def test_an_unsupported_year_is_refused_in_the_questions_script(
    store: Store, question: str, message: str
) -> None:
    answer = make_pipeline(store).ask(Question(question))
    assert (answer.abstained, answer.reason) == (True, "unsupported")
    assert answer.text == message
    assert (answer.citations, answer.short_answers, answer.short_answer) == ((), (), None)
    assert answer.related and answer.hits
    assert_holds(answer, texts(store))


@pytest.mark.parametrize("name", ["青禾区", "青禾區"])
def test_a_sibling_does_not_answer_for_another(store: Store, name: str) -> None:
    question = Question(f"{name}引进了多少？", filters=Filters(source_prefix="bailu"))
    answer = make_pipeline(store).ask(question)
    assert (answer.abstained, answer.reason) == (True, "unsupported")
    assert answer.text.endswith(f"：{name}。")
    assert sources(answer.related) == {"bailu.md"}


def test_a_question_that_names_both_siblings_is_answered(store: Store) -> None:
    answer = make_pipeline(store).ask(Question("青禾区和白露区哪个引进企业多？"))
    assert not answer.abstained


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (QUESTION, "文档里没有找到能可靠回答这个问题的原文。"),
        ("青禾區引進了多少家企業？", "文件裡沒有找到能可靠回答這個問題的原文。"),
        (
            "How many schools does the Star Islet park have?",
            "The documents do not say, as far as could be found.",
        ),
    ],
)
def test_below_the_threshold_is_refused(store: Store, question: str, message: str) -> None:
    answer = make_pipeline(store, threshold=1).ask(Question(question))
    assert (answer.abstained, answer.reason, answer.text) == (True, "low_confidence", message)
    assert answer.confidence < 1
    assert answer.citations == () and answer.related


@pytest.mark.parametrize(
    "question", [QUESTION, "青禾区2019年有多少条河？", "Why does it rain?", "？", "😀", "𠮷" * 2000]
)
def test_threshold_zero_never_refuses_where_there_are_hits(store: Store, question: str) -> None:
    answer = make_pipeline(store, threshold=0).ask(Question(question))
    assert answer.hits and answer.citations and not answer.abstained
    assert_holds(answer, texts(store))


@pytest.mark.parametrize("threshold", [0, 1])
@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("白露区投资多少？", "文档里没有找到与这个问题有关的内容。"),
        ("白露區投資多少？", "文件裡沒有找到與這個問題有關的內容。"),
        ("How much?", "The documents hold nothing about this."),
    ],
)
def test_without_hits_there_is_no_match(
    store: Store, question: str, message: str, threshold: float
) -> None:
    nothing = Filters(source_prefix="nothing")
    answer = make_pipeline(store, threshold).ask(Question(question, filters=nothing))
    assert (answer.abstained, answer.reason, answer.text) == (True, "no_match", message)
    assert (answer.hits, answer.citations, answer.related) == ((), (), ())
    assert answer.confidence == 0


def test_an_empty_collection_has_no_match(store: Store) -> None:
    for info in store.documents():
        store.remove(info.id)
    assert make_pipeline(store).ask(Question(QUESTION)).reason == "no_match"


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(source_prefix="bailu"), {"bailu.md"}),
        (Filters(language="zh-Hant"), {"bailu.md"}),
        (Filters(date_from="2021", date_to="2021"), {"qinghe.md"}),
        (Filters(), {"bailu.md", "islet.txt", "qinghe.md"}),
    ],
)
def test_filters_limit_hits_and_quotes(store: Store, filters: Filters, expected: set[str]) -> None:
    answer = make_pipeline(store, threshold=0).ask(Question("投资多少？", filters=filters))
    assert {hit.source for hit in answer.hits} == expected
    assert sources(answer.citations) <= expected


@pytest.mark.parametrize(
    "filters", [Filters(source_prefix="nothing"), Filters(language="fr"), Filters(date_from="2023")]
)
def test_filters_that_leave_no_document_refuse_and_say_so(store: Store, filters: Filters) -> None:
    question = Question(QUESTION, filters=filters)
    answer = make_pipeline(store).ask(question)
    assert (answer.abstained, answer.reason) == (True, "no_match")
    assert answer.warnings == ("The filters leave none of the 3 documents to search.",)
    assert make_pipeline(store).search(question) == Found(QUESTION, (), answer.warnings)


def test_filters_that_leave_a_document_warn_of_nothing(store: Store) -> None:
    question = Question(QUESTION, filters=Filters(source_prefix="bailu"))
    assert make_pipeline(store).ask(question).warnings == ()


def test_a_filter_by_a_document_that_is_not_there_is_a_mistake(store: Store) -> None:
    known = store.documents()[0].id
    question = Question(QUESTION, filters=Filters(documents=(known, "nothing")))
    for ask in (make_pipeline(store).ask, make_pipeline(store).search):
        with pytest.raises(NotFoundError, match="'nothing'"):
            ask(question)


@pytest.mark.parametrize("retriever", ["hybrid", "bm25", "dense", "rrf"])
def test_every_retriever_answers(store: Store, retriever: str) -> None:
    answer = make_pipeline(store, 0, retriever).ask(Question(QUESTION))
    assert answer.citations[0].source == "qinghe.md"
    assert_holds(answer, texts(store))


def test_the_same_question_has_the_same_answer_alone_and_at_once(store: Store) -> None:
    pipeline = make_pipeline(store)
    questions = [QUESTION, "白露區投資多少？", "How many schools?", "青禾区2019年修了路吗？"]
    alone = [timeless(pipeline.ask(Question(text))) for text in questions]
    assert [timeless(pipeline.ask(Question(text))) for text in questions] == alone
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda text: pipeline.ask(Question(text)), questions * 8))
    assert [timeless(answer) for answer in together] == alone * 8


def test_what_is_removed_is_gone_from_the_very_next_answer(store: Store) -> None:
    pipeline = make_pipeline(store, threshold=0)
    [cited] = sources(pipeline.ask(Question(QUESTION)).citations)
    for info in store.documents():
        if info.source == cited:
            store.remove(info.id)
    after = pipeline.ask(Question(QUESTION))
    assert cited not in sources(after.citations)
    assert cited not in {hit.source for hit in after.hits}


@pytest.mark.parametrize(
    ("question", "prefix", "note"),
    [
        ("How many companies came?", "qinghe", " (System's note: 300余家 = over 300)"),
        (
            "星屿公园的面积是多少？",
            "islet",
            "（系统注：12.5 square kilometres = 12.5平方公里）",
        ),
        (
            "星嶼公園的面積是多少？",
            "islet",
            "（系統註：12.5 square kilometres = 12.5平方公里）",
        ),
        ("青禾区引进了多少家企业？", "qinghe", ""),
        ("青禾區引進了多少家企業？", "qinghe", ""),
        ("How large is the park?", "islet", ""),
        ("Who is the district head?", "qinghe", ""),
    ],
)
def test_the_figures_of_another_language_are_restated_at_the_end(
    store: Store, question: str, prefix: str, note: str
) -> None:
    asked = Question(question, filters=Filters(source_prefix=prefix))
    answer = make_pipeline(store, threshold=0).ask(asked)
    own = [segment.text for segment in answer.segments if not segment.citations]
    assert own == ([note] if note else [])
    assert answer.text.endswith(note)
    assert "=" not in (answer.short_answer or "")
    assert_holds(answer, texts(store))


class Surveyor:
    """Quotes every passage whole, and highlights what it says of money."""

    def generate(self, question: str, passages: Sequence[Passage]) -> Draft:
        quotes = []
        for chunk in sorted((p.match.chunk for p in passages), key=lambda chunk: chunk.text):
            found = [m.span() for m in re.finditer(r"[\d.]+[亿億]元", chunk.text)]
            spans = tuple(Span(chunk.start + start, chunk.start + end) for start, end in found)
            quotes.append(Quote(chunk.document_id, chunk.start, chunk.end, chunk.text, spans))
        return Draft(tuple(quotes), 0.9)


def test_several_short_answers_are_restated_in_their_order(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(GENERATORS, "surveyor", lambda *_: Surveyor())
    question = Question("How much was invested?", generator="surveyor")
    answer = make_pipeline(store).ask(question)
    assert answer.short_answer == "8.2億元、6.5亿元"
    assert answer.segments[-1] == Segment(
        " (System's note: 8.2億元 = 820 million yuan; 6.5亿元 = 650 million yuan)"
    )
    assert_holds(answer, texts(store))


class Liar:
    """Quotes the best passage, once as it stands and otherwise not."""

    def __init__(self, honest: bool) -> None:
        self._honest = honest

    def generate(self, question: str, passages: Sequence[Passage]) -> Draft:
        chunk = passages[0].match.chunk
        lie = Quote(chunk.document_id, chunk.start, chunk.end, re.sub(r"\d", "9", chunk.text))
        truth = replace(lie, text=chunk.text)
        late = replace(truth, start=chunk.start + 1)
        return Draft((lie, truth, late) if self._honest else (lie, late), 0.9)


@pytest.mark.parametrize("honest", [True, False])
def test_a_generators_lies_are_dropped_and_counted(
    store: Store, monkeypatch: pytest.MonkeyPatch, honest: bool
) -> None:
    def make(_: Store, __: Settings) -> Generator:
        return Liar(honest)

    monkeypatch.setitem(GENERATORS, "liar", make)
    answer = make_pipeline(store, threshold=0).ask(Question(QUESTION, generator="liar"))
    assert (answer.generator, answer.dropped) == ("liar", 2)
    assert [citation.n for citation in answer.citations] == ([1] if honest else [])
    assert answer.reason == (None if honest else "no_match")
    assert "99" not in answer.text


def test_a_lone_surrogate_in_a_question_is_no_error(store: Store) -> None:
    pipeline = Pipeline(store, load_settings())
    assert pipeline.ask(Question("青禾\ud800区")).question


@pytest.mark.parametrize("change", ["remove", "edit"])
def test_a_change_while_a_question_is_answered_changes_only_the_next_answer(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    before = make_pipeline(store).ask(Question(QUESTION))
    cited = {citation.source for citation in before.citations}
    assert cited

    class Meanwhile:
        """Generates when the documents that are to be quoted have just changed."""

        def __init__(self, view: View, settings: Settings) -> None:
            self._inner = extractive(view, settings)

        def generate(self, question: str, passages: Sequence[Passage]) -> Draft:
            if change == "remove":
                for info in store.documents():
                    store.remove(info.id)
            else:
                for source in cited:
                    write(folder / source, "别的内容。")
                store.add([folder])
            return self._inner.generate(question, passages)

    extractive = GENERATORS["extractive"]
    monkeypatch.setitem(GENERATORS, "extractive", Meanwhile)
    assert timeless(make_pipeline(store).ask(Question(QUESTION))) == timeless(before)
    monkeypatch.setitem(GENERATORS, "extractive", extractive)
    after = make_pipeline(store).ask(Question(QUESTION))
    assert not cited & {citation.source for citation in (*after.citations, *after.related)}
