import json

from index.records import Span
from rag.answer import Answer, Hit, Segment, ShortAnswer, ask_body
from tests.rag.makers import make_citation

ANSWER = Answer(
    question="青禾区有多少家企业？",
    segments=(Segment("企业[9]有300家。", (1,)), Segment("企业有45家。", (2,))),
    confidence=0.93,
    generator="extractive",
    citations=(
        make_citation(1, "企业[9]有300家。", 20, Span(26, 30)),
        make_citation(2, "企业有45家。", 60, Span(63, 66)),
    ),
    short_answers=(ShortAnswer("300家", 1, 26, 30), ShortAnswer("45家", 2, 63, 66)),
    hits=(Hit("d", "d.md", None, "c", 0, 3, 0.12345678, 0.5, 1 / 3, "甲乙丙"),),
    related=(make_citation(1, "旁边。", 90),),
    warnings=("小心",),
    timings_ms={"total": 1.23456},
)


def test_the_body_has_exactly_the_keys_of_the_contract() -> None:
    body = ask_body(ANSWER)
    assert list(body) == [
        "question", "resolved_question", "answer", "segments", "short_answer", "short_answers",
        "abstained", "reason", "confidence", "generator", "warnings", "citations", "hits",
        "related", "timings_ms",
    ]  # fmt: skip
    citation = [
        "n", "document_id", "title", "source", "publisher", "date", "page", "sha256", "start",
        "end", "quote", "highlights",
    ]  # fmt: skip
    assert [list(c) for c in [*body["citations"], *body["related"]]] == [citation] * 3
    assert list(body["hits"][0]) == [
        "document_id", "source", "title", "chunk_id", "start", "end", "score", "lexical", "dense",
        "text",
    ]  # fmt: skip
    assert body["segments"][0] == {"text": "企业[9]有300家。", "citations": [1]}
    assert body["short_answers"][0] == {"text": "300家", "citation": 1, "start": 26, "end": 30}
    assert body["citations"][0]["highlights"] == [{"start": 26, "end": 30}]


def test_the_body_is_json_and_keeps_what_is_null() -> None:
    body = ask_body(ANSWER)
    assert json.loads(json.dumps(body)) == body
    assert body["reason"] is body["resolved_question"] is body["citations"][0]["page"] is None


def test_the_text_is_the_segments_with_their_markers() -> None:
    assert ANSWER.text == "企业[9]有300家。[1]企业有45家。[2]"
    assert Answer("问", (Segment("甲", (1, 2)), Segment("乙")), 0, "g").text == "甲[1][2]乙"


def test_short_answers_are_joined_and_none_is_null() -> None:
    assert ask_body(ANSWER)["short_answer"] == "300家、45家"
    assert ask_body(Answer("问", (), 0, "g"))["short_answer"] is None


def test_a_refusal_keeps_every_key() -> None:
    refusal = Answer(
        "问", (Segment("没有。"),), 0.1, "extractive", abstained=True, reason="no_match"
    )
    body = ask_body(refusal)
    assert body.keys() == ask_body(ANSWER).keys()
    assert (body["abstained"], body["reason"], body["answer"]) == (True, "no_match", "没有。")
    assert body["citations"] == body["short_answers"] == []
