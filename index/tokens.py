"""Text to the terms that BM25 counts."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cache
from threading import Lock

import jieba
import snowballstemmer

from index.fold import fold_text

# Part of an index's identity: raise it with any change that gives other terms.
TOKENIZER = "jieba-search-english-2"

_STEMMING = Lock()

_RUN = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)*%?)"
    r"|(?P<han>[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff〇\U00020000-\U000323af]+)"
    r"|(?P<word>[^\W\d_]+(?:'[^\W\d_]+)?)"
)


def terms(text: str) -> list[str]:
    """Folded terms in order, with repetitions: numbers without thousands separators, Western
    words' stems, and of each run of Han characters jieba's search-mode words and all its bigrams
    (so that a name outside the dictionary still matches itself)."""
    return list(_terms(fold_text(text)))


def words(folded: str) -> list[str]:
    """The words of an already folded text, each once where it stands and none inside another:
    numbers, Western words, jieba's words."""
    found: list[str] = []
    for match in _RUN.finditer(folded):
        if match.lastgroup == "han":
            found += _dictionary().cut(match[0])
        else:
            found.append(
                match[0].replace(",", "") if match.lastgroup == "number" else stem(match[0])
            )
    return found


def _terms(folded: str) -> Iterator[str]:
    for match in _RUN.finditer(folded):
        run = match[0]
        if match.lastgroup == "number":
            yield run.replace(",", "")
        elif match.lastgroup == "word":
            yield stem(run)
        else:
            words = list(_dictionary().cut_for_search(run))
            yield from words
            seen = set(words)
            yield from (b for b in map("".join, itertools.pairwise(run)) if b not in seen)


@cache
def stem(word: str) -> str:
    """An English word without its endings (Porter's second algorithm); others mostly stay."""
    with _STEMMING:  # the stemmer keeps the word it is at work on in itself
        return str(_stemmer().stemWord(word))


@cache
def _stemmer() -> snowballstemmer.EnglishStemmer:
    return snowballstemmer.stemmer("english")


@cache
def _dictionary() -> jieba.Tokenizer:
    tokenizer = jieba.Tokenizer()
    jieba.setLogLevel(60)  # it reports the loading of its dictionary as a debug message on stderr
    tokenizer.initialize()
    return tokenizer
