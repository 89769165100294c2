"""How a language model fares before the gate, and how fast: `python -m eval.bench_llm`.

Asks the answerable questions of the development half of the corpus's set of whatever model the
settings name (YUANWEN_LLM__MODEL_PATH, YUANWEN_LLM__BASE_URL). Every line is one question, in JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from eval.command import remembering_encoder
from eval.datasets import CORPUS, Choices, load_set
from eval.questions import GoldQuestion
from eval.scripts import language_tag
from index.errors import ModelError
from index.store import Store
from rag.draft import Draft
from rag.gate import judge
from rag.generate import make_generator
from rag.llm import endpoint_of, means_of, prompt, served
from rag.retrieve import retrieve
from rag.settings import Settings, load_settings

Row = Mapping[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=int, help="ask a sample of this size")
    parser.add_argument("--language", help="ask only in this one: en, zh-Hans or zh-Hant")
    given = parser.parse_args()
    settings = load_settings()
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
    print(json.dumps(totals(rows)))


def _step(questions: Sequence[GoldQuestion], limit: int | None) -> int:
    """Every how manieth question is asked, so that all kinds are among them."""
    return max(1, len(questions) // limit) if limit else 1


def _rows(store: Store, settings: Settings, questions: Sequence[GoldQuestion]) -> Iterator[Row]:
    extractive = make_generator("extractive", store, settings)
    for question in questions:
        found = retrieve(store, question.text, settings.retriever)
        draft = extractive.generate(question.text, found)
        if draft.quotes and not draft.unsupported and draft.confidence >= settings.threshold:
            yield {"id": question.id, **_asked(store, settings, question.text, draft)}


def _asked(store: Store, settings: Settings, question: str, draft: Draft) -> Row:
    """One question put to the model; `faults` has "" for each sentence that passes."""
    quotes = [quote.text for quote in draft.quotes]
    endpoint = endpoint_of(settings.llm)
    pieces: list[str] = []
    started = perf_counter()
    first = None
    error = ""
    try:
        for piece in endpoint.stream(prompt(question, quotes)):
            first = first or perf_counter() - started
            pieces.append(piece)
    except ModelError as failed:
        error = failed.message
    judged = [] if error else list(judge(pieces, quotes, question, means_of(store)))
    return {
        "question": question,
        "said": "".join(pieces),
        "kept": [sentence.text for sentence in judged if not sentence.fault],
        "faults": [sentence.fault for sentence in judged],
        "error": error,
        "first_s": first and round(first, 2),
        "whole_s": round(perf_counter() - started, 2),
        "child_mib": _memory(settings),
    }


def totals(rows: Sequence[Row]) -> Row:
    """Shares of sentences that pass, and of questions where the quotes had to stand in."""
    faults = [fault for row in rows for fault in row["faults"]]
    stood_in = sum(not row["kept"] for row in rows)
    return {
        "questions": len(rows),
        "sentences": len(faults),
        "passed": faults.count(""),
        "stood_in": stood_in,
        "failed": sum(bool(row["error"]) for row in rows),
        "faults": {fault: faults.count(fault) for fault in sorted(set(faults) - {""})},
    }


def _memory(settings: Settings) -> int | None:
    """Of the child, resident, where there is one and the system tells."""
    path = settings.llm.model_path
    statm = Path(f"/proc/{served(path).pid}/statm") if path else None
    if statm is None or not statm.exists():
        return None
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 2**20


if __name__ == "__main__":
    main()
