"""Which language and script a text is in, and what the system says in each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Literal

import opencc

from index.fold import is_han

Language = Literal["zh-Hans", "zh-Hant", "en"]


def language_of(text: str) -> Language:
    """Chinese where there are Han characters; Traditional where more of them are written only
    in that script than only in the other. A text that both scripts share counts as Simplified."""
    han = "".join(filter(is_han, text))
    if not han:
        return "en"
    traditional = _differences(han, "t2s")
    return "zh-Hant" if traditional > _differences(han, "s2t") else "zh-Hans"


def _differences(text: str, conversion: str) -> int:
    converted = _converter(conversion).convert(text)
    return sum(a != b for a, b in zip(text, converted, strict=False))


def in_script(text: str, language: Language) -> str:
    """What the system says in Simplified, in the language's own script."""
    return str(_converter("s2t").convert(text)) if language == "zh-Hant" else text


@cache
def _converter(conversion: str) -> opencc.OpenCC:
    return opencc.OpenCC(conversion)


REFUSALS: dict[str, dict[Language, str]] = {
    "no_match": {
        "zh-Hans": "文档里没有找到与这个问题有关的内容。",
        "zh-Hant": "文件裡沒有找到與這個問題有關的內容。",
        "en": "The documents hold nothing about this.",
    },
    "low_confidence": {
        "zh-Hans": "文档里没有找到能可靠回答这个问题的原文。",
        "zh-Hant": "文件裡沒有找到能可靠回答這個問題的原文。",
        "en": "The documents do not say, as far as could be found.",
    },
    "unsupported": {
        "zh-Hans": "文档里有相近的内容{found}，但没有说到问题里的这一点：{missing}。",
        "zh-Hant": "文件裡有相近的內容{found}，但沒有說到問題裡的這一點：{missing}。",
        "en": "The documents say something close{found}, but nothing about {missing}.",
    },
}

# What the system says before the quotes, by what was asked for. None of them judges.
LEADS: dict[str, dict[Language, str]] = {
    "yes_no": {
        "zh-Hans": "是与否，请据原文判断：",
        "zh-Hant": "是與否，請據原文判斷：",
        "en": "Whether yes or no, judge by the text: ",
    },
    "why": {
        "zh-Hans": "原文是这样写的：",
        "zh-Hant": "原文是這樣寫的：",
        "en": "The text puts it like this: ",
    },
    "list": {
        "zh-Hans": "原文没有在这里写出数目，而是列举：",
        "zh-Hant": "原文沒有在這裡寫出數目，而是列舉：",
        "en": "The text gives no number here, but a list: ",
    },
    "disagree": {
        "zh-Hans": "文档的说法不一致：",
        "zh-Hant": "文件的說法不一致：",
        "en": "The documents disagree: ",
    },
}
LEADS["how"] = LEADS["why"]


def refusal(
    reason: str, language: Language, missing: Sequence[str] = (), found: Sequence[str] = ()
) -> str:
    """The sentence that refuses; `missing` is what the documents do not speak of, `found` what
    they speak of instead."""
    comma, brackets = (", ", " ({})") if language == "en" else ("、", "（{}）")
    instead = brackets.format(comma.join(found)) if found else ""
    return REFUSALS[reason][language].format(missing=comma.join(missing), found=instead)


def lead(treatment: str, language: Language) -> str:
    """The words before the quotes; "" where they need none."""
    return LEADS.get(treatment, {}).get(language, "")


def unsupported(sentence: str) -> str:
    """What a model said and no quote holds, so that nobody takes it for an answer."""
    space, bare = sentence[: -len(sentence.lstrip())], sentence.lstrip()
    return space + {
        "zh-Hans": "（原文没有依据：{}）",
        "zh-Hant": "（原文沒有依據：{}）",
        "en": "(not in the text: {})",
    }[language_of(bare)].format(bare)
