from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from eval import datasets
from eval.datasets import Choices, load_set
from index.errors import NotFoundError, UsageError
from rag.followup import Turn

FINE = {"id": "q1", "question": "谁？", "answers": ["郑玉林"], "source": "004"}


def write_lines(path: Path, *rows: Any) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines), "utf-8")
    return path


def qa(question_id: str, question: str, answer: str, start: int) -> dict[str, Any]:
    answers = [{"text": answer, "answer_start": start}]
    return {"id": question_id, "question": question, "answers": answers}


def write_squad(path: Path, articles: Mapping[str, Mapping[str, Sequence[Any]]]) -> Path:
    """Titles to contexts to questions."""
    data = [
        {
            "title": title,
            "paragraphs": [{"context": c, "qas": list(qas)} for c, qas in contexts.items()],
        }
        for title, contexts in articles.items()
    ]
    path.write_text(json.dumps({"data": data}), "utf-8")
    return path


@pytest.fixture
def squad(tmp_path: Path) -> Path:
    return write_squad(
        tmp_path / "small.json",
        {
            "A": {"甲在北京。": [qa("a", "甲在哪？", "北京", 2), qa("b", " ", "甲", 0)]},
            "B": {"乙在上海。\n丙在广州。": [qa("c", "丙在哪？", "广州", 9)]},
            "C": {"甲在北京。": [qa("d", "谁在北京？", "甲", 0)], "丁": []},
        },
    )


class TestLines:
    def test_a_question_is_read_with_everything_it_says(self, tmp_path: Path) -> None:
        row = {
            **FINE, "answers_all": [["郑玉林", "鄭玉林"], ["贾迎战"]], "source": ["004", "005"],
            "evidence": "区委书记郑玉林", "type": "multi", "lang": "zh-Hans", "split": "dev",
            "note": "keys that are not known are left alone",
        }  # fmt: skip
        path = write_lines(tmp_path / "set.jsonl", row, "", "  ")
        (question,) = load_set(str(path), Choices(docs=tmp_path)).questions
        assert question.gold == (("郑玉林", "鄭玉林"), ("贾迎战",))
        assert (question.sources, question.evidence) == (("004", "005"), ("区委书记郑玉林",))
        assert (question.type, question.language, question.split) == ("multi", "zh-Hans", "dev")

    def test_a_turn_of_a_dialogue_knows_what_was_said_before(self, tmp_path: Path) -> None:
        said = {"question": "甲区有多大？", "answer": "30平方公里。[1]"}
        row = {**FINE, "dialogue": "d1", "history": [said], "resolved": None}
        path = write_lines(tmp_path / "set.jsonl", row, {**FINE, "id": "q2"})
        turn, first = load_set(str(path), Choices(docs=tmp_path)).questions
        assert (turn.group, turn.history) == ("d1", (Turn(**said),))
        assert turn.follows and turn.stands_alone
        assert not (first.follows or first.stands_alone or first.history)
        alone, _ = load_set(str(path), Choices(docs=tmp_path, without_history=True)).questions
        assert alone.follows and not alone.history

    def test_evidence_from_the_documents_and_from_the_pages_both_count(
        self, tmp_path: Path
    ) -> None:
        row = {**FINE, "evidence": "区委书记郑玉林", "evidence_page": "书记郑玉林"}
        path = write_lines(tmp_path / "set.jsonl", row)
        (question,) = load_set(str(path), Choices(docs=tmp_path)).questions
        assert question.evidence == ("区委书记郑玉林", "书记郑玉林")

    def test_empty_questions_are_excluded_and_counted(self, tmp_path: Path) -> None:
        empty = {"id": "q2", "question": " \n", "answers": []}
        path = write_lines(tmp_path / "set.jsonl", FINE, empty)
        dataset = load_set(str(path), Choices(docs=tmp_path))
        assert [question.id for question in dataset.questions] == ["q1"]
        assert dataset.counts["excluded_empty"] == 1

    @pytest.mark.parametrize(
        ("bad", "message"),
        [
            ('{"id": "q2",', "line 2: not valid JSON"),
            ("[1]", "line 2: list found where an object was expected"),
            ({"id": "q2", "question": "？"}, "line 2: 'answers' is missing"),
            ({**FINE, "id": "q2", "answers": "甲"}, "'answers' is '甲'; it should be a list"),
            ({**FINE, "id": "q2", "answers": [""]}, "'answers' is"),
            ({**FINE, "id": 2}, "'id' is 2; it should be a text"),
            ({**FINE, "id": "q2", "answers_all": [[]]}, "none of them empty"),
            ({**FINE, "id": "q2", "answers": [], "answers_all": [["甲"]]}, "'answers' is empty"),
            ({**FINE, "id": "q2", "resolved": "甲"}, "'resolved' is '甲'; it should be null"),
            ({**FINE, "id": "q2", "history": [{"question": "？"}]}, "'history' is"),
            (FINE, "the id 'q1' stands in line 1 already"),
        ],
    )
    def test_what_is_wrong_is_said_with_its_line(
        self, tmp_path: Path, bad: Any, message: str
    ) -> None:
        path = write_lines(tmp_path / "set.jsonl", FINE, bad)
        with pytest.raises(UsageError) as raised:
            load_set(str(path), Choices(docs=tmp_path))
        assert str(path) in raised.value.message
        assert message in raised.value.message

    def test_a_file_without_questions_or_in_another_encoding(self, tmp_path: Path) -> None:
        empty = json.dumps({**FINE, "question": ""}).encode()
        for content in (b"\n\n", empty, '{"id": "问"}'.encode("gb18030")):
            (tmp_path / "set.jsonl").write_bytes(content)
            with pytest.raises(UsageError):
                load_set(str(tmp_path / "set.jsonl"), Choices(docs=tmp_path))

    def test_documents_must_be_named_and_exist(self, tmp_path: Path) -> None:
        path = write_lines(tmp_path / "set.jsonl", FINE)
        with pytest.raises(UsageError, match="Which documents"):
            load_set(str(path), Choices())
        with pytest.raises(NotFoundError):
            load_set(str(path), Choices(docs=tmp_path / "nowhere"))

    @pytest.mark.parametrize("choices", [{"withhold": 0.5}, {"questions": Path("x.json")}])
    def test_what_only_squad_files_can_do(self, tmp_path: Path, choices: dict[str, Any]) -> None:
        path = write_lines(tmp_path / "set.jsonl", FINE)
        with pytest.raises(UsageError, match="no SQuAD file"):
            load_set(str(path), Choices(docs=tmp_path, **choices))


