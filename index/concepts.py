"""What the lexical leg looks for: each term of a question with all that means the same."""

from __future__ import annotations

from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass

from index.bm25 import Concept
from index.function_words import FUNCTION_WORDS
from index.lexicon import translations
from index.regional import regional
from index.romanised import Romanised, first_syllable, is_syllable, last_syllable, romanise
from index.stems import stem
from index.tokens import AskedTerm, Tokenizer


@dataclass(frozen=True, slots=True)
class Concepts:
    """Questions and words to concepts, in terms of a collection's vocabulary."""

    tokenizer: Tokenizer
    vocabulary: Collection[str]
    romanised: Romanised

    def of_question(self, question: str, without: Container[str] = ()) -> list[Concept]:
        """One concept for each term of the question that says something; `without` names
        ingredients of retrieval to leave out."""
        asked = self.tokenizer.asked_terms(
            question, bigrams="bigrams" not in without, numbers="numbers" not in without
        )
        if not any(not a.whole and a.term in self.vocabulary for a in asked):
            # A collection without any of the question's pairs of characters is in another script;
            # that they are missing there says nothing.
            asked = [a for a in asked if a.whole]
        present = frozenset(a.term for a in asked)
        names = [()] * len(asked) if "pinyin" in without else _spellings(asked)
        return [
            self._concept(a.term, spellings, present, without)
            for a, spellings in zip(asked, names, strict=True)
            if a.term not in FUNCTION_WORDS
        ]

    def of_word(self, word: str) -> Concept:
        """A folded word by itself."""
        return self._concept(word, (word,), frozenset(), ())

    def _concept(
        self,
        term: str,
        spellings: Sequence[str],
        present: frozenset[str],
        without: Container[str],
    ) -> Concept:
        """The term itself comes last."""
        close: dict[str, float] = {}
        if "dictionary" not in without:
            close |= translations(term, present)
        if "regional" not in without:
            close |= dict.fromkeys(regional(term), 1.0)
        if "pinyin" not in without:
            names = [stem(romanise(term)), *(n for s in spellings for n in self.romanised.terms(s))]
            close |= dict.fromkeys(names, 1.0)
        close.pop(term, None)
        return {**{t: c for t, c in close.items() if t in self.vocabulary}, term: 1.0}


def _spellings(asked: Sequence[AskedTerm]) -> list[tuple[str, ...]]:
    """For each term the pinyin that it may be part of: a syllable by itself (Fan Futai) is half
    of a name with the syllable beside it."""
    words = [a.written for a in asked]
    found: list[tuple[str, ...]] = []
    for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False):
        joined = [word]
        if is_syllable(word) and first_syllable(after):
            joined.append(word + first_syllable(after))
        if is_syllable(word) and last_syllable(before):
            joined.append(last_syllable(before) + word)
        found.append(tuple(joined))
    return found
