"""Script, width and case folding, for matching only: what is shown is never folded.

Each character is folded by itself (Traditional to Simplified without phrase context), so that
the two scripts always meet: 乾隆 folds to 干隆 on both sides, which no phrase table promises.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from dataclasses import dataclass
from functools import cache

import opencc


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text and, for each of its characters, where it came from.

    Character i of `text` was made from original positions [starts[i], ends[i]).
    """

    text: str
    starts: array[int]
    ends: array[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The original span behind the folded span [start, end); empty spans stay empty."""
        if start >= end:
            here = self.starts[start] if start < len(self.text) else (self.ends or [0])[-1]
            return here, here
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> Folded:
    """Fold with a map of offsets back to the original."""
    alone = _alone(text)
    if alone is not None and len(alone) == len(text):  # No character folds to nothing.
        places = array("l", range(len(text) + 1))
        return Folded(alone, places[:-1], places[1:])
    pieces: list[str] = []
    starts, ends = array("l"), array("l")
    position = 0
    while position < len(text):
        end = position + 1
        # A letter and its combining marks compose together under NFKC, so they fold as one.
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        piece = _fold_cluster(text[position:end])
        pieces.append(piece)
        starts.extend([position] * len(piece))
        ends.extend([end] * len(piece))
        position = end
    return Folded("".join(pieces), starts, ends)


def fold_text(text: str) -> str:
    """The folded text alone."""
    alone = _alone(text)
    return fold(text).text if alone is None else alone


def simplify(text: str) -> str:
    """Traditional phrases as Simplified ones, as a reader would write them; for the encoder."""
    return str(_converter().convert(text))


# Characters that OpenCC changes within certain phrases only (著名, but 着力): alone they would keep
# 著力 from finding 着力.
_LOOSE = str.maketrans("著瞭覆藉祇妳", "着了复借只你")


@cache
def _fold_cluster(cluster: str) -> str:
    folded = unicodedata.normalize("NFKC", cluster).casefold()
    simplified = "".join(_converter().convert(c) if c >= "\u2e80" else c for c in folded)
    return simplified.translate(_LOOSE)


class _Folds(dict[int, str]):
    """A table for `str.translate`, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        self[code] = _fold_cluster(chr(code))
        return self[code]


_FOLDS = _Folds()


def _alone(text: str) -> str | None:
    """Each character folded alone, ten times as fast as cluster by cluster; None where there are
    combining marks."""
    return None if any(map(unicodedata.combining, text)) else text.translate(_FOLDS)


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


# Han characters, as a regular expression's class has them.
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af〇"
_HAN = re.compile(f"[{HAN}]+")


def is_han(text: str) -> bool:
    """Nothing but CJK ideographs, with extensions A to H, compatibility forms and 〇."""
    return _HAN.fullmatch(text) is not None


def count_han(text: str) -> int:
    """How many of the characters are Han."""
    return len(text) - len(_HAN.sub("", text))
