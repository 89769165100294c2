from __future__ import annotations

import pytest

from tests.index.pages import load

PROSE = (
    "镇上的灯塔建于一八八二年，高二十七米，灯光在晴朗的夜里可以看到三十公里以外，守塔人换了七代。"
)


@pytest.mark.parametrize(
    ("line", "publisher", "date"),
    [
        ("来源：海湾日报 发布时间：2022年05月27日 11:08", "海湾日报", "2022-05-27"),
        ("2022-05-27 11:08  來源：海灣日報", "海灣日報", "2022-05-27"),
        ("稿件来源：海湾日报(2022年5月7日)", "海湾日报", "2022-05-07"),
        ("發佈日期：2022/5/7", None, "2022-05-07"),
        ("发布时间：2022年2月30日", None, None),
        ("发布时间：待定 活动时间：2022年5月7日", None, None),
        ("时间：2022年5月7日 地点：灯塔", None, None),
        ("更新时间：2022年5月7日", None, None),
        ("2022年5月7日", None, None),
        ("图片来源：海湾摄影社", None, None),
        ("来源：网络 2022-05-07", None, "2022-05-07"),
        ("来源：根据2019年3月1日的报道整理", None, None),
        ("Source: Harbour Gazette  |  Published May 7, 2022", "Harbour Gazette", "2022-05-07"),
        ("Posted on 7 May 2022", None, "2022-05-07"),
        ("Published: 05/07/2022", None, None),
    ],
)  # fmt: skip
def test_publisher_and_date_are_what_the_line_over_the_article_states(
    line: str, publisher: str | None, date: str | None
) -> None:
    document = load(f"灯塔今天一百岁\n{line}\n{PROSE}\n")
    assert (document.publisher, document.date) == (publisher, date)


def test_two_dates_are_none() -> None:
    document = load(f"发布时间：2022-05-07\n发布时间：2022-05-08\n{PROSE}")
    assert document.date is None


def test_what_stands_within_or_below_the_article_is_not_believed() -> None:
    below = "来源：统计局\n发布时间：2022-05-07"
    document = load(f"{PROSE}\n{below}\n{PROSE}\n{below}")
    assert (document.publisher, document.date) == (None, None)


@pytest.mark.parametrize(
    ("opening", "publisher"),
    [
        ("海湾网讯（记者 某某）", "海湾网"),
        ("海湾社南港5月27日电", "海湾社"),
        ("本报讯（记者 某某）", None),
        ("海湾网友说，", None),
    ],
)
def test_the_opening_of_a_report_names_its_publisher(opening: str, publisher: str | None) -> None:
    assert load(opening + PROSE).publisher == publisher


def test_a_notice_says_what_the_site_calls_its_own_works() -> None:
    notice = "凡本网注明“来源：海湾网”的所有作品，版权均属于本网，未经授权不得转载。"
    assert load(f"{PROSE * 4}\n{notice}").publisher == "海湾网"
    assert load(f"来源：山城报\n{PROSE * 4}\n{notice}").publisher == "山城报"


@pytest.mark.parametrize(
    ("above", "title"),
    [
        ("灯塔今天一百岁", "灯塔今天一百岁"),
        ("灯塔今天一百岁.docx", "灯塔今天一百岁"),
        ("海湾日报\n灯塔今天一百岁\n作者：某某", "灯塔今天一百岁"),
        ("灯塔今天一百岁\n摘要：镇上的灯塔", "灯塔今天一百岁"),
        ("The lighthouse is a hundred\nBy Ann Example", "The lighthouse is a hundred"),
        ("灯塔今天一百岁\n守塔人的故事", None),
        ("各位来宾：", None),
        ("灯塔今天一百岁。", None),
        ("2022年5月7日", None),
        ("二、灯塔的历史", None),
        ("导语", None),
        ("", None),
    ],
)
def test_a_title_is_a_line_that_nothing_else_can_be(above: str, title: str | None) -> None:
    assert load(f"{above}\n{PROSE}").title == title


def test_a_line_that_goes_on_below_is_no_title() -> None:
    rest = "2 in the blood of the patients, which was measured every hour for three days " * 2
    assert load(f"The pressure of O\n{rest}fell.").title is None


def test_a_heading_of_markdown_is_its_title() -> None:
    assert load(f"# 灯塔\n\n守塔人的故事\n\n{PROSE}", "a.md").title == "灯塔"
