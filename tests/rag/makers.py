"""Small ways to make the records that the rooms pass to each other."""

from collections.abc import Sequence
from pathlib import Path

from index.records import Chunk, DocumentInfo, Match, Span
from index.sentences import split_sentences
from index.tokens import Tokenizer
from rag.answer import Answer, Citation, Segment
from rag.draft import Passage, Quote
from rag.evidence import Inquiry, Weighed, sentences
from rag.findings import Finding
from rag.gloss import system_note
from rag.language import LEADS, language_of
from rag.question import Asked
from rag.question import analyse as analyse_with
from rag.reader.reading import Candidate
from rag.verify import Saved


def write(path: Path, text: str) -> None:
    """As it is: on no platform are line ends changed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))


def analyse(question: str) -> Asked:
    """With jieba's own dictionary."""
    return analyse_with(question, Tokenizer())


def make_match(
    text: str,
    *,
    document: str = "d",
    start: int = 0,
    context: str = "",
    lexical: float = 0.0,
    dense: float = 0.0,
    cosines: Sequence[float] | None = None,
) -> Match:
    """A match of a chunk at `start`, by default with the chunk's cosine for each sentence."""
    sentences = tuple(split_sentences(text, start))
    chunk = Chunk(document, start, start + len(text), text, context, sentences)
    return Match(
        chunk, lexical, dense, tuple([dense] * len(sentences) if cosines is None else cosines)
    )


def make_passage(match: Match, *, score: float = 0.0, date: str | None = None) -> Passage:
    chunk = match.chunk
    title = chunk.context or None
    source = f"{chunk.document_id}.md"
    info = DocumentInfo(chunk.document_id, source, "", chunk.end, 1, title=title, date=date)
    return Passage(match, info, score)


def make_inquiry(question: str, concepts: Sequence[Weighed], titles: Sequence[str]) -> Inquiry:
    """With jieba's own dictionary, and words as common as one says."""
    return Inquiry(analyse(question), concepts, titles)


def make_candidate(
    passage: Passage, words: str, *, score: float = 0.0, probability: float = 0.9
) -> Candidate:
    """At the first place of a passage that has the words."""
    chunk = passage.match.chunk
    start = chunk.start + chunk.text.index(words)
    return Candidate(Span(start, start + len(words)), score, probability)


def make_finding(
    passage: Passage,
    words: str,
    *,
    score: float = 0.0,
    answerable: float = 0.99,
    probability: float = 0.9,
) -> Finding:
    """As sure as can be, unless told otherwise."""
    candidate = make_candidate(passage, words, score=score, probability=probability)
    ranked = sentences(analyse(""), passage.match, [])
    sentence = next(s for s in ranked if s.span.start <= candidate.span.start < s.span.end)
    return Finding(passage, sentence, answerable, candidate, score)


def make_citation(n: int, quote: str, start: int, *highlights: Span) -> Citation:
    return Citation(
        n=n,
        document_id="d",
        title=None,
        source="d.md",
        publisher=None,
        date=None,
        page=None,
        sha256="0" * 64,
        start=start,
        end=start + len(quote),
        quote=quote,
        highlights=highlights,
    )


def saved(answer: Answer) -> list[Saved]:
    """Every citation of an answer, those that are only related too, as one would save it."""
    return [
        Saved(
            Quote(each.document_id, each.start, each.end, each.quote, each.highlights),
            tuple(
                Quote(each.document_id, short.start, short.end, short.text)
                for short in answer.short_answers
                if short.citation == each.n
            ),
        )
        for each in (*answer.citations, *answer.related)
    ]


def assert_holds(answer: Answer, texts: dict[str, str]) -> None:
    """Whatever is shown stands, character for character, in the texts of the documents."""
    assert answer.dropped == 0
    for citations in (answer.citations, answer.related):
        assert [citation.n for citation in citations] == list(range(1, len(citations) + 1))
        for citation in citations:
            text = texts[citation.document_id]
            assert citation.quote
            assert text[citation.start : citation.end] == citation.quote
            for highlight in citation.highlights:
                assert citation.start <= highlight.start < highlight.end <= citation.end
    for hit in answer.hits:
        assert texts[hit.document_id][hit.start : hit.end] == hit.text
    cited = {citation.n: citation for citation in answer.citations}
    for short in answer.short_answers:
        text = texts[cited[short.citation].document_id]
        assert text[short.start : short.end] == short.text
    quoted = [segment for segment in answer.segments if segment.citations]
    assert bool(quoted) == (not answer.abstained)
    for segment in quoted:
        assert [segment.text] == [cited[n].quote for n in segment.citations]
    if quoted:
        # The only words of the system's own: a lead from the table, and what a pure function makes
        # of the short answers.
        language = language_of(answer.question)
        note = system_note([s.text for s in answer.short_answers], language)
        leads = [Segment(words[language]) for words in LEADS.values()]
        rest = list(answer.segments[1:] if answer.segments[0] in leads else answer.segments)
        assert rest == [*quoted, *([Segment(note)] if note else [])]
