"""Paragraphs that a page's edge has broken, made whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate, chain, pairwise

import jieba

from index.fold import fold_text, is_han
from index.load.content import Paragraph, parted_by_space
from index.load.prose import ends_sentence, has_sentence, is_prose

# Marks behind which a line that is not broken may end, such as "以下几点：" or a closed bracket.
_UNBROKEN = tuple("：:；;|—”’」』）)】》]")
# How a paragraph begins that goes on with nothing: a number, a bullet, a day, a source.
_BEGINS = re.compile(
    r"[(（]?[\d一二三四五六七八九十]+[、.．)）]|[•·▪*#-]\s|第[\d一二三四五六七八九十]+[章节節条條]"
    r"|\d+月\d+日|\d{4}年|据|據|截至|近日|日前"
)
_MARK = re.compile(r"[，。！？；：、,!?;:]")
# Characters on either side of a break in which a word is looked for; longer ones are rare.
_WINDOW = 8
# So few characters behind the last mark are not yet a clause.
_FRAGMENT = 4


def join_broken(paragraphs: Iterable[Paragraph]) -> list[Paragraph]:
    """Each paragraph that stops in mid-sentence with the one that goes on, as one.

    Both are prose: the first has whole sentences and then an unfinished one, the second comes to
    an end, or is broken again. What stands on two numbered pages stays two, each on its own.
    """
    wholes: list[list[Paragraph]] = []
    for paragraph in paragraphs:
        if wholes and _goes_on(wholes[-1][-1], paragraph):
            wholes[-1].append(paragraph)
        else:
            wholes.append([paragraph])
    return [whole[0] if len(whole) == 1 else _joined(whole) for whole in wholes]


def _goes_on(broken: Paragraph, following: Paragraph) -> bool:
    return (
        broken.page == following.page
        and _stops(broken.text)
        and _is_running(broken)
        and _is_running(following)
        and not _BEGINS.match(following.text)
        and _is_one_sentence(broken.text, following.text)
    )


def _is_running(paragraph: Paragraph) -> bool:
    return not paragraph.aside and not paragraph.level and is_prose(paragraph.text)


def _stops(text: str) -> bool:
    return not ends_sentence(text) and not text.endswith(_UNBROKEN) and has_sentence(text)


def _is_one_sentence(broken: str, following: str) -> bool:
    """Some paragraphs only lack their last mark: more must say that the sentence goes on.

    In Chinese, a word that stands on both sides, or too little behind the last mark to be a
    clause; in Western text, a small letter.
    """
    if not is_han(following[0]):
        return following[0].islower()
    before, after = fold_text(broken[-_WINDOW:]), fold_text(following[:_WINDOW])
    ends = accumulate(map(len, jieba.dt.cut(before + after, HMM=False)))
    clause = _MARK.split(before)[-1]
    return len(clause) <= _FRAGMENT or len(before) not in ends


def _joined(parts: Sequence[Paragraph]) -> Paragraph:
    texts = [part.text for part in parts]
    spaces = [" " if parted_by_space(one, other) else "" for one, other in pairwise(texts)]
    text = "".join(chain.from_iterable(zip(texts, [*spaces, ""], strict=True)))
    return replace(parts[0], text=text)