class TestSquad:
    def test_each_context_is_one_document_and_equal_ones_are_the_same(self, squad: Path) -> None:
        dataset = load_set(str(squad), Choices())
        assert dataset.contexts == {
            "00000.txt": "甲在北京。", "00001.txt": "乙在上海。\n丙在广州。", "00002.txt": "丁",
        }  # fmt: skip
        assert [(q.id, q.group, q.gold) for q in dataset.questions] == [
            ("a", "00000.txt", (("北京",),)),
            ("c", "00001.txt", (("广州",),)),
            ("d", "00000.txt", (("甲",),)),
        ]

    def test_blemishes_are_counted(self, squad: Path) -> None:
        assert load_set(str(squad), Choices()).counts == {"excluded_empty": 1, "wrong_offsets": 1}

    def test_impossible_questions_should_be_refused(self, tmp_path: Path) -> None:
        impossible = {"id": "a", "question": "？", "is_impossible": True, "answers": []}
        path = write_squad(tmp_path / "two.json", {"A": {"甲": [impossible]}})
        assert not load_set(str(path), Choices()).questions[0].answerable

    def test_questions_of_a_translation_keep_the_gold_of_the_contexts(
        self, squad: Path, tmp_path: Path
    ) -> None:
        other = write_squad(
            tmp_path / "en.json",
            {"A": {"A in Beijing": [qa("a", "Where is A?", "Beijing", 5), qa("z", "?", "A", 0)]}},
        )
        dataset = load_set(str(squad), Choices(questions=other))
        (question,) = dataset.questions
        assert (question.text, question.gold) == ("Where is A?", (("北京",),))
        assert (dataset.name, dataset.counts["unpaired"]) == ("en on small", 4)
        assert len(dataset.contexts) == 3

    def test_a_translation_without_a_common_id(self, squad: Path, tmp_path: Path) -> None:
        other = write_squad(tmp_path / "en.json", {"A": {"A": [qa("z", "?", "A", 0)]}})
        with pytest.raises(UsageError, match="no question id in common"):
            load_set(str(squad), Choices(questions=other))

    @pytest.mark.parametrize("seed", range(6))
    def test_questions_about_withheld_articles_should_be_refused(
        self, squad: Path, seed: int
    ) -> None:
        dataset = load_set(str(squad), Choices(withhold=0.67, seed=seed))
        assert dataset.counts["withheld_documents"] == 3 - len(dataset.contexts) > 0
        for question in dataset.questions:
            assert question.answerable == (question.group in dataset.contexts)
            assert (question.type == "withheld") == (not question.answerable)

    def test_a_share_to_withhold_is_below_one(self, squad: Path) -> None:
        with pytest.raises(UsageError, match="--withhold is 1"):
            load_set(str(squad), Choices(withhold=1))

    def test_the_contexts_are_the_documents(self, squad: Path, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="its own contexts"):
            load_set(str(squad), Choices(docs=tmp_path))

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ("[1]", "an object was expected"),
            ("{", "not valid JSON"),
            ('{"data": {}}', "'data' should be a list of objects"),
            ('{"data": [{}]}', r"at data\[0\], 'paragraphs' is missing"),
            (
                '{"data": [{"paragraphs": [{"context": "a", "qas": [{"answers": []}]}]}]}',
                r"at data\[0\].paragraphs\[0\].qas\[0\], 'id' is missing",
            ),
        ],
    )
    def test_what_is_wrong_is_said_with_its_place(
        self, tmp_path: Path, content: str, message: str
    ) -> None:
        path = tmp_path / "bad.json"
        path.write_text(content, "utf-8")
        with pytest.raises(UsageError, match=message):
            load_set(str(path), Choices())

    def test_an_id_stands_once(self, tmp_path: Path) -> None:
        twice = [qa("a", "？", "甲", 0), qa("a", "？", "甲", 0)]
        path = write_squad(tmp_path / "twice.json", {"A": {"甲": twice}})
        with pytest.raises(UsageError, match="stands in the file already"):
            load_set(str(path), Choices())


