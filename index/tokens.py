"""Text to the terms that BM25 counts."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import jieba
import jieba.posseg

from index.errors import SettingsError
from index.fold import HAN, fold_text, is_han
from index.numbers import COUNTERS, Numeral, numerals
from index.records import content_hash
from index.stems import stem

# Part of an index's identity: raise it with any change that gives other terms.
TOKENIZER = "jieba-search-english-3"

# In the data folder: a word of the user's own a line, with its frequency behind it if need be.
USER_DICTIONARY = "yuanwen.dict"

_RUN = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)*%?)"
    rf"|(?P<han>[{HAN}]+)"
    rf"|(?P<word>[^\W\d_{HAN}]+(?:'[^\W\d_{HAN}]+)?)"
)


_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?%?")


@dataclass(frozen=True, slots=True)
class AskedTerm:
    """A term of a question, the folded words that it was made from, and whether it is a word or
    number of its own: a pair of Han characters may be the end of one word and the head of another.
    """

    term: str
    written: str
    whole: bool = True


@dataclass(frozen=True)
class Tokenizer:
    """Cuts by jieba's dictionary and by `user_words`, folded, with their frequency or None."""

    user_words: Mapping[str, int | None] = field(default_factory=dict)

    @cached_property
    def _jieba(self) -> jieba.Tokenizer:
        return _with_words(self.user_words) if self.user_words else _plain_jieba()

    @property
    def fingerprint(self) -> str:
        """Changes with whatever gives other terms."""
        if not self.user_words:
            return TOKENIZER
        listed = (f"{word} {frequency}" for word, frequency in sorted(self.user_words.items()))
        return f"{TOKENIZER}+{content_hash(*listed)[:12]}"

    def terms(self, text: str) -> list[str]:
        """Folded terms in order, with repetitions: numbers without thousands separators, Western
        words' stems, and of each run of Han characters jieba's search-mode words and all its
        bigrams (so that a name outside the dictionary still matches itself). Numbers that can be
        written in other ways (6.34亿, 634 million) stand there once more, in canonical form."""
        folded = fold_text(text)
        found = [asked.term for asked in self._asked(folded, bigrams=True)]
        literal = set(found)
        return found + [n.canonical for n in self._numerals(folded) if n.canonical not in literal]

    def asked_terms(
        self, question: str, *, bigrams: bool = True, numbers: bool = True
    ) -> list[AskedTerm]:
        """The terms of a question: as `terms`, but a number is one term, its canonical form.

        Without `bigrams` only jieba's words are taken of Han runs, without `numbers` every number
        is taken as it is written.
        """
        folded = fold_text(question)
        found: list[AskedTerm] = []
        begin = 0
        for numeral in self._numerals(folded) if numbers else ():
            found += self._asked(folded[begin : numeral.span.start], bigrams)
            written = folded[numeral.span.start : numeral.span.end]
            found.append(AskedTerm(numeral.canonical, written))
            begin = numeral.span.end
        return [*found, *self._asked(folded[begin:], bigrams)]

    def words(self, folded: str) -> list[str]:
        """The words of an already folded text, each once where it stands and none inside another:
        numbers, stems of Western words, jieba's words."""
        found: list[str] = []
        for match in _RUN.finditer(folded):
            if match.lastgroup == "han":
                found += self._jieba.cut(match[0])
            else:
                found.append(_western(match))
        return found

    def knows(self, word: str) -> bool:
        """Whether a folded Han word stands in jieba's dictionary or in the user's."""
        return bool(self._jieba.FREQ.get(word))

    def tagged(self, folded: str) -> list[tuple[str, str]]:
        """Every piece of an already folded text, in order and without gaps, with its part of
        speech as jieba names it; a word of the user's own is a proper name, `nz`."""
        pairs = ((pair.word, pair.flag) for pair in self._tagger.cut(folded))
        return [(word, "nz" if word in self.user_words else flag) for word, flag in pairs]

    @cached_property
    def _tagger(self) -> jieba.posseg.POSTokenizer:
        return jieba.posseg.POSTokenizer(self._jieba)

    def _asked(self, folded: str, bigrams: bool) -> Iterator[AskedTerm]:
        for match in _RUN.finditer(folded):
            run = match[0]
            if match.lastgroup != "han":
                yield AskedTerm(_western(match), run)
                continue
            words = list(self._jieba.cut_for_search(run))
            yield from (AskedTerm(word, word) for word in words)
            if bigrams:
                seen = set(words)
                pairs = map("".join, itertools.pairwise(run))
                yield from (AskedTerm(pair, pair, False) for pair in pairs if pair not in seen)

    def _numerals(self, folded: str) -> Iterator[Numeral]:
        """Those that are words: the 十 of 红十字会 is no number, nor is the 五 of 五台山."""
        bounds: set[int] | None = None
        for numeral in numerals(folded):
            start, end = numeral.span.start, numeral.span.end
            if not is_han(folded[start]):
                yield numeral
                continue
            if bounds is None:
                bounds = self._bounds(folded)
            if start in bounds and (
                end in bounds or (end + 1 in bounds and folded[end] in COUNTERS)
            ):
                yield numeral

    def _bounds(self, folded: str) -> set[int]:
        """Where words of Han runs begin and end."""
        found: set[int] = set()
        for match in _RUN.finditer(folded):
            if match.lastgroup == "han":
                lengths = map(len, self._jieba.cut(match[0]))
                found.update(itertools.accumulate(lengths, initial=match.start()))
        return found


def load_tokenizer(folder: Path) -> Tokenizer:
    """With the user's dictionary, if the data folder has one. Raises SettingsError that names
    the line where it is not as expected."""
    path = folder / USER_DICTIONARY
    if not path.exists():
        return Tokenizer()
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}.", "Save it as UTF-8.") from error
    return Tokenizer(dict(_entry(path, n, line) for n, line in enumerate(lines, 1) if line.strip()))


def _entry(path: Path, number: int, line: str) -> tuple[str, int | None]:
    """As in jieba's own dictionaries: a word, its frequency, its part of speech."""
    word, *rest = line.split()
    folded = fold_text(word)
    # jieba takes 0 for a word that no text may be cut into, in every tokenizer of the process.
    frequency = rest[0] if rest and rest[0].isdecimal() and int(rest[0]) else None
    if (
        not is_han(folded)
        or len(rest) > 2
        or (frequency is None and (len(rest) == 2 or rest[:1] == ["0"]))
    ):
        raise SettingsError(
            f"{path}, line {number}: {line.strip()!r} is no entry.",
            "A line is a word of Han characters and, if need be, how often it is met: 云谷新区 10",
        )
    return folded, int(frequency) if frequency else None


def _western(match: re.Match[str]) -> str:
    if match.lastgroup == "word":
        return stem(match[0])
    return match[0].replace(",", "") if _THOUSANDS.fullmatch(match[0]) else match[0]


@cache
def _plain_jieba() -> jieba.Tokenizer:
    tokenizer = jieba.Tokenizer()
    jieba.setLogLevel(60)  # it reports the loading of its dictionary on stderr, for debugging
    tokenizer.initialize()
    return tokenizer


def _with_words(words: Mapping[str, int | None]) -> jieba.Tokenizer:
    tokenizer, plain = jieba.Tokenizer(), _plain_jieba()
    tokenizer.FREQ, tokenizer.total = dict(plain.FREQ), plain.total
    tokenizer.initialized = True
    for word, frequency in words.items():
        tokenizer.add_word(word, frequency)
    return tokenizer
