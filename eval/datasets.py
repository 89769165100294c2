"""Which questions are asked over which documents: sets by name or path, samples, withholding."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from eval.jsonl import read_questions
from eval.questions import GoldQuestion
from eval.reading_data import folds_of
from eval.scripts import in_other_script, language_tag
from eval.squad import Squad, gold_question, read_squad, source_of
from index.errors import NotFoundError, UsageError
from index.records import content_hash

ROOM = Path(__file__).parent
SETS = ROOM / "sets"
CORPUS = ROOM.parent / "corpus"

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Choices:
    """What the command line leaves open about a set; see `load_set`."""

    docs: Path | None = None
    questions: Path | None = None
    limit: int | None = None
    seed: int = 0
    withhold: float = 0.0
    other_script: bool = False
    without_history: bool = False
    fold: int | None = None


@dataclass(frozen=True, slots=True)
class Dataset:
    """Questions, and the documents beneath `docs` or, for SQuAD sets, in `contexts`.

    `contexts` maps the source of a document to its text; hits are collapsed to these documents.
    `files` are the set's own files. `counts` says what was left out, and the blemishes found.
    """

    name: str
    questions: tuple[GoldQuestion, ...]
    files: tuple[Path, ...]
    docs: Path | None = None
    contexts: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)


def load_set(name: str, choices: Choices) -> Dataset:
    """Read a set by its name under `eval/sets`, or by the path of a `.jsonl` or `.json` file.

    `choices.docs` are the documents of a `.jsonl` set; `questions` another SQuAD file, whose
    wordings replace those of the same ids; `withhold` the share of a SQuAD file's articles that
    is left out, so that the questions about them should be refused; `fold` the part of them that
    is asked about, that which `eval.train_reader --fold` does not learn from; `limit` a sample of
    the questions, whose documents all stay; `other_script` asks each Chinese question in the
    other script, under the same id; `without_history` asks follow-ups by themselves.
    Raises NotFoundError and UsageError.
    """
    if choices.limit is not None and choices.limit < 1:
        raise UsageError(f"--limit is {choices.limit}.", "It should be at least 1.")
    path = _find(name)
    dataset = _READERS[path.suffix](path, choices)
    asked = tuple(q for q in dataset.questions if q.text.strip())
    if not asked:
        raise UsageError(f"{path} has no question.", "Empty ones are left out.")
    sampled = tuple(_sample(asked, choices.limit, choices.seed, lambda question: question.id))
    if choices.without_history:
        sampled = tuple(replace(question, history=()) for question in sampled)
    counts = {"excluded_empty": len(dataset.questions) - len(asked), **dataset.counts}
    if not choices.other_script:
        return replace(dataset, questions=sampled, counts=counts)
    rewritten = tuple(map(_rewritten, sampled))
    name = f"{dataset.name} in the other script"
    return replace(dataset, name=name, questions=rewritten, counts=counts)


def _find(name: str) -> Path:
    """The file of a set. A name has no suffix; a path has one of those that can be read."""
    path = Path(name)
    if path.suffix in _READERS:
        if path.is_file():
            return path
        raise NotFoundError(f"There is no file {path}.", f"The sets by name: {_known_sets()}.")
    named = SETS / f"{name}.jsonl"
    if named.is_file() and path.name == name:
        return named
    raise NotFoundError(
        f"There is no set {name!r}: {named} was looked for.",
        f"The sets are: {_known_sets()}; or give the path of a .jsonl or a SQuAD-format .json.",
    )


def _known_sets() -> str:
    return ", ".join(sorted(path.stem for path in SETS.glob("*.jsonl"))) or "none"


def _read_jsonl(path: Path, choices: Choices) -> Dataset:
    if choices.questions or choices.withhold or choices.fold is not None:
        raise UsageError(
            f"{path.name} is no SQuAD file: --questions, --withhold and --fold need its articles.",
            "Leave them out, or name a SQuAD-format .json.",
        )
    shipped = path.resolve().parent == SETS.resolve()
    docs = choices.docs or (CORPUS if shipped else None)
    if docs is None:
        raise UsageError(
            f"Which documents are the questions of {path} asked over?",
            "Name them with --docs PATH.",
        )
    if not docs.exists():
        raise NotFoundError(f"There is no file or folder {docs}.", "Check --docs.")
    questions = tuple(read_questions(path))
    name = f"{path.stem} on {choices.docs.name}" if choices.docs else path.stem
    return Dataset(name, questions, (path,), docs=docs)


def _read_squad(path: Path, choices: Choices) -> Dataset:
    if choices.docs:
        raise UsageError(f"The documents of {path.name} are its own contexts.", "Leave --docs out.")
    squad = read_squad(path)
    questions, unpaired = _worded(squad, choices.questions)
    kept = _kept_contexts(squad, choices)
    if choices.fold is not None:
        folds = folds_of(path)
        questions = [q for q in questions if folds[q.group or ""] == choices.fold]
    asked = tuple(q if q.group in kept else _withheld(q) for q in questions)
    counts = {"wrong_offsets": squad.wrong_offsets}
    if choices.questions:
        counts["unpaired"] = unpaired
    if choices.withhold:
        counts["withheld_documents"] = len(squad.contexts) - len(kept)
    return Dataset(
        f"{choices.questions.stem} on {path.stem}" if choices.questions else path.stem,
        asked,
        (path, choices.questions) if choices.questions else (path,),
        contexts=kept,
        counts=counts,
    )


def _worded(squad: Squad, other: Path | None) -> tuple[list[GoldQuestion], int]:
    """The file's questions, in the wording of `other` where it is given; and how many ids stand
    in only one of the two. The gold answers stay those of the contexts' own file."""
    if other is None:
        return [gold_question(entry, entry.text) for entry in squad.entries], 0
    if not other.is_file():
        raise NotFoundError(f"There is no file {other}.", "Check --questions.")
    wordings = {entry.id: entry.text for entry in read_squad(other).entries}
    paired = [e for e in squad.entries if e.id in wordings]
    if not paired:
        raise UsageError(
            f"{other} has no question id in common with the set.",
            "--questions takes a translation of the same file, with the same ids.",
        )
    unpaired = len(squad.entries) + len(wordings) - 2 * len(paired)
    return [gold_question(entry, wordings[entry.id]) for entry in paired], unpaired


