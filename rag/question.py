"""What a question asks about, and what kind of thing would answer it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from index.fold import fold_text
from index.tokens import words
from rag.language import Language, language_of

Kind = Literal["quantity", "date", "person", "other"]

# Words that ask or bind and say nothing of the matter, folded. Of the language, not of any
# collection: question words, particles, pronouns, light verbs.
_FUNCTION_WORDS = frozenset(
    """
    的 了 是 在 有 和 与 及 或 也 就 都 而 被 把 对 从 到 为 以 于 之 其 这 那 该 此 个 吗 呢 吧 啊 呀 么
    什么 多少 几 几个 多 少 哪 哪个 哪些 哪里 哪儿 哪家 哪位 哪年 哪一 谁 何 何时 怎么 怎样 如何 为什么
    为何 是否 有没有 请问 一共 总共 共 共有 分别 各 各是 各自 时候 叫 叫做 名字 请 我 想 知道 告诉 说
    一下 能 可以 会 要 用 让 给 去 来 做 搞 弄 些 里 里面 上 中 下 内 们 你 他 她 它 他们 我们 不 没 没有
    还 又 再 很 最 更 已 已经 现在 目前 这个 那个 是不是 一个 大 是什么 多大 多长 多久 多高 几家 几项
    a an the of in on at to for by with from and or is are was were be been do does did has have had
    what which who whom whose when where why how many much long big large there it its this that
    these those as than i me my you your we us they them their he she his her about please tell
    give named called name not no s can could would will should any some into per also
    """.split()
)

_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("date", re.compile(r"何时|什么时候|什么时间|哪一?年|几月|几号|哪一?天|哪一?日|日期|\bwhen\b|\bwhat (?:year|date|month)\b|\bwhich (?:year|month)\b")),
    ("person", re.compile(r"谁|哪位|何人|什么人|\bwho\b|\bwhom\b")),
    ("quantity", re.compile(r"多少|几(?!乎)|多[大长久高远宽重深快]|百分之|比例|占比|幅度|\bhow (?:many|much|big|large|long|far|high|tall|fast|often)\b|\bwhat (?:percentage|percent|share|proportion|number|amount|size|area)\b")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A question taken apart. `content` are its folded words that say what it is about,
    `years` the years it names, `counter` the measure word behind 多少 or 几, if any."""

    text: str
    language: Language
    kind: Kind
    content: tuple[str, ...]
    years: tuple[str, ...]
    counter: str


def analyse(question: str) -> Asked:
    """Pure: the same question is always taken apart in the same way."""
    folded = fold_text(question)
    content = (word for word in words(folded) if word not in _FUNCTION_WORDS)
    counter = re.search(r"(?:多少|几)([\u4e00-\u9fff]?)", folded)
    return Asked(
        question,
        language_of(question),
        next((kind for kind, pattern in _KINDS if pattern.search(folded)), "other"),
        tuple(dict.fromkeys(content)),
        tuple(dict.fromkeys(re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d|[.,]\d)", folded))),
        counter[1] if counter else "",
    )
