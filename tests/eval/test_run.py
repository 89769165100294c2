from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from eval.datasets import Dataset
from eval.questions import GoldQuestion
from eval.relevance import Judge
from eval.run import Result, ask_all, temporary_index
from eval.scores import Score, score
from index.encoder import HashEncoder
from index.records import Chunk
from index.store import Store
from rag.answer import Answer, Segment
from tests.eval.fakes import Rote, answer, citation, hit

PAGES = {
    "000.txt": "# 经开区\n\n司机之家投资100余万元。\n\n" + "别的话。" * 80,
    "001.txt": "高新区有企业3200余家。\n\n" + "闲话。" * 100 + "\n\n另有4个社区公园。",
}
QUESTION = GoldQuestion("q", "投了多少？", (("100余万元", "100多万元"),), sources=("000",))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    (tmp_path / "docs").mkdir()
    for source, text in PAGES.items():
        (tmp_path / "docs" / source).write_text(text, "utf-8")
    store = Store.open(tmp_path / "index", HashEncoder(), write=True)
    store.add([tmp_path / "docs"])
    return store


def chunks_with(store: Store, part: str) -> set[str]:
    return {c.id for c in all_chunks(store) if part in c.text}


def all_chunks(store: Store) -> list[Chunk]:
    return [chunk for info in store.documents() for chunk in store.chunks(info.id)]


class TestRelevance:
    def test_without_evidence_a_listed_chunk_that_holds_the_gold(self, store: Store) -> None:
        target = Judge(store, by_context=False).target(QUESTION)
        assert target.units == chunks_with(store, "100余万元")
        assert target.languages == ("zh-Hans",)

    def test_evidence_decides_where_a_listed_document_has_it(self, store: Store) -> None:
        question = GoldQuestion("q", "？", (("高新区",),), evidence=("４个\n社區公園",))
        assert Judge(store, by_context=False).target(question).units == chunks_with(
            store, "社区公园"
        )

    def test_evidence_that_is_nowhere_leaves_it_to_the_gold(self, store: Store) -> None:
        question = GoldQuestion("q", "？", (("高新区",),), evidence=("没有这句",))
        assert Judge(store, by_context=False).target(question).units == chunks_with(store, "高新区")

    def test_only_listed_documents_count(self, store: Store) -> None:
        question = GoldQuestion("q", "？", (("100余万元",),), sources=("001",))
        assert not Judge(store, by_context=False).target(question).units

    def test_an_unanswerable_question_has_nothing_to_find(self, store: Store) -> None:
        assert not Judge(store, by_context=False).target(GoldQuestion("q", "？")).units

    def test_hits_are_collapsed_to_contexts(self, store: Store) -> None:
        judge = Judge(store, by_context=True)
        question = GoldQuestion("q", "？", (("甲",),), sources=("001.txt",))
        assert judge.target(question).units == {"001.txt"}
        assert judge.unit(hit("001.txt", 1.0)) == "001.txt"


def scored(store: Store, question: GoldQuestion, given: Answer | None) -> Score:
    result = Result(question, given, given, 5.0, "" if given else "broken")
    return score(result, Judge(store, by_context=False))


