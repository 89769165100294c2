"""Questions that lean on earlier ones, made whole by rules of language: no model, no guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.fold import simplify
from rag import followup_en, followup_zh
from rag.language import in_script, language_of
from rag.names import Known, Said
from rag.small_talk import small_talk

# The last turns only, and only the beginning of what was said in them.
_TURNS = 8
_LONGEST_QUESTION = 300
_LONGEST_ANSWER = 1_000


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question and its answer, both as they were written."""

    question: str
    answer: str


def resolve(question: str, history: Sequence[Turn], known: Known) -> str | None:
    """The question as it would be asked without the history; None where it stands alone, and
    where it is unclear what it refers to.

    Earlier questions are made whole first, in their order, so that each may lean on the one
    before.
    """
    if len(question) > _LONGEST_QUESTION or small_talk(question):
        return None
    said: Said | None = None
    for turn in history[-_TURNS:]:
        text = turn.question[:_LONGEST_QUESTION]
        if not text.strip() or small_talk(text):
            continue
        whole = _resolve(text, said, known) or text
        about = _about(whole, known) or (said.about if said else None)
        said = Said(whole, about, turn.answer[:_LONGEST_ANSWER])
    resolved = _resolve(question, said, known)
    return None if resolved is None or resolved == question else resolved


def _resolve(question: str, said: Said | None, known: Known) -> str | None:
    if said is None:
        return None
    language = language_of(question)
    if language == "en":
        return followup_en.resolve(question.strip(), said, known)
    about = simplify(said.about) if said.about else None
    before = Said(simplify(said.question), about, simplify(said.answer))
    found = followup_zh.resolve(simplify(question.strip()), before, known)
    return None if found is None else in_script(found, language)


def _about(question: str, known: Known) -> str | None:
    if language_of(question) == "en":
        return followup_en.subject(question)
    return followup_zh.subject(simplify(question), known)
