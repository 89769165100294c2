"""What looks like an answer and is none: the reader must refuse these."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Literal

from eval.mining import Confused
from eval.normalise import normalise
from eval.reading_data import Example, Paragraph, ReadingSet
from index.fold import fold_text
from index.sentences import split_sentences

Kind = Literal["confused", "sibling", "withheld", "swapped"]

# How often each is tried first. Retrieval will bring the first kind, so it is half of them; the
# answer to the right question with a wrong year is the error that looks most right.
SHARES: Mapping[Kind, float] = {
    "confused": 0.5,
    "sibling": 0.1,
    "withheld": 0.15,
    "swapped": 0.25,
}

# Long numbers are read as years or amounts; single digits may stand in a word.
_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
_LATIN_NAME = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z]{2,}(?![A-Za-z])")


@dataclass(frozen=True, slots=True)
class Negative:
    """A question, and a text that does not answer it; `title` is of the text's article."""

    kind: Kind
    question: str
    text: str
    title: str


class Negatives:
    """Makes them from paragraphs of the folds in `folds` alone, so that nothing leaks."""

    def __init__(
        self,
        sets: Sequence[ReadingSet],
        confused: Mapping[str, Confused],
        folds: Sequence[int],
    ) -> None:
        self._confused = confused
        self._paragraphs: dict[tuple[str, int], Paragraph] = {}
        self._articles: dict[tuple[str, str], list[Paragraph]] = {}
        self._names: dict[str, list[str]] = {}
        for one in sets:
            for paragraph in one.paragraphs:
                if paragraph.fold in folds:
                    self._paragraphs[one.name, paragraph.number] = paragraph
                    self._articles.setdefault((one.name, paragraph.title), []).append(paragraph)
            titles = {p.title for p in one.paragraphs if p.fold in folds and p.title}
            self._names[one.name] = sorted(titles)

    def make(self, example: Example, kind: Kind, random: Random) -> Negative | None:
        """One of this kind; None where the example allows none."""
        makers: Mapping[Kind, Callable[[Example, Random], Negative | None]] = {
            "confused": self._confused_with,
            "sibling": self._sibling,
            "withheld": self._withheld,
            "swapped": self._swapped,
        }
        return makers[kind](example, random)

    def any(self, example: Example, random: Random) -> Negative | None:
        """One of a kind drawn by SHARES, or of the next kind that there is."""
        drawn = random.choices(list(SHARES), list(SHARES.values()))[0]
        for kind in (drawn, *SHARES):
            found = self.make(example, kind, random)
            if found:
                return found
        return None

    def ranked(self, example: Example, count: int) -> list[Negative]:
        """The paragraphs that retrieval ranks highest and that do not hold the answer."""
        found = []
        for number in self._confused.get(example.paragraph.set, {}).get(example.id, []):
            paragraph = self._paragraphs.get((example.paragraph.set, number))
            if paragraph and not holds_answer(paragraph.text, example):
                found.append(
                    Negative("confused", example.question, paragraph.text, paragraph.title)
                )
        return found[:count]

    def _confused_with(self, example: Example, random: Random) -> Negative | None:
        ranked = self.ranked(example, 5)
        return random.choice(ranked) if ranked else None

    def _sibling(self, example: Example, random: Random) -> Negative | None:
        own = example.paragraph
        if not own.title:
            return None
        others = [
            other
            for other in self._articles.get((own.set, own.title), [])
            if other.number != own.number and not holds_answer(other.text, example)
        ]
        if not others:
            return None
        other = random.choice(others)
        return Negative("sibling", example.question, other.text, other.title)

    def _withheld(self, example: Example, random: Random) -> Negative | None:
        """The right paragraph without the sentences that hold the answer."""
        text = example.paragraph.text
        kept = [
            text[sentence.start : sentence.end]
            for sentence in split_sentences(text, 0)
            if not any(p.start < sentence.end and sentence.start < p.end for p in example.places)
            and not holds_answer(text[sentence.start : sentence.end], example)
        ]
        left = " ".join(kept) if text.isascii() or " " in text[:80] else "".join(kept)
        if len(left) < 40 or holds_answer(left, example):
            return None
        return Negative("withheld", example.question, left, example.paragraph.title)

    def _swapped(self, example: Example, random: Random) -> Negative | None:
        """The right paragraph under another question: another year, number or name."""
        changes = [
            changed
            for changed in (
                _other_number(example, random),
                self._other_title(example, random),
                self._other_latin_name(example, random),
            )
            if changed
        ]
        if not changes:
            return None
        return Negative(
            "swapped", random.choice(changes), example.paragraph.text, example.paragraph.title
        )

    def _other_title(self, example: Example, random: Random) -> str | None:
        title = example.paragraph.title
        if len(title) < 2 or title not in example.question:
            return None
        other = self._absent(example, random, lambda name: 2 <= len(name) <= 12)
        return example.question.replace(title, other) if other else None

    def _other_latin_name(self, example: Example, random: Random) -> str | None:
        names = [
            found[0]
            for found in _LATIN_NAME.finditer(example.question)
            # The word that begins a Western question has its capital from there.
            if found.start() and found[0].casefold() in example.paragraph.text.casefold()
        ]
        if not names:
            return None
        other = self._absent(
            example, random, lambda name: bool(_LATIN_NAME.fullmatch(name.split()[-1]))
        )
        return example.question.replace(random.choice(names), other.split()[-1]) if other else None

    def _absent(self, example: Example, random: Random, fits: Callable[[str], bool]) -> str | None:
        """The name of another article, which neither paragraph nor question speaks of."""
        around = fold_text(
            f"{example.paragraph.text}\n{example.paragraph.title}\n{example.question}"
        )
        names = [name for name in self._names[example.paragraph.set] if fits(name)]
        for name in random.sample(names, min(len(names), 8)):
            if fold_text(name) not in around:
                return name
        return None


def _other_number(example: Example, random: Random) -> str | None:
    found = [
        match for match in _NUMBER.finditer(example.question) if match[0] in example.paragraph.text
    ]
    if not found:
        return None
    match = random.choice(found)
    near = [int(match[0]) + step for step in (-10, -4, -3, -2, -1, 1, 2, 3, 4, 10)]
    others = [
        str(value) for value in near if value > 0 and str(value) not in example.paragraph.text
    ]
    if not others:
        return None
    question = example.question
    return question[: match.start()] + random.choice(others) + question[match.end() :]


def holds_answer(text: str, example: Example) -> bool:
    """Does a text hold one of the accepted wordings, whatever its script, width and marks?"""
    content = _normalised(text)
    return any(_normalised(answer) in content for answer in example.answers)


@lru_cache(maxsize=1 << 15)
def _normalised(text: str) -> str:
    return normalise(text)
