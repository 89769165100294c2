import pytest

from rag.compare import asked_for, compares


@pytest.mark.parametrize(
    "question",
    [
        "青禾区和白露区，谁引进的企业更多？",
        "青禾區和白露區哪個面積大？",
        "青禾区和白露区，企业多的那个有多少家？",
        "哪家投资最少？",
        "Which district has more schools, Qinghe or Bailu?",
    ],
)
def test_a_question_that_compares(question: str) -> None:
    assert compares(question)


@pytest.mark.parametrize(
    "question", ["青禾区有多少企业？", "面积多大？", "Which schools are there?"]
)
def test_a_question_that_does_not(question: str) -> None:
    assert not compares(question)


@pytest.mark.parametrize(
    ("question", "amounts", "place"),
    [
        ("谁的企业更多？", ["600余家", "3200余家"], 1),
        ("谁的企业更少？", ["600余家", "3200余家"], 0),
        ("谁的投资更多？", ["2.8亿元", "25300万元"], 0),
        ("誰的投資更多？", ["2.8億元", "逾3億元"], 1),
        ("Which has more?", ["over 40 schools", "35 schools"], 0),
        ("谁的投资更多？", ["2.8亿元", "3亿美元"], None),  # not of one unit
        ("谁的企业更多？", ["300家", "300家"], None),
        ("谁的企业更多？", ["300家", "很多"], None),
        ("谁的企业更多？", ["300家"], None),
        ("谁的企业更多？", [], None),
    ],
)
def test_the_amount_that_is_asked_for(question: str, amounts: list[str], place: int | None) -> None:
    assert asked_for(question, amounts) == place
