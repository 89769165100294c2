"""What a model says leaves only where the quotes that it cites hold it, sentence by sentence.

A sentence must cite, and state something that was not stated before; its numbers with their units,
its months and its names must stand in what it cites, in whichever notation or language; most of its
words must be spoken of there; its meaning must be close; and the reader, asked the question of it,
must find the words that answer in the quotes. None of this asks the model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from index.fold import fold_text, is_han
from index.function_words import FUNCTION_WORDS
from index.numbers import numerals
from index.sentences import split_sentences
from index.tokens import Tokenizer
from rag.dates import MONTHS
from rag.draft import Quote
from rag.evidence import Weighed, coverage
from rag.language import language_of
from rag.question import analyse
from rag.shape import asks
from rag.units import UNITS

# The least that a sentence must have in common with what it cites (docs/experiments.md). In one
# language it is words that tell, for cosines of anything are high there; across languages it is the
# cosine, for a dictionary has few of the words.
_COVERAGE, _CLOSENESS = 0.5, 0.8
_CLOSENESS_ACROSS = 0.84

REPEATED = "said before"
_FAULTS = ("a number", "a negation", "its words", "its meaning", "")

_MARKER = re.compile(r"\s*[\[［【](\d{1,2})[\]］】]")
# A word behind none; the digits of a marker are none.
_BEGINS = re.compile(r"[^\w\[［【]\w")
# How a sentence ends that was said to its end: with its mark or its marker.
_ENDED = re.compile(r"[.。!！?？;；…\]］】][\s\"'”’」』)）]*$")
_NEGATION = re.compile(
    r"[不没未无非否]|\b(?:not?|never|none|neither|nor|without|cannot)\b|n['’]t\b"
)
_NAME = re.compile(r"(?<![\w.])[A-Z][\w’'&-]*")
_NAME_FLAGS = ("nr", "ns", "nt", "nz", "eng")

_UNITS = {
    word: place
    for place, (english, chinese) in enumerate(UNITS)
    for word in filter(None, [*english.casefold().split("|"), *chinese.split()])
}
_UNITS |= {short: _UNITS[f"us {short}"] for short in ("dollar", "dollars")}
_UNIT = re.compile(r"\s?(" + "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True)) + ")")


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence of a model's without its markers, the numbers that it cites, and what is wrong
    with it; "" where it may leave."""

    text: str
    markers: tuple[int, ...]
    fault: str


@dataclass(frozen=True, slots=True)
class Means:
    """What the gate needs of a collection: `concepts` finds what words mean in other languages,
    `closeness` is the cosine of two texts, `answer` the words of a text that answer a question."""

    tokenizer: Tokenizer
    concepts: Callable[[Sequence[str]], Sequence[Weighed]]
    closeness: Callable[[str, str], float]
    answer: Callable[[str, str], str]


def sentences_of(said: str) -> list[tuple[str, tuple[int, ...]]]:
    """The sentences of what a model said, each with the numbers of its markers, which may stand
    behind its full stop."""
    # Before the stop, so that a sentence ends with its own markers.
    moved = re.sub(rf"([.。!！?？]+)((?:{_MARKER.pattern})+)", r"\2\1", said.strip())
    found = []
    for line in moved.split("\n"):
        for span in split_sentences(line, 0):
            text = line[span.start : span.end].strip()
            markers = tuple(dict.fromkeys(int(m[1]) for m in _MARKER.finditer(text)))
            bare = _MARKER.sub("", text).strip()
            if re.search(r"\w", bare):
                found.append((bare, markers))
    return found


