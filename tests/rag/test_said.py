"""What a small model really said (SmolLM2-135M, dev half of the corpus, by `eval.bench_llm`):
whatever of it the gate lets out, an independent look finds its figures and names in the citation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from unicodedata import normalize

import pytest

from index.fold import simplify
from index.store import Store
from rag.draft import Quote
from rag.gate import Judged, Means, judge

SAID = [
    json.loads(line)
    for line in (Path(__file__).parent / "said.jsonl").read_text("utf-8").split("\n")[:-1]
]


@pytest.fixture
def means(store: Store) -> Means:
    """Meaning and the reader let everything out: the rules are on trial alone."""
    return Means(store.tokenizer, store.concepts, lambda *_: 1.0, lambda *_: "")


def judged(said: str, row: dict[str, object], means: Means) -> Iterator[tuple[Judged, str]]:
    """Each sentence with the text that it cites."""
    texts = list(map(str, row["quotes"]))  # type: ignore[call-overload]
    quotes = [Quote("d", 0, len(text), text) for text in texts]
    for each in judge([said], quotes, str(row["question"]), means):
        yield each, plain("\n".join(texts[n - 1] for n in each.markers if 0 < n <= len(texts)))


def plain(text: str) -> str:
    return simplify(normalize("NFKC", text)).casefold().replace(",", "")


def figures(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)?", text))


def names(sentence: str) -> set[str]:
    """Words written large, but for the first, and what is called a zone, a county or a city."""
    large = re.findall(r"(?<=\s)[A-Z]\w+", sentence)
    return {plain(name) for name in large + re.findall(r"[\u4e00-\u9fff]{2}[区區县縣市]", sentence)}


def test_no_figure_and_no_name_leaves_that_the_citation_lacks(means: Means) -> None:
    kept = [
        (each.text, cited)
        for row in SAID
        for each, cited in judged(row["said"], row, means)
        if not each.fault
    ]
    assert len(kept) >= 5
    for text, cited in kept:
        assert figures(plain(text)) <= figures(cited), text
        assert all(name in cited for name in names(text)), text


def test_nor_with_any_of_its_digits_changed(means: Means) -> None:
    """Every figure of what leaves, one digit at a time."""
    changed = 0
    for row in SAID:
        for each, cited in judged(row["said"], row, means):
            for digit in re.finditer(r"\d", "" if each.fault else each.text):
                other = str((int(digit[0]) + 1) % 10)
                text = each.text[: digit.start()] + other + each.text[digit.end() :]
                if figures(plain(text)) <= figures(cited):
                    continue
                changed += 1
                marked = re.sub(r"(?=[。.]$)", f"[{each.markers[0]}]", text)
                assert all(again.fault for again, _ in judged(marked, row, means)), text
    assert changed >= 10