def _kept_contexts(squad: Squad, choices: Choices) -> dict[str, str]:
    """Sources and texts, but for the articles withheld. What stands in two articles goes only
    with both of them: a question is unanswerable only when no document answers it."""
    if not 0 <= choices.withhold < 1:
        raise UsageError(
            f"--withhold is {choices.withhold}; it should be at least 0 and below 1.",
            "0.5 leaves half of the articles out.",
        )
    titles = sorted(set().union(*squad.articles))
    share = round(choices.withhold * len(titles))
    gone = set(_sample(titles, share, choices.seed, lambda title: title))
    return {
        source_of(number): text
        for number, text in enumerate(squad.contexts)
        if not squad.articles[number] <= gone
    }


def _withheld(question: GoldQuestion) -> GoldQuestion:
    return replace(question, gold=(), sources=(), evidence=(), type="withheld")


def _rewritten(question: GoldQuestion) -> GoldQuestion:
    language = language_tag(question.text, question.language)
    text, language = in_other_script(question.text, language)
    return replace(question, text=text, language=language)


def _sample(
    items: Sequence[Item], size: int | None, seed: int, key: Callable[[Item], str]
) -> list[Item]:
    """`size` of the items in their order. Those with the smallest hashes are taken: the same on
    every machine, and a smaller sample is part of a larger one."""
    if size is None:
        return list(items)
    ranked = sorted(items, key=lambda item: content_hash(str(seed), key(item)))
    chosen = {key(item) for item in ranked[:size]}
    return [item for item in items if key(item) in chosen]


_READERS: dict[str, Callable[[Path, Choices], Dataset]] = {
    ".jsonl": _read_jsonl,
    ".json": _read_squad,
}