def sentences_in(pieces: Iterable[str]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The sentences of what a model is saying, each as soon as another begins: until then its
    markers may follow. Character by character, so that how a stream is cut changes nothing."""
    said, told = "", 0
    for char in chain.from_iterable(pieces):
        said += char
        if _BEGINS.fullmatch(said[-2:]):
            whole = sentences_of(said)[told:-1]
            told += len(whole)
            yield from whole
    # What a limit cut off in the middle says perhaps the contrary of what it would have said.
    yield from sentences_of(said)[told : None if _ENDED.search(said) else -1]


def judge(
    pieces: Iterable[str], quotes: Sequence[Quote], question: str, means: Means
) -> Iterator[Judged]:
    """Every sentence of what a model is saying; `quotes` are numbered from 1."""
    before: set[str] = set()
    for text, markers in sentences_in(pieces):
        said_before = fold_text(text) in before  # small models say the same again and again
        fault = REPEATED if said_before else _fault(text, markers, quotes, question, means)
        before.add(fold_text(text))
        yield Judged(text, markers, fault)


def _fault(
    text: str, markers: Sequence[int], quotes: Sequence[Quote], question: str, means: Means
) -> str:
    if fault := _fault_of_form(text, markers, quotes, question):
        return fault
    cited = "\n".join(quotes[n - 1].text for n in markers)
    if not _names_stand(text, cited, means):
        return "a name"  # which the sentence before may have
    places = [cited[span.start : span.end] for span in split_sentences(cited, 0)]
    # What came furthest: the last tests are the finest.
    fault = max((_fault_against(text, place, means) for place in places), key=_FAULTS.index)
    wanted = [answer for quote in quotes for answer in quote.answers]
    if fault or not wanted:  # a yes or a why has no words of its own that answer
        return fault
    found = means.answer(question, text)
    return "" if any(_same_answer(found, each) for each in wanted) else "its answer"


def _fault_of_form(
    text: str, markers: Sequence[int], quotes: Sequence[Quote], question: str
) -> str:
    if not markers:
        return "no marker"
    if not all(1 <= n <= len(quotes) for n in markers):
        return "a marker of no quote"
    if _is_chinese(text) != (language_of(question) != "en"):
        return "another language"
    # The user's question, as a rule: its words would be those of the quote.
    return "a question" if asks(text) else ""


def _same_answer(one: str, other: str) -> bool:
    """The one as part of the other; of different scripts only numbers can be compared."""
    numbers, others = ({number for number, _ in _amounts(text)} for text in (one, other))
    if numbers or others:
        return bool(numbers and others) and (numbers <= others or others <= numbers)
    if _is_chinese(one) != _is_chinese(other):
        return bool(one)
    return bool(one) and (fold_text(one) in fold_text(other) or fold_text(other) in fold_text(one))


def _fault_against(text: str, place: str, means: Means) -> str:
    """Against one sentence of the quotes: the number of one and the matter of another are none."""
    tests = (_numbers_stand, _negated_alike, _covered, _close)
    return next(
        (f for f, holds in zip(_FAULTS, tests, strict=False) if not holds(text, place, means)), ""
    )


def _numbers_stand(text: str, cited: str, means: Means) -> bool:
    """Every number stands in the quote, with the same unit where either has one."""
    there = _amounts(cited)
    for number, unit in _amounts(text):
        units = {u for n, u in there if n == number}
        if not units or (unit is not None and unit not in units):
            return False
    return True


def _amounts(text: str) -> list[tuple[str, int | None]]:
    """The numbers of a text in plain digits, each with the row of its unit; months are numbers."""
    folded = fold_text(text)
    for place, month in enumerate(MONTHS, 1):
        folded = re.sub(rf"\b{month.lower()}\b", f"{place}月", folded)
    found: list[tuple[str, int | None]] = []
    for numeral in numerals(folded):
        unit = _UNIT.match(folded, numeral.span.end)
        found.append((numeral.canonical, _UNITS[unit[1]] if unit else None))
    taken = {number for number, _ in found}
    # What is no numeral by itself (5g, 2+1) must stand there all the same.
    rest = re.findall(r"\d+(?:\.\d+)?", folded.replace(",", ""))
    return found + [(d, None) for d in rest if d not in taken and not _inside(d, folded)]


def _inside(digits: str, folded: str) -> bool:
    """Whether digits are part of a numeral that was read with its scale: the 6.34 of 6.34亿."""
    return any(
        digits in folded.replace(",", "")[n.span.start : n.span.end] or digits in n.canonical
        for n in numerals(folded.replace(",", ""))
    )


def _names_stand(text: str, cited: str, means: Means) -> bool:
    """Word by word, a word whole: in whatever inflection, or in another language."""
    folded = fold_text(cited)
    there = set(means.tokenizer.words(folded))
    words = [
        word for name in _names(text, means) for word in analyse(name, means.tokenizer).content
    ]
    missing = [w for w in words if not (w in there if w.isascii() else w in folded)]
    return all(
        any(
            closeness == 1 and (term in there if term.isascii() else term in folded)
            for term, closeness in concept.items()
        )
        for concept, _ in means.concepts(missing)
    )


def _names(text: str, means: Means) -> list[str]:
    """Words written large, but for one that only begins the sentence, and Chinese proper names."""
    english = [m[0] for m in _NAME.finditer(text) if not _is_common(m[0], m.start())]
    tagged = means.tokenizer.tagged(fold_text(text)) if any(map(is_han, text)) else []
    return english + [w for w, flag in tagged if flag.startswith(_NAME_FLAGS) and len(w) > 1]


def _is_common(word: str, position: int) -> bool:
    """Months are looked at as numbers; the first word is written large whatever it is."""
    return word in MONTHS or (position == 0 and fold_text(word) in FUNCTION_WORDS)


def _negated_alike(text: str, cited: str, means: Means) -> bool:
    """A denial must be the quote's."""
    return not _NEGATION.search(fold_text(text)) or bool(_NEGATION.search(fold_text(cited)))


def _without_amounts(folded: str) -> str:
    for numeral in reversed(list(numerals(folded))):
        unit = _UNIT.match(folded, numeral.span.end)
        end = unit.end() if unit else numeral.span.end
        folded = f"{folded[: numeral.span.start]} {folded[end:]}"
    return folded


def _close(text: str, cited: str, means: Means) -> bool:
    across = _is_chinese(text) != _is_chinese(cited)
    return means.closeness(text, cited) >= (_CLOSENESS_ACROSS if across else _CLOSENESS)


def _is_chinese(text: str) -> bool:
    """Names stand in their own script in any language."""
    return sum(map(is_han, text)) * 3 > len(text)


def _covered(text: str, cited: str, means: Means) -> bool:
    """Numbers and their units have been looked at."""
    if _is_chinese(text) != _is_chinese(cited):
        return True
    words = analyse(_without_amounts(fold_text(text)), means.tokenizer).content
    return coverage(means.concepts(words), fold_text(cited)) >= _COVERAGE
