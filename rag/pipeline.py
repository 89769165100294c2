"""A question in, a verified answer out: the whole line in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter

from index.encoder import load_encoder
from index.errors import UsageError
from index.fold import fold_text
from index.records import Filters
from index.store import Store
from index.view import View
from rag.answer import Answer, Citation, Found, Hit, Reason, Segment, ShortAnswer
from rag.cite import cite
from rag.draft import Draft, Passage
from rag.followup import Turn as Turn  # noqa: PLC0414 - whoever asks imports it from here
from rag.followup import resolve
from rag.generate import make_generator
from rag.gloss import system_note
from rag.language import language_of, lead, refusal
from rag.names import known_of
from rag.retrieve import retrieve
from rag.settings import Settings
from rag.small_talk import small_reply, small_talk
from rag.stated import Say, stated

MAX_TOP_K = 50


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and how. Raises UsageError for an empty text or a wrong `top_k`."""

    text: str
    top_k: int | None = None
    history: tuple[Turn, ...] = ()
    filters: Filters = field(default_factory=Filters)
    generator: str | None = None

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise UsageError("The question is empty.", "Type what you want to know.")
        if self.top_k is not None and self.top_k < 1:
            raise UsageError(
                f"top_k is {self.top_k}; it must be at least 1.",
                f"At most {MAX_TOP_K} hits are given.",
            )


def to_nobody(segment: Segment) -> None:
    pass


