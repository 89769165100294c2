"""What the reader learns from: questions over paragraphs, with the places of their answers.

Files whose question ids coincide are translations of each other, one *family*: their questions and
paragraphs pair up across languages. Every other file is a family of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.squad import Squad, read_squad, source_of
from index.errors import NotFoundError
from index.fold import fold_text
from index.records import Span, content_hash

FOLDS = 3

# A file that is one of several translations has its language between two dots of its name.
_LANGUAGE = re.compile(r"\.([a-z]{2})\.")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Context `number` of the file `set`; `title` is its article's, "" where it has none."""

    set: str
    number: int
    text: str
    title: str
    fold: int


@dataclass(frozen=True, slots=True)
class Example:
    """A question and the paragraph that answers it, at `places` of its text.

    `id` is the same in all languages of a family; `language` is the question's, "" where the file
    does not say. `answers` are the accepted wordings, in the paragraph's language.
    """

    id: str
    family: str
    language: str
    question: str
    paragraph: Paragraph
    places: tuple[Span, ...]
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadingSet:
    """One file; `counts` says what was left out of the examples."""

    name: str
    path: Path
    family: str
    language: str
    paragraphs: tuple[Paragraph, ...]
    examples: tuple[Example, ...]
    counts: dict[str, int]


def read_sets(paths: Sequence[Path]) -> list[ReadingSet]:
    """The sets in the order of their names, every paragraph with its fold.

    Raises NotFoundError where there is no file, UsageError for one that is no SQuAD file.
    """
    if not paths:
        raise NotFoundError(
            "There is no question set to learn from.",
            "Name a folder with SQuAD-format .json files with --data.",
        )
    squads = {path: read_squad(path) for path in sorted(paths, key=lambda path: path.name)}
    families = _families(squads)
    folds = _folds(squads, families)
    return [_reading_set(path, squad, families[path], folds) for path, squad in squads.items()]


def folds_of(path: Path) -> dict[str, int]:
    """The fold of each context of a SQuAD file, by its source, as the files beside it decide."""
    sets = read_sets(sorted(path.parent.glob("*.json")))
    [own] = (one for one in sets if one.path.name == path.name)
    return {source_of(paragraph.number): paragraph.fold for paragraph in own.paragraphs}


def cross(question: Example, paragraph: Example) -> Example:
    """The question in one language over the paragraph of another, with that one's answers."""
    return Example(
        paragraph.id,
        paragraph.family,
        question.language,
        question.question,
        paragraph.paragraph,
        paragraph.places,
        paragraph.answers,
    )


def _families(squads: dict[Path, Squad]) -> dict[Path, str]:
    """The family of each file: the name of the first file with which it shares question ids."""
    first: dict[str, str] = {}
    families = {}
    for path, squad in squads.items():
        known = [first[entry.id] for entry in squad.entries if entry.id in first]
        families[path] = known[0] if known else path.stem
        for entry in squad.entries:
            first.setdefault(entry.id, families[path])
    return families


def _folds(squads: dict[Path, Squad], families: dict[Path, str]) -> dict[str, int]:
    """The fold of each article, by its name. What two files tell of under one name, in either
    script, is one article; so are articles that have a paragraph in common."""
    joined: dict[str, str] = {}

    def root(name: str) -> str:
        while joined.setdefault(name, name) != name:
            name = joined[name]
        return name

    of_family: dict[str, dict[str, None]] = {}
    for path, squad in squads.items():
        for titles in squad.articles:
            names = sorted(article_name(path, title) for title in titles)
            for name in names:
                joined[root(name)] = root(names[0])
                of_family.setdefault(families[path], {})[name] = None
    folds: dict[str, int] = {}
    for family, members in of_family.items():
        new = sorted({root(name) for name in members} - set(folds), key=_hashed)
        # Dealt out in turn, so that each fold has its share of every family, however small.
        offset = int(_hashed(family), 16) % FOLDS
        folds |= {name: (place + offset) % FOLDS for place, name in enumerate(new)}
    return {name: folds[root(name)] for name in list(joined)}


def _hashed(name: str) -> str:
    return content_hash("fold", name)


def article_name(path: Path, title: str) -> str:
    """One name for an article wherever it stands; one without a title is its file's alone."""
    return f"{path.name}:{title}" if _has_no_title(title) else fold_text(title).strip()


def _has_no_title(title: str) -> bool:
    # `read_squad` names an article without a title by its place in the file.
    return title.startswith("data[")


def _reading_set(path: Path, squad: Squad, family: str, folds: dict[str, int]) -> ReadingSet:
    name = path.stem
    found = _LANGUAGE.search(path.name)
    language = found[1] if found else ""
    paragraphs = tuple(
        Paragraph(name, number, text, _title(titles), folds[article_name(path, min(titles))])
        for number, (text, titles) in enumerate(zip(squad.contexts, squad.articles, strict=True))
    )
    counts = {"empty_questions": 0, "unanswerable": 0, "without_place": 0}
    examples = []
    for entry in squad.entries:
        paragraph = paragraphs[entry.context]
        places = entry.places or tuple(_only_places(paragraph.text, entry.answers))
        if not entry.text.strip():
            counts["empty_questions"] += 1
        elif not entry.answers:
            counts["unanswerable"] += 1
        elif not places:
            counts["without_place"] += 1
        else:
            examples.append(
                Example(entry.id, family, language, entry.text, paragraph, places, entry.answers)
            )
    return ReadingSet(name, path, family, language, paragraphs, tuple(examples), counts)


def _title(titles: Iterable[str]) -> str:
    title = min(titles)
    return "" if _has_no_title(title) else title.replace("_", " ")


def _only_places(text: str, answers: Sequence[str]) -> Iterator[Span]:
    """Where an answer with a wrong offset stands, if it stands in the text exactly once."""
    for answer in answers:
        if text.count(answer) == 1:
            start = text.index(answer)
            yield Span(start, start + len(answer))
