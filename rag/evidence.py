"""How well a sentence speaks to a question: the numbers that reading and refusing rest on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from index.bm25 import Concept
from index.fold import fold_text, is_han
from index.records import Chunk, Match, Span
from rag.draft import Passage
from rag.question import Asked
from rag.retrieve import sentence_scores
from rag.spans import answer_spans
from rag.years import years_in

# A concept of the question and how rare it is in the collection.
Weighed = tuple[Concept, float]


@dataclass(frozen=True)
class Inquiry:
    """A question in front of a collection: `concepts` are its words, `titles` the folded titles of
    all documents. Words of the question that stand in some title *name* what is asked about, the
    others say what *matters* about it."""

    asked: Asked
    concepts: Sequence[Weighed]
    titles: Sequence[str]

    @cached_property
    def named(self) -> list[Weighed]:
        return [w for w in self.concepts if any(support(w[0], t) == 1 for t in self.titles)]

    @cached_property
    def matter(self) -> list[Weighed]:
        return [weighed for weighed in self.concepts if weighed not in self.named]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a chunk; `dense` is its own cosine with the question, `coverage` the share in
    [0, 1] of the question's words, by rarity, that it or its headings hold, and `spans` its words
    of the kind that is asked for."""

    chunk: Chunk
    span: Span
    text: str
    folded: str
    dense: float
    coverage: float
    spans: tuple[Span, ...]

    @property
    def fits(self) -> bool:
        return bool(self.spans)

    @property
    def score(self) -> float:
        """Its own evidence. The weights were measured on the development sets
        (docs/experiments.md)."""
        return self.dense + 0.1 * self.coverage + 0.03 * self.fits


def sentences(asked: Asked, match: Match, concepts: Sequence[Weighed]) -> list[Sentence]:
    """Every sentence of a chunk, best first; `concepts` are the question's words."""
    chunk = match.chunk
    context = fold_text(chunk.context)
    found = []
    for span, dense in zip(chunk.sentences, sentence_scores(match), strict=True):
        text = chunk.words_at(span)
        folded = fold_text(text)
        covered = coverage(concepts, f"{context}\n{folded}")
        spans = tuple(answer_spans(asked, text))
        found.append(Sentence(chunk, span, text, folded, dense, covered, spans))
    return sorted(found, key=lambda s: (-s.score, s.span.start))


def coverage(concepts: Sequence[Weighed], folded: str) -> float:
    """The share of the concepts' rarity that a folded text holds."""
    total = sum(rarity for _, rarity in concepts)
    if not total:
        return 0.0
    return sum(rarity * support(concept, folded) for concept, rarity in concepts) / total


def support(concept: Concept, folded: str) -> float:
    """The closeness of the best of the concept's terms that the text has; of a longer Han word
    that it lacks, the share of the word's bigrams."""
    return max(closeness * _presence(term, folded) for term, closeness in concept.items())


def _presence(term: str, folded: str) -> float:
    if term in folded:
        return float(not term.isascii() or _stands(term, folded))
    if len(term) < 3 or not is_han(term[0]):
        return 0.0
    bigrams = [term[i : i + 2] for i in range(len(term) - 1)]
    return sum(bigram in folded for bigram in bigrams) / len(bigrams)


def _stands(term: str, folded: str) -> bool:
    """Stems end anywhere in a word, but begin where it begins; figures stand whole."""
    end = r"(?!\d)" if term[-1:].isdigit() else ""
    return bool(re.search(rf"(?<![a-z0-9]){re.escape(term)}{end}", folded))


def features(
    inquiry: Inquiry,
    passage: Passage,
    best: Sentence,
    others: Sequence[Sentence],
    document: str,
) -> dict[str, float]:
    """What the confidence is computed from, for the sentence `best` of a passage among all the
    sentences that were read.

    `document` is the whole folded text of its document with title, date and publisher. Where
    question and sentence have no script in common, words are covered by translation, less
    surely: the features then count apart, under names of their own.
    """
    asked = inquiry.asked
    around = _around(passage)
    elsewhere = [s.dense for s in others if s.chunk.id != best.chunk.id]
    across = crossing(asked, best.text)
    values = {
        "one": 1.0,
        "dense": best.dense,
        "chunk_dense": passage.match.dense,
        "lexical": passage.match.lexical,
        "coverage": best.coverage,
        "matter": coverage(inquiry.matter, best.folded),
        "matter_around": coverage(inquiry.matter, around),
        "named": coverage(inquiry.named, document),
        "nothing_named": float(not inquiry.named),
        "missing_figures": float(any(not _presence(figure, document) for figure in asked.figures)),
        "misfit": float(asked.kind != "other" and not best.fits),
        "standout": best.dense - median(s.dense for s in others),
        "lead": best.dense - max(elsewhere, default=best.dense),
    }
    return {f"crossing_{name}" if across else name: value for name, value in values.items()}


def crossing(asked: Asked, text: str) -> bool:
    """Whether question and text have no script in common."""
    return (asked.language == "en") == (sum(map(is_han, text)) * 3 > len(text))


def unsupported(inquiry: Inquiry, passage: Passage, quote: str, document: str) -> tuple[str, ...]:
    """What the question insists on and the surroundings of the quote do not speak of.

    A year must be that of the quote, if this speaks of any (去年 is read against the document's
    date); else it must stand in the chunk, the headings, the title or the date. Words that name
    one titled document of the collection (and not several, to compare them) must stand in the
    one that is quoted, if it has a title too: the figures of a sibling look right and are not.
    """
    date = passage.document.date
    around = _around(passage)
    stated = years_in(fold_text(quote), date)
    nearby = years_in(around, date)
    years = [
        year
        for year in inquiry.asked.years
        if int(year) not in (stated or nearby) and (stated or not _presence(year, around))
    ]
    one_document = passage.document.title is not None and any(
        all(support(concept, title) == 1 for concept, _ in inquiry.named)
        for title in inquiry.titles
    )
    names = [
        list(concept)[-1]
        for concept, _ in inquiry.named
        if one_document and support(concept, document) < 1
    ]
    return (*years, *names)


def found_instead(missing: Sequence[str], passage: Passage, quote: str) -> tuple[str, ...]:
    """What a quote speaks of in the place of what is missing: other years, or what its document
    is about."""
    if all(map(str.isdigit, missing)):
        years = years_in(fold_text(quote), passage.document.date)
        return tuple(map(str, sorted(years)))
    return (passage.document.title,) if passage.document.title else ()


def _around(passage: Passage) -> str:
    """The chunk with its title and headings, and the document's date, folded."""
    chunk = passage.match.chunk
    return fold_text(f"{chunk.context}\n{chunk.text}\n{passage.document.date or ''}")
