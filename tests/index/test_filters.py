import pytest

from index.errors import UsageError
from index.records import DocumentInfo, Filters


def document(
    *, source: str = "a.md", language: str | None = None, date: str | None = None
) -> DocumentInfo:
    return DocumentInfo("d", source, "", 1, 1, language=language, date=date)


@pytest.mark.parametrize(
    ("date", "date_from", "date_to", "admitted"),
    [
        ("2022-05-27", "2022-05-27", "2022-05-27", True),
        ("2022-05-27", "2022-05-28", "", False),
        ("2022-05-27", "", "2022-05-26", False),
        # An end that names a month or a year means all of it.
        ("2022-05-27", "2022", "2022", True),
        ("2022-05-27", "2022-05", "2022-05", True),
        ("2022-05-27", "2022-06", "", False),
        ("2022-05-27", "", "2022-04", False),
        ("2022-12-31", "", "2022", True),
        ("2022-01-01", "2022", "", True),
        ("2023-01-01", "", "2022", False),
        ("2021-12-31", "2022", "", False),
        # A document that states a month or a year may be of any day of it.
        ("2022-05", "2022-05-10", "", True),
        ("2022-05", "", "2022-05-10", True),
        ("2022-05", "2022-06-01", "", False),
        ("2022-05", "", "2022", True),
        ("2022-05", "", "2022-04-30", False),
        ("2022", "2022-12-31", "", True),
        ("2022", "", "2022-01-01", True),
        ("2022", "2023", "", False),
        ("2022", "", "2021-12-31", False),
        # Other ways to write a date.
        ("2022-05-27T11:08+08:00", "", "2022-05-27", True),
        ("2022-05-27 11:08", "2022-05-28", "", False),
        ("2022年5月27日", "2022", "2022", True),
        ("2022年5月27日", "2023", "", False),
        ("20220527", "2022", "2022", True),
        ("27 May 2022", "2022", "", False),
        # No date, no range.
        (None, "2022", "", False),
        (None, "", "2022", False),
        (None, "", "", True),
        ("27 May 2022", "", "", True),
    ],
)
def test_dates_of_any_precision(
    date: str | None, date_from: str, date_to: str, *, admitted: bool
) -> None:
    filters = Filters(date_from=date_from, date_to=date_to)
    assert filters.admits(document(date=date)) is admitted


@pytest.mark.parametrize(
    "date",
    ["22", "2022-5", "2022-13", "2022-02-30", "2023-02-29", "0000", "2022-05-27T11:08", "20220527",
     "2022/05/27", "2022-05-", "2022-W01", "２０２２", "2022\n", " 2022", "yesterday"],
)  # fmt: skip
def test_what_is_no_date_is_said(date: str) -> None:
    with pytest.raises(UsageError, match="earliest") as caught:
        Filters(date_from=date)
    assert repr(date) in caught.value.message
    assert "YYYY-MM-DD" in caught.value.hint
    with pytest.raises(UsageError, match="latest"):
        Filters(date_to=date)


def test_a_leap_day_is_a_date() -> None:
    assert Filters(date_from="2024-02-29").date_from == "2024-02-29"


@pytest.mark.parametrize(
    ("date_from", "date_to"),
    [
        ("2023", "2022"),
        ("2022-06", "2022-05-31"),
        ("2022-05-02", "2022-05-01"),
        ("2023", "2022-12"),
    ],
)
def test_an_earliest_date_after_the_latest_is_a_mistake(date_from: str, date_to: str) -> None:
    with pytest.raises(UsageError, match=f"{date_from}, is after the latest, {date_to}"):
        Filters(date_from=date_from, date_to=date_to)


@pytest.mark.parametrize(
    ("date_from", "date_to"), [("2022", "2022-01-01"), ("2022-12-31", "2022"), ("2022", "2022")]
)
def test_ends_that_overlap_are_a_range(date_from: str, date_to: str) -> None:
    Filters(date_from=date_from, date_to=date_to)


@pytest.mark.parametrize(
    ("language", "stated", "admitted"),
    [
        ("zh", "zh-Hans", True),
        ("zh", "zh-Hant-TW", True),
        ("zh", "zh", True),
        ("ZH-hans", "zh-Hans", True),
        ("zh_Hans", "zh-Hans", True),
        ("zh-Hans", "zh-Hant", False),
        ("zh-Hans", "zh", False),
        ("z", "zh-Hans", False),
        ("zh-H", "zh-Hans", False),
        ("en", "zh-Hans", False),
        ("zh", None, False),
        ("", None, True),
    ],
)
def test_languages_by_whole_subtags(language: str, stated: str | None, *, admitted: bool) -> None:
    assert Filters(language=language).admits(document(language=stated)) is admitted


@pytest.mark.parametrize(
    ("language", "admitted"), [("zh", True), ("zh-Hans", False), ("en", False)]
)
def test_a_chinese_text_that_states_no_language_is_chinese(
    language: str, *, admitted: bool
) -> None:
    assert Filters(language=language).admits(document(), chinese=True) is admitted
    assert not Filters(language="zh").admits(document(language="ja"), chinese=True)


def test_sources_by_their_beginning() -> None:
    filters = Filters(source_prefix="zones/")
    assert filters.admits(document(source="zones/a.md"))
    assert not filters.admits(document(source="old/zones/a.md"))
