"""What the terminal shows: rich texts, made without rich's markup, so that document text stays
literal, and with control characters made visible, so that it cannot drive the terminal."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from index.errors import YuanwenError
from index.records import Chunk, Document, DocumentInfo, Outcome
from rag.answer import Answer, Citation, Hit
from ui.bodies import to_json
from ui.labels import (
    Labels,
    in_own_words,
    labels_for,
    level_of,
    origin,
    system_words,
    understood,
)
from ui.marks import runs

if TYPE_CHECKING:
    from index.doctor import Fault

# C0, DEL and C1 but for tab and newline: an escape sequence in a document is shown, not obeyed.
CONTROL = {code: "\ufffd" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n"}
ASIDE = "┆"
COLOURS = {"high": "green", "fair": "yellow", "low": "red"}
STATUS = {
    "added": "green",
    "updated": "green",
    "unchanged": "dim",
    "ignored": "dim",
    "removed": "yellow",
    "skipped": "red",
}


def console(*, stderr: bool = False) -> Console:
    return Console(stderr=stderr, highlight=False, markup=False, emoji=False)


def show(*texts: Text, stderr: bool = False) -> None:
    """Print; in a pipe, plain lines as they are, without wrapping or colours."""
    out = console(stderr=stderr)
    for text in texts:
        if out.is_terminal:
            out.print(text)
        else:
            out.file.write(text.plain + "\n")


def show_table(columns: Sequence[str], rows: Iterable[Sequence[Text]]) -> None:
    """A table for people; in a pipe, tabs between the columns and nothing cut."""
    out = console()
    if not out.is_terminal:
        show(*(Text("\t").join(row) for row in rows))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*row)
    out.print(table)


def show_documents(documents: Iterable[DocumentInfo]) -> None:
    columns = ("id", "source", "title", "date", "characters", "chunks")
    show_table(columns, map(_document_row, documents))


def show_json(body: object) -> None:
    """One line. An encoding that lacks a character gets JSON's own escape for it."""
    utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    sys.stdout.write(to_json(body, ascii_only=not utf8) + "\n")


def literal(text: str, style: str = "") -> Text:
    return Text(text.translate(CONTROL), style=style)


def error_text(error: YuanwenError) -> Text:
    text = Text.assemble(("error: ", "bold red"), literal(error.message))
    return text.append_text(literal(f"\n{error.hint}", "dim")) if error.hint else text


def show_warnings(warnings: Iterable[str]) -> None:
    """On stderr: they are not part of what was asked for."""
    show(*(literal(f"warning: {warning}", "yellow") for warning in warnings), stderr=True)


def answer_text(answer: Answer) -> Text:
    """The short answer, what the system adds, the quotes with their origins, and how sure it is;
    or the refusal."""
    labels = labels_for(answer.question)
    if answer.abstained:
        return _refusal(answer, labels)
    parts = _understood(answer, labels)
    if answer.short_answer:
        parts.append(literal(answer.short_answer, "bold"))
    if in_own_words(answer):
        parts.append(literal(answer.text))
    elif note := system_words(answer):
        parts.append(literal(note, "dim italic"))
    parts.extend(_quote(citation, labels) for citation in answer.citations)
    level = level_of(answer.confidence)
    sure = f"{labels.confidence[level]} ({answer.confidence:.0%})"
    parts.append(Text(sure, style=COLOURS[level]))
    return Text("\n\n").join(parts)


def _understood(answer: Answer, labels: Labels) -> list[Text]:
    text = understood(answer, labels)
    return [literal(text, "dim italic")] if text else []


def _refusal(answer: Answer, labels: Labels) -> Text:
    parts = [*_understood(answer, labels), literal(answer.text)]
    if answer.related:
        parts.append(Text(labels.nearby, style="dim"))
    parts.extend(_quote(citation, labels) for citation in answer.related)
    return Text("\n\n").join(parts)


def _quote(citation: Citation, labels: Labels) -> Text:
    text = Text(f"[{citation.n}] ", style="cyan")
    for run in runs(citation):
        text.append_text(literal(run.text, "bold yellow" if run.strong else "default"))
    title = citation.title or labels.untitled
    where = f"\n    {title} · {origin(citation, labels)}"
    return text.append_text(literal(where, "dim"))


def hits_text(hits: Sequence[Hit]) -> Text:
    """Every hit with what it is ranked by and both legs' scores."""
    if not hits:
        return Text("No hits.")
    return Text("\n\n").join(_hit(rank, hit) for rank, hit in enumerate(hits, start=1))


def _hit(rank: int, hit: Hit) -> Text:
    scores = f"score {hit.score:.3f}  lexical {hit.lexical:.3f}  dense {hit.dense:.3f}"
    place = f"{hit.source} [{hit.start}, {hit.end})"
    where = f"\n   {hit.title} · {place}\n   " if hit.title else f"\n   {place}\n   "
    return Text.assemble(
        (f"{rank}. ", "cyan"), (scores, "bold"), literal(where, "dim"), literal(hit.text)
    )


def _document_row(info: DocumentInfo) -> list[Text]:
    values = (info.id, info.source, info.title, info.date, info.characters, info.chunks)
    return [literal(str(value or "-")) for value in values]


def document_text(document: Document, chunks: Sequence[Chunk]) -> Text:
    """What is known of a document, then its text, a rule before every chunk and a bar before
    every line that is set apart."""
    fields = ("id", "source", "title", "publisher", "date", "language", "sha256")
    known = [(name, getattr(document, name)) for name in fields]
    asides = {block.start for block in document.blocks if block.kind == "aside"}
    count = f"{len(asides)} of {len(document.blocks)} lines, not searched, shown behind a {ASIDE}"
    text = Text()
    for name, value in [*known, ("set apart", count if asides else None)]:
        text.append(f"{name}: ", style="bold").append_text(literal(f"{value or '-'}\n"))
    position = 0
    for number, chunk in enumerate(chunks, start=1):
        text.append_text(_unsearched(document.text, asides, position, chunk.start))
        rule = f"\n--- chunk {number}/{len(chunks)} [{chunk.start}, {chunk.end}) {chunk.id}\n"
        text.append(rule, style="cyan").append_text(literal(chunk.text))
        position = chunk.end
    return text.append_text(_unsearched(document.text, asides, position, len(document.text)))


def _unsearched(text: str, asides: AbstractSet[int], start: int, end: int) -> Text:
    marked = (f"{ASIDE} {text[at]}" if at in asides else text[at] for at in range(start, end))
    return literal("".join(marked), "dim")


def show_outcomes(outcomes: Sequence[Outcome]) -> None:
    """What became of each file that is not as it was, and why; then how many went which way."""
    changed = [outcome for outcome in outcomes if outcome.status != "unchanged"]
    if changed:
        show_table(("", "source", ""), map(_outcome_row, changed))
    counts = Counter[str](outcome.status for outcome in outcomes)
    summary = [f"{counts[status]} {status}" for status in STATUS if counts[status]]
    show(Text(" · ".join(summary) or "no files", style="bold"))


def _outcome_row(outcome: Outcome) -> list[Text]:
    details = outcome.reason or (f"{outcome.chunks} chunks" if outcome.chunks else "")
    return [
        Text(outcome.status, style=STATUS[outcome.status]),
        literal(outcome.source),
        literal(details, "dim"),
    ]


def fault_text(fault: Fault) -> Text:
    return Text.assemble(
        (f"{fault.check:9} ", "red"),
        literal(f"{fault.subject}: {fault.message}"),
        literal(f"\n          {fault.mend}", "dim"),
    )
