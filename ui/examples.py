"""Questions to begin with, drawn from the collection itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice, zip_longest
from threading import Lock

from index.errors import YuanwenError
from index.records import Document, DocumentInfo, Filters
from rag.language import Language, language_of
from rag.pipeline import Pipeline, Question

SHOWN = 4
DOCUMENTS = 8
TRIED = 3
LONGEST_NAME = 14
SHORTEST_MATTER = 4

# Chinese asks by putting 多少 in the place of an amount: 长江全长6000公里, 长江全长多少公里？
_AMOUNT = re.compile(
    r"(?P<what>[\u3400-\u9fff]{4,14}?)[为為约約近超达達到]*"
    r"\d[\d.]*[余餘多]?(?P<unit>[\u3400-\u9fff]{1,4})"
)
# A sentence that counts: The Old Town has 120 wells.
_COUNT = re.compile(
    r"^(?P<who>(The )?[A-Z][\w-]+( [A-Z][\w-]+)+)\b[^.|\n]*?"
    r" \d[\d,]* (?P<what>([a-z-]+ ){0,2}?[a-z]+s)\b",
    re.MULTILINE,
)
_CLAUSE_ENDS = re.compile(r"[，。；：！？、,;:!?\n（）()《》“”「」]+")
_UNFIT = re.compile(r'[“”「」"?？]|^(what|who|when|where|why|how|which)\b', re.IGNORECASE)
_DATES = ("年", "月", "日", "时", "時", "点", "點")
_ABOUT: dict[Language, str] = {
    "zh-Hans": "关于“{}”，文档里怎么说？",
    "zh-Hant": "關於「{}」，文件裡怎麼說？",
    "en": "What do the documents say about “{}”?",
}


class Examples:
    """Questions that get an answer, one a document: one that is refused would be worse than none.

    What a document gives is found once, when it is first asked for. Threads may share one.
    """

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._lock = Lock()
        self._found: dict[str, str | None] = {}

    def of_collection(self) -> list[str]:
        """Of the first documents, of every language some."""
        return self.near((), Filters())

    def near(self, document_ids: Iterable[str], filters: Filters) -> list[str]:
        """Of these documents first, then of others that the filters let through. A collection
        that cannot be asked has no examples; asking it will say why."""
        try:
            there = {info.id: info for info in self._pipeline.store.admitted(filters)}
            near = [there.pop(each) for each in dict.fromkeys(document_ids) if each in there]
            first = islice((*near, *in_turn(there.values())), DOCUMENTS)
            return list(islice(filter(None, map(self._question, first)), SHOWN))
        except YuanwenError:
            return []

    def _question(self, info: DocumentInfo) -> str | None:
        with self._lock:  # one at a time: people who ask come first
            if info.sha256 not in self._found:
                document = self._pipeline.store.document(info.id)
                self._found[info.sha256] = best_question(self._pipeline, document)
            return self._found[info.sha256]


def best_question(pipeline: Pipeline, document: Document) -> str | None:
    """The one that is answered with the most confidence, of the first few."""
    answers = [pipeline.ask(Question(text)) for text in islice(questions_from(document), TRIED)]
    answered = [answer for answer in answers if not answer.abstained]
    return max(answered, key=lambda answer: answer.confidence).question if answered else None


def in_turn(documents: Iterable[DocumentInfo]) -> list[DocumentInfo]:
    """A document of every language before a second of any."""
    by_language: dict[str | None, list[DocumentInfo]] = {}
    for info in documents:
        by_language.setdefault(info.language, []).append(info)
    return [info for turn in zip_longest(*by_language.values()) for info in turn if info]


def questions_from(document: Document) -> Iterator[str]:
    """First what the document counts or measures, then what stands under its headings."""
    yield from _amounts(document)
    yield from _counts(document)
    for block in document.blocks:
        heading = document.text[block.start : block.end]
        if block.kind == "heading" and block.level > 1 and not _UNFIT.search(heading):
            yield _ABOUT[language_of(heading)].format(heading)


def _amounts(document: Document) -> Iterator[str]:
    name = _name(document)
    for clause in _CLAUSE_ENDS.split(document.text):
        found = _AMOUNT.fullmatch(clause)
        if not found or found["unit"].startswith(_DATES):
            continue
        what = found["what"].replace(name, "").removeprefix(name[-1:])
        if len(what) >= SHORTEST_MATTER:
            yield f"{name}{what}多少{found['unit']}？"


def _counts(document: Document) -> Iterator[str]:
    for found in _COUNT.finditer(document.text):
        who = found["who"].replace("The ", "the ", 1)
        yield f"How many {found['what']} are there in {who}?"


def _name(document: Document) -> str:
    """What the document is about: the longest beginning of its title that the text repeats."""
    title = document.title or ""
    lengths = range(min(len(title), LONGEST_NAME), 2, -1)
    return next((title[:n] for n in lengths if document.text.count(title[:n]) > 1), "")
