"""Which script and language a text is in, and Chinese in the other script."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache

import opencc

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
_CHINESE = {"Hans": "zh-Hans", "Hant": "zh-Hant"}
# OpenCC's conversions that change words too, as a writer from across the strait would.
_CONVERSIONS: Mapping[str, tuple[str, str]] = {
    "zh-Hans": ("s2twp", "zh-Hant"),
    "zh-Hant": ("tw2sp", "zh-Hans"),
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


def language_tag(text: str, stated: str | None) -> str:
    """The language that is stated, else what the script tells: which Chinese, or the script's code
    alone, which many languages share."""
    script = script_of(text)
    return stated or _CHINESE.get(script, script)


def in_other_script(text: str, language: str) -> tuple[str, str]:
    """A Chinese text in the other script with that script's words, and its language then; what is
    not Chinese as it was."""
    if language not in _CONVERSIONS:
        return text, language
    conversion, other = _CONVERSIONS[language]
    return str(_converter(conversion).convert(text)), other


@cache
def _converter(conversion: str) -> opencc.OpenCC:
    return opencc.OpenCC(conversion)


def _code(char: str) -> str:
    if is_han(char):
        return "Hani"
    return _CODES.get(unicodedata.name(char, "").split(" ")[0], "Zzzz")
