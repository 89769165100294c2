"""Ask every question of a set over a temporary index of its documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Protocol

from eval.datasets import Dataset
from eval.questions import GoldQuestion
from index.records import Encoder
from index.store import Store
from rag.answer import Answer, Found, Hit
from rag.pipeline import MAX_TOP_K, Question

SHOWN_HITS = 10

Progress = Callable[[int, int, str], None]


class Asker(Protocol):
    """What evaluation needs of a pipeline."""

    def ask(self, question: Question) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one question: an answer, or the `error` of a failure.

    `unrefused` is the answer with refusal switched off, which a refusal's confidence was about.
    `ms` is the time that the answer took.
    """

    question: GoldQuestion
    answer: Answer | None
    unrefused: Answer | None
    ms: float
    error: str = ""


class Searcher(Protocol):
    """What evaluation needs where only retrieval is looked at."""

    def search(self, question: Question) -> Found: ...


@dataclass(frozen=True, slots=True)
class Searched:
    """The hits of one question; none, and the `error`, for a failure."""

    question: GoldQuestion
    hits: tuple[Hit, ...]
    error: str = ""


@contextmanager
def temporary_index(dataset: Dataset, encoder: Encoder) -> Iterator[tuple[Store, Path]]:
    """An empty index, and where the documents to put into it lie; gone afterwards."""
    with TemporaryDirectory(prefix="yuanwen-eval-") as folder:
        documents = dataset.docs or _written(dataset.contexts, Path(folder) / "documents")
        with Store.open(Path(folder) / "index", encoder, write=True) as store:
            yield store, documents


def ask_all(
    questions: Sequence[GoldQuestion], pipeline: Asker, unrefusing: Asker, progress: Progress
) -> list[Result]:
    """One result for each question, in order; a failure is one too, and stops nothing.

    As many hits as can be had are asked for: some may fall together when they are collapsed, and
    a tie must not be cut in two.
    """
    results = []
    for done, question in enumerate(questions):
        progress(done, len(questions), question.id)
        results.append(_ask(question, pipeline, unrefusing))
    progress(len(questions), len(questions), "")
    return results


def _ask(question: GoldQuestion, pipeline: Asker, unrefusing: Asker) -> Result:
    asked = _question(question)
    started = perf_counter()
    try:
        answer = pipeline.ask(asked)
        ms = (perf_counter() - started) * 1000
        # A question without an answer has no right one, whatever would have been said.
        again = answer.abstained and question.answerable
        unrefused = unrefusing.ask(asked) if again else answer
    except Exception as error:
        return Result(question, None, None, float("nan"), _named(error))
    return Result(question, answer, unrefused, ms)


def search_all(
    questions: Sequence[GoldQuestion], pipeline: Searcher, progress: Progress
) -> list[Searched]:
    """As `ask_all`, but that nothing is answered."""
    found = []
    for done, question in enumerate(questions):
        progress(done, len(questions), question.id)
        try:
            hits = pipeline.search(_question(question)).hits
            found.append(Searched(question, hits))
        except Exception as error:
            found.append(Searched(question, (), _named(error)))
    progress(len(questions), len(questions), "")
    return found


def _question(gold: GoldQuestion) -> Question:
    return Question(gold.text, top_k=MAX_TOP_K, history=gold.history)


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _written(contexts: Mapping[str, str], folder: Path) -> Path:
    folder.mkdir()
    for source, text in contexts.items():
        (folder / source).write_text(text, "utf-8", newline="")
    return folder
