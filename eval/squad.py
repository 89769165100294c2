"""SQuAD-format files: the contexts are the documents, each question belongs to one of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from eval.questions import GoldQuestion
from index.errors import UsageError
from index.records import Span


@dataclass(frozen=True, slots=True)
class Entry:
    """One question as the file has it; its context is `contexts[context]` of the file.

    `places` are where the answers stand in the context, each once, in the file's order; an answer
    that does not stand where the file says has none.
    """

    id: str
    text: str
    answers: tuple[str, ...]
    context: int
    places: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Squad:
    """A file, read. Equal contexts are one; `articles` has the titles of each context's articles.

    `wrong_offsets` counts the answers that do not stand where `answer_start` says.
    """

    contexts: tuple[str, ...]
    articles: tuple[frozenset[str], ...]
    entries: tuple[Entry, ...]
    wrong_offsets: int


def source_of(context: int) -> str:
    """The source of a context's document: a number, since a title would give the answer away."""
    return f"{context:05d}.txt"


def gold_question(entry: Entry, text: str) -> GoldQuestion:
    """`text` may be another file's wording of the same question."""
    source = source_of(entry.context)
    gold = (entry.answers,) if entry.answers else ()
    return GoldQuestion(entry.id, text, gold, sources=(source,), group=source)


def read_squad(path: Path) -> Squad:
    """Read SQuAD 1.1, SQuAD 2.0 (`is_impossible`), CMRC 2018, DRCD or XQuAD.

    Raises UsageError that names the place in the file and what is wrong there.
    """
    numbers: dict[str, int] = {}
    articles: list[set[str]] = []
    entries: dict[str, Entry] = {}
    wrong_offsets = 0
    for article in _parse(path).children("data"):
        title = str(article.fields.get("title") or article.where)
        for paragraph in article.children("paragraphs"):
            context = paragraph.text("context")
            number = numbers.setdefault(context, len(numbers))
            if number == len(articles):
                articles.append(set())
            articles[number].add(title)
            for node in paragraph.children("qas"):
                entry, misplaced = _entry(node, context, number)
                if entry.id in entries:
                    node.fail(f"the id {entry.id!r} stands in the file already")
                entries[entry.id] = entry
                wrong_offsets += misplaced
    return Squad(
        tuple(numbers), tuple(map(frozenset, articles)), tuple(entries.values()), wrong_offsets
    )


def share_ids(one: Path, other: Path) -> bool:
    """Whether two files have a question id in common, as translations do."""
    return bool({e.id for e in read_squad(one).entries} & {e.id for e in read_squad(other).entries})


@dataclass(frozen=True, slots=True)
class _Node:
    """An object of the file and where it stands there, for messages."""

    path: Path
    where: str
    fields: Mapping[str, Any]

    def field(self, name: str) -> Any:
        if name not in self.fields:
            self.fail(f"'{name}' is missing")
        return self.fields[name]

    def text(self, name: str) -> str:
        value = self.field(name)
        if not isinstance(value, str):
            self.fail(f"'{name}' is {value!r}; it should be a text")
        return value

    def children(self, name: str) -> list[_Node]:
        value = self.field(name)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.fail(f"'{name}' should be a list of objects")
        prefix = f"{self.where}.{name}".lstrip(".")
        return [_Node(self.path, f"{prefix}[{i}]", item) for i, item in enumerate(value)]

    def fail(self, what: str) -> NoReturn:
        raise UsageError(
            f"{self.path}: at {self.where or 'the top'}, {what}.",
            "SQuAD's layout is data[].paragraphs[].context and .qas[].{id, question, answers[]}.",
        )


def _parse(path: Path) -> _Node:
    try:
        content = json.loads(path.read_text("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8: {error.reason} at byte {error.start}.") from error
    except json.JSONDecodeError as error:
        raise UsageError(
            f"{path} is not valid JSON: {error.msg} in line {error.lineno}.",
            "A set with one object a line should be named .jsonl.",
        ) from error
    top = _Node(path, "", content if isinstance(content, dict) else {})
    return top if top.fields else top.fail("an object was expected")


def _entry(node: _Node, context: str, number: int) -> tuple[Entry, int]:
    """The question, and how many of its answers do not stand where the file says."""
    answers = [] if node.fields.get("is_impossible") else node.children("answers")
    wrong_offsets = 0
    places: list[Span] = []
    for answer in answers:
        start, text = answer.fields.get("answer_start"), answer.text("text")
        if isinstance(start, int) and start >= 0 and context.startswith(text, start):
            places.append(Span(start, start + len(text)))
        else:
            wrong_offsets += 1
    # Annotators often agree: each wording once, in the file's order.
    wordings = tuple(dict.fromkeys(a.text("text") for a in answers if a.text("text").strip()))
    if answers and not wordings:
        node.fail("all answers are blank")
    entry = Entry(
        str(node.field("id")),
        node.text("question"),
        wordings,
        number,
        tuple(place for place in dict.fromkeys(places) if place.start < place.end),
    )
    return entry, wrong_offsets
