"""Training, on made-up questions: small enough to be learned in seconds with the real encoder."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
import torch

from eval.negatives import SHARES, Negatives, holds_answer
from eval.reading_data import FOLDS, Example, ReadingSet, read_sets
from eval.reading_groups import (
    Group,
    GroupMaker,
    choose,
    make_batches,
    make_groups,
    training_folds,
)
from eval.reading_loop import Recipe, Training, identity_of, train
from eval.train_reader import WEIGHTS, main
from index.errors import NotFoundError, UsageError
from index.packaged import packaged_model
from rag.reader.network import new_network
from rag.reader.weights import changed, freeze, training_of
from rag.reader.windows import PairTokenizer
from tests.cache import default_cache

FOLDER = packaged_model(default_cache())
SHARED = Path(__file__).parents[3] / "shared" / "benchmarks"
# Enough of a paragraph is left when the sentence with the answer is gone.
REST = "湖边住着许多人家，春天来看花的人也不少，到了秋天就安静下来，只有船还在水上来来往往。"
PLACES = ("东", "南", "西", "北", "中", "上", "下", "前", "后")


def squad(name: str, language: str = "zh") -> dict[str, object]:
    """Nine articles of two paragraphs each, two questions a paragraph."""
    data = []
    for number, place in enumerate(PLACES):
        paragraphs = []
        for part in range(2):
            year, metres = 1900 + 10 * number + part, 300 + number * 7 + part
            if language == "zh":
                title = f"{place}湖市"
                text = (
                    f"{place}湖市的铁路😀在{year}年通车。{place}山高{metres}米，有很多树木。{REST}"
                )
                asked = [
                    (f"{title}{year}年通了什么？", "铁路"),
                    (f"{place}山高几米？", f"{metres}米"),
                ]
            else:
                title = f"{place}湖市"
                text = f"Town {number} got its railway in {year}. Its hill rises {metres} metres."
                asked = [
                    (f"What did Town {number} get in {year}?", "railway"),
                    (f"How high is the hill of Town {number}?", f"{metres} metres"),
                ]
            qas = [
                {
                    "id": f"{name}-{number}-{part}-{i}",
                    "question": question,
                    "answers": [{"text": answer, "answer_start": text.index(answer)}],
                }
                for i, (question, answer) in enumerate(asked)
            ]
            paragraphs.append({"context": text, "qas": qas})
        data.append({"title": title, "paragraphs": paragraphs})
    return {"data": data}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sets")
    for file, content in (
        ("alone.json", squad("a")),
        ("both.zh.json", squad("b")),
        ("both.en.json", squad("b", "en")),
    ):
        (folder / file).write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return folder


@pytest.fixture(scope="module")
def sets(folder: Path) -> list[ReadingSet]:
    return read_sets(list(folder.glob("*.json")))


@pytest.fixture(scope="module")
def tokenizer() -> PairTokenizer:
    return PairTokenizer(FOLDER)


def confused(sets: list[ReadingSet]) -> dict[str, dict[str, list[int]]]:
    """As if retrieval had ranked all other paragraphs by their number."""
    return {
        one.name: {
            e.id: [p.number for p in one.paragraphs if p.number != e.paragraph.number]
            for e in one.examples
        }
        for one in sets
    }


def groups_of(
    sets: list[ReadingSet], tokenizer: PairTokenizer, count: int, held_out: int | None = 0
) -> list[Group]:
    folds = training_folds(held_out)
    negatives = Negatives(sets, confused(sets), folds)
    maker = GroupMaker(tokenizer, negatives, length=64, rivals=1)
    made, _ = make_groups(choose(sets, folds, count, Random(0)), maker, 0)
    return made


# Data


def check_folds(sets: list[ReadingSet]) -> None:
    """No paragraph and no article is on both sides, in whichever file and language."""
    by_title: dict[str, set[int]] = {}
    by_text: dict[str, set[int]] = {}
    by_question: dict[str, set[int]] = {}
    for one in sets:
        for paragraph in one.paragraphs:
            if paragraph.title:
                by_title.setdefault(paragraph.title, set()).add(paragraph.fold)
            by_text.setdefault(paragraph.text, set()).add(paragraph.fold)
        for example in one.examples:
            by_question.setdefault(example.id, set()).add(example.paragraph.fold)
    for found in (by_title, by_text, by_question):
        assert {len(folds) for folds in found.values()} == {1}
    for one in sets:
        assert {paragraph.fold for paragraph in one.paragraphs} == set(range(FOLDS))


def check_examples(examples: list[Example]) -> None:
    for example in examples:
        assert example.question.strip()
        for place in example.places:
            assert example.paragraph.text[place.start : place.end] in example.answers


def test_no_article_is_in_two_folds(sets: list[ReadingSet]) -> None:
    check_folds(sets)


def test_answers_stand_at_their_places(sets: list[ReadingSet]) -> None:
    check_examples([example for one in sets for example in one.examples])


def test_translations_are_one_family(sets: list[ReadingSet]) -> None:
    assert {one.name: one.family for one in sets} == {
        "alone": "alone", "both.en": "both.en", "both.zh": "both.en"
    }  # fmt: skip
    assert [one.language for one in sets] == ["", "en", "zh"]


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the benchmarks in ../shared")
def test_the_benchmarks_make_no_leak() -> None:
    sets = read_sets(list(SHARED.glob("*.json")))
    check_folds(sets)
    check_examples([example for one in sets for example in one.examples])


def test_a_wrong_offset_is_mended_where_the_answer_stands_once(tmp_path: Path) -> None:
    qas = [
        {"id": "1", "question": "?", "answers": [{"text": "乙", "answer_start": 0}]},
        {"id": "2", "question": "?", "answers": [{"text": "甲", "answer_start": 2}]},
        {"id": "3", "question": " ", "answers": [{"text": "乙", "answer_start": 2}]},
        {"id": "4", "question": "?", "answers": []},
    ]
    content = {"data": [{"paragraphs": [{"context": "甲甲乙", "qas": qas}]}]}
    (tmp_path / "set.json").write_text(json.dumps(content))
    (found,) = read_sets([tmp_path / "set.json"])
    assert [(e.id, e.places[0].start) for e in found.examples] == [("1", 2)]
    assert found.counts == {"empty_questions": 1, "unanswerable": 1, "without_place": 1}


def test_nothing_to_learn_from() -> None:
    with pytest.raises(NotFoundError, match="no question set"):
        read_sets([])


@pytest.mark.parametrize("kind", SHARES)
def test_negatives_do_not_answer(sets: list[ReadingSet], kind: str) -> None:
    folds = training_folds(0)
    negatives = Negatives(sets, confused(sets), folds)
    allowed = {p.text: p.fold for one in sets for p in one.paragraphs}
    made = 0
    for example in (e for one in sets for e in one.examples if e.paragraph.fold in folds):
        found = negatives.make(example, kind, Random(1))  # type: ignore[arg-type]
        if found is None:
            continue
        made += 1
        if kind == "swapped":
            assert found.question != example.question
            assert found.text == example.paragraph.text
        else:
            assert found.question == example.question
            assert not holds_answer(found.text, example)
        assert allowed.get(found.text, 1) in folds
    assert made


def test_a_swapped_number_is_not_in_the_paragraph(sets: list[ReadingSet]) -> None:
    negatives = Negatives(sets, confused(sets), training_folds(None))
    years = [e for one in sets for e in one.examples if "铁路" in e.answers]
    assert years
    for example in years:
        found = negatives.make(example, "swapped", Random(2))
        assert found is not None


def test_groups_have_the_answer_first_and_at_its_tokens(
    sets: list[ReadingSet], tokenizer: PairTokenizer
) -> None:
    answers = {a for one in sets for e in one.examples for a in e.answers}
    known = {tokenizer.text(answer).ids[-1] for answer in answers}
    for right, *wrong in groups_of(sets, tokenizer, 60):
        assert right.gold
        for first, last in right.gold:
            assert right.window.offset <= first <= last < len(right.window.ids) - 1
            assert right.window.ids[last] in known
        assert wrong
        assert not any(one.gold for one in wrong)


def test_each_language_has_its_share(sets: list[ReadingSet]) -> None:
    chosen = choose(sets, training_folds(0), 200, Random(0))
    assert len(chosen) == 200
    crossing = [e for e in chosen if e.language == "en" and e.paragraph.set == "both.zh"]
    assert len(crossing) > 10
    assert sum(e.family == "alone" for e in chosen) == 130
    assert not [e for e in chosen if e.paragraph.fold == 0]


def test_batches_have_every_group_once(sets: list[ReadingSet], tokenizer: PairTokenizer) -> None:
    groups = groups_of(sets, tokenizer, 50)
    batches = make_batches(groups, 4, Random(0))
    assert sorted(map(id, groups)) == sorted(id(group) for batch in batches for group in batch)


# Training


def new_training(recipe: Recipe, steps: int, pad: int) -> Training:
    torch.manual_seed(recipe.seed)
    network = new_network(FOLDER, dropout=recipe.dropout)
    freeze(network, recipe.frozen)
    return Training(network, recipe, steps, pad)


def nothing(done: int, total: int, text: str) -> None:
    pass


def test_a_few_steps_make_the_loss_fall(sets: list[ReadingSet], tokenizer: PairTokenizer) -> None:
    groups = groups_of(sets, tokenizer, 16)[:4]
    training = new_training(Recipe(frozen=6, rate=1e-3, head_rate=3e-3), 16, tokenizer.pad)
    losses = [training.learn(groups) for _ in range(16)]
    assert sum(losses[-3:]) < 0.6 * sum(losses[:3])


def test_a_killed_training_goes_on_as_if_it_had_not_been(
    sets: list[ReadingSet], tokenizer: PairTokenizer, tmp_path: Path
) -> None:
    recipe = Recipe(frozen=10)
    batches = [[group] for group in groups_of(sets, tokenizer, 6)]
    identity = identity_of(recipe, {}, "e")
    whole = new_training(recipe, len(batches), tokenizer.pad)
    losses = train(whole, batches, tmp_path / "a", identity, nothing)

    class Killed(Exception):  # noqa: N818 - the end of a process, not an error
        pass

    def kill(done: int, total: int, text: str) -> None:
        if done == 5:
            raise Killed

    cut = new_training(recipe, len(batches), tokenizer.pad)
    path = tmp_path / "b.safetensors"
    with pytest.raises(Killed):
        train(cut, batches, path, identity, kill, every=2)
    resumed = new_training(recipe, len(batches), tokenizer.pad)
    rest = train(resumed, batches, path, identity, nothing)
    assert rest == losses[4:]
    for name, value in changed(whole.network).items():
        assert torch.equal(value, changed(resumed.network)[name])

    other = new_training(recipe, len(batches), tokenizer.pad)
    with pytest.raises(UsageError, match="another recipe"):
        other.resume(path, identity_of(recipe, {"more": "data"}, "e"))


def test_the_command_trains_and_scores(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("YUANWEN_CACHE", str(default_cache()))
    options = ["--data", str(folder), "--out", str(tmp_path), "--fold", "1", "--windows", "8"]
    assert main([*options, "--frozen", "10", "--evaluate", "2"]) == 0
    assert "windows in" in capsys.readouterr().err
    training = training_of(tmp_path / WEIGHTS)
    assert (training["recipe"]["fold"], training["recipe"]["frozen"]) == (1, 10)
    assert set(training["data"]) == {path.name for path in folder.glob("*.json")}
    scores = json.loads((tmp_path / "scores.json").read_text("utf-8"))["scores"]
    pairs = {f"{asked} on {read}, both" for asked in ("zh", "en") for read in ("zh", "en")}
    assert set(scores) == {"alone"} | pairs
    assert main(["--data", str(tmp_path / "none"), "--out", str(tmp_path)]) == 1
