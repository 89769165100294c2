"""The extractive generator: the sentences that answer, in the document's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from index.fold import fold, fold_text
from index.records import Document, Filters
from index.view import View
from rag.choose import Chosen, beside, best_of, near
from rag.compare import asked_for, compares
from rag.confidence import confidence
from rag.draft import Draft, Passage
from rag.evidence import (
    Inquiry,
    Sentence,
    features,
    found_instead,
    sentences,
    unsupported,
)
from rag.findings import Finding, findings, levelled, log_odds, reranked
from rag.fits import fits, nearness
from rag.parts import parts_of
from rag.question import Kind, analyse
from rag.quotes import evidence, quotes_of
from rag.reader.reading import Reader, Reading
from rag.readers import weights_of
from rag.retrieve import retrieve
from rag.settings import Settings
from rag.shape import Shape, shape_of

# How many passages are read. Measured (docs/experiments.md).
_READ = 3


@dataclass(frozen=True, slots=True)
class _Part:
    """The answer to a question for one fact; `chosen` has the best finding first."""

    chosen: tuple[Chosen, ...]
    confidence: float
    features: Mapping[str, float]
    unsupported: tuple[str, ...]
    instead: tuple[str, ...]
    treatment: str


class Extractive:
    """Can only quote: it returns positions in documents and never writes a word."""

    def __init__(self, store: View, reader: Reader, settings: Settings) -> None:
        self._store = store
        self._reader = reader
        self._settings = settings

    def generate(self, question: str, passages: Sequence[Passage]) -> Draft:
        inquiry = self._inquiry(question)
        # A single character may be in any title.
        terms = [term for concept, _ in inquiry.named if len(term := list(concept)[-1]) > 1]
        names = [_as_asked(question, term) for term in terms]
        asked = parts_of(question, names)
        parts: list[_Part] = []
        answerable: dict[str, float] = {}
        for part in asked:
            found = passages if len(asked) == 1 else self._retrieve(part, passages)
            read, documents = self._readable(found)
            own = self._inquiry(part)
            matches = [passage.match for passage in read]
            readings = levelled(own.asked, matches, self._reader.read(part, matches))
            parts += self._answers(own, read, readings, documents)
            for passage, reading in zip(read, readings, strict=True):
                chunk = passage.match.chunk.id
                answerable[chunk] = max(reading.answerable, answerable.get(chunk, 0.0))
        if not parts:
            return Draft((), 0.0, passages=tuple(passages))
        if compares(question):
            parts = _compared(question, parts)
        weakest = min(parts, key=lambda part: (not part.unsupported, part.confidence))
        return Draft(
            tuple(quotes_of([c for part in parts for c in part.chosen], inquiry.named)),
            weakest.confidence,
            unsupported=tuple(_as_asked(question, term) for term in weakest.unsupported),
            features=weakest.features,
            instead=weakest.instead,
            passages=tuple(reranked(passages, answerable)),
            treatment=_of_all([part.treatment for part in parts]),
        )

    def _retrieve(self, part: str, passages: Sequence[Passage]) -> Sequence[Passage]:
        """What is found for a part of the question, in the documents that were found for all of
        it: they are those that its filters admit."""
        documents = tuple(dict.fromkeys(passage.document.id for passage in passages))
        return retrieve(
            self._store,
            part,
            self._settings.retriever,
            Filters(documents=documents),
            self._settings.without,
        )

    def _inquiry(self, question: str) -> Inquiry:
        asked = analyse(question, self._store.tokenizer)
        titles = [fold_text(info.title) for info in self._store.documents() if info.title]
        return Inquiry(asked, self._store.concepts(asked.content), titles)

    def _readable(self, passages: Sequence[Passage]) -> tuple[list[Passage], dict[str, str]]:
        """The first passages, with all that their documents say."""
        read = list(passages[:_READ])
        ids = dict.fromkeys(passage.document.id for passage in read)
        return read, {each: _folded(self._store.document(each)) for each in ids}

    def _answers(
        self,
        inquiry: Inquiry,
        read: Sequence[Passage],
        readings: Sequence[Reading],
        documents: Mapping[str, str],
    ) -> Iterator[_Part]:
        """The answer to a question for one fact; none where nothing was found."""
        seen = [sentences(inquiry.asked, passage.match, inquiry.concepts) for passage in read]
        ranked = findings(inquiry, read, readings, seen)
        if not ranked:
            return

        def quote_of(finding: Finding) -> str:
            return finding.passage.match.chunk.words_at(evidence(finding, inquiry.named))

        def missing(finding: Finding) -> tuple[str, ...]:
            document = documents[finding.passage.document.id]
            return unsupported(inquiry, finding.passage, quote_of(finding), document)

        best = best_of(ranked, missing)
        others, disagree = beside(best, ranked, inquiry.asked.kind, missing)
        observed = _features(inquiry, best, seen, ranked, documents[best.passage.document.id])
        lacking = missing(best)
        observed["unsupported"] = float(bool(lacking))
        # A question that says nothing ("？") is answered by nothing, however close it seems.
        probability = (
            confidence(observed, weights_of(self._settings.reader))
            if inquiry.asked.content
            else 0.0
        )
        shape = shape_of(inquiry.asked.text)
        # Whether yes or no is for the reader of the quote to say: no words of it are the answer.
        chosen = (Chosen(best, answers=shape != "yes_no"), *others, *near(best, ranked, missing))
        treatment = "disagree" if disagree else _treatment(shape, inquiry.asked.kind, best.text)
        instead = found_instead(lacking, best.passage, quote_of(best)) if lacking else ()
        yield _Part(chosen, probability, observed, lacking, instead, treatment)


def _compared(question: str, parts: Sequence[_Part]) -> list[_Part]:
    """Each side is quoted, and the amount that the question asks for answers it alone, where the
    amounts can be compared."""
    sides = [c for part in parts for c in (part.chosen if len(parts) == 1 else part.chosen[:1])]
    sides = [each for each in sides if each.answers]
    wanted = asked_for(question, [each.finding.text for each in sides])
    if wanted is None:
        return list(parts)
    return [
        replace(
            part,
            chosen=tuple(replace(each, answers=each is sides[wanted]) for each in part.chosen),
            treatment="fact",
        )
        for part in parts
    ]


def _treatment(shape: Shape, kind: Kind, answer: str) -> str:
    """The question's shape; but where a number is asked for and things are listed, "list"."""
    counted = re.search(r"[\d一二两三四五六七八九十百千万亿]", fold_text(answer))
    listed = answer.count("、") or answer.count(", ") > 1
    return "list" if kind == "quantity" and listed and not counted else shape


