"""What a question asks about, and what kind of thing would answer it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from index.fold import fold_text
from index.function_words import FUNCTION_WORDS
from index.tokens import Tokenizer
from rag.compare import compares
from rag.enumeration import asks_for_list
from rag.language import Language, language_of
from rag.measures import asks_measured
from rag.years import written_years

Kind = Literal["quantity", "date", "person", "other"]

# The first kind whose pattern is found in the folded question is what it asks for.
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "date",
        re.compile(
            r"何时|什么时[候间]|哪一?[年天日]|几[月号]|日期"
            r"|\bwhen\b|\b(?:what|which) (?:year|date|month|day)\b"
        ),
    ),
    ("person", re.compile(r"谁|哪位|何人|什么人|\bwho\b|\bwhom\b")),
    (
        "quantity",
        re.compile(
            r"多少|几(?!乎)|多[大长久高远宽重深快]|百分之|比例|占比|幅度"
            r"|\bhow (?:many|much|big|large|long|far|high|tall|fast|often)\b"
            r"|\bwhat (?:percentage|percent|share|proportion|number|amount|size|area)\b"
        ),
    ),
)
# Words that ask for something else than a number.
_ASKING = re.compile(r"什么|为[何啥]|如何|怎|哪|[吗么]|\b(?:what|which|where|why|how)\b")
_COUNTER = re.compile(
    r"(?:多少|几(?!乎))([\u4e00-\u9fff])|\bhow many (?:(?:of|the|new|different|more) )*([a-z]+)"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question taken apart: `content` are its folded words that say what it is about, `figures`
    the numbers it names, `years` those of them that look like years, `counter` the measure word
    behind 多少 or 几, or the noun behind "how many"; `listing` where it asks for several things."""

    text: str
    language: Language
    kind: Kind
    content: tuple[str, ...]
    figures: tuple[str, ...]
    years: tuple[str, ...]
    counter: str
    listing: bool


def analyse(question: str, tokenizer: Tokenizer) -> Asked:
    """Pure: the same question is always taken apart in the same way."""
    folded = fold_text(question)
    content = (word for word in tokenizer.words(folded) if word not in FUNCTION_WORDS)
    figures = tuple(dict.fromkeys(re.findall(r"\d+(?:\.\d+)?", folded.replace(",", ""))))
    return Asked(
        question,
        language_of(question),
        _kind(folded),
        tuple(dict.fromkeys(content)),
        figures,
        tuple(map(str, written_years(folded))),
        _counter(folded),
        asks_for_list(folded),
    )


def _kind(folded: str) -> Kind:
    asked: list[Kind] = [kind for kind, pattern in _KINDS if pattern.search(folded)]
    if compares(folded) and asked[:1] in ([], ["person"]):
        return "quantity"
    bare = not _ASKING.search(folded) and asks_measured(folded)
    return asked[0] if asked else "quantity" if bare else "other"


def _counter(folded: str) -> str:
    found = _COUNTER.search(folded)
    return (found[1] or found[2].removesuffix("s")) if found else ""
