import pytest

from rag.compare import asked_for, compares


@pytest.mark.parametrize(
    "question",
    [
        "青禾区和白露区，谁引进的企业更多？",
        "青禾區和白露區哪個面積大？",
        "青禾区和白露区，企业多的那个有多少家？",
        "青禾区和白露区，谁的投资更少？",
        "Which district has more schools, Qinghe or Bailu?",
    ],
)
def test_a_question_that_compares(question: str) -> None:
    assert compares(question)


@pytest.mark.parametrize(
    "question",
    [
        "青禾区有多少企业？",
        "面积多大？",
        "面积最大的园区是哪个？",
        "青禾区最近召开的会议主题是什么？",
        "最低工资是多少？",
        "如何更快办理？",
        "Which schools are there?",
        "Who has more than 20 years of service?",
    ],
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
        # The second place is higher than the fifth.
        ("谁的排名更高？", ["第2位", "第5位"], None),
        ("谁的企业更多？", [], None),
    ],
)
def test_the_amount_that_is_asked_for(question: str, amounts: list[str], place: int | None) -> None:
    assert asked_for(question, amounts) == place
