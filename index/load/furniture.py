"""What stands around an article on a web page: how a line of it looks, by itself.

Lines are told by what sites call their own parts, in Chinese and English, and by layout. They are
taken folded. A rule would rather miss a line than take one that says something.
"""

from __future__ import annotations

import re

from index.chunk import size
from index.fold import HAN, fold_text
from index.load.prose import ends_sentence


def _entries(text: str) -> frozenset[str]:
    return frozenset(" ".join(name.split()) for name in text.split("/"))


_NAVIGATION = _entries("""
    首页/主页/网站首页/返回首页/登录/登陆/登入/注册/免费注册/会员登录/会员中心/个人中心/用户中心/收藏
    /加入收藏/收藏本站/设为首页/投稿/在线投稿/我要投稿/微信/微信公众号/公众号/微博/官方微博/扫一扫
    /扫码关注/关注公众号/关注我们/二维码/加入qq/交流群/qq群/手机版/电脑版/移动版/客户端/打开菜单
    /收起菜单/导航/网站导航/网站地图/站点地图/友情链接/联系我们/关于我们/加入我们/留言/留言箱/留言板
    /在线留言/搜索/站内搜索/高级搜索/热门搜索/繁体/简体/繁体中文/简体中文/繁体版/简体版/无障碍
    /无障碍浏览/长者模式/在线客服/帮助中心/意见反馈/隐私政策/用户协议/免责声明/法律声明/版权声明
    /网站声明/广告服务/不良信息举报/讨论区
    /home/home page/log in/login/log out/sign in/sign up/register/subscribe/subscribe now/my account
    /open menu/close menu/skip to content/skip to main content/search/contact/contact us/about
    /about us/advertise/advertise with us/newsletters/site map/sitemap/privacy policy/terms of use
    /terms of service/terms and conditions/cookie policy
""")
_TOOLS = _entries("""
    菜单/字体/字号/分享/分享到/分享至/打印/打印本页/打印本文/关闭/关闭窗口/关闭本页/返回顶部
    /回到顶部/上一篇/下一篇/上一页/下一页/上一条/下一条/末页/尾页/点赞/发表评论/我要评论/查看评论
    /举报/检举/回复/引用/只看楼主/阅读全文/展开全文/加载更多/查看更多/友情提示/温馨提示
    /share/share this/share this article/print/print this page/save/email/tweet/facebook/twitter
    /linkedin/whatsapp/copy link/comment/reply/quote/report/like/next/previous/load more/show more
    /back to top/top of page/follow us/menu
""")
# What a number may follow: how often the page was looked at.
_COUNTS = _entries("""
    点击量/点击数/点击次数/浏览量/浏览数/浏览次数/阅读量/阅读数/阅读次数/评论/views/comments
""")
_ADVERTISING = _entries("广告/advertisement")
_WORDS = _NAVIGATION | _TOOLS | _COUNTS | _ADVERTISING
_COMMON = _TOOLS | _COUNTS

_PARTS = re.compile(r"[|·•»›>/:,、()\[\]《》…]+|\s{2,}")
_PATH = re.compile(r"(?:^|位置\s*:\s*|here\s*:\s*)(?:首页|主页|home)\s*[>»›]")
_PATTERN = re.compile(
    r"^(?:资源(?:id|大小|格式|类型)|下载(?:积分|次数|地址|量)|全文页数)\s*:"
    r"|^[上下]一[篇条页]\s*:|心情排行|icp[备证]|公网安备|all rights reserved"
    r"|^(?:字体|字号)\s*:?[大中小\s]*$|^copyright\W*(?:\d{4}|©)|^©|^版权所有"
)
# The name that a camera, a screenshot or an upload has, not one that a person writes about.
_PICTURE = re.compile(r"\S*\d{6}\S*\.(?:jpe?g|png|gif|webp|bmp)")

