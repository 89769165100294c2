"""Example questions come from the documents, and are shown only if they get an answer."""

from __future__ import annotations

from index.errors import StoreError
from index.records import Block, Document, DocumentInfo, Filters
from rag.pipeline import Pipeline
from tests.ui import fakes
from tests.ui.fakes import FakePipeline
from ui.examples import Examples, best_question, in_turn, questions_from

ZONE = "驛城區開放招商\n驛城區在河南。規劃面積21平方公里，2014年3月。投資達到3.5億元！"


def document(text: str, title: str, language: str, *headings: str) -> Document:
    blocks = tuple(
        Block(text.index(heading), text.index(heading) + len(heading), "heading", 2)
        for heading in headings
    )
    return Document(f"{title}.md", text, blocks, title=title, language=language)


def test_an_amount_becomes_a_question_about_what_the_document_is_about() -> None:
    zone = document(ZONE, "驛城區開放招商", "zh-Hant")
    assert list(questions_from(zone)) == [
        "驛城區規劃面積多少平方公里？",
        "驛城區投資達到多少億元？",
    ]


def test_a_count_becomes_a_question_in_english() -> None:
    text = "Zones\nThe North Zone has more than 3,200 old red houses, 7 of them empty."
    zone = document(text, "Zones", "en")
    assert list(questions_from(zone)) == ["How many old red houses are there in the North Zone?"]


def test_a_heading_becomes_a_question_in_its_own_language() -> None:
    english = document("Zones\nLogistics\nBy rail.", "Zones", "en", "Logistics")
    chinese = document("概况\n物流\n铁路。", "概况", "zh-Hans", "物流")
    assert list(questions_from(english)) == ["What do the documents say about “Logistics”?"]
    assert list(questions_from(chinese)) == ["关于“物流”，文档里怎么说？"]


def test_every_language_has_its_turn() -> None:
    languages = ["zh-Hans", "zh-Hans", "zh-Hant", None, "en"]
    infos = [
        DocumentInfo(str(n), f"{n}.md", "", 1, 1, language=language)
        for n, language in enumerate(languages)
    ]
    assert [info.id for info in in_turn(infos)] == ["0", "2", "3", "4", "1"]


def test_only_what_is_answered_is_shown(pipeline: FakePipeline) -> None:
    text = "大善县规划面积21平方公里。大善县人口45万人。"
    known = document(text, "大善县的面积", "zh-Hans")
    assert best_question(pipeline.typed, known) == "大善县规划面积多少平方公里？"
    examples = Examples(pipeline.typed)
    assert examples.of_collection() == []  # the fake refuses 面積 in Traditional


def test_a_collection_that_cannot_be_asked_has_none(pipeline: FakePipeline) -> None:
    pipeline.error = StoreError("gone")
    examples = Examples(pipeline.typed)
    assert examples.of_collection() == []
    assert examples.near([fakes.DOCUMENT.id], Filters()) == []


def test_a_document_is_tried_once(pipeline: FakePipeline) -> None:
    examples = Examples(pipeline.typed)
    examples.of_collection()
    tried = len(pipeline.asked)
    examples.of_collection()
    assert len(pipeline.asked) == tried > 0


def test_what_is_near_comes_first_and_filters_hold(real: Pipeline) -> None:
    one, two = [info.id for info in real.store.documents()]
    people, area = "大善县的人口是多少万人？", "小河镇的规划面积是多少平方公里？"
    examples = Examples(real)
    assert examples.of_collection() == [people, area]
    assert examples.near(["none", two, two], Filters()) == [area, people]
    assert examples.near([one], Filters(documents=(two,))) == [area]
