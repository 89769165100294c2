"""Large collections to measure with: benchmark texts over and over, names and numbers changed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from random import Random

from eval.datasets import CORPUS, ROOM, Choices, load_set
from eval.squad import read_squad
from index.fold import count_han
from index.load import find_files, load_document, read_file

BENCHMARKS = ROOM.parents[1] / "shared" / "benchmarks"
# The last one is English.
_FILES = ("cmrc2018_trial", "DRCD_dev", "DRCD_test.first-half", "xquad.zh.dev", "xquad.en.dev")

_CHANGEABLE = re.compile(r"(?P<digit>[0-9])|(?P<han>[\u4e00-\u9fff]{2})|(?P<name>\b[A-Z][a-z]+)")
_SHARE = 0.1
_PARAGRAPHS = 10

Pools = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Source:
    """What is multiplied; `name` says where it is from. Questions by the language they are in."""

    name: str
    paragraphs: tuple[str, ...]
    chinese: tuple[str, ...]
    english: tuple[str, ...]


def load_source() -> Source:
    """The public question sets where they lie beside the project, the shipped corpus elsewhere."""
    return _public() if BENCHMARKS.is_dir() else _shipped()


def _public() -> Source:
    squads = [read_squad(BENCHMARKS / f"{name}.json") for name in _FILES]
    asked = [[entry.text for entry in squad.entries if entry.text.strip()] for squad in squads]
    return Source(
        "the public question sets",
        tuple(" ".join(text.split()) for squad in squads for text in squad.contexts),
        chinese=tuple(chain.from_iterable(asked[:-1])),
        english=tuple(asked[-1]),
    )


def _shipped() -> Source:
    read = (load_document(read_file(path), source) for path, source in find_files([CORPUS]))
    asked = [question.text for question in load_set("corpus", Choices()).questions]
    return Source(
        "corpus/",
        tuple(line for document in read if document for line in document.text.split("\n") if line),
        chinese=tuple(text for text in asked if count_han(text)),
        english=tuple(text for text in asked if not count_han(text)),
    )


def documents(source: Source, seed: int) -> Iterator[str]:
    """Endless documents of ten paragraphs, no two alike; the same ones for the same seed."""
    pools = _pools(source.paragraphs)
    for number in count():
        random = Random(f"{seed}-{number}")  # noqa: S311 - nothing secret
        begin = number * _PARAGRAPHS % len(source.paragraphs)
        chosen = source.paragraphs[begin : begin + _PARAGRAPHS]
        yield "\n\n".join(_changed(text, pools, random) for text in chosen)


def _pools(texts: Iterable[str]) -> Pools:
    """What can be changed, by its kind, each once."""
    found: dict[str, set[str]] = defaultdict(set)
    for text in texts:
        for match in _CHANGEABLE.finditer(text):
            found[str(match.lastgroup)].add(match[0])
    return {kind: sorted(names) for kind, names in found.items()}


def _changed(text: str, pools: Pools, random: Random) -> str:
    """Digits become others, and so do a tenth of the names and of the pairs of Han characters."""

    def other(match: re.Match[str]) -> str:
        kind = str(match.lastgroup)
        changes = kind == "digit" or random.random() < _SHARE
        return random.choice(pools[kind]) if changes else match[0]

    return _CHANGEABLE.sub(other, text)
