from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.load.clean import clean
from index.load.content import Content, Paragraph
from tests.index import pages
from tests.index.pages import asides, kept, load

PROSE = (
    "镇上的灯塔建于一八八二年，高二十七米，灯光在晴朗的夜里可以看到三十公里以外的地方。"
    "守塔人换了七代，最后一代在一九七九年离开，从那以后灯由岸上的一台机器来点，每晚准时亮起。"
)
ARTICLE = [PROSE, PROSE.replace("灯塔", "钟楼")]


def of(*texts: str) -> list[str]:
    """What is set apart of these lines."""
    cleaned = clean(Content(tuple(map(Paragraph, texts))))
    assert [p.text for p in cleaned.paragraphs] == list(texts)
    return [p.text for p in cleaned.paragraphs if p.aside]


def test_a_news_page_keeps_its_article() -> None:
    document = load(pages.BAKERY)
    assert asides(document) == [
        "Home | News | Sport | Business | Sign in | Subscribe",
        "Home > News > Harbour",
        "Share",
        "Print",
        "Advertisement",
        "Most read",
        "Ferry timetable changes in spring",
        "Council votes on 3 new schools",
        "© 2021 The Harbour Gazette. All rights reserved.",
        "This website uses cookies. By continuing you accept our terms and privacy policy.",
    ]
    assert "A second shop is planned in Mill Lane" in kept(document)
    assert document.title == "Old bakery on Pier Street reopens after 12 years"
    assert document.date == "2021-03-12"


def test_a_forum_in_the_other_script_keeps_every_post() -> None:
    document = load(pages.FORUM)
    assert asides(document) == [
        "首頁 | 討論區 | 登入 | 註冊",
        "首頁 > 討論區 > 單車",
        "回覆 引用 檢舉",
        "上一篇：求推薦兒童頭盔",
        "返回頂部",
    ]
    assert {"回覆 引用 檢舉", "不錯", "週日逆風"} <= {*kept(document)}
    assert (document.title, document.date) == ("大埔到汀角的單車徑哪一段最好騎", "2019-04-06")


@pytest.mark.parametrize("page", [pages.POEM, pages.PRICES, pages.ADDRESSES])
def test_where_there_is_no_article_nothing_stands_around_it(page: str) -> None:
    document = load(page)
    assert kept(document) == page.splitlines()
    assert (document.title, document.publisher, document.date) == (None, None, None)


@pytest.mark.parametrize(
    "facts",
    [
        pages.PRICES.splitlines(),
        ["打印", "0.5元", "复印", "0.3元"],
        ["王记面馆", "槐树街17号", "电话 5550 1234"],
        ["菜单", "宫保鸡丁", "麻婆豆腐", "联系电话 5550 1234"],
        ["可以这样做：", "• 猜灯谜", "• 放河灯", "• 登录", "• 注册"],
        ["甲队 3:1 乙队", "丙队 0:0 丁队"],
        ["(a) the harbour", "(b) the quay", "(c) the lighthouse"],
        ["责任编辑：某某", "（图/某某）", "来自海边的问候"],
        ["咨询电话：0555-1234567，邮箱：a@example.org"],
        ["附件1：灯塔开放申请表.docx", "logo.png"],
        ["转载"],
        ["该书版权归作者所有，授权改编两次，被转载三百次，下载一万次。"],
        ["投稿请寄 lamp@example.org，稿费每千字一百元"],
    ],
    ids=lambda facts: facts[0],
)
def test_short_lines_below_an_article_stay_searchable(facts: list[str]) -> None:
    assert not {*of(*ARTICLE, *facts)} & {*facts} - {"联系我们"}
    assert not {*of(*facts, *ARTICLE)} & {*facts}


def test_a_menu_is_filled_between_words_of_its_own() -> None:
    menu = ["首页", "资讯", "渔港", "投稿", "收藏", "扫一扫", "海事", "关注公众号"]
    assert of(*menu, "灯塔百年", *ARTICLE) == menu


