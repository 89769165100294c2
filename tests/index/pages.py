"""Messy pages, made up for the tests of cleaning, and what stays of them."""

from index.load import load_document
from index.records import Document

BAKERY = """\
Home | News | Sport | Business | Sign in | Subscribe
Home > News > Harbour
Old bakery on Pier Street reopens after 12 years
By Ann Example
Published: 12 March 2021
Share
Print
The bakery on Pier Street, closed since a storm in 2009, opened its doors again on Friday. \
Some 340 people queued along the quay, and the first 200 loaves were gone by 8.15 a.m.
Its new owners spent 410,000 dollars on two ovens and a roof. They were born in the same street.
Advertisement
"We kept the recipe," one of them said. "We changed the salt, from 9 grams a loaf to 7, and the \
opening hours. Nobody has complained so far about either of the two."
A second shop is planned in Mill Lane
Most read
Ferry timetable changes in spring
Council votes on 3 new schools
© 2021 The Harbour Gazette. All rights reserved.
This website uses cookies. By continuing you accept our terms and privacy policy.
"""

# A Traditional forum; replies of a few words say something too.
FORUM = """\
首頁 | 討論區 | 登入 | 註冊
首頁 > 討論區 > 單車
大埔到汀角的單車徑哪一段最好騎
發表於：2019-04-06 21:15
上個週末我們一家四口從大埔墟出發，沿著吐露港騎到汀角，來回一共二十六公里，中途在三門仔吃了魚蛋。\
單車徑大部分有樹蔭，只有船灣淡水湖那一段要曬太陽，小孩騎了三個半小時，回程是逆風，記得多帶水。
回覆 引用 檢舉
不錯
船灣那段週日人很多，我上次十點到，租車的地方已經一輛不剩，最後在火車站旁邊的店租到，一天六十元，按金兩百元，店主還借了打氣筒。
回覆 引用 檢舉
週日逆風
上一篇：求推薦兒童頭盔
返回頂部
"""

POEM = """\
夜雨寄北
君问归期未有期，
巴山夜雨涨秋池。
何当共剪西窗烛，
却话巴山夜雨时。
"""

PRICES = """\
打印 0.5元
复印 0.3元
名片 20元
分享装 88元
首页设计 1200元
"""

ADDRESSES = """\
联系我们
王记面馆
槐树街17号
电话 5550 1234
搜索
李家布店
北仓路4号
"""

# A page of a newspaper: sentences go on behind the page's edge, in mid-word or behind the subject.
SHEET = """\
河湾镇的渡口一百年来第一次停了船
河湾镇的老渡口昨天停航。这个渡口每天有六班船，最忙的时候一天渡过三千二百人。新桥长八百四十米，\
桥面铺了沥青，两边的人行道各宽三米，工程用去钢材一万二千吨，混凝土五万立

方米，比原来的计划少用了两千立方米，工期也缩短了四个月。渡口的石阶会留下来，镇上要在那里摆十张长椅，\
种二十棵柳树，让老人傍晚有地方坐，孩子夏天有地方玩水。旧船票还有八百张，镇里不再卖了。老船工

沈老七的船今年四十一岁，船底补过九次，他打算把它拖上岸，放在石阶旁边，让来看桥的人也看看船。
"""


def load(text: str, source: str = "page.txt") -> Document:
    document = load_document(text.encode(), source)
    assert document is not None
    return document


def lines(document: Document, *kinds: str) -> list[str]:
    return [document.text[b.start : b.end] for b in document.blocks if b.kind in kinds]


def kept(document: Document) -> list[str]:
    return lines(document, "text", "heading")


def asides(document: Document) -> list[str]:
    return lines(document, "aside")
