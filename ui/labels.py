"""What the system itself says about an answer, in the language and script of the question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rag.answer import Answer, Citation, Hit
from rag.language import Language, language_of

Level = Literal["high", "fair", "low"]

# Confidence is a calibrated probability; a reader wants to know whether to check the source.
LEVELS: tuple[tuple[float, Level], ...] = ((0.85, "high"), (0.65, "fair"), (0.0, "low"))


@dataclass(frozen=True, slots=True)
class Labels:
    language: Language
    sources: str
    nearby: str
    searching: str
    untitled: str
    page: str
    understood: str
    source: str
    confidence: dict[Level, str]
    retrieved: str
    scores: str
    legs: str
    searched: str
    suggested: str
    gone: str
    unanswered: str
    copy: str
    right: str
    wrong: str
    retry: str


ENGLISH = Labels(
    language="en",
    sources="Sources",
    nearby="Found nearby, but not an answer",
    searching="Looking it up…",
    untitled="Untitled",
    page="page {}",
    understood="Understood as: {}",
    source="source {}: show it in its document",
    confidence={
        "high": "Very likely right",
        "fair": "Probably right: check the source",
        "low": "Uncertain: check the source",
    },
    retrieved="Also retrieved, not cited ({})",
    scores="Scores",
    legs="{} in all · words {} · meaning {}",
    searched="Documents searched: {}.",
    suggested="What can be answered:",
    gone="This answer quoted what is no longer in the documents.",
    unanswered="There is no answer to this yet.",
    copy="Copy with sources",
    right="A good answer",
    wrong="A wrong answer",
    retry="Ask again",
)
SIMPLIFIED = Labels(
    language="zh-Hans",
    sources="出处",
    nearby="附近的内容（并非答案）",
    searching="正在查找……",
    untitled="无标题",
    page="第 {} 页",
    understood="理解为：{}",
    source="出处 {}：在文件里打开",
    confidence={
        "high": "很有把握",
        "fair": "较有把握，请核对出处",
        "low": "把握不大，请核对出处",
    },
    retrieved="也检索到，但没有引用（{}）",
    scores="评分",
    legs="总分 {} · 字面 {} · 语义 {}",
    searched="已在 {} 个文件里查找。",
    suggested="可以回答的问题：",
    gone="这个回答引用的内容已不在文件里。",
    unanswered="这个问题还没有回答。",
    copy="复制（连同出处）",
    right="回答得好",
    wrong="回答错了",
    retry="再问一次",
)
TRADITIONAL = Labels(
    language="zh-Hant",
    sources="出處",
    nearby="附近的內容（並非答案）",
    searching="正在查找……",
    untitled="無標題",
    page="第 {} 頁",
    understood="理解為：{}",
    source="出處 {}：在文件裡開啟",
    confidence={
        "high": "很有把握",
        "fair": "較有把握，請核對出處",
        "low": "把握不大，請核對出處",
    },
    retrieved="也檢索到，但沒有引用（{}）",
    scores="評分",
    legs="總分 {} · 字面 {} · 語義 {}",
    searched="已在 {} 個文件裡查找。",
    suggested="可以回答的問題：",
    gone="這個回答引用的內容已不在文件裡。",
    unanswered="這個問題還沒有回答。",
    copy="複製（連同出處）",
    right="回答得好",
    wrong="回答錯了",
    retry="再問一次",
)


LABELS: dict[Language, Labels] = {
    "en": ENGLISH,
    "zh-Hans": SIMPLIFIED,
    "zh-Hant": TRADITIONAL,
}


def labels_for(question: str) -> Labels:
    return LABELS[language_of(question)]


def understood(answer: Answer, labels: Labels) -> str:
    """What a follow-up was taken to ask; "" where it was asked as it is."""
    resolved = answer.resolved_question
    return labels.understood.format(resolved) if resolved else ""


def level_of(confidence: float) -> Level:
    return next((level for least, level in LEVELS if confidence >= least), "low")


def legs(hit: Hit, labels: Labels) -> str:
    """What a passage was ranked by: the score, and those of both legs."""
    return labels.legs.format(*(f"{each:.2f}" for each in (hit.score, hit.lexical, hit.dense)))


def origin(citation: Citation, labels: Labels) -> str:
    """Where a quote stands, in one line; what the page does not state is left out."""
    page = labels.page.format(citation.page) if citation.page is not None else None
    parts = (citation.publisher, citation.date, citation.source, page)
    return " · ".join(part for part in parts if part)


def in_own_words(answer: Answer) -> bool:
    """Whether what is cited says more than the quotes do, so that it must be shown besides them."""
    quotes = {citation.quote.strip() for citation in answer.citations}
    cited = [segment.text.strip() for segment in answer.segments if segment.citations]
    return any(text not in quotes for text in cited)


def system_words(answer: Answer) -> str:
    """What the system adds in its own words: the segments that cite nothing."""
    own = (each for each in answer.segments if not each.citations and not each.unsupported)
    return " ".join(segment.text.strip() for segment in own)
