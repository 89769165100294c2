"""Sets of questions with one JSON object a line, asked over documents that lie elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from eval.questions import GoldQuestion, several
from index.errors import UsageError
from rag.followup import Turn


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_name, value))


def _is_text_or_texts(value: Any) -> bool:
    return _is_name(value) or _are_texts(value)


def _are_lists_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(_are_texts(part) and part for part in value)


def _are_turns(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(turn, dict)
        and turn.keys() == {"question", "answer"}
        and all(map(_is_text, turn.values()))
        for turn in value
    )


def _is_null(value: Any) -> bool:
    return value is None


_Check = tuple[Callable[[Any], bool], str]
_REQUIRED: Mapping[str, _Check] = {
    "id": (_is_name, "a text"),
    "question": (_is_text, "a text"),
    "answers": (_are_texts, "a list of texts, empty where the right answer is a refusal"),
}
_OPTIONAL: Mapping[str, _Check] = {
    "answers_all": (_are_lists_of_texts, "a list of lists of texts, none of them empty"),
    "source": (_is_text_or_texts, "a text or a list of texts"),
    "evidence": (_is_text_or_texts, "a text or a list of texts"),
    "evidence_page": (_is_text, "a text"),
    "evidence_page_all": (_are_texts, "a list of texts"),
    "type": (_is_name, "a text"),
    "lang": (_is_name, "a text"),
    "split": (_is_name, "a text"),
    "dialogue": (_is_name, "a text"),
    "history": (_are_turns, 'a list of {"question": "…", "answer": "…"}'),
    "resolved": (_is_null, "null, where the question must be left as it is"),
}


def read_questions(path: Path) -> list[GoldQuestion]:
    """Every question of the file, the empty ones too.

    `evidence` quotes the documents that the set was made for, `evidence_page` the pages that they
    were written from: whichever documents are searched, what stands there counts. `history` is
    what was asked and answered before, `dialogue` groups the turns of one.
    Raises UsageError that names the file, the line and what is wrong there.
    """
    first_seen: dict[str, int] = {}
    questions: list[GoldQuestion] = []
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8: {error.reason} at byte {error.start}.") from error
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        row = _checked(line, f"{path}, line {number}")
        if (earlier := first_seen.setdefault(row["id"], number)) != number:
            _fail(
                f"{path}, line {number}", f"the id {row['id']!r} stands in line {earlier} already"
            )
        questions.append(_question(row))
    return questions


def _checked(line: str, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        _fail(where, f"not valid JSON: {error.msg} at column {error.colno}")
    if not isinstance(row, dict):
        _fail(where, f"{type(row).__name__} found where an object was expected")
    for name, (fits, expected) in {**_REQUIRED, **_OPTIONAL}.items():
        if name not in row:
            if name in _REQUIRED:
                _fail(where, f"'{name}' is missing; it should be {expected}")
        elif not fits(row[name]):
            _fail(where, f"'{name}' is {row[name]!r}; it should be {expected}")
    if row.get("answers_all") and not row["answers"]:
        _fail(where, "'answers_all' is given, but 'answers' is empty")
    return row


def _question(row: Mapping[str, Any]) -> GoldQuestion:
    answers = row["answers"]
    gold = row.get("answers_all") or ([answers] if answers else [])
    page = several(row.get("evidence_page_all") or row.get("evidence_page") or None)
    return GoldQuestion(
        id=row["id"],
        text=row["question"],
        gold=tuple(map(tuple, gold)),
        sources=several(row.get("source")),
        evidence=several(row.get("evidence")) + page,
        type=row.get("type", "question"),
        language=row.get("lang"),
        split=row.get("split"),
        group=row.get("dialogue"),
        history=tuple(Turn(**turn) for turn in row.get("history", [])),
        follows=bool(row.get("history")),
        stands_alone="resolved" in row,
    )


def _fail(where: str, what: str) -> NoReturn:
    fields = ", ".join([*_REQUIRED, *(f"{name}?" for name in _OPTIONAL)])
    raise UsageError(f"{where}: {what}.", f"A question is one object a line: {fields}.")
