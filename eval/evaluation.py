"""One set, evaluated: the questions asked, the answers scored, the scores summed up. Or searched
only, which is quick, where retrieval is all that is in question."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from eval.datasets import Choices, Dataset
from eval.relevance import Judge
from eval.run import Progress, Result, Searched, ask_all, search_all, temporary_index
from eval.scores import Score, score, score_ranking
from eval.summary import Estimates, Summary, summarise, summarise_ranking
from index.records import DocumentInfo, Encoder, Outcome
from index.store import Store
from rag.pipeline import Pipeline
from rag.settings import Settings

# Opens a progress bar with a title.
ProgressBar = Callable[[str], AbstractContextManager[Progress]]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything that a report tells. `results` and `scores` are in the order of the questions.

    `skipped` are the files that could not become documents.
    """

    dataset: Dataset
    choices: Choices
    settings: Settings
    encoder: str
    documents: Sequence[DocumentInfo]
    skipped: Sequence[Outcome]
    results: Sequence[Result]
    scores: Sequence[Score]
    summary: Summary

    @property
    def failures(self) -> list[Result]:
        return [result for result in self.results if result.error]

    @property
    def counts(self) -> dict[str, int]:
        answerable = [s for s in self.scores if s.values["answerable"]]
        return {
            "questions": len(self.scores),
            "answerable": len(answerable),
            "unanswerable": len(self.scores) - len(answerable),
            "failed": len(self.failures),
            "without_relevant_chunk": sum(not s.values["relevant_units"] for s in answerable),
            "documents": len(self.documents),
            "chunks": sum(document.chunks for document in self.documents),
            "skipped_documents": len(self.skipped),
            **self.dataset.counts,
        }


@contextmanager
def indexed(
    dataset: Dataset, encoder: Encoder, progress: ProgressBar
) -> Iterator[tuple[Store, Sequence[Outcome]]]:
    """A temporary index of a set's documents, and what became of each; gone afterwards."""
    with temporary_index(dataset, encoder) as (store, documents):
        with progress(f"index {dataset.name}") as report:
            outcomes = store.add([documents], progress=report)
        yield store, outcomes


def run_set(
    dataset: Dataset, choices: Choices, settings: Settings, encoder: Encoder, progress: ProgressBar
) -> Evaluation:
    """Index the documents of a set, ask its questions, score the answers."""
    with indexed(dataset, encoder, progress) as (store, outcomes):
        judge = Judge(store, by_context=bool(dataset.contexts))
        unrefusing = Pipeline(store, settings.model_copy(update={"threshold": 0.0}))
        pipeline = Pipeline(store, settings)
        with progress(f"ask {dataset.name}") as report:
            # Some parts are loaded when they are first needed: no question's time should have that.
            ask_all(dataset.questions[:1], pipeline, unrefusing, report)
            results = ask_all(dataset.questions, pipeline, unrefusing, report)
        scores = [score(result, judge) for result in results]
        infos = store.documents()
    return Evaluation(
        dataset=dataset,
        choices=choices,
        settings=settings,
        encoder=encoder.fingerprint,
        documents=infos,
        skipped=[outcome for outcome in outcomes if outcome.status == "skipped"],
        results=results,
        scores=scores,
        summary=summarise(scores, choices.seed),
    )


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What one configuration found for the questions of a set, in their order."""

    found: Sequence[Searched]
    skipped: Sequence[Outcome]
    scores: Sequence[Score]
    metrics: Estimates

    @property
    def problems(self) -> list[str]:
        """A line for each failure and each file that could not become a document."""
        return [
            *(f"failed: {each.question.id}: {each.error}" for each in self.found if each.error),
            *(f"skipped: {outcome.source}: {outcome.reason}" for outcome in self.skipped),
        ]


def search_set(
    dataset: Dataset,
    choices: Choices,
    configurations: Mapping[str, Settings],
    encoder: Encoder,
    progress: ProgressBar,
) -> dict[str, Retrieval]:
    """Index the documents of a set once, and search them in each configuration."""
    retrievals = {}
    with indexed(dataset, encoder, progress) as (store, outcomes):
        skipped = [outcome for outcome in outcomes if outcome.status == "skipped"]
        judge = Judge(store, by_context=bool(dataset.contexts))
        for name, settings in configurations.items():
            pipeline = Pipeline(store, settings)
            with progress(f"search {dataset.name}: {name}") as report:
                found = search_all(dataset.questions, pipeline, report)
            scores = [score_ranking(each, judge) for each in found]
            metrics = summarise_ranking(scores, choices.seed)
            retrievals[name] = Retrieval(found, skipped, scores, metrics)
    return retrievals
