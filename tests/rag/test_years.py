import pytest

from index.fold import fold_text
from rag.years import written_years, years_in


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2021年投资6亿元", [2021]),
        ("本报讯，2021年青禾区投资6亿元", [2021]),
        ("2020年投资5亿元，2021年投资6亿元", [2020, 2021]),
        ("2021-05-01", [2021]),
        ("2021家企业", []),
        ("2021.5万元", []),
        ("1,2021", []),
        ("How much was invested in 2021?", [2021]),
        ("2021 companies", []),
    ],
)
def test_years_that_are_written(text: str, years: list[int]) -> None:
    assert written_years(fold_text(text)) == years


@pytest.mark.parametrize(
    ("text", "date", "years"),
    [
        ("去年投资6亿元", "2021-04-02", {2020}),
        ("今年投资6亿元，明年8亿元", "2021", {2021, 2022}),
        ("今年投资6亿元", None, set()),
        ("如今年收入6亿元", "2021", set()),
        ("this year, and last year", "2021-04", {2021, 2020}),
        ("2019年投资6亿元", "2021", {2019}),
    ],
)
def test_relative_years_are_those_of_the_documents_date(
    text: str, date: str | None, years: set[int]
) -> None:
    assert years_in(fold_text(text), date) == years
