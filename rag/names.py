"""What a question may be about: the names that a collection's titles have, and others that a
language shows to be names.

Chinese texts are expected in Simplified characters; positions count in them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index.fold import fold_text, is_han
from index.records import Span
from index.tokens import Tokenizer
from index.view import View
from rag.cite import find_document
from rag.evidence import support
from rag.question import analyse

# How jieba tags persons, places, organisations and other proper names, with what it takes for one
# and is none; and what may stand beside one within a name.
_NAMES = ("nr", "ns", "nt", "nz")
_NO_NAMES = {"上市", "高新", "国家", "全国", "亩均"}
_NOUNS = ("n", "j", "eng", "x", "vn", "b")
_PLACE = "(?:[区县市省镇乡村州]|公司|集团|大学|学院|医院|银行|委员会|管委会)"
PLACE_END = re.compile(rf"{_PLACE}$")
# What goes on behind a name that a title has: 青禾区|物流园区.
_LONGER = re.compile(rf"[\u4e00-\u9fff]{{0,8}}?{_PLACE}(?![区县市长委域])")
_BINDS = re.compile(r"[的是有在了被把和与及多几哪什谁为各全本该每两]")

YEAR = re.compile(r"(?<!\d)(?:18|19|20)\d\d(?!\d)(?:\s*年)?|(?<!过)去年|今年|明年|(?<!年)前年")
_MONTHS = r"1?\d(?:\s*[-–—~至到]\s*1?\d)?\s*月份?"
PERIOD = re.compile(
    rf"(?:[上下]半|全)年|第?[一二三四]季度|前[一二三四五六七八九十\d]+个?月|{_MONTHS}|年[底末初]"
)
TIME = re.compile(f"{YEAR.pattern}|{PERIOD.pattern}")


@dataclass(frozen=True, slots=True)
class Said:
    """An earlier question made whole, with what it is about, or else what the one before it was
    about, and its answer."""

    question: str
    about: str | None
    answer: str


@dataclass(frozen=True)
class Known:
    """A collection as far as names go: `titles` are its folded titles, one a line; `tells` says
    of a name and a question whether some document about the one speaks of all of the other."""

    titles: str
    tokenizer: Tokenizer
    tells: Callable[[str, str], bool]

    def titled(self, text: str) -> list[Span]:
        """The names in a Chinese text that stand in titles, each as long as can be."""
        folded = fold_text(text)
        if len(folded) != len(text):
            return []
        found: list[Span] = []
        for part in _between(_times(text), len(text)):
            start = part.start
            while start < part.end:
                end = start
                while end < part.end and self._goes_on(folded, start, end):
                    end += 1
                if end - start > 1 and self._is_name(folded[start:end]):
                    found.append(Span(start, _longer(folded, Span(end, part.end))))
                    end = found[-1].end
                    start = end
                else:
                    start += 1
        return found

    def _goes_on(self, folded: str, start: int, end: int) -> bool:
        return folded[end].isalnum() and folded[start : end + 1] in self.titles

    def _is_name(self, run: str) -> bool:
        """Titles have words of all kinds: a name shows to be one, or begins a title."""
        long = len(run) > 2 and is_han(run[0])
        begins = f"\n{run}" in f"\n{self.titles}"
        shows = PLACE_END.search(run) or any(map(_is_proper, self.tokenizer.tagged(run)))
        return bool((long and begins) or (shows and (long or begins)))

    def names(self, text: str) -> list[Span]:
        """The names in a Chinese text: those of titles, or where there are none, others."""
        return self.titled(text) or self.proper(text)

    def proper(self, text: str) -> list[Span]:
        """Runs of nouns in a Chinese text, between those that titles have, that have a proper
        name among them."""
        return list(self._proper(text))

    def _proper(self, text: str) -> Iterator[Span]:
        for part in _between([*self.titled(text), *_times(text)], len(text)):
            begin, position, named = -1, part.start, False
            words = self.tokenizer.tagged(text[part.start : part.end])
            for word, flag in [*words, ("。", "w")]:
                proper = _is_proper((word, flag)) or self._unheard(word)
                inside = (proper or flag.startswith(_NOUNS)) and not _BINDS.search(word)
                if inside and begin < 0:
                    begin, named = position, False
                if not inside and begin >= 0:
                    if named:
                        yield Span(begin, position)
                    begin = -1
                named = named or (inside and proper)
                position += len(word)

    def _unheard(self, word: str) -> bool:
        """A word that no dictionary has; of two characters it may be any abbreviation."""
        return len(word) > 2 and is_han(word) and not self.tokenizer.knows(word)


def known_of(store: View) -> Known:
    titles = [(info.id, fold_text(info.title)) for info in store.documents() if info.title]

    def tells(name: str, question: str) -> bool:
        named, asked = (
            store.concepts(analyse(text, store.tokenizer).content) for text in (name, question)
        )
        about = [(sum(support(c, title) for c, _ in named), id_) for id_, title in titles]
        most = max((score for score, _ in about), default=0.0)
        found = (find_document(store, id_) for score, id_ in about if most and score == most)
        texts = [fold_text(document.text) for document in found if document]
        return any(all(support(concept, text) > 0.5 for concept, _ in asked) for text in texts)

    return Known("\n".join(title for _, title in titles), store.tokenizer, tells)


def _is_proper(tagged: tuple[str, str]) -> bool:
    word, flag = tagged
    return flag.startswith(_NAMES) and word.removesuffix("区") not in _NO_NAMES and len(word) > 1


def _times(text: str) -> list[Span]:
    return [Span(*match.span()) for match in TIME.finditer(text)]


def _between(spans: Sequence[Span], length: int) -> Iterator[Span]:
    """What stands between the spans of a text."""
    position = 0
    for span in sorted(spans, key=lambda span: span.start):
        yield Span(position, span.start)
        position = span.end
    yield Span(position, length)


def _longer(folded: str, rest: Span) -> int:
    match = _LONGER.match(folded, rest.start, rest.end)
    return match.end() if match and not _BINDS.search(match[0]) else rest.start