def _of_all(treatments: Sequence[str]) -> str:
    """Of a question for several facts only a disagreement is told of."""
    if len(treatments) == 1 or "disagree" in treatments:
        return "disagree" if "disagree" in treatments else treatments[0]
    return "fact"


def _features(
    inquiry: Inquiry,
    best: Finding,
    seen: Sequence[Sequence[Sentence]],
    ranked: Sequence[Finding],
    document: str,
) -> dict[str, float]:
    """What the confidence is computed from: the evidence of the sentence, and of the reading."""
    chunk = best.passage.match.chunk.id
    rivals = [f.answerable for f in ranked if f.passage.match.chunk.id != chunk]
    every = [sentence for of_passage in seen for sentence in of_passage]
    return features(inquiry, best.passage, best.sentence, every, document) | {
        "answerable": log_odds(best.answerable),
        "answerable_lead": log_odds(best.answerable) - log_odds(max(rivals, default=0.0)),
        "span": log_odds(best.candidate.probability),
        "unfit": float(not fits(inquiry.asked, best.sentence, best.span)),
        "nearness": nearness(inquiry.concepts, best.sentence, best.span),
    }


def _as_asked(question: str, term: str) -> str:
    """A folded term as the question writes it."""
    folded = fold(question)
    # English terms are stems: the word goes on to its end.
    match = re.search(re.escape(term) + ("[a-z]*" if term.isascii() else ""), folded.text)
    return question[slice(*folded.original(*match.span()))] if match else term


@lru_cache(maxsize=256)
def _folded(document: Document) -> str:
    """All that a document says and states about itself."""
    stated = (document.title, document.publisher, document.date, document.text)
    return fold_text("\n".join(part for part in stated if part)).replace(",", "")
