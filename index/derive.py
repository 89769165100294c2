"""From a document's text to what it is found by: chunks, terms and vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from index.catalog import Catalog
from index.chunk import searched_by
from index.fold import simplify
from index.records import Chunk, Encoder, Vectors
from index.rows import IndexedChunk
from index.tokens import Tokenizer

# Of the texts, how many have been encoded, and how many there are.
Encoded = Callable[[int, int], None]

# Between two reports of progress: on two slow cores, about twenty seconds.
_TEXTS_TOGETHER = 512


@dataclass(frozen=True, slots=True)
class Known:
    """Vectors by the text that was searched: those of chunks, and those of sentences, which were
    kept in half precision. Terms are not kept so: to cut a text costs a fiftieth of encoding it."""

    chunks: dict[str, Vectors] = field(default_factory=dict)
    sentences: dict[str, Vectors] = field(default_factory=dict)

    def learn(self, catalog: Catalog, document_id: str) -> None:
        """Those of a document, as far as they are sound: what is damaged teaches nothing."""
        try:
            for chunk, vector, sentences in catalog.vectors(document_id):
                texts = dict(zip(_searched_sentences(chunk), sentences, strict=True))
                if np.isfinite(vector).all() and np.isfinite(sentences).all():
                    self.chunks[_searched(chunk)] = vector
                    self.sentences.update(texts)
        except ValueError:
            return


def derive(
    chunks: Sequence[Chunk],
    encoder: Encoder,
    tokenizer: Tokenizer,
    known: Known,
    report: Encoded,
) -> list[IndexedChunk]:
    """Each chunk with its terms and vectors; only what is not known is encoded."""
    wholes = [_searched(chunk) for chunk in chunks]
    sentences = [_searched_sentences(chunk) for chunk in chunks]
    missing = [text for text in wholes if text not in known.chunks]
    missing += [text for each in sentences for text in each if text not in known.sentences]
    new = _encode(list(dict.fromkeys(missing)), encoder, report)
    of_wholes, of_sentences = new | known.chunks, new | known.sentences
    return [
        IndexedChunk(
            chunk,
            [tokenizer.terms(part) for part in _parts(chunk)],
            of_wholes[whole],
            np.array([of_sentences[text] for text in each]),
        )
        for chunk, whole, each in zip(chunks, wholes, sentences, strict=True)
    ]


def _encode(texts: Sequence[str], encoder: Encoder, report: Encoded) -> dict[str, Vectors]:
    found: dict[str, Vectors] = {}
    for start in range(0, len(texts), _TEXTS_TOGETHER):
        report(start, len(texts))
        some = texts[start : start + _TEXTS_TOGETHER]
        # One script for the encoder too, which knows Simplified better (docs/experiments.md).
        vectors = encoder.encode([simplify(text) for text in some], "passage")
        found.update(zip(some, vectors, strict=True))
    return found


def _searched(chunk: Chunk) -> str:
    return searched_by(chunk.context, chunk.text)


def _searched_sentences(chunk: Chunk) -> list[str]:
    return [searched_by(chunk.context, chunk.words_at(span)) for span in chunk.sentences]


def _parts(chunk: Chunk) -> list[str]:
    """The title and headings, then each sentence."""
    return [chunk.context, *map(chunk.words_at, chunk.sentences)]