class TestScores:
    def test_a_right_answer(self, store: Store) -> None:
        (right,) = chunks_with(store, "100余万元")
        hits = [hit("000.txt", 0.9, "other"), hit("000.txt", 0.8, right)]
        given = answer(["司机之家投资100余万元。"], ["100余万元"], hits=hits)
        values = scored(store, QUESTION, given).values
        assert (values["recall@1"], values["recall@2"], values["mrr@10"]) == (0, 1, 0.5)
        assert values["holds_gold"] == values["exact_match"] == values["char_f1"] == 1
        assert values["quote_length"] == len("司机之家投资100余万元。")
        assert (values["refused_answerable"], values["right"]) == (0, 1)

    def test_where_no_span_is_shorter_the_whole_text_is_the_answer(self, store: Store) -> None:
        values = scored(store, QUESTION, answer(["投资100余万元"])).values
        assert 0 < values["f1"] < 1
        assert values["exact_match"] == 0

    def test_what_the_system_says_itself_is_no_part_of_the_answer(self, store: Store) -> None:
        for said in (answer(["100余万元"]), answer(["投资100余万元"], ["100余万元"])):
            noted = replace(said, segments=(*said.segments, Segment(" (over 1 million yuan)")))
            assert scored(store, QUESTION, noted).values["exact_match"] == 1
            assert scored(store, QUESTION, noted) == scored(store, QUESTION, said)

    def test_a_mistaken_refusal(self, store: Store) -> None:
        values = scored(store, QUESTION, answer(abstained=True)).values
        assert values["refused_answerable"] == 1
        assert values["holds_gold"] == values["f1"] == values["citation_recall"] == 0
        assert "quote_length" not in values

    def test_an_unanswerable_question_is_about_refusing_only(self, store: Store) -> None:
        question = GoldQuestion("q", "？")
        assert scored(store, question, answer(abstained=True)).values["refused_unanswerable"] == 1
        answered = scored(store, question, answer(["甲"])).values
        assert (answered["refused_unanswerable"], answered["right"]) == (0, 0)
        assert "recall@1" not in answered

    def test_a_follow_up_is_right_by_its_quote_or_by_a_refusal(self, store: Store) -> None:
        def right(question: GoldQuestion, given: Answer | None) -> float:
            return scored(store, replace(question, follows=True), given).values["followup_right"]

        unanswerable = GoldQuestion("q", "？")
        small_talk = replace(answer(abstained=True), reason="small_talk")
        assert right(QUESTION, answer(["投资100余万元。"])) == 1
        assert right(QUESTION, answer(["投资。"])) == right(QUESTION, None) == 0
        assert right(unanswerable, answer(abstained=True)) == 1
        assert right(unanswerable, answer(["甲"])) == right(unanswerable, small_talk) == 0
        assert "followup_right" not in scored(store, QUESTION, answer(["甲"])).values

    def test_what_stands_alone_should_be_left_as_it_is(self, store: Store) -> None:
        question = replace(QUESTION, follows=True, stands_alone=True)
        left, changed = answer(["甲"]), replace(answer(["甲"]), resolved_question="甲区投了多少？")
        for given, unchanged in ((left, 1), (changed, 0), (None, 0)):
            values = scored(store, question, given).values
            assert values["alone_unchanged"] == unchanged
            assert "followup_right" not in values

    def test_a_failure_takes_the_worst_of_everything(self, store: Store) -> None:
        values = scored(store, QUESTION, None).values
        zero = (
            *(f"recall@{k}" for k in range(1, 11)), "mrr@10", "ndcg@10", "holds_gold",
            "citation_precision", "citation_recall", "exact_match", "f1", "char_f1", "right",
        )  # fmt: skip
        assert {name: values[name] for name in zero} == dict.fromkeys(zero, 0)
        assert values["refused_answerable"] == values["confidence"] == 1
        assert values["answerability"] == 0
        unanswerable = scored(store, GoldQuestion("q", "？"), None).values
        assert unanswerable["refused_unanswerable"] == unanswerable["right"] == 0
        assert unanswerable["answerability"] == unanswerable["confidence"] == 1

    def test_a_citation_must_cover_the_place_and_not_only_hold_the_words(
        self, store: Store
    ) -> None:
        page = next(i for i in store.documents() if i.source == "001.txt")
        text = store.document(page.id).text
        start = text.index("4个")
        gold = (("4个",), ("３２００余家", "3,200 or so"))
        question = GoldQuestion("q", "？", gold, evidence=("另有4个社区公园", "企业3200余家"))

        def recall(document: str, start: int, end: int) -> float:
            cited = replace(citation(1, "…4个…"), document_id=document, start=start, end=end)
            given = replace(answer(), citations=(cited,))
            return scored(store, question, given).values["citation_recall"]

        assert recall(page.id, start, start + 2) == 0.5
        assert recall(page.id, 0, len(text)) == 1
        assert recall(page.id, start + 1, start + 5) == 0
        assert recall("another", 0, len(text)) == 0

    def test_slices_and_the_languages_of_what_states_none(self, store: Store) -> None:
        question = GoldQuestion("q", "How much?", (("100余万元",),))
        assert scored(store, question, None).slices == {
            "type": "question", "language": "Latn", "script": "Latn", "documents": "zh-Hans",
        }  # fmt: skip
        lost = GoldQuestion("q", "誰？", (("nowhere",),), language="en")
        assert scored(store, lost, None).slices == {
            "type": "question", "language": "en", "script": "Hant", "documents": "none",
        }  # fmt: skip
        assert "documents" not in scored(store, GoldQuestion("q", "誰？"), None).slices

    def test_small_talk_counts_in_no_refusal_rate(self, store: Store) -> None:
        small_talk = Answer("你好", (), 0.0, "rote", abstained=True, reason="small_talk")
        values = scored(store, GoldQuestion("q", "你好"), small_talk).values
        assert not {"refused_unanswerable", "confidence"} & values.keys()

    def test_questions_about_one_paragraph_share_a_group(self, store: Store) -> None:
        other = GoldQuestion("r", "谁？", (("司机之家",),))
        groups = {scored(store, question, None).group for question in (QUESTION, other)}
        assert groups == chunks_with(store, "司机之家")
        assert scored(store, GoldQuestion("u", "？"), None).group == "u"


class TestAsking:
    def test_a_failure_stops_nothing(self) -> None:
        questions = [GoldQuestion("a", "甲"), GoldQuestion("b", "乙")]
        pipeline = Rote({"乙": answer(["乙"])})
        results = ask_all(questions, pipeline, Rote({}), lambda *_: None)
        assert [bool(result.error) for result in results] == [True, False]
        assert results[0].error == "KeyError: '甲'"

    def test_refused_questions_that_have_an_answer_are_asked_again(self) -> None:
        questions = [GoldQuestion("a", "甲", (("甲",),)), GoldQuestion("b", "乙")]
        refusing = Rote({text: answer(abstained=True) for text in "甲乙"})
        unrefusing = Rote({"甲": answer(["甲"])})
        first, second = ask_all(questions, refusing, unrefusing, lambda *_: None)
        assert unrefusing.asked == ["甲"]
        assert first.unrefused == answer(["甲"])
        assert second.unrefused == second.answer

    def test_contexts_become_documents_and_the_index_goes_away(self) -> None:
        contexts = {"00000.txt": "甲在北京。", "00001.txt": "乙在上海。\n丙在广州。"}
        dataset = Dataset("set", (), (), contexts=contexts)
        with temporary_index(dataset, HashEncoder()) as (store, documents):
            store.add([documents])
            assert {i.source: store.document(i.id).text for i in store.documents()} == contexts
        assert not documents.exists()
