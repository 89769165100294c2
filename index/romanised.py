"""Names in Latin letters: Han terms by their pinyin, which pypinyin knows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from itertools import chain
from operator import contains

from pypinyin import Style, pinyin
from pypinyin.pinyin_dict import pinyin_dict

from index.fold import is_han
from index.stems import unaccented

# In characters.
_LONGEST_NAME = 4
# In letters: zhuang.
_LONGEST_SYLLABLE = 6
_LETTERS = re.compile(r"[a-z]+")


class Romanised:
    """The Han terms of a collection by their pinyin without tones: 长江 under "changjiang".

    A word is spelled when it is looked up: a large collection has far more readings than anyone
    asks for.
    """

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._terms: dict[tuple[str, int], list[str]] = defaultdict(list)
        for term in vocabulary:
            if _is_name(term):
                self._terms[term[0], len(term)].append(term)
        self._chars: dict[str, dict[str, None]] = defaultdict(dict)
        for char in dict.fromkeys(chain.from_iterable(chain.from_iterable(self._terms.values()))):
            for reading in _readings(char):
                self._chars[reading][char] = None

    def terms(self, word: str) -> list[str]:
        """The Han terms that a Latin word, as it is written, may romanise."""
        found: list[str] = []
        for first, *others in self._spellings(_plain(word), _LONGEST_NAME) if word else ():
            found += (
                term
                for char in first
                for term in self._terms.get((char, 1 + len(others)), ())
                if all(map(contains, others, term[1:]))
            )
        return list(dict.fromkeys(found))

    def _spellings(self, word: str, most: int) -> Iterator[list[Collection[str]]]:
        """Every way to cut a word into at most so many syllables, as the characters of each."""
        if not word:
            yield []
        for end in range(1, len(word) + 1) if most else ():
            if chars := self._chars.get(word[:end]):
                for rest in self._spellings(word[end:], most - 1):
                    yield [chars, *rest]


def romanise(term: str) -> str:
    """The likeliest pinyin of a Han term that may be a name; nothing for others."""
    return "".join(_readings(char)[0] for char in term) if _is_name(term) else ""


def first_syllable(word: str) -> str:
    """Of a word that is pinyin from end to end; nothing for others."""
    return next(iter(_syllables(_plain(word))), "")


def last_syllable(word: str) -> str:
    return next(iter(reversed(_syllables(_plain(word)))), "")


def is_syllable(word: str) -> bool:
    return _plain(word) in _all_syllables()


def _is_name(term: str) -> bool:
    return 2 <= len(term) <= _LONGEST_NAME and is_han(term)


def _plain(word: str) -> str:
    """Lüxian, lvxian and luxian alike, and Xi'an as xian."""
    return unaccented(word).replace("'", "").replace("lv", "lu").replace("nv", "nu")


@cache
def _readings(char: str) -> tuple[str, ...]:
    # Beyond three readings a character's rare ones only multiply chance matches.
    readings = pinyin(char, style=Style.NORMAL, heteronym=True)[0]
    return tuple(dict.fromkeys(map(_plain, readings)))[:3]


def _syllables(word: str) -> list[str]:
    """A way to cut a word into syllables, long ones first from its end; none where there is no
    way. Linear in the word: a question can hold anything."""
    last: dict[int, str] = {0: ""}  # the syllable that ends at each place that can be reached
    for end in range(1, len(word) + 1):
        for start in range(max(end - _LONGEST_SYLLABLE, 0), end):
            if start in last and word[start:end] in _all_syllables():
                last[end] = word[start:end]
                break
    found: list[str] = []
    end = len(word)
    while end and end in last:
        found.append(last[end])
        end -= len(last[end])
    return found[::-1]


@cache
def _all_syllables() -> frozenset[str]:
    readings = {reading for line in pinyin_dict.values() for reading in line.split(",")}
    return frozenset(filter(_LETTERS.fullmatch, map(_plain, readings)))