class Pipeline:
    """Retrieve, generate, verify. Threads may share one; each question is answered by the state
    of the index at one moment."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self.store = store
        self._settings = settings

    def warm(self) -> None:
        """Load what the first question would load: the encoder, the reader, the index."""
        self.ask(Question("原文 text"))

    def search(self, question: Question) -> Found:
        """The best `top_k` hits. Raises NotFoundError for a filter by a document not there."""
        with self.store.moment() as moment:
            return _Asking(moment, self._settings).search(question)

    def ask(self, question: Question, say: Say = to_nobody) -> Answer:
        """Answer or refuse. Every segment of the answer is handed to `say` in its turn, as soon as
        it is final; what that raises is raised here. Raises UsageError for an unknown generator,
        NotFoundError for a filter by a document that is not there; nothing else about a question
        is an error."""
        with self.store.moment() as moment:
            return _Asking(moment, self._settings, say).ask(question)


class _Asking:
    """The line, from one question to its answer."""

    def __init__(self, store: View, settings: Settings, say: Say = to_nobody) -> None:
        self._store = store
        self._settings = settings
        self._say = say

    def search(self, question: Question) -> Found:
        warnings = self._warnings(question)
        text, resolved = _readable(question.text), self._resolved(question)
        hits = self._hits(question, self._retrieve(question, resolved or text))
        return Found(text, hits, warnings, resolved)

    def ask(self, question: Question) -> Answer:
        started = perf_counter()
        name = question.generator or self._settings.generator
        generator = make_generator(name, self._store, self._settings)
        text = _readable(question.text)
        warnings = self._warnings(question)
        act = small_talk(text)
        resolved = self._resolved(question)
        passages = [] if act else self._retrieve(question, resolved or text)
        retrieved = perf_counter()
        if act:
            answer = self._reply(text, act, name)
        else:
            draft = generator.generate(resolved or text, passages)
            passages = list(draft.passages) or passages
            answer = self._answer(text, draft, name)
        done = perf_counter()
        return replace(
            answer,
            resolved_question=resolved,
            hits=self._hits(question, passages),
            warnings=warnings + answer.warnings,
            timings_ms={
                "retrieve": (retrieved - started) * 1000,
                "generate": (done - retrieved) * 1000,
                "total": (done - started) * 1000,
            },
        )

    def _resolved(self, question: Question) -> str | None:
        """The question made whole by its history; None where it is asked as it is."""
        if not question.history:
            return None
        turns = [Turn(_readable(t.question), _readable(t.answer)) for t in question.history]
        return resolve(_readable(question.text), turns, known_of(self._store))

    def _retrieve(self, question: Question, text: str) -> list[Passage]:
        settings = self._settings
        return retrieve(self._store, text, settings.retriever, question.filters, settings.without)

    def _hits(self, question: Question, passages: Sequence[Passage]) -> tuple[Hit, ...]:
        top_k = min(question.top_k or self._settings.top_k, MAX_TOP_K)
        return tuple(map(_hit, passages[:top_k]))

    def _warnings(self, question: Question) -> tuple[str, ...]:
        """What is not done quite as asked. Raises NotFoundError for an unknown document."""
        warnings: list[str] = []
        if question.top_k and question.top_k > MAX_TOP_K:
            warnings.append(f"top_k was {question.top_k}; {MAX_TOP_K} hits are the most.")
        if question.filters != Filters() and not self._store.admitted(question.filters):
            total = len(self._store.documents())
            warnings.append(f"The filters leave none of the {total} documents to search.")
        return tuple(warnings)

    def _reply(self, text: str, act: str, generator: str) -> Answer:
        """To small talk. The confidence is 0, for nothing that is said comes from a document."""
        message = small_reply(act, language_of(text), self._store.documents())
        said = self._said(Segment(message))
        return Answer(text, said, 0.0, generator, abstained=True, reason="small_talk")

    def _answer(self, text: str, draft: Draft, generator: str) -> Answer:
        cited = cite(self._store, draft.quotes)
        citations = tuple(citation for citation in cited if citation)
        dropped = len(cited) - len(citations)
        reason = self._reason(draft, citations)
        if reason:
            message = refusal(reason, language_of(text), draft.unsupported, draft.instead)
            return Answer(
                text, self._said(Segment(message)), draft.confidence, generator,
                abstained=True, reason=reason, related=citations, dropped=dropped,
            )  # fmt: skip
        language = language_of(text)
        short_answers = _short_answers(citations)
        segments: tuple[Segment, ...] = ()
        warnings: tuple[str, ...] = ()
        if draft.statements:
            segments, warnings = stated(draft.statements, cited, language, self._say)
        if not segments:
            segments = self._said(
                Segment(lead(draft.treatment, language)),
                *(Segment(citation.quote, (citation.n,)) for citation in citations),
                Segment(system_note((s.text for s in short_answers), language) or ""),
            )
        return Answer(
            text,
            segments,
            draft.confidence,
            generator,
            citations=citations,
            short_answers=short_answers,
            warnings=warnings,
            dropped=dropped,
        )

    def _said(self, *segments: Segment) -> tuple[Segment, ...]:
        """Those that say anything, once they are said."""
        said = tuple(segment for segment in segments if segment.text)
        for segment in said:
            self._say(segment)
        return said

    def _reason(self, draft: Draft, citations: Sequence[Citation]) -> Reason | None:
        if not citations:
            return "no_match"
        if draft.unsupported and self._settings.threshold > 0:
            return "unsupported"
        return "low_confidence" if draft.confidence < self._settings.threshold else None


def open_pipeline(settings: Settings) -> Pipeline:
    """Load the encoder and open the index for reading."""
    encoder = load_encoder(settings.encoder, settings.cache)
    return Pipeline(Store.open(settings.data, encoder), settings)


def _readable(text: str) -> str:
    """JSON can bring lone surrogates, which nothing can encode; they become `?`."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _short_answers(citations: Sequence[Citation]) -> tuple[ShortAnswer, ...]:
    """The words in the quotes that answer, the same ones once."""
    found = (
        ShortAnswer(
            citation.quote[span.start - citation.start : span.end - citation.start],
            citation.n,
            span.start,
            span.end,
        )
        for citation in citations
        for span in citation.highlights
        if span.end - span.start < citation.end - citation.start
    )
    first: dict[str, ShortAnswer] = {}
    for short in found:
        first.setdefault(fold_text(short.text), short)
    return tuple(first.values())


def _hit(passage: Passage) -> Hit:
    chunk = passage.match.chunk
    return Hit(
        document_id=chunk.document_id,
        source=passage.document.source,
        title=passage.document.title,
        chunk_id=chunk.id,
        start=chunk.start,
        end=chunk.end,
        score=passage.score,
        lexical=passage.match.lexical,
        dense=passage.match.dense,
        text=chunk.text,
    )
