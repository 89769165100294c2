"""Western words as they are compared: without accents and endings."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from threading import Lock

import snowballstemmer

_STEMMING = Lock()
_MARKS = re.compile("[\u0300-\u036f]")


@cache
def stem(word: str) -> str:
    """An English word without its endings (Porter's second algorithm); others mostly stay."""
    with _STEMMING:  # the stemmer keeps the word it is at work on in itself
        return str(_stemmer().stemWord(unaccented(word)))


def unaccented(word: str) -> str:
    """Lüxian as luxian: many write names without their marks."""
    return word if word.isascii() else _MARKS.sub("", unicodedata.normalize("NFD", word))


@cache
def _stemmer() -> snowballstemmer.EnglishStemmer:
    return snowballstemmer.stemmer("english")