# The site speaks of itself, and of two of these things.
_SITE = re.compile(
    r"本(?:网站|站|论坛|网(?![络格]))|\b(?:this|our) (?:web)?site\b|\bour newsletters?\b"
)
_SUBJECT = re.compile(
    r"版权|转载|授权|侵权|侵犯|知识产权|法律责任|免责|下载|浏览器|资源|文档|预览"
    r"|\b(?:reproduced|republished|permission|subscribe|sign up|inbox|unsubscribe|privacy|cookies"
    r"|terms|preferences|copyright|browser)\b"
)
# What nobody else says.
_FORMULA = re.compile(
    r"侵权(?:必究|请联系|立删)|转载请注明|未经[^，。,]{0,10}不得转载"
    r"|\bmay not be (?:published|reproduced|republished)\b"
)
_SUBMISSION = re.compile(r"新闻热线|爆料|新闻线索|\bnews ?(?:desk|tips?)\b|\byour (?:story|tips)\b")
_ADDRESS = re.compile(r"[\w.]+@[\w-]+\.\w+|\d{7}|\d{3,4}[- ]\d{4}")
_EDITOR = re.compile(r"[(]?\s*(?:责任编辑|责编|编辑|审核|edited by|editing by)\s*[:\s]")
_RELATED = re.compile(
    r"\W*(?:(?:相关|推荐|热门|精彩|最新|更多)(?:阅读|新闻|文章|资讯|报道|推荐|内容|帖子|排行)"
    r"|猜你喜欢|为[您你]推荐|编辑推荐|大家都在看|(?:新闻|点击|阅读)排行榜?"
    r"|(?:related|more|latest|popular|trending|top|recommended) (?:news|stories|articles|posts)"
    r"|most (?:read|popular|viewed)|trending(?: now)?|recommended(?: for you)?"
    r"|you (?:may|might) also like)\W*"
)
_NAMES = re.compile(f"[{HAN}]{{30,}}")

# In Chinese characters.
_LONGEST, _SHORT, _ITEM = 250, 40, 8


def fold_line(text: str) -> str:
    """A line as the rules take it: folded, without its bullet. A long one is empty: they take
    none."""
    return fold_text(text).strip(" •·▪*|-") if size(text) <= _LONGEST else ""


def is_furniture(folded: str) -> bool:
    """Nothing but what sites call their own parts, a row of them, or a pattern of their own."""
    if not folded or size(folded) > _SHORT:
        return False
    if _PATH.search(folded) or _PATTERN.search(folded) or is_between(folded):
        return True
    parts = _parts(folded)
    if any(char.isdigit() for char in folded):
        return any(part in _COUNTS for part in parts) and all(
            part in _WORDS or part.isdigit() for part in parts
        )
    return _is_row(parts) or all(part in _WORDS for part in parts)


def is_common_word(folded: str) -> bool:
    """What a site calls one of its tools, and what may as well be a word of the article."""
    return folded in _COMMON


def is_navigation(folded: str) -> bool:
    """Part of a site's menu."""
    return is_furniture(folded) and (
        _PATH.search(folded) is not None or any(part in _NAVIGATION for part in _parts(folded))
    )


def _is_row(parts: list[str]) -> bool:
    """A menu on one line, which has the names of the site's own sections too."""
    return (
        len(parts) >= 4
        and sum(part in _NAVIGATION for part in parts) >= 2
        and all(is_item(part) for part in parts)
    )


def _parts(folded: str) -> list[str]:
    """English names may have several words; between Chinese ones a space is enough."""
    pieces = (piece.strip() for piece in _PARTS.split(folded))
    return [part for p in pieces if p for part in ([p] if p.isascii() else p.split())]


def is_between(folded: str) -> bool:
    """What stands between an article's paragraphs too."""
    return folded in _ADVERTISING or _PICTURE.fullmatch(folded) is not None


def is_rule(text: str) -> bool:
    """Marks only."""
    return not any(char.isalnum() for char in text)


def is_item(folded: str) -> bool:
    """Short enough for a menu, and without a fact's figures and marks."""
    return 0 < size(folded) <= _ITEM and not re.search(r"[\d,、;:。.!?]", folded)


def is_headline(folded: str) -> bool:
    """Like one in a list of links: short, and no sentence's end."""
    return 0 < size(folded) <= _SHORT and not ends_sentence(folded)


def is_words(folded: str) -> bool:
    """A short line without a figure, such as stands between two notices."""
    return is_headline(folded) and not any(char.isdigit() for char in folded)


def is_names(text: str) -> bool:
    """Names run together as they are where links were: no sentence goes on so long without a
    mark."""
    return _NAMES.fullmatch(text) is not None


def is_notice(folded: str) -> bool:
    """The site says what may be done with it, or where to send news to."""
    if _FORMULA.search(folded) or (_SUBMISSION.search(folded) and _ADDRESS.search(folded)):
        return True
    return bool(_SITE.search(folded)) and len({*_SUBJECT.findall(folded)}) >= 2


def is_related(folded: str) -> bool:
    """A heading over what else there is to read."""
    return _RELATED.fullmatch(folded) is not None


def closes(folded: str) -> bool:
    """Stands at an article's end: its editor, a notice, a heading over other articles."""
    return bool(_EDITOR.match(folded)) or is_related(folded) or is_notice(folded)
