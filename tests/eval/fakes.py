"""A pipeline that answers by rote, and the records that it is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rag.answer import Answer, Citation, Hit, Segment, ShortAnswer
from rag.pipeline import Question


@dataclass
class Rote:
    """Answers from a table by the question's text; a question that is not in it is a failure."""

    answers: Mapping[str, Answer]
    asked: list[str] = field(default_factory=list)

    def ask(self, question: Question) -> Answer:
        self.asked.append(question.text)
        return self.answers[question.text]


def answer(
    quotes: Sequence[str] = (),
    short: Sequence[str] = (),
    *,
    confidence: float = 0.9,
    hits: Sequence[Hit] = (),
    abstained: bool = False,
    dropped: int = 0,
) -> Answer:
    return Answer(
        question="?",
        segments=tuple(Segment(quote, (n,)) for n, quote in enumerate(quotes, 1)),
        confidence=confidence,
        generator="rote",
        citations=tuple(citation(n, quote) for n, quote in enumerate(quotes, 1)),
        short_answers=tuple(ShortAnswer(text, 1, 0, len(text)) for text in short),
        abstained=abstained,
        reason="low_confidence" if abstained else None,
        hits=tuple(hits),
        dropped=dropped,
    )


def citation(n: int, quote: str) -> Citation:
    return Citation(n, "d", None, "s", None, None, None, "0" * 64, 0, len(quote), quote)


def hit(source: str, score: float, chunk_id: str = "c", text: str = "") -> Hit:
    return Hit("d", source, None, chunk_id, 0, len(text), score, 0.0, 0.0, text)
