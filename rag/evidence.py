"""How well a sentence speaks to a question: the numbers that quoting and refusing rest on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from index.bm25 import Concept
from index.fold import fold_text, is_han
from index.records import Span
from rag.draft import Passage
from rag.question import Asked
from rag.retrieve import sentence_scores
from rag.spans import answer_spans

# A concept of the question and how rare it is in the collection.
Weighed = tuple[Concept, float]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage; `dense` is its own cosine with the question, `coverage` the
    share in [0, 1] of the question's words, by rarity, that it or its headings hold, and `spans`
    its words of the kind that is asked for."""

    passage: Passage
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
        """What sentences are ranked by: their own evidence, and that of the chunk around them.
        The weights were measured on the development sets (docs/experiments.md)."""
        return self.dense + 0.1 * self.coverage + 0.75 * self.passage.score + 0.03 * self.fits


def sentences(
    asked: Asked, passages: Sequence[Passage], concepts: Sequence[Weighed]
) -> list[Sentence]:
    """Every sentence of the passages, best first; `concepts` are the question's words."""
    found = []
    for passage in passages:
        chunk = passage.match.chunk
        context = fold_text(chunk.context)
        for span, dense in zip(chunk.sentences, sentence_scores(passage.match), strict=True):
            text = chunk.words_at(span)
            folded = fold_text(text)
            covered = coverage(concepts, f"{context}\n{folded}")
            spans = tuple(answer_spans(asked, text))
            found.append(Sentence(passage, span, text, folded, dense, covered, spans))
    return sorted(found, key=lambda s: (-s.score, s.passage.match.chunk.id, s.span.start))


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
    if term.isascii():
        # Stems end anywhere in a word, but begin where it begins; figures stand whole.
        end = r"(?!\d)" if term[-1:].isdigit() else ""
        return float(bool(re.search(rf"(?<![a-z0-9]){re.escape(term)}{end}", folded)))
    if term in folded:
        return 1.0
    if len(term) < 3 or not is_han(term[0]):
        return 0.0
    bigrams = [term[i : i + 2] for i in range(len(term) - 1)]
    return sum(bigram in folded for bigram in bigrams) / len(bigrams)


def features(
    asked: Asked,
    concepts: Sequence[Weighed],
    ranked: Sequence[Sentence],
    document: str,
    titles: Sequence[str],
) -> dict[str, float]:
    """What the confidence is computed from, for the best of the ranked sentences.

    `document` is the whole folded text of its document with title, date and publisher, `titles`
    the folded titles of the whole collection: words of the question that stand in some title
    *name* what is asked about, the others say what *matters* about it. Where question and
    sentence have no script in common, words are covered by translation, less surely: the
    features then count apart, under names of their own.
    """
    best = ranked[0]
    chunk = best.passage.match.chunk
    around = _around(best)
    named = _named(concepts, titles)
    matter = [weighed for weighed in concepts if weighed not in named]
    elsewhere = [s.dense for s in ranked if s.passage.match.chunk.id != chunk.id]
    crossing = (asked.language == "en") == (sum(map(is_han, best.text)) * 3 > len(best.text))
    values = {
        "one": 1.0,
        "dense": best.dense,
        "chunk_dense": best.passage.match.dense,
        "lexical": best.passage.match.lexical,
        "coverage": best.coverage,
        "matter": coverage(matter, best.folded),
        "matter_around": coverage(matter, around),
        "named": coverage(named, document),
        "nothing_named": float(not named),
        "missing_figures": float(any(not _presence(figure, document) for figure in asked.figures)),
        "misfit": float(asked.kind != "other" and not best.fits),
        "standout": best.dense - median(s.dense for s in ranked),
        "lead": best.dense - max(elsewhere, default=best.dense),
    }
    return {f"crossing_{name}" if crossing else name: value for name, value in values.items()}


def unsupported(
    asked: Asked,
    concepts: Sequence[Weighed],
    best: Sentence,
    document: str,
    titles: Sequence[str],
) -> tuple[str, ...]:
    """What the question insists on and the best sentence's surroundings do not speak of.

    A year must stand near the sentence: in its chunk, headings, title or date. Words that name
    one titled document of the collection (and not several, to compare them) must stand in the
    one that is quoted, if it has a title too: the figures of a sibling look right and are not.
    """
    around = _around(best)
    years = [y for y in asked.years if not re.search(rf"(?<!\d){y}(?!\d)", around)]
    named = _named(concepts, titles)
    one_document = best.passage.document.title is not None and any(
        all(support(c, title) == 1 for c, _ in named) for title in titles
    )
    names = [
        list(concept)[-1] for concept, _ in named if one_document and support(concept, document) < 1
    ]
    return (*years, *names)


def _named(concepts: Sequence[Weighed], titles: Sequence[str]) -> list[Weighed]:
    return [weighed for weighed in concepts if any(support(weighed[0], t) == 1 for t in titles)]


def _around(sentence: Sentence) -> str:
    """The chunk with its title and headings, and the document's date, folded."""
    chunk = sentence.passage.match.chunk
    date = sentence.passage.document.date or ""
    return fold_text(f"{chunk.context}\n{chunk.text}\n{date}")
