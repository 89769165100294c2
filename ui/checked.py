"""What became of the citations of saved answers: for people as a table, for programs as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from rich.text import Text

from index.view import View
from rag.verify import Reason, Status, Verdict, verify
from ui.saved import CitationBody, Part, SavedBody
from ui.terminal import literal, show, show_table

COLOURS: Mapping[Status, str] = {"ok": "green", "moved": "yellow", "stale": "red"}
REASONS: Mapping[Reason, str] = {
    "document_gone": "the document is gone",
    "quote_gone": "the quote is gone",
    "words_misplaced": "a highlight or short answer is not where it should be in the quote",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A citation of the saved answer with this number, counted from 0, and what became of it."""

    answer: int
    question: str
    part: Part
    citation: CitationBody
    verdict: Verdict


def check(store: View, answers: Sequence[SavedBody]) -> list[Checked]:
    """Every citation of the answers, those of `related` too, in order."""
    found = [(number, body, *each) for number, body in enumerate(answers) for each in body.saved()]
    verdicts = verify(store, [saved for *_, saved in found])
    return [
        Checked(number, body.question, part, citation, verdict)
        for (number, body, part, citation, _), verdict in zip(found, verdicts, strict=True)
    ]


def count(checked: Sequence[Checked]) -> dict[Status, int]:
    """How many there are of each status, of none too."""
    counted = Counter(each.verdict.status for each in checked)
    return {status: counted[status] for status in get_args(Status)}


def checked_body(checked: Sequence[Checked]) -> dict[str, Any]:
    """The JSON body of `POST /verify` and of `yuanwen verify --json`."""
    body: dict[str, Any] = {"citations": [_citation_body(each) for each in checked]}
    return body | count(checked)


def _citation_body(checked: Checked) -> dict[str, Any]:
    place = checked.verdict.place
    return {
        "answer": checked.answer,
        "part": checked.part,
        "n": checked.citation.n,
        "document_id": checked.citation.document_id,
        "status": checked.verdict.status,
        "reason": checked.verdict.reason,
        "start": place and place.start,
        "end": place and place.end,
    }


def show_checked(checked: Sequence[Checked]) -> None:
    """A row for each citation; on stderr, beside what may be piped on, how many are what."""
    show_table(("question", "n", "source", "status", "where"), map(_row, checked))
    total = ", ".join(f"{number} {status}" for status, number in count(checked).items())
    show(literal(total, "dim"), stderr=True)


def _row(checked: Checked) -> list[Text]:
    citation, verdict = checked.citation, checked.verdict
    number = f"{citation.n}" if checked.part == "citations" else f"{checked.part} {citation.n}"
    where = _place(citation.start, citation.end)
    if verdict.place and verdict.status == "moved":
        where = f"{where} → {_place(verdict.place.start, verdict.place.end)}"
    if verdict.reason:
        where = REASONS[verdict.reason]
    return [
        literal(" ".join(checked.question.split()) or "-"),  # a row of a pipe is one line
        literal(number),
        literal(citation.source or citation.document_id),
        literal(verdict.status, COLOURS[verdict.status]),
        literal(where),
    ]


def _place(start: int, end: int) -> str:
    return f"[{start}, {end})"
