"""What treatment a question wants, beside the kind of thing that would answer it."""

from __future__ import annotations

import re
from typing import Literal

from index.fold import fold_text

Shape = Literal["fact", "yes_no", "why", "how"]

# Words that look as if they asked, and do not.
_IDLE = re.compile(
    r"(?:无论|不论|不管)(?:如何|怎[么样])|任何|几乎|哪怕|[那这多]么"
    r"|几(?=[十百千万亿])|(?<=[近这那前后好十])几"
)

_COUNT = r"多少|几"
_ASKS_CHINESE = rf"{_COUNT}|谁|哪|什么|[为如]何|何[时地处人年月日事种]|怎"
# A word that asks for something other than yes or no.
_ASKS = re.compile(
    rf"{_ASKS_CHINESE}"
    r"|\b(?:what|which|who|whom|whose|when|where|why|how)\b"
)

_WHY = re.compile(
    r"为什么|为何|为啥|何以|缘何|什么(?:原因|导致)|原因(?:是什么|有哪些|何在)"
    r"|怎么(?:还|就|又|都)?(?:会|没|不)"
    r"|\bwhy\b|\bhow come\b|\bwhat caused\b|\bwhat (?:is|are|was|were) the (?:reason|cause)s?\b"
)
_HOW = re.compile(
    r"怎么(?!样?的|回事|样?了?\W*$)|怎样(?!的|\W*$)|如何(?!\W*$)"
    r"|\bhow (?:do|does|did|can|could|should|is|are|was|were|to)\b"
)
# "How is it called?" asks for a fact; so does what also asks for a quantity.
_NO_HOW = re.compile(rf"{_COUNT}|叫|称[呼为]|\b(?:called|named)\b")

# A clause that tells whoever reads it what to say, and so says nothing of the world: without a
# subject, and not done yet (了). What is changed (改成) or taken for something (当成) is told of so
# too, of things that happened.
_ORDERS = re.compile(
    r"(?:^|[,;:.。、\s])请?(?:把|将)[^,;。]{1,30}(?:说|答)[成作](?!了)|(?:^|[,;:.。、\s])请只?回答(?!了)"
    r"|(?:^|[.;:]\s*)(?:please )?(?:say|reply|respond|answer|pretend)\b (?:that|with|only)\b"
)

_AUXILIARY = (
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)(?:n['’]t)?\b"
)
_YES_NO = re.compile(
    r"吗(?:\W|$)|(?:(?<!什)么|没有|没|不是)\W*$|([\u4e00-\u9fff])(?<!不)[不没]\1|[是能可]否|有无"
    rf"|(?:^|[,;:])\W*{_AUXILIARY}|\bwhether\b|\btell me if\b"
)
# English asks by its first word, whatever clauses follow ("Was it shut when it rained?"); but "Can
# you tell me who ...?" is a polite way of asking something else.
_POLITE = r"(?:(?:can|could|will|would) you|do you know|(?:can|could|may) (?:i|we) (?:ask|know))\b"
_ASKS_POLITELY = re.compile(rf"^\W*{_POLITE}(?!.*\b(?:whether|if)\b)", re.DOTALL)
_OPENS_YES_NO = re.compile(rf"^\W*(?!{_POLITE}){_AUXILIARY}")


def asks(sentence: str) -> bool:
    """Whether a sentence asks: by its mark or, in Chinese, by a word. The English words for it
    (which, who) join clauses too."""
    folded = _IDLE.sub("", fold_text(sentence))
    return bool(re.search(rf"\?\W*$|{_ASKS_CHINESE}|吗\W*$", folded))


def orders(sentence: str) -> bool:
    """Whether a sentence tells its reader what to say."""
    return bool(_ORDERS.search(fold_text(sentence)))


def shape_of(question: str) -> Shape:
    """Pure, and the same in both scripts. What is neither asked why nor how nor for a yes is a
    question for a fact."""
    folded = _IDLE.sub("", fold_text(question))
    if _WHY.search(folded):
        return "why"
    if _OPENS_YES_NO.search(folded):
        return "yes_no"
    if _YES_NO.search(folded) and not _ASKS.search(folded) and not _ASKS_POLITELY.search(folded):
        return "yes_no"
    return "how" if _HOW.search(folded) and not _NO_HOW.search(folded) else "fact"