def test_a_menu_with_more_names_than_words_of_its_own_is_left() -> None:
    names = ["王大", "李二", "张三", "赵四"]
    assert of("首页", *names, "联系我们", *ARTICLE) == ["首页", "联系我们"]


def test_a_link_list_without_its_separators_is_set_apart_beside_a_menu() -> None:
    links = "海洋局渔业局港务局气象局水利局林业局文化局体育局教育局卫生局民政局"
    menu = ["• 主管部门", "• 友情链接", "• 留言箱"]
    assert of(*ARTICLE, links, *menu) == [links, *menu]
    assert of(*ARTICLE, links) == []


def test_a_notice_takes_its_numbered_list_along_and_what_stands_between() -> None:
    notice = [
        "版权声明：",
        "1.本网所有作品未经授权不得转载。",
        "法律顾问：某某律师事务所",
        "2.转载作品的版权归原作者，本网不承担法律责任。",
        "3.有问题请来信。",
    ]
    assert of(*ARTICLE, *notice) == notice


@pytest.mark.parametrize(
    "notice",
    [
        "图文来自网络，版权归原作者所有，如有侵权请联系删除。",
        "This material may not be reproduced.",
        "版权所有 © 某某网",
        "点击量：254",
        "某ICP备12345678号",
    ],
)
def test_a_line_that_only_a_site_has_is_set_apart(notice: str) -> None:
    assert of(*ARTICLE, notice) == [notice]


def test_an_article_about_copying_is_no_notice() -> None:
    about = "本网站的转载规则去年改过，未经授权的转载一年里从四百起降到三十起，编辑部很高兴。"
    assert of(PROSE, about, PROSE) == []


def test_a_text_that_is_all_notice_stays_text() -> None:
    terms = [f"{n}.本站内容的版权归本站所有，未经本站授权不得转载、摘编。" * 3 for n in range(1, 9)]
    assert of(*terms) == []


TEASERS = [
    "昨天下午，邻县的水库开闸放水，下游三个村的村民提前一天得到通知，把牛羊赶到了高处，没有损失，水",
    "省里的龙舟赛今年有四十二支队伍报名，比去年多了十一支，比赛在端午节当天上午九点开始，中午十二点结束。",
    "邻市的动物园新来了两头小象，饲养员说，它们每天要吃一百公斤草和十公斤胡萝卜，还要喝掉两百升水；",
]
HOTLINE = "（新闻热线：5551234，投稿邮箱：news@example.org）"


def test_cut_off_teasers_behind_the_end_are_set_apart() -> None:
    assert of(*ARTICLE * 2, HOTLINE, *TEASERS, "更多") == [HOTLINE, *TEASERS]


@pytest.mark.parametrize(
    "behind",
    [
        [t.rstrip("水；") + "。" for t in TEASERS],  # whole
        ["水库开闸", *TEASERS],  # under a headline
        [*TEASERS, *ARTICLE * 2],  # longer than the article
    ],
    ids=["whole", "headline", "long"],
)
def test_what_may_be_another_article_stays_text(behind: list[str]) -> None:
    assert not {*of(*ARTICLE * 2, HOTLINE, *behind)} & {*behind}


def test_without_an_end_nothing_stands_behind_it() -> None:
    assert of(*ARTICLE * 2, *TEASERS) == []


def test_an_article_that_breaks_off_itself_has_no_teasers() -> None:
    broken = [PROSE.removesuffix("。"), *ARTICLE]
    assert not {*of(*broken, HOTLINE, *TEASERS)} & {*TEASERS}


def test_the_title_again_and_rules_are_set_apart() -> None:
    title = "海边那座点了一百年的灯塔"
    assert of(title, "---", title, *ARTICLE) == ["---", title]


def test_what_a_format_has_set_apart_stays_apart() -> None:
    paragraphs = (Paragraph(PROSE, aside=True), *map(Paragraph, ARTICLE))
    assert [p.aside for p in clean(Content(paragraphs)).paragraphs] == [True, False, False]


