"""The extractive generator: the sentences that answer, in the document's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby

from index.errors import NotFoundError
from index.fold import fold, fold_text
from index.records import Document, Span
from index.store import Store
from rag.confidence import confidence
from rag.draft import Draft, Passage, Quote
from rag.evidence import Sentence, features, sentences, unsupported
from rag.question import analyse

# Measured on the development sets (docs/experiments.md).
_READ = 5
_SENTENCES = 3
_NEAR = 0.06
_LONGEST = 360


class Extractive:
    """Can only quote: it returns positions in documents and never writes a word."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def generate(self, question: str, passages: Sequence[Passage]) -> Draft:
        asked = analyse(question, self._store.tokenizer)
        concepts = self._store.concepts(asked.content)
        ranked = sentences(asked, passages[:_READ], concepts)
        if not ranked:
            return Draft((), 0.0)
        gone = ranked[0].passage.document.id
        try:
            document = _folded(self._store.document(gone))
        except NotFoundError:  # removed while the question was being answered
            return self.generate(question, [p for p in passages if p.document.id != gone])
        titles = [fold_text(info.title) for info in self._store.documents() if info.title]
        observed = features(asked, concepts, ranked, document, titles)
        missing = unsupported(asked, concepts, ranked[0], document, titles)
        as_asked = tuple(_as_asked(question, term) for term in missing)
        observed["unsupported"] = float(bool(missing))
        # A question that says nothing ("？") is answered by nothing, however close it seems.
        probability = confidence(observed) if asked.content else 0.0
        return Draft(tuple(_quotes(_choose(ranked))), probability, as_asked, observed)


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


def _choose(ranked: Sequence[Sentence]) -> list[Sentence]:
    """The best sentence, and others that come near it, while the quotes stay short."""
    chosen = [ranked[0]]
    length = len(ranked[0].text)
    for sentence in ranked[1:]:
        length += len(sentence.text)
        near = sentence.score >= ranked[0].score - _NEAR
        if len(chosen) == _SENTENCES or not near or length > _LONGEST:
            break
        chosen.append(sentence)
    return chosen


def _quotes(chosen: Sequence[Sentence]) -> Iterator[Quote]:
    """Neighbouring sentences as one quote. The quote with the best sentence comes first, and in
    it the words that answer are highlighted: those of a runner-up would only be a second guess."""
    order = sorted(chosen, key=lambda s: (s.passage.match.chunk.id, s.span.start))
    runs = [
        [sentence for _, sentence in run]
        for _, run in groupby(enumerate(order), lambda item: _run_of(*item))
    ]
    for run in sorted(runs, key=lambda run: min(map(chosen.index, run))):
        chunk = run[0].passage.match.chunk
        whole = Span(run[0].span.start, run[-1].span.end)
        best = chosen[0]
        highlights = [
            Span(best.span.start + span.start, best.span.start + span.end) for span in best.spans
        ]
        yield Quote(
            chunk.document_id,
            whole.start,
            whole.end,
            chunk.words_at(whole),
            tuple(highlights if best in run else ()),
        )


def _run_of(place: int, sentence: Sentence) -> tuple[str, int]:
    """The same for neighbours in a list that is in the order of the text."""
    chunk = sentence.passage.match.chunk
    return chunk.id, chunk.sentences.index(sentence.span) - place
