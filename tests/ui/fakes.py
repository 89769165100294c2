"""A pipeline over two fixed documents, for tests of the doors alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import cast

from index.errors import NotFoundError, UsageError, YuanwenError
from index.records import Block, Chunk, Document, DocumentInfo, Filters, Outcome, Span
from rag.answer import Answer, Citation, Found, Hit, Segment, ShortAnswer
from rag.pipeline import Pipeline, Question, to_nobody
from rag.stated import Say

# An emoji before the quote: two UTF-16 units, one code point.
TEXT = "开发区概况🎉\n驛城區規劃面積21平方公里。<script>alert(1)</script> [bold]${1}{{2}}`"
DOCUMENT = Document(
    source="zones/004.md",
    text=TEXT,
    blocks=(Block(0, 6, "heading", 1), Block(7, len(TEXT))),
    title="驛城區 <b>",
    publisher="河南日報",
    date="2015-03",
)
QUOTE = "驛城區規劃面積21平方公里。"
START = TEXT.index(QUOTE)
SHORT = "21平方公里"
SHORT_START = TEXT.index(SHORT)
CHUNK = Chunk(DOCUMENT.id, 0, len(TEXT), TEXT, "驛城區", (Span(START, START + len(QUOTE)),))
HIT = Hit(DOCUMENT.id, DOCUMENT.source, DOCUMENT.title, CHUNK.id, 0, len(TEXT), 0.9, 0.5, 0.8, TEXT)


def citation(
    n: int = 1, start: int = START, quote: str = QUOTE, highlights: tuple[Span, ...] = ()
) -> Citation:
    return Citation(
        n=n,
        document_id=DOCUMENT.id,
        title=DOCUMENT.title,
        source=DOCUMENT.source,
        publisher=DOCUMENT.publisher,
        date=DOCUMENT.date,
        page=None,
        sha256=DOCUMENT.sha256,
        start=start,
        end=start + len(quote),
        quote=quote,
        highlights=highlights,
    )


def answered(question: str = "规划面积多少？") -> Answer:
    span = Span(SHORT_START, SHORT_START + len(SHORT))
    return Answer(
        question=question,
        segments=(Segment(QUOTE, (1,)),),
        confidence=0.93,
        generator="extractive",
        citations=(citation(highlights=(span,)),),
        short_answers=(ShortAnswer(SHORT, 1, span.start, span.end),),
        hits=(HIT,),
        timings_ms={"total": 1.0},
    )


def refused(question: str = "谁是市长？") -> Answer:
    return Answer(
        question=question,
        segments=(Segment("文档里没有找到能可靠回答这个问题的原文。"),),
        confidence=0.12,
        generator="extractive",
        abstained=True,
        reason="low_confidence",
        hits=(HIT,),
        related=(citation(),),
    )


NOTE = " (System's note: 21平方公里 = 21 <square> kilometres)"


def glossed(question: str = "How large is it?") -> Answer:
    answer = answered(question)
    return replace(answer, segments=(*answer.segments, Segment(NOTE)))


def doubted(question: str = "How large is it?") -> Answer:
    """With a sentence of a model's that no quote supports."""
    answer = answered(question)
    doubtful = Segment(" It has <b>9</b> schools.", unsupported=True)
    return replace(answer, generator="llm", segments=(*answer.segments, doubtful))


def chatted(question: str = "你好") -> Answer:
    return Answer(
        question=question,
        segments=(Segment("你好！这里有 1 篇文档：《驛城區 <b>》。"),),
        confidence=0.0,
        generator="extractive",
        abstained=True,
        reason="small_talk",
    )


class FakeStore:
    def __init__(self) -> None:
        self.closed = False
        self.removed: list[str] = []

    def documents(self) -> list[DocumentInfo]:
        return [
            DocumentInfo(
                DOCUMENT.id, DOCUMENT.source, DOCUMENT.sha256, len(TEXT), 1, DOCUMENT.title
            )
        ]

    def admitted(self, filters: Filters) -> list[DocumentInfo]:
        for document_id in filters.documents:
            self.document(document_id)
        return self.documents()

    def document(self, document_id: str) -> Document:
        if document_id != DOCUMENT.id:
            raise NotFoundError(f"There is no document {document_id!r}.", "`yuanwen list`")
        return DOCUMENT

    def chunks(self, document_id: str) -> list[Chunk]:
        return [CHUNK]

    def add(
        self,
        paths: list[Path],
        *,
        prune: bool = False,
        progress: Callable[[int, int, str], None] = lambda *_: None,
    ) -> list[Outcome]:
        progress(1, 1, "a.txt")
        return [
            Outcome(path.name, "skipped", "[red]binary[/red]")
            if path.suffix == ".bin"
            else Outcome(path.name, "added", chunks=3)
            for path in paths
        ]

    def remove(self, document_id: str) -> DocumentInfo:
        self.removed.append(document_id)
        return self.documents()[0]

    def generation(self) -> int:
        return len(self.removed)

    def for_writing(self) -> FakeStore:
        return FakeStore()

    def close(self) -> None:
        self.closed = True


class FakePipeline:
    """Answers what speaks of 面积, chats with what says 你好, refuses the rest, and raises `error`
    where one is set."""

    def __init__(self) -> None:
        self.store = FakeStore()
        self.asked: list[Question] = []
        self.error: Exception | None = None
        self.warnings: tuple[str, ...] = ()
        self.warmed = Event()
        self.cold: Exception | None = None

    def warm(self) -> None:
        self.warmed.set()
        if self.cold:
            raise self.cold

    def ask(self, question: Question, say: Say = to_nobody) -> Answer:
        self._check(question)
        kinds = {"面积": answered, "large": glossed, "你好": chatted, "": refused}
        answer = next(make for word, make in kinds.items() if word in question.text)(question.text)
        for segment in answer.segments:
            say(segment)
        return replace(answer, warnings=self.warnings)

    def search(self, question: Question) -> Found:
        self._check(question)
        return Found(question.text, (HIT,), self.warnings)

    def _check(self, question: Question) -> None:
        self.asked.append(question)
        if self.error:
            raise self.error
        if not question.text.strip():
            raise UsageError("The question is empty.", "Type what you want to know.")

    @property
    def typed(self) -> Pipeline:
        return cast("Pipeline", self)


def error_classes(base: type[YuanwenError] = YuanwenError) -> Iterator[type[YuanwenError]]:
    yield base
    for child in base.__subclasses__():
        yield from error_classes(child)
