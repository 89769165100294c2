import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.parts import parts_of

NAMES = ["青禾区", "白露区", "星屿"]


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "青禾区的面积是多少，人口有多少？",
            ["青禾区的面积是多少", "青禾区人口有多少？"],
        ),
        (
            "青禾区和白露区的面积各是多少？",
            ["青禾区的面积是多少？", "白露区的面积是多少？"],
        ),
        ("青禾区的书记和区长分别是谁？", ["青禾区的书记是谁？", "青禾区的区长是谁？"]),
        ("青禾区和白露区哪个面积更大？", ["青禾区哪个面积更大？", "白露区哪个面积更大？"]),
        (
            "How many parks are there and who opened them?",
            ["How many parks are there", "who opened them?"],
        ),
    ],
)
def test_a_question_for_several_facts_is_taken_apart(question: str, parts: list[str]) -> None:
    assert [part.strip("，") for part in parts_of(question, NAMES)] == parts


@pytest.mark.parametrize(
    "question",
    [
        "青禾区有多少家企业？",
        "青禾区的学校和医院一共有多少所？",
        "青禾区和白露区之间的距离是多少？",
        "和田玉产自哪里？",
        "青禾区建了哪些学校、医院和公园？",
        "青禾区2021年投资了1,250万元，是谁投的？",
        "《谁在青禾区，谁在白露区》讲什么？",
        "How much and when did they invest?",
        "What did the park, which was built in 2010, cost?",
        "",
        "？",
    ],
)
def test_a_question_for_one_fact_stays_whole(question: str) -> None:
    assert parts_of(question, NAMES) == [question]


@given(st.text("青禾区和、，？多少谁几的 andhowmany各", max_size=60))
def test_no_part_is_empty(question: str) -> None:
    parts = parts_of(question, NAMES)
    assert parts and (len(parts) == 1 or all(part.strip() for part in parts))


@pytest.mark.parametrize("piece", ["和", "，", "青禾区和", "多少，", "and how ", "的", "各是"])
def test_long_questions_are_taken_apart_at_once(piece: str) -> None:
    # A pattern that tries every way to divide them would not end in a lifetime.
    assert parts_of(piece * (2000 // len(piece)), NAMES)


def test_things_that_are_named_by_more_and_by_fewer_words_are_taken_apart() -> None:
    names = ["青禾", "开发区", "白露区"]
    assert parts_of("青禾开发区和白露区的面积各是多少？", names) == [
        "青禾开发区的面积是多少？",
        "白露区的面积是多少？",
    ]


def test_two_things_of_one_place_stay_together() -> None:
    question = "青禾区工业和农业各有多少企业？"
    assert parts_of(question, ["青禾", "工业", "农业"]) == [question]
