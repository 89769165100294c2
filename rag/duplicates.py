"""Copies of a passage go behind what is distinct, so that one text cannot fill the results.

A passage is a *copy* of a better-ranked one where it says next to nothing more and is about the
same. Paragraphs of one template that differ in a name, a year or a figure are different facts:
passages are therefore compared by whole sentences, as the shingles of Broder (1997, "On the
resemblance and containment of documents"). Runs of a few characters, the usual shingles, cannot
tell a changed name in a long paragraph from a changed comma.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import pairwise

from index.fold import fold_text
from rag.draft import Passage

# A copy may have one sentence in five more than the better-ranked one. If that sentence spoke to
# the question, the passage's best sentence would have ranked it first.
_SHARED = 0.8

# Of the function words those that editors drop or exchange without changing a fact; not 不, 没,
# 上 (half a year) or 多 (than so many).
_PARTICLES = "的了和与及"

# How far copies come behind what is distinct: more than bodies round away.
_STEP = 0.001

# With how many passages that hold a sentence another one is compared: where a sentence stands
# under every title, the best-ranked suffice.
_HOLDERS = 5

# The best of the passages, twice as many as anyone is shown.
_LOOKED_AT = 100

# A number with its sign and percent, or a Western word.
_FIGURE = re.compile(r"(?:(?<![\da-z])[-−])?\d+(?:\.\d+)*[%‰]?|[^\W\d_\u2e80-\U000323af]+")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_HAN = re.compile(r"[\u3400-\u9fff〇\U00020000-\U000323af]+")


def copies_last(passages: Sequence[Passage]) -> list[Passage]:
    """The passages, best first, but with copies of better ones behind all others. Copies are
    sought among the best 100.

    None is dropped: a copy in another document may have to be quoted too. Both kinds keep their
    order, and the scores of copies are lowered together, so that scores go on falling.
    """
    copies: set[int] = set()
    holders: defaultdict[str, list[_Text]] = defaultdict(list)
    for rank in _suspects(passages[:_LOOKED_AT]):
        text = _Text(passages[rank])
        sharing = {id(other): other for key in text.keys for other in holders[key]}
        if any(_is_copy(text, other) for other in sharing.values()):
            copies.add(rank)
        else:
            for key in text.keys:
                if len(holders[key]) < _HOLDERS:
                    holders[key].append(text)
    if not copies:
        return list(passages)
    distinct = [passage for rank, passage in enumerate(passages) if rank not in copies]
    fall = max(passages[min(copies)].score - distinct[-1].score + _STEP, 0.0)
    behind = (replace(passages[r], score=passages[r].score - fall) for r in sorted(copies))
    return [*distinct, *behind]


def _suspects(passages: Sequence[Passage]) -> list[int]:
    """The ranks of those that have a sentence which begins as one of another passage does; the
    others, nearly all, are spared what takes longer."""
    beginnings = [
        {chunk.words_at(span)[:64].translate(_STRIPPED)[:8] for span in chunk.sentences}
        for chunk in (passage.match.chunk for passage in passages)
    ]
    counts = Counter(beginning for found in beginnings for beginning in found)
    return [
        rank
        for rank, found in enumerate(beginnings)
        if any(counts[beginning] > 1 for beginning in found)
    ]


class _Text:
    """A passage as it is compared; `keys` are its sentences without what may differ."""

    def __init__(self, passage: Passage) -> None:
        chunk = passage.match.chunk
        self.chunk = chunk
        self.keys = {chunk.words_at(span).translate(_STRIPPED) for span in chunk.sentences} - {""}
        self.year = (passage.document.date or "")[:4]

    @cached_property
    def figures(self) -> Counter[str]:
        """Numbers and Western words, whose bounds the keys have lost: 1.25 is not 12.5."""
        return Counter(_figures(self.chunk.text))

    def says(self, piece: str) -> bool:
        if _HAN.match(piece):
            return any(piece in key for key in self.keys)
        return piece in self.figures


def _is_copy(text: _Text, better: _Text) -> bool:
    return (
        _says_no_more(text.keys, better.keys)
        and (text.chunk.text == better.chunk.text or not text.figures - better.figures)
        and _about_the_same(text, better)
    )


def _says_no_more(keys: set[str], better: set[str]) -> bool:
    """Only whole sentences may be more, on one side: where either side has one that the other
    lacks, a sentence was changed."""
    if keys <= better:
        return True
    return better <= keys and sum(map(len, better)) >= _SHARED * sum(map(len, keys))


def _about_the_same(text: _Text, better: _Text) -> bool:
    """Whether title and headings do not matter: because they are the same, or because the text
    itself says what tells them apart.

    "投资6亿元。" under 青禾区 and under 白露区 are two facts, but an article that names 青禾区 is
    the same article under any title. Names and numbers count apart, and the years of both
    documents, where they are stated, with the numbers: last year is another one in each.
    """
    apart = _pieces(text.chunk.context) ^ _pieces(better.chunk.context)
    if text.year and better.year and text.year != better.year:
        apart |= {text.year, better.year}
    if not apart:
        return True
    numbers = {piece for piece in apart if any(map(str.isdigit, piece))}
    return all(any(map(text.says, kind)) for kind in (numbers, apart - numbers) if kind)


@lru_cache(maxsize=4096)
def _pieces(context: str) -> frozenset[str]:
    """What words a title may hold: numbers, Western words, bigrams of Han characters."""
    runs = _HAN.findall(context.translate(_STRIPPED))
    bigrams = {f"{a}{b}" for run in runs for a, b in pairwise(run)}
    return frozenset(_figures(context)) | bigrams | {run for run in runs if len(run) == 1}


def _figures(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _FIGURE.findall(_THOUSANDS.sub("", folded))


class _Stripped(dict[int, str]):
    """A table for `str.translate`, filled as characters are met: letters, digits and signs that
    belong to figures are folded one by one, everything else and the particles become nothing."""

    def __missing__(self, code: int) -> str:
        folded = fold_text(chr(code))
        self[code] = "".join(char for char in folded if _speaks(char))
        return self[code]


def _speaks(char: str) -> bool:
    category = unicodedata.category(char)
    return (category[0] in "LMN" or category in {"Sc", "Sm"} or char in "%‰") and (
        char not in _PARTICLES
    )


_STRIPPED = _Stripped()
