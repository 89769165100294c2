"""A gloss says what the span says, no more and no less, or nothing."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.numbers import numerals
from rag.gloss import gloss, system_note
from rag.language import Language


def said(text: str, language: Language = "en") -> list[str]:
    """What stands behind the signs of equality; before them stands what is in the text."""
    pairs = [pair.split(" = ") for pair in (gloss(text, language) or "").split("; ") if pair]
    assert all(phrase in text for phrase, _ in pairs)
    return [restated for _, restated in pairs]


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("6.5亿元", "650 million yuan"),
        ("1357.26亿元", "135.726 billion yuan"),
        ("5318.4万元", "53.184 million yuan"),
        ("8.2億元", "820 million yuan"),
        ("３.５億元", "350 million yuan"),
        ("六亿五千万元", "650 million yuan"),
        ("1.2万亿元", "1.2 trillion yuan"),
        ("123456789元", "123,456,789 yuan"),
        ("45万人民币", "450,000 yuan"),
        ("约3.5亿美元", "about 350 million US dollars"),
        ("2亿欧元", "200 million euros"),
        ("30亿港元", "3 billion Hong Kong dollars"),
        ("5000日元", "5,000 yen"),
        ("300余家", "over 300"),
        ("45家企业", "45 companies"),
        ("1家企业", "1 company"),
        ("九家", "9"),
        ("十二", "12"),
        ("近300人", "nearly 300 people"),
        ("不低于20亿元", "at least 2 billion yuan"),
        ("不超过20亿元", "at most 2 billion yuan"),
        ("不到6亿元", "less than 600 million yuan"),
        ("300家以上", "300 or more"),
        ("6.5亿元左右", "about 650 million yuan"),
        ("6亿多元", "over 600 million yuan"),
        ("250余万元", "over 2.5 million yuan"),
        ("三百余万元", "over 3 million yuan"),
        ("超過５０萬人", "over 500,000 people"),
        ("23平方公里", "23 square kilometres"),
        ("8000平方米", "8,000 square metres"),
        ("12公里", "12 kilometres"),
        ("5千米", "5,000 metres"),
        ("3000亩", "3,000 mu"),
        ("40公顷", "40 hectares"),
        ("7.5万吨", "75,000 tonnes"),
        ("百分之十二点五", "12.5%"),
        ("3.75个百分点", "3.75 percentage points"),
        ("40多个小时", "over 40 hours"),
        ("3年", "3 years"),
        ("约30年", "about 30 years"),
        ("22个工作日", "22 working days"),
        ("2024年9月", "September 2024"),
        ("2021年11月30日", "30 November 2021"),
        ("6月5日", "5 June"),
        ("二〇二一年", "2021"),
        ("1990年代", "the 1990s"),
        ("1—4月", "January to April"),
        ("2021年1月至4月", "January to April 2021"),
        ("4月上旬", "early April"),
        ("上半年", "the first half of the year"),
        ("2021年下半年", "the second half of 2021"),
        ("2021年第三季度", "the third quarter of 2021"),
        ("前五个月", "the first 5 months of the year"),
        ("2021年底", "the end of 2021"),
    ],
)
def test_chinese_for_someone_who_asks_in_english(text: str, english: str) -> None:
    assert gloss(text, "en") == f"{text} = {english}"


@pytest.mark.parametrize(
    ("text", "simplified", "traditional"),
    [
        ("650 million yuan", "6.5亿元", "6.5億元"),
        ("1.2 trillion yuan", "1.2万亿元", "1.2萬億元"),
        ("135.726 billion US dollars", "1357.26亿美元", "1357.26億美元"),
        ("over 300 companies", "超过300家企业", "超過300家企業"),
        ("more than 300 people", "超过300人", "超過300人"),
        ("nine companies", "9家企业", "9家企業"),
        ("about 45 percent", "约45%", "約45%"),
        ("12.5 square kilometers", "12.5平方公里", "12.5平方公里"),
        ("at least 75,000 tonnes", "至少7.5万吨", "至少7.5萬噸"),
        ("nearly 5 years", "将近5年", "將近5年"),
        ("one hundred and five people", "105人", "105人"),
        ("12 percentage points", "12个百分点", "12個百分點"),
        ("September 2024", "2024年9月", "2024年9月"),
        ("30 November 2021", "2021年11月30日", "2021年11月30日"),
        ("November 30, 2021", "2021年11月30日", "2021年11月30日"),
        ("May 3rd", "5月3日", "5月3日"),
        ("May", "5月", "5月"),
        ("January to April 2021", "2021年1—4月", "2021年1—4月"),
        ("the first half of 2021", "2021年上半年", "2021年上半年"),
        ("the first five months of the year", "前5个月", "前5個月"),
        ("late April", "4月下旬", "4月下旬"),
        ("the 1990s", "1990年代", "1990年代"),
    ],
)
def test_english_for_someone_who_asks_in_chinese(
    text: str, simplified: str, traditional: str
) -> None:
    assert gloss(text, "zh-Hans") == f"{text} = {simplified}"
    assert gloss(text, "zh-Hant") == f"{text} = {traditional}"


@pytest.mark.parametrize(
    "text",
    [
        "林小禾", "党政办、财政所", "三门峡市", "五个一工程", "九江", "12.5%", "2021-04-02",
        "第3届", "12.5‰",
        "第十二家", "数十家", "几十家", "十几家", "100几万", "十来家", "10—20万元", "10至20万元",
        "3千5百万元", "-3.5亿元", "负3.5亿元", "千分之三点五", "三分之二", "5兆元", "3500元/亩",
        "22年",
        "98年", "近10年", "2013—2016年", "12月龄", "约300余家", "3个多小时", "百余家", "",
        "99999999999999999亿元", "45家企业集团", "300余家单位",
        "近10年来", "超3成",
    ],
)  # fmt: skip
def test_what_is_not_surely_understood_is_left_out(text: str) -> None:
    assert gloss(text, "en") is None


@pytest.mark.parametrize(
    "text",
    [
        "Lin Xiaohe", "one of the oldest", "a 12-seater", "5 to 10 million yuan", "12.5%", "45",
        "between 5 and 10 million", "3 yuan per mu", "you may go", "in April or so", "",
    ],
)  # fmt: skip
def test_english_that_is_not_surely_understood_is_left_out(text: str) -> None:
    assert gloss(text, "zh-Hans") is None


@pytest.mark.parametrize(
    ("text", "glossed"),
    [
        ("45万人次", "45万 = 450,000"),
        ("没有超过3亿元", "3亿元 = 300 million yuan"),
        ("500万元至6亿元", "500万元 = 5 million yuan; 6亿元 = 600 million yuan"),
        ("2021年4月投资6.5亿元，增长5%", "2021年4月 = April 2021; 6.5亿元 = 650 million yuan"),
    ],
)
def test_of_a_longer_span_each_phrase_is_restated_beside_itself(text: str, glossed: str) -> None:
    assert gloss(text, "en") == glossed


_AMOUNTS = st.decimals(min_value="0.01", max_value=9999, places=2, allow_nan=False)
_CHINESE = st.sampled_from(["元", "亿元", "万元", "百万元", "万亿元", "万吨", "余万人", "亿多美元"])
_ENGLISH = st.sampled_from([" yuan", " million yuan", " billion euros", " trillion yen"])


def values(text: str) -> list[str]:
    return [numeral.canonical for numeral in numerals(text.casefold())]


@given(_AMOUNTS, st.sampled_from(["", "约", "不低于", "超过"]), _CHINESE)
def test_the_value_is_that_of_the_source(amount: Decimal, bound: str, unit: str) -> None:
    for restated in said(f"{bound}{amount:f}{unit}"):
        assert values(restated) == values(f"{amount:f}{unit}")
    if not bound:
        assert len(said(f"{amount:f}{unit}")) == 1


@given(_AMOUNTS, _ENGLISH, st.sampled_from(["zh-Hans", "zh-Hant"]))
def test_the_value_is_that_of_the_english_source(
    amount: Decimal, unit: str, language: Language
) -> None:
    [restated] = said(f"{amount:f}{unit}", language)
    assert values(restated.translate(str.maketrans("億萬", "亿万"))) == values(f"{amount:f}{unit}")


@given(_AMOUNTS, st.sampled_from(["亿元", "万亿元", "亿美元"]))
def test_there_and_back_is_the_same_amount(amount: Decimal, unit: str) -> None:
    [english] = said(f"{amount:f}{unit}")
    for chinese in said(english, "zh-Hans"):
        assert values(chinese) == values(f"{amount:f}{unit}")


@given(st.dates(min_value=date(1801, 1, 1), max_value=date(2099, 12, 31)))
def test_a_date_is_the_same_day_there_and_back(day: date) -> None:
    chinese = f"{day.year}年{day.month}月{day.day}日"
    [english] = said(chinese)
    assert english == f"{day.day} {day:%B} {day.year}"
    assert said(english, "zh-Hans") == [chinese]


@given(
    st.text(alphabet="约近不超过0123456789.,—至余多亿万百十一二三个家年月日元人次%第 andtohmilyup")
)
def test_whatever_is_written_is_glossed_phrase_by_phrase(text: str) -> None:
    said(text)
    said(text, "zh-Hans")


def test_a_note_restates_what_the_asker_cannot_read() -> None:
    assert system_note(["6.5亿元", "300余家"], "en") == (
        " (System's note: 6.5亿元 = 650 million yuan; 300余家 = over 300)"
    )
    assert system_note(["over 300"], "zh-Hans") == "（系统注：over 300 = 超过300）"
    assert system_note(["over 300"], "zh-Hant") == "（系統註：over 300 = 超過300）"


def test_the_same_words_are_restated_once() -> None:
    note = system_note(["300余家", "林小禾", "300余家"], "en")
    assert note == " (System's note: 300余家 = over 300)"


@pytest.mark.parametrize(
    ("spans", "language"),
    [
        (["6.5亿元"], "zh-Hans"),
        (["6.5亿元"], "zh-Hant"),
        (["650 million yuan"], "en"),
        (["45"], "zh-Hans"),
        (["45"], "en"),
        (["林小禾"], "en"),
        ([], "en"),
    ],
)
def test_there_is_no_note_where_nothing_needs_one(spans: list[str], language: Language) -> None:
    assert system_note(spans, language) is None


@pytest.mark.parametrize("text", ["9家", "21個", "12.5%"])
def test_digits_that_stand_there_already_are_not_restated(text: str) -> None:
    assert gloss(text, "en") is None
