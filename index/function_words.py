"""Words that ask or bind and say nothing of the matter, folded: of the languages, not of any
collection. Question words, particles, pronouns, auxiliaries, the commonest light verbs."""

from index.stems import stem

_CHINESE = """
的 了 是 在 有 和 与 及 或 也 就 都 而 被 把 对 从 到 为 以 于 之
其 这 那 该 此 个 吗 呢 吧 啊 呀 么 跟 同 什么 多少 几 几个 多 少 哪
哪个 哪些 哪里 哪儿 哪家 哪位 哪年 哪一 谁 何 何时 怎么 怎样 如何 为什么
几多 为何 是否 有没有 请问 一共 总共 共 共有 分别 各 各是 各自 时候 叫
叫做 名字 请 我 想 知道 告诉 说 当中 一下 能 可以 会 要 用 让 给 去 来
做 搞 弄 些 里 里面 上 中 下 内 们 你 他 她 它 他们 我们 不 没 没有
间 还 又 再 很 最 更 已 已经 现在 目前 这个 那个 是不是 一个 大 是什么
多大 多长 多久 多高 几家 几项 等 种
"""
_ENGLISH = """
a an the of in on at to for by with from and or is are was were be been do does did has have had
what which who whom whose when where why how many much long big large there it its this that
these those as than i me my you your we us they them their he she his her about please tell
give named called name not no s can could would will should any some into per also
"""

# With their stems, since terms are stemmed before they are looked up here.
FUNCTION_WORDS = frozenset(
    form for word in f"{_CHINESE} {_ENGLISH}".split() for form in (word, stem(word))
)
