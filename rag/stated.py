"""What a model states, said sentence by sentence; where it is nothing, why the quotes stand in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace

from index.errors import ModelError
from rag.answer import Citation, Segment
from rag.draft import Statements
from rag.language import Language, language_of

Say = Callable[[Segment], None]

_NOTHING_LEFT: dict[Language, str] = {
    "en": "Nothing that the model said stood in the quotes: they are shown instead.",
    "zh-Hans": "模型所说的，引文里都没有依据，所以直接给出引文。",
    "zh-Hant": "模型所說的，引文裡都沒有依據，所以直接給出引文。",
}
_FAILED: dict[Language, str] = {
    "en": "The model did not answer ({}) The quotes are shown instead.",
    "zh-Hans": "模型没有回答（{}）所以直接给出引文。",
    "zh-Hant": "模型沒有回答（{}）所以直接給出引文。",
}
_CUT_SHORT: dict[Language, str] = {
    "en": "The model did not finish ({}) What it had said until then is shown.",
    "zh-Hans": "模型没有说完（{}）这里是它已经说出的部分。",
    "zh-Hant": "模型沒有說完（{}）這裡是它已經說出的部分。",
}


def stated(
    statements: Callable[[], Statements],
    cited: Sequence[Citation | None],
    language: Language,
    say: Say,
) -> tuple[tuple[Segment, ...], tuple[str, ...]]:
    """The statements that kept their citations, each handed to `say` at once, and warnings: no
    statement is left without one. What `say` raises ends the model's stream."""
    segments: list[Segment] = []
    problem = ""
    try:
        with closing(statements()) as said:
            for segment in _beside_supported(_segments(said, cited)):
                gap = _gap(segment.text) if segments else ""
                segments.append(replace(segment, text=f"{gap}{segment.text}"))
                say(segments[-1])
    except ModelError as error:
        problem = error.message
    if problem:
        told = (_CUT_SHORT if segments else _FAILED)[language].format(problem)
    else:
        told = "" if segments else _NOTHING_LEFT[language]
    return tuple(segments), (told,) if told else ()


def _segments(said: Statements, cited: Sequence[Citation | None]) -> Iterator[Segment]:
    for statement in said:
        numbers = tuple(c.n for place in statement.quotes if (c := cited[place]))
        if len(numbers) == len(statement.quotes):
            yield Segment(statement.text, numbers, statement.unsupported)


def _beside_supported(segments: Iterator[Segment]) -> Iterator[Segment]:
    """Unsupported ones wait for the first that is supported; without any, none is shown."""
    waiting: list[Segment] = []
    supported = False
    for segment in segments:
        waiting.append(segment)
        supported = supported or not segment.unsupported
        if supported:
            yield from waiting
            waiting.clear()


def _gap(text: str) -> str:
    """Between sentences that are put together: none in Chinese."""
    return "" if language_of(text) != "en" else " "
