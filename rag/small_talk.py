"""Words that ask the documents nothing, such as greetings and thanks, and what is said back."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.fold import fold_text
from index.records import DocumentInfo
from rag.language import Language

_TITLES = 3

_WHAT, _MATTER = "(?:什么|甚么|啥|哪些)", "(?:内容|文档|文件|资料|信息|主题)"
# Folded. The first that fits is taken, so that what is part of a longer one comes behind it.
_ACTS = {
    "about": (
        rf"你(?:是(?:谁|哪位|什么|机器人|人工智能)|叫{_WHAT}(?:名字)?|有{_WHAT}用)|介绍一?下?你?自己"
        rf"|自我介绍|你(?:都|还)?[能会可]以?(?:帮我)?(?:做|干|懂|回答)?些?{_WHAT}(?:问题)?|你(?:知道|懂|回答)些?{_WHAT}"
        rf"|[能可该]以?(?:怎么)?问你?些?{_WHAT}?问?题?|有个问题|问个?问题|帮助|帮帮?我|(?:怎么|如何)使?用"
        rf"|有些?{_WHAT}{_MATTER}|(?:这里|里面|文档里|文件里)有{_WHAT}(?:{_MATTER})?"
        r"|who are you|what are you|what(?:s| is) your name|introduce yourself|what is this"
        r"|what (?:can|do) (?:you|i) (?:do|know|ask|answer)(?: you)?(?: about)?|how does this work"
        r"|how (?:do|can) i (?:use|ask)|what(?:s| is) in (?:here|there)"
        r"|what (?:documents|pages|topics)(?: do you have| are there| are here)?"
        r"|(?:can|could|would) you help|i have (?:a|another) question|help"
    ),
    "thanks": (
        r"谢谢|多谢|感谢|谢[了啦]|辛苦了?|麻烦你?了|劳驾"
        r"|thanks?(?: you)?|thx|ty|cheers|much appreciated"
    ),
    "goodbye": (
        r"再见|再会|拜拜?|掰掰?|回头见|回见|明天见|下次见|晚安"
        r"|good ?bye|bye|see (?:you|ya)(?: later| soon| tomorrow)?|good ?night|take care|farewell"
    ),
    "apology": r"对不起|抱歉|不好意思|打扰了?|sorry|excuse me|my bad|i apologi[sz]e|pardon",
    "greeting": (
        r"[你您]们?好|(?:大家|各位|老师|同学们?|朋友们?)好|哈[喽啰罗]|嗨|嘿|喂|早[安上]?好?|[上中下]午好|晚上好|好久不见"
        r"|在[吗么不]在?|有人[吗么]|最近(?:好吗|怎么样)|高兴认识"
        r"|hello|hi|hey|howdy|greetings|good (?:morning|afternoon|evening|day)|how are you"
        r"|howre you|how(?:s| is) it going|whats up|nice to meet"
        r"|(?:is )?any(?:one|body) (?:here|there)"
    ),
    "interjection": (
        r"哈哈|呵呵|嘻嘻|[嗯恩哦噢喔啊哎唉哇咦呃]|太?好的?|行|对|是的?|可以|明白|知道|了解|收到|懂"
        r"|原来如此|厉害|不错|[太真]?棒|赞|没事|没关系|不客气|不用谢|请问"
        r"|(?:ha){2,}|ok|okay|yes|yeah|yep|no|nope|oh|ah|hm+|wow|lol|great|cool|nice|fine|good"
        r"|well done|got it|i see|all ?right|never ?mind|no (?:problem|worries)"
        r"|(?:youre|you are) welcome|sure|right"
    ),
}
_ACT = re.compile(
    "|".join(f"(?P<{act}>(?<![a-z])(?:{words})(?![a-z]))" for act, words in _ACTS.items())
)
# What goes along with any of them and says nothing by itself.
_ALONG = re.compile(
    r"[啊呀哦噢喔哟哈呢吧啦了嘛吗么的你您们我想很真请都]|大家|各位|朋友|老师|同学|先生|女士|小姐|亲爱"
    r"|小?助手|机器人|原文|一下|回答|解答|非常|这里|里面|文档里|文件里|怎么"
    r"|(?<![a-z])(?:there|here|you|me|my|your|all|everyone|everybody|guys|folks|friends?|assistant"
    r"|yuanwen|sir|madam|dear|again|so|very|much|many|really|a|lot|today|now|then|please|for|and"
    r"|just|doing|answers?|the|that|this|it|is)(?![a-z])"
)
_WORDS = re.compile(r"[a-z]+|[^\W_a-z]+")

_OPENINGS: dict[Language, dict[str, str]] = {
    "zh-Hans": {
        "greeting": "你好！",
        "thanks": "不客气！",
        "goodbye": "再见！",
        "apology": "没关系。",
    },
    "zh-Hant": {
        "greeting": "你好！",
        "thanks": "不客氣！",
        "goodbye": "再見！",
        "apology": "沒關係。",
    },
    "en": {
        "greeting": "Hello! ",
        "thanks": "You are welcome! ",
        "goodbye": "Goodbye! ",
        "apology": "No problem. ",
    },
}
_COVERS: dict[Language, str] = {
    "zh-Hans": "我只用文档的原文回答问题。这里有 {count} 篇文档：{titles}请就它们的内容提问。",
    "zh-Hant": "我只用文件的原文回答問題。這裡有 {count} 篇文件：{titles}請就它們的內容提問。",
    "en": "I answer in the words of the documents here ({count}): {titles} Ask me about them.",
}
_EMPTY: dict[Language, str] = {
    "zh-Hans": "这里还没有文档。请先用 yuanwen index PATH… 添加文件，再来提问。",
    "zh-Hant": "這裡還沒有文件。請先用 yuanwen index PATH… 加入檔案，再來提問。",
    "en": "The collection is empty. Add documents with yuanwen index PATH…, then ask about them.",
}
# A title, what stands between two, what ends a whole list and what ends one that is cut.
_LISTS: dict[Language, tuple[str, str, str, str]] = {
    "zh-Hans": ("《{}》", "、", "。", "……"),
    "zh-Hant": ("《{}》", "、", "。", "……"),
    "en": ("“{}”", ", ", ".", ", …"),
}


def small_talk(text: str) -> str | None:
    """What kind of small talk a text is, a key of the table; None where it may ask something.

    Nothing may be left of it when small talk is taken out: a greeting before a question is none.
    """
    said = " ".join(_WORDS.findall(re.sub("['’]", "", fold_text(text))))
    first = _ACT.search(said)
    if first is None or _ALONG.sub("", _ACT.sub("", said)).strip():
        return None
    return first.lastgroup


def small_reply(act: str, language: Language, documents: Sequence[DocumentInfo]) -> str:
    """An answer in kind, then what the collection covers: how many documents, and some titles."""
    opening = _OPENINGS[language].get(act, "")
    if not documents:
        return opening + _EMPTY[language]
    title, between, end, cut = _LISTS[language]
    named = [title.format(info.title or info.source) for info in documents[:_TITLES]]
    titles = between.join(named) + (cut if len(documents) > _TITLES else end)
    return opening + _COVERS[language].format(count=len(documents), titles=titles)