def test_what_is_prepared_stays_as_it_is() -> None:
    page = f"---\ntitle: 灯塔\n---\n{pages.BAKERY}"
    for name in ("page.txt", "page.md"):
        assert asides(load(page, name)) == []


def test_sentences_broken_at_a_page_edge_are_made_whole() -> None:
    document = load(pages.SHEET)
    assert "五万立方米，比" in document.text
    assert "老船工沈老七的船" in document.text
    assert document.text.replace("\n", "") == pages.SHEET.replace("\n", "")
    assert len(kept(document)) == 2


def joined(*paragraphs: str | Paragraph) -> int:
    """How many paragraphs are left."""
    content = tuple(p if isinstance(p, Paragraph) else Paragraph(p) for p in paragraphs)
    return len(clean(Content(content)).paragraphs)


BROKEN = PROSE + "塔身的石料来自对岸的采石场，船工们一共运来了五千六百立"
GOES_ON = (
    "方米，由四十条船运了整整两年，每天从日出干到日落，工钱是每人三斤米，还有一壶酒和两条咸鱼。"
)


def test_a_break_in_mid_word_is_joined() -> None:
    assert joined(BROKEN, GOES_ON) == 1
    assert joined(BROKEN, GOES_ON.rstrip("。") + "，" + BROKEN, GOES_ON) == 1


@pytest.mark.parametrize(
    "paragraphs",
    [
        (PROSE, GOES_ON),
        (PROSE + "采石场在对岸的山里，一共有五十个石匠", PROSE),
        (BROKEN, "石料的来历"),
        (BROKEN, "二、" + GOES_ON),
        (BROKEN, "据" + GOES_ON),
        (PROSE + "塔里有：", GOES_ON),
        (Paragraph(BROKEN, page=1), Paragraph(GOES_ON, page=2)),
        (BROKEN, Paragraph(GOES_ON, aside=True)),
        (Paragraph(BROKEN, level=2), GOES_ON),
    ],
    ids=["whole", "mark lost", "heading", "number", "source", "list", "pages", "aside", "level"],
)  # fmt: skip
def test_what_may_stand_apart_is_not_joined(paragraphs: tuple[str | Paragraph, ...]) -> None:
    assert joined(*paragraphs) == 2


ENGLISH = (
    "The lamp was lit at dusk. Its keeper climbed 140 steps, and in winter he carried a can of "
)


def test_western_text_goes_on_in_small_letters_behind_a_space() -> None:
    rest = (
        "oil up with him every night, which weighed as much as a sheep and took him half an hour "
        "in fair weather and longer in foul."
    )
    cleaned = clean(Content((Paragraph(ENGLISH * 2 + "whale"), Paragraph(rest))))
    assert [p.text for p in cleaned.paragraphs] == [f"{ENGLISH * 2}whale {rest}"]
    assert joined(ENGLISH * 2 + "whale", rest.capitalize()) == 2


LINES = [
    *f"{pages.BAKERY}{pages.FORUM}{pages.SHEET}".splitlines(),
    *(*ARTICLE, *TEASERS, HOTLINE, BROKEN, GOES_ON, "• 首页", "😀e\u0301", "1. 本站版权"),
]


@given(st.lists(st.sampled_from(LINES).filter(str.strip), min_size=1, max_size=25))
def test_no_character_is_lost_and_none_moves(texts: list[str]) -> None:
    cleaned = clean(Content(tuple(map(Paragraph, texts))))
    text = "".join(p.text for p in cleaned.paragraphs)
    assert text.replace(" ", "") == "".join(texts).replace(" ", "")
    assert any(not p.aside for p in cleaned.paragraphs)
    again = clean(Content(cleaned.paragraphs)).paragraphs
    assert {p.text for p in cleaned.paragraphs if p.aside} <= {p.text for p in again if p.aside}
