"""One question and its answer as HTML. Everything from a document or a person is escaped, nothing
is parsed. `data-do` names what a click does; ui/page/main.js has the table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from rag.answer import Answer, Citation, Hit, Segment
from rag.language import language_of
from ui.labels import Labels, labels_for, legs, level_of, origin, understood
from ui.marks import Passage, passages, runs, uncited


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what came of it: an answer or a problem; neither, while it is looked up, with
    what has been `said` so far. `searched` counts documents; `suggested` are other questions."""

    question: str
    answer: Answer | None = None
    problem: str = ""
    said: tuple[Segment, ...] = ()
    searched: int = 0
    suggested: tuple[str, ...] = ()


def exchange_html(number: int, exchange: Exchange) -> str:
    """One question, its answer and, beside them, its sources. `number` makes the anchors unique."""
    labels = labels_for(exchange.question)
    said, beside = _reply(number, exchange, labels)
    return (
        f'<section class="yw-turn" id="t{number}" lang="{labels.language}">'
        f'<div class="yw-talk"><h2 class="yw-question">{escape(exchange.question)}</h2>'
        f"{said}</div>{beside}</section>"
    )


def _reply(number: int, exchange: Exchange, labels: Labels) -> tuple[str, str]:
    """What is said, and what stands beside it."""
    answer = exchange.answer
    if exchange.problem:
        return f'<p class="yw-problem">{escape(exchange.problem)}</p>{_retry(labels)}', ""
    if answer is None:
        said = "".join(_segment_text(segment, {}) for segment in exchange.said)
        shown = f'<p class="yw-words">{said}</p>' if said else ""
        return f'{shown}<p class="yw-searching">{labels.searching}</p>', ""
    if answer.reason == "small_talk":
        return f'<p class="yw-said">{escape(answer.text)}</p>', ""
    if answer.abstained:
        return _refusal(number, exchange, answer, labels)
    anchor = f"t{number}-c"
    cited = passages(answer.citations, answer.hits)
    cards = [_card(anchor, "citations", answer.citations, each, labels) for each in cited]
    aside = _aside(labels.sources, cards, "yw-cited", _retrieved(answer, labels))
    return _answer(anchor, answer, labels), aside


def _refusal(number: int, exchange: Exchange, answer: Answer, labels: Labels) -> tuple[str, str]:
    """What was asked and searched, what else may be asked; beside it, what is near."""
    anchor = f"t{number}-r"
    near = passages(answer.related, answer.hits)
    cards = [_card(anchor, "related", answer.related, each, labels) for each in near]
    searched = labels.searched.format(exchange.searched) if exchange.searched else ""
    said = (
        f'<p class="yw-refusal">{escape(answer.text)}</p>'
        + _notes([understood(answer, labels), searched, *answer.warnings])
        + _suggested(exchange.suggested, labels)
        + _actions(labels)
    )
    return said, _aside(labels.nearby, cards, "yw-nearby", _retrieved(answer, labels))


def _suggested(questions: Sequence[str], labels: Labels) -> str:
    if not questions:
        return ""
    buttons = "".join(
        f'<button type="button" data-ask="{escape(each)}">{escape(each)}</button>'
        for each in questions
    )
    return f'<div class="yw-suggested"><p>{labels.suggested}</p>{buttons}</div>'


def _answer(anchor: str, answer: Answer, labels: Labels) -> str:
    short = f'<p class="yw-short">{escape(answer.short_answer)}</p>' if answer.short_answer else ""
    level = level_of(answer.confidence)
    return (
        short
        + f'<p class="yw-words">{_segments(anchor, answer, labels)}</p>'
        + f'<p class="yw-confidence yw-{level}" title="{answer.confidence:.0%}">'
        + f"{labels.confidence[level]}</p>"
        + _notes([understood(answer, labels), *answer.warnings])
        + _actions(labels)
    )


def _notes(texts: Iterable[str]) -> str:
    return "".join(f'<p class="yw-note">{escape(text)}</p>' for text in texts if text)


def _actions(labels: Labels) -> str:
    thumbs = (("up", "✓", labels.right), ("down", "✗", labels.wrong))
    return (
        '<p class="yw-actions">'
        f'<button type="button" data-do="copy">{labels.copy}</button>'
        + "".join(
            f'<button type="button" data-do="{do}" aria-label="{label}" title="{label}"'
            f' aria-pressed="false">{sign}</button>'
            for do, sign, label in thumbs
        )
        + f"</p>{_retry(labels)}"
    )


def _retry(labels: Labels) -> str:
    return f'<button type="button" class="yw-retry" data-do="retry">{labels.retry}</button>'


def _segments(anchor: str, answer: Answer, labels: Labels) -> str:
    by_number = {citation.n: citation for citation in answer.citations}
    places = {citation.n: place for place, citation in enumerate(answer.citations)}
    return "".join(
        _segment_text(segment, by_number)
        + "".join(_link(anchor, n, places[n], labels) for n in segment.citations if n in places)
        for segment in answer.segments
    )


def _segment_text(segment: Segment, by_number: Mapping[int, Citation]) -> str:
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


def _link(anchor: str, n: int, place: int, labels: Labels) -> str:
    return (
        f'<a class="yw-cite" href="#{anchor}{n}" {_opens("citations", place)}'
        f' aria-label="{labels.source.format(n)}">[{n}]</a>'
    )


def _opens(list_name: str, place: int) -> str:
    """What a click opens: an item of a list in the body of the answer."""
    return f'data-do="place" data-list="{list_name}" data-n="{place}"'


def _aside(heading: str, cards: Sequence[str], style: str, retrieved: str) -> str:
    if not cards and not retrieved:
        return ""
    shown = f"<h3>{heading}</h3>{''.join(cards)}" if cards else ""
    return f'<aside class="yw-sources {style}">{shown}{retrieved}</aside>'


def _card(
    anchor: str, list_name: str, among: Sequence[Citation], passage: Passage, labels: Labels
) -> str:
    first = passage.citations[0]
    numbers = "".join(f"[{citation.n}]" for citation in passage.citations)
    scores = (
        f'<details class="yw-scores"><summary>{labels.scores}</summary>'
        f"{legs(passage.hit, labels)}</details>"
        if passage.hit
        else ""
    )
    return (
        '<article class="yw-source"><header>'
        f'<span class="yw-numbers">{numbers}</span> '
        + _title(list_name, among.index(first), first.title or labels.untitled)
        + f"<small>{escape(origin(first, labels))}</small></header>"
        f'<p class="yw-passage" lang="{language_of(passage.text)}">'
        f"{_marked(anchor, passage)}</p>{scores}</article>"
    )


def _title(list_name: str, place: int, title: str) -> str:
    return (
        f'<button type="button" class="yw-open" {_opens(list_name, place)}>{escape(title)}</button>'
    )


def _retrieved(answer: Answer, labels: Labels) -> str:
    """What was found and not shown above, with the scores that it was ranked by."""
    rest = uncited([*answer.citations, *answer.related], answer.hits)
    if not rest:
        return ""
    items = "".join(_found(place, hit, labels) for place, hit in rest)
    heading = labels.retrieved.format(len(rest))
    return f'<details class="yw-retrieved"><summary>{heading}</summary>{items}</details>'


def _found(place: int, hit: Hit, labels: Labels) -> str:
    return (
        f'<article class="yw-source"><header>'
        f"{_title('hits', place, hit.title or labels.untitled)}"
        f"<small>{legs(hit, labels)}</small></header>"
        f'<p class="yw-passage" lang="{language_of(hit.text)}">{escape(hit.text)}</p></article>'
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
