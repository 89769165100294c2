"""Documents to chunks: whole paragraphs under one heading, or runs of whole sentences.

What is set apart as an aside is in none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest

from index.fold import count_han
from index.records import Block, Chunk, Document, Span
from index.sentences import split_sentences

# Part of an index's identity: raise it with any change that cuts documents otherwise.
CHUNKER = "paragraphs-2"

# In Chinese characters; about three Western letters say as much as one.
TARGET = 300
LONGEST = 450

CountTokens = Callable[[Sequence[str]], list[int]]


def chunk_document(document: Document, count_tokens: CountTokens, max_tokens: int) -> list[Chunk]:
    """Cut a document; every paragraph is in exactly one chunk or, if long, in several in a row.

    Short neighbours under the same heading are merged towards TARGET, paragraphs over LONGEST
    are cut at sentence ends. A chunk with its context never has more than `max_tokens` tokens.
    """
    chunks: list[Chunk] = []
    for whole_context, blocks in _sections(document):
        context = _shortened(whole_context, count_tokens, max_tokens // 4)
        for spans in _pack(document.text, blocks):
            for piece in _fit(document.text, context, spans, count_tokens, max_tokens):
                chunks.append(_chunk(document, context, piece))
    return chunks


def searched_by(context: str, text: str) -> str:
    """The text by which a chunk or sentence is searched: its title and headings, then itself."""
    return f"{context}\n{text}" if context else text


def _sections(document: Document) -> Iterator[tuple[str, list[Block]]]:
    """The text blocks under each heading, with the path of headings. A heading with nothing
    below it is text, so that no word of a document is lost."""
    path: list[Block] = []
    section: list[Block] = []
    blocks = [block for block in document.blocks if block.kind != "aside"]
    for block, following in zip_longest(blocks, blocks[1:]):
        if block.kind == "text":
            if section and block.start > section[-1].end + 1:  # an aside stands between
                yield _context(document, path), section
                section = []
            section.append(block)
            continue
        if section:
            yield _context(document, path), section
            section = []
        childless = following is None or (
            following.kind == "heading" and following.level <= block.level
        )
        path = [heading for heading in path if heading.level < block.level]
        if childless:
            yield _context(document, path), [block]
        else:
            path.append(block)
    if section:
        yield _context(document, path), section


def _context(document: Document, path: Iterable[Block]) -> str:
    names = [document.title or "", *(document.text[b.start : b.end] for b in path)]
    return " › ".join(dict.fromkeys(name for name in names if name))


def _shortened(context: str, count_tokens: CountTokens, max_tokens: int) -> str:
    """A line of any length can be marked as a heading: its beginning leaves room for the text."""
    while context and count_tokens([context])[0] > max_tokens:
        context = context[: len(context) // 2]
    return context


def _pack(text: str, blocks: Sequence[Block]) -> Iterator[list[Span]]:
    """Sentences of one chunk each: neighbours merged, long paragraphs cut into even runs."""
    pending: list[Span] = []
    for block in blocks:
        sentences = split_sentences(text[block.start : block.end], block.start)
        size = _size(text, sentences)
        if size > LONGEST:
            if pending:
                yield pending
                pending = []
            yield from _even_runs(text, sentences, size)
        elif pending and _size(text, [*pending, *sentences]) > LONGEST:
            yield pending
            pending = sentences
        else:
            pending = [*pending, *sentences]
            if _size(text, pending) >= TARGET:
                yield pending
                pending = []
    if pending:
        yield pending


def _even_runs(text: str, sentences: Sequence[Span], size: float) -> Iterator[list[Span]]:
    share = size / max(round(size / TARGET), 1)
    run: list[Span] = []
    for sentence in sentences:
        # Cut before a sentence that would carry the run further past its share than it lacks.
        if run and _size(text, [*run, sentence]) - share > share - _size(text, run):
            yield run
            run = []
        run.append(sentence)
    if run:
        yield run


def _fit(
    text: str,
    context: str,
    sentences: list[Span],
    count_tokens: CountTokens,
    max_tokens: int,
) -> Iterator[list[Span]]:
    """Halve what has too many tokens, between sentences or, in one endless sentence, anywhere;
    a single character stays whole."""
    whole = text[sentences[0].start : sentences[-1].end]
    if len(whole) == 1 or count_tokens([searched_by(context, whole)])[0] <= max_tokens:
        yield sentences
        return
    if len(sentences) == 1:
        start, end = sentences[0].start, sentences[0].end
        middle = (start + end) // 2
        halves = [[Span(start, middle)], [Span(middle, end)]]
    else:
        middle = len(sentences) // 2
        halves = [sentences[:middle], sentences[middle:]]
    for half in halves:
        yield from _fit(text, context, half, count_tokens, max_tokens)


def _chunk(document: Document, context: str, sentences: Sequence[Span]) -> Chunk:
    start, end = sentences[0].start, sentences[-1].end
    return Chunk(document.id, start, end, document.text[start:end], context, tuple(sentences))


def size(text: str) -> float:
    """How much a text says, in Chinese characters: three Western letters count as one."""
    han = count_han(text)
    return han + (len(text) - han) / 3


def _size(text: str, spans: Sequence[Span]) -> float:
    return size(text[spans[0].start : spans[-1].end]) if spans else 0.0
