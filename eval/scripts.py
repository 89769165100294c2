"""Which script a text is written in, by ISO 15924, for the slices of a report."""

from __future__ import annotations

import unicodedata
from collections import Counter

from index.fold import is_han
from rag.language import language_of

# The first word of a letter's Unicode name says its script.
_CODES = {
    "LATIN": "Latn",
    "CYRILLIC": "Cyrl",
    "GREEK": "Grek",
    "ARABIC": "Arab",
    "DEVANAGARI": "Deva",
    "THAI": "Thai",
    "HANGUL": "Kore",
    "HIRAGANA": "Jpan",
    "KATAKANA": "Jpan",
}


def script_of(text: str) -> str:
    """The script of most letters; `Hans` or `Hant` for Han, `Zyyy` where there are no letters.

    A Han character counts twice: it says about what a short word does in other scripts, so that
    a Chinese sentence with a long Latin name in it stays Chinese.
    """
    counts = Counter(_code(char) for char in text if char.isalpha())
    counts["Hani"] *= 2
    script, count = max(sorted(counts.items()), key=lambda item: item[1])
    if not count:
        return "Zyyy"
    return language_of(text).removeprefix("zh-") if script == "Hani" else script


def _code(char: str) -> str:
    if is_han(char):
        return "Hani"
    return _CODES.get(unicodedata.name(char, "").split(" ")[0], "Zzzz")
