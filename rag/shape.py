"""What treatment a question wants, beside the kind of thing that would answer it."""

from __future__ import annotations

import re
from typing import Literal

from index.fold import fold_text

Shape = Literal["fact", "yes_no", "why", "how"]

# A word that asks for something other than yes or no.
_ASKS = re.compile(r"多少|几|谁|哪|什么|何|怎|\b(?:what|which|who|whom|whose|when|where|why|how)\b")

_WHY = re.compile(
    r"为什么|为何|为啥|何以|缘何|什么原因|原因(?:是什么|何在)|\bwhy\b|\bwhat caused\b"
)
_HOW = re.compile(
    r"怎么(?!样的|回事)|怎样(?!的)|如何|\bhow (?:do|does|did|can|could|should|is|are|was|were|to)\b"
)
_YES_NO = re.compile(
    r"(?:[吗么]|没有|没|不是)\W*$|[吗么]\W*$|是不是|是否|有没有|能不能|能否|会不会|可不可以|要不要|有无"
    r"|^\W*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b"
)


def shape_of(question: str) -> Shape:
    """Pure, and the same in both scripts. What is neither asked why nor how nor for a yes is a
    question for a fact."""
    folded = fold_text(question)
    if _WHY.search(folded):
        return "why"
    if _YES_NO.search(folded) and not _ASKS.search(folded):
        return "yes_no"
    # "How is it called?" asks for a fact; so does what also asks for a quantity.
    return "how" if _HOW.search(folded) and not re.search(r"多少|几|叫", folded) else "fact"
