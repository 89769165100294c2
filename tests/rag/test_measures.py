import pytest

from index.fold import fold_text
from rag.measures import asks_measured, fits_measure


@pytest.mark.parametrize(
    ("question", "fitting", "other"),
    [
        ("学校修了多长时间？", "30多个小时", "100万元"),
        ("學校修了多久？", "三個月", "三條"),
        ("花了多少钱？", "6.5亿元", "6.5公里"),
        ("青禾区投资多少？", "6.5亿元", "12%"),
        ("投资比去年增长百分之几？", "12.5%", "6.5亿元"),
        ("占全区几成？", "六成", "6.5亿元"),
        ("占地面积多大？", "13平方公里", "13公里"),
        ("那条路多长？", "12公里", "12亿元"),
        ("青禾区排名第几？", "第三", "33个"),
        ("How much money was spent?", "6.5 billion yuan", "6.5 kilometres"),
        ("How long did it take?", "two years", "two parks"),
        ("What is the area of the park?", "12 square kilometres", "12 schools"),
        ("What share of the firms pay tax?", "12 percent", "12 firms"),
    ],
)
def test_a_number_fits_in_what_the_question_counts_in(
    question: str, fitting: str, other: str
) -> None:
    assert fits_measure(question, fitting)
    assert not fits_measure(question, other)


def test_without_a_measure_any_number_fits_and_nothing_else() -> None:
    assert fits_measure("有多少？", "12")
    assert fits_measure("有多少？", "百余")
    assert not fits_measure("有多少？", "一带")


@pytest.mark.parametrize("question", ["青禾区上半年产值", "白露區的面積？", "2020年人口"])
def test_a_noun_that_is_measured_asks_for_a_number(question: str) -> None:
    assert asks_measured(fold_text(question))


@pytest.mark.parametrize("question", ["青禾区的区长", "投资环境怎么样"])
def test_other_nouns_do_not(question: str) -> None:
    assert not asks_measured(fold_text(question))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("近几年引进了多少家企业？", "300家"),
        ("近幾年引進了多少家企業？", "300家"),
        ("面积最大的园区有多少家企业？", "300家"),
        ("同比增速最快的园区有多少人？", "3000人"),
        ("排名前列的企业有几家？", "12家"),
        ("要多久？", "一个月"),
        ("要多久？", "半年"),
        ("占几成？", "一半"),
    ],
)
def test_other_words_of_the_question_do_not_say_what_is_counted(question: str, answer: str) -> None:
    assert fits_measure(question, answer)