class TestTheOtherScript:
    def test_chinese_questions_change_script_words_and_language_but_not_ids(
        self, tmp_path: Path
    ) -> None:
        rows = [
            {**FINE, "id": "hans", "question": "哪家软件公司？", "lang": "zh-Hans"},
            {**FINE, "id": "hant", "question": "哪家軟體公司？", "lang": "zh-Hant"},
            {**FINE, "id": "unstated", "question": "驿城区在哪？"},
            {**FINE, "id": "en", "question": "Where is 驿城区 of Zhumadian?", "lang": "en"},
        ]
        path = write_lines(tmp_path / "set.jsonl", *rows)
        dataset = load_set(str(path), Choices(docs=tmp_path, other_script=True))
        assert [(q.id, q.text, q.language) for q in dataset.questions] == [
            ("hans", "哪家軟體公司？", "zh-Hant"),
            ("hant", "哪家软件公司？", "zh-Hans"),
            ("unstated", "驛城區在哪？", "zh-Hant"),
            ("en", "Where is 驿城区 of Zhumadian?", "en"),
        ]
        assert dataset.name == f"set on {tmp_path.name} in the other script"

    def test_the_gold_stays_and_the_same_sample_is_taken(self, squad: Path) -> None:
        plain, other = (
            load_set(str(squad), Choices(limit=2, other_script=other)) for other in (False, True)
        )
        assert [(q.id, q.gold, q.sources) for q in plain.questions] == [
            (q.id, q.gold, q.sources) for q in other.questions
        ]
        assert "誰在北京？" in [q.text for q in load_set(
            str(squad), Choices(other_script=True)).questions]  # fmt: skip


class TestSamples:
    @pytest.fixture
    def many(self, tmp_path: Path) -> Path:
        rows = [{**FINE, "id": f"q{i}"} for i in range(50)]
        return write_lines(tmp_path / "many.jsonl", *rows)

    def ids(self, path: Path, limit: int, seed: int = 0) -> list[str]:
        dataset = load_set(str(path), Choices(docs=path.parent, limit=limit, seed=seed))
        return [question.id for question in dataset.questions]

    def test_a_sample_keeps_the_order_and_grows_by_adding(self, many: Path) -> None:
        small, large = self.ids(many, 10), self.ids(many, 20)
        assert len(small) == 10
        assert large == sorted(large, key=lambda name: int(name[1:]))
        assert set(small) < set(large)

    def test_another_seed_is_another_sample(self, many: Path) -> None:
        assert self.ids(many, 10) == self.ids(many, 10) != self.ids(many, 10, seed=1)

    def test_a_limit_beyond_the_set_and_one_below_one(self, many: Path) -> None:
        assert len(self.ids(many, 999)) == 50
        with pytest.raises(UsageError, match="--limit is 0"):
            self.ids(many, 0)


class TestNames:
    @pytest.mark.parametrize("name", ["nowhere", "../sets/corpus", "missing.jsonl", "missing.json"])
    def test_a_missing_set_is_told_with_those_there_are(self, name: str) -> None:
        with pytest.raises(NotFoundError) as raised:
            load_set(name, Choices())
        assert "corpus" in raised.value.hint

    def test_the_set_that_ships_is_well_formed(self) -> None:
        dataset = load_set("corpus", Choices(docs=datasets.SETS))
        assert len(dataset.questions) >= 80
        assert sum(not question.answerable for question in dataset.questions) >= 20
        halves = [question.split for question in dataset.questions]
        assert set(halves) == {"dev", "test"}
        assert abs(halves.count("dev") - halves.count("test")) <= 2
