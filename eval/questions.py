"""A question with its gold: what every kind of set is read into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.normalise import Gold
from rag.followup import Turn


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """`gold` lists the facts that the answer must hold, each as its accepted wordings.

    Without gold, the right answer is a refusal. `sources` are parts of the names of the documents
    that answer, `evidence` the words there that do; `group` names the paragraph, where it is
    known, that the question shares with others. `history` are the turns of the dialogue before
    it, `follows` says that there were some, even where it is asked without them, and
    `stands_alone` that they should change nothing about it.
    """

    id: str
    text: str
    gold: Gold = ()
    sources: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    type: str = "question"
    language: str | None = None
    split: str | None = None
    group: str | None = None
    history: tuple[Turn, ...] = ()
    follows: bool = False
    stands_alone: bool = False

    @property
    def answerable(self) -> bool:
        return bool(self.gold)


def several(value: str | Sequence[str] | None) -> tuple[str, ...]:
    """A field that may hold nothing, one text or a list of texts."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)
