"""A conversation as HTML. Everything from a document or a person is escaped, nothing is parsed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from rag.answer import Answer, Citation, Segment
from rag.language import language_of
from ui.labels import Labels, labels_for, level_of, origin, understood
from ui.marks import Passage, passages, runs


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what came of it; neither answer nor problem: it is being looked up."""

    question: str
    answer: Answer | None = None
    problem: str = ""


def conversation_html(exchanges: Iterable[Exchange]) -> str:
    return "".join(exchange_html(number, each) for number, each in enumerate(exchanges, start=1))


def exchange_html(number: int, exchange: Exchange) -> str:
    """One question, its answer and, beside them, its sources. `number` makes the anchors unique."""
    labels = labels_for(exchange.question)
    said, beside = _reply(number, exchange, labels)
    return (
        f'<section class="yw-turn" id="t{number}" lang="{labels.language}">'
        f'<div class="yw-talk"><h3 class="yw-question">{escape(exchange.question)}</h3>'
        f"{said}</div>{beside}</section>"
    )


def note_html(text: str) -> str:
    return f"<p>{escape(text)}</p>" if text else ""


def _reply(number: int, exchange: Exchange, labels: Labels) -> tuple[str, str]:
    """What is said, and what stands beside it."""
    answer = exchange.answer
    if exchange.problem:
        return f'<p class="yw-problem">{escape(exchange.problem)}</p>', ""
    if answer is None:
        return f'<p class="yw-searching">{labels.searching}</p>', ""
    if answer.reason == "small_talk":
        return f'<p class="yw-said">{escape(answer.text)}</p>', ""
    if answer.abstained:
        near = passages(answer.related, answer.hits)
        aside = _aside(f"t{number}-r", labels.nearby, near, labels, "yw-nearby")
        refused = f'<p class="yw-refusal">{escape(answer.text)}</p>'
        return refused + _notes([understood(answer, labels)]), aside
    cited = passages(answer.citations, answer.hits)
    aside = _aside(f"t{number}-c", labels.sources, cited, labels, "yw-cited")
    return _answer(f"t{number}-c", answer, labels), aside


def _answer(anchor: str, answer: Answer, labels: Labels) -> str:
    short = f'<p class="yw-short">{escape(answer.short_answer)}</p>' if answer.short_answer else ""
    level = level_of(answer.confidence)
    return (
        short
        + f'<p class="yw-words">{_segments(anchor, answer, labels)}</p>'
        + f'<p class="yw-confidence yw-{level}" title="{answer.confidence:.0%}">'
        + f"{labels.confidence[level]}</p>"
        + _notes([understood(answer, labels), *answer.warnings])
    )


def _notes(texts: Iterable[str]) -> str:
    return "".join(f'<p class="yw-note">{escape(text)}</p>' for text in texts if text)


def _segments(anchor: str, answer: Answer, labels: Labels) -> str:
    by_number = {citation.n: citation for citation in answer.citations}
    return "".join(
        _segment_text(segment, by_number)
        + "".join(_link(anchor, n, labels) for n in segment.citations)
        for segment in answer.segments
    )


def _segment_text(segment: Segment, by_number: dict[int, Citation]) -> str:
    """A segment that is a quote, word for word, shows the words that answer; one that cites
    nothing is the system's own, and stands apart."""
    if segment.unsupported:
        return f"<s>{escape(segment.marked)}</s>"
    if not segment.citations:
        return f'<small class="yw-system">{escape(segment.text)}</small>'
    for n in segment.citations:
        citation = by_number.get(n)
        if citation is not None and citation.quote == segment.text:
            return _runs(citation)
    return escape(segment.text)


def _link(anchor: str, n: int, labels: Labels) -> str:
    name = labels.source.format(n)
    return f'<a class="yw-cite" href="#{anchor}{n}" aria-label="{name}">[{n}]</a>'


def _aside(anchor: str, heading: str, shown: Sequence[Passage], labels: Labels, style: str) -> str:
    if not shown:
        return ""
    cards = "".join(_card(anchor, passage, labels) for passage in shown)
    return f'<aside class="yw-sources {style}"><h4>{heading}</h4>{cards}</aside>'


def _card(anchor: str, passage: Passage, labels: Labels) -> str:
    first = passage.citations[0]
    numbers = "".join(f"[{citation.n}]" for citation in passage.citations)
    return (
        '<article class="yw-source"><header>'
        f'<span class="yw-numbers">{numbers}</span> '
        f"<strong>{escape(first.title or labels.untitled)}</strong>"
        f"<small>{escape(origin(first, labels))}</small></header>"
        f'<p class="yw-passage" lang="{language_of(passage.text)}">'
        f"{_marked(anchor, passage)}</p></article>"
    )


def _marked(anchor: str, passage: Passage) -> str:
    """The quotes marked; the paragraphs before and after those that hold them stand back."""
    cited = sorted(passage.citations, key=lambda citation: citation.start)
    spans = [(c.start - passage.start, c.end - passage.start) for c in cited]
    text = passage.text
    first = text.rfind("\n", 0, spans[0][0]) + 1
    last = text.find("\n", spans[-1][1])
    last = len(text) if last < 0 else last
    pieces = [_beyond(text[:first])]
    position = first
    for citation, (start, end) in zip(cited, spans, strict=True):
        pieces.append(escape(text[position:start]))
        pieces.append(
            f'<mark class="yw-quote" id="{anchor}{citation.n}" data-n="{citation.n}">'
            f"{_runs(citation)}</mark>"
        )
        position = end
    return "".join([*pieces, escape(text[position:last]), _beyond(text[last:])])


def _beyond(text: str) -> str:
    return f'<span class="yw-beyond">{escape(text)}</span>' if text else ""


def _runs(citation: Citation) -> str:
    return "".join(
        f'<mark class="yw-strong">{escape(run.text)}</mark>' if run.strong else escape(run.text)
        for run in runs(citation)
    )
