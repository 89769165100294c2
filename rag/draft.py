"""What passes between finding and saying: ranked passages in, a drafted answer out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Generator as Yielding
from dataclasses import dataclass, field
from typing import Protocol

from index.records import DocumentInfo, Match, Span


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieved chunk with its document and the score that it is ranked by."""

    match: Match
    document: DocumentInfo
    score: float


@dataclass(frozen=True, slots=True)
class Quote:
    """`text` is what should stand at [start, end) of the document; `highlights` answer."""

    document_id: str
    start: int
    end: int
    text: str
    highlights: tuple[Span, ...] = ()

    @property
    def answers(self) -> list[str]:
        """The words that are highlighted."""
        return [self.text[h.start - self.start : h.end - self.start] for h in self.highlights]


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a model's own that has passed the gate, and which of the draft's quotes it
    cites, counted from 0; or one that no quote supports, and is only shown as such."""

    text: str
    quotes: tuple[int, ...] = ()
    unsupported: bool = False


Statements = Yielding[Statement, None, None]  # which can be closed


@dataclass(frozen=True, slots=True)
class Draft:
    """What a generator would answer. `confidence` is the probability that it is right, in
    [0, 1], computed from `features`; `unsupported` names what the question asks for and the
    document does not speak of, `instead` what it speaks of. `passages` are those that were given,
    as reading ranks them; `treatment` names what the question wants of the answer beside quotes.
    Where there are `statements`, they are what is said, and the quotes stand behind them: calling
    it asks the model, which says them one by one, or raises ModelError before or between them.
    """

    quotes: tuple[Quote, ...]
    confidence: float
    unsupported: tuple[str, ...] = ()
    features: Mapping[str, float] = field(default_factory=dict)
    instead: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()
    treatment: str = "fact"
    statements: Callable[[], Statements] | None = None


class Generator(Protocol):
    def generate(self, question: str, passages: Sequence[Passage]) -> Draft:
        """Draft an answer from passages, best first; without passages the draft is empty."""
        ...
