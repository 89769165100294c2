"""From a result to numbers: what one question scored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval import metrics
from eval.normalise import holds
from eval.questions import GoldQuestion
from eval.relevance import Judge, Target
from eval.run import Result, Searched
from eval.scripts import language_tag, script_of
from rag.answer import Answer, Hit

DEPTH = 10


@dataclass(frozen=True, slots=True)
class Score:
    """One question's numbers by name; NaN, or none at all, where one is not about the question.

    `group` is shared by the questions about one paragraph, `slices` say where the question belongs:
    its type, language, script and half, and the language of the documents that answer it.
    """

    id: str
    group: str
    slices: Mapping[str, str]
    values: Mapping[str, float]


def score(result: Result, judge: Judge) -> Score:
    """Everything that is measured of one question. A failure takes the worst of each."""
    question, answer = result.question, result.answer
    target = judge.target(question)
    values = {"answerable": float(question.answerable), "ms": result.ms}
    if question.answerable:
        values |= _ranking(answer.hits if answer else (), target, judge)
        values |= _wording(result, target)
    values |= _refusal(result) | _confidence(result)
    if question.follows:
        values |= _dialogue(result, values)
    values["citations_dropped"] = float(answer.dropped) if answer else 0.0
    return _placed(question, target, values)


def score_ranking(found: Searched, judge: Judge) -> Score:
    """What is measured of retrieval alone: nothing, where there is nothing to find."""
    question, target = found.question, judge.target(found.question)
    values = _ranking(found.hits, target, judge) if question.answerable else {}
    return _placed(question, target, values)


def _placed(question: GoldQuestion, target: Target, values: Mapping[str, float]) -> Score:
    """The numbers with where the question belongs."""
    slices = {
        "type": question.type,
        "language": language_tag(question.text, question.language),
        "script": script_of(question.text),
        "documents": "+".join(target.languages) or ("none" if question.answerable else None),
        "split": question.split,
    }
    return Score(
        id=question.id,
        group=question.group or min(target.units, default=question.id),
        slices={name: value for name, value in slices.items() if value},
        values=values,
    )


def _ranking(hits: Sequence[Hit], target: Target, judge: Judge) -> dict[str, float]:
    units = [(judge.unit(hit), hit.score) for hit in hits]
    flags = metrics.relevance(units, target.units)
    recalls = {f"recall@{k}": metrics.recall_at(k, flags) for k in range(1, DEPTH + 1)}
    return recalls | {
        "relevant_units": float(len(target.units)),
        "mrr@10": metrics.reciprocal_rank(flags, DEPTH),
        "ndcg@10": metrics.ndcg(flags, len(target.units), DEPTH),
    }


def _wording(result: Result, target: Target) -> dict[str, float]:
    """How far the quotes and the short answers say what the gold says; no answer says nothing."""
    gold, answer = result.question.gold, result.answer
    citations = answer.citations if answer else ()
    quotes = [citation.quote for citation in citations]
    predictions = _predictions(answer, facts=len(gold)) if answer else []
    wording = {
        "holds_gold": float(holds(quotes, gold)),
        "citation_recall": metrics.citation_recall(
            [(c.document_id, c.start, c.end) for c in citations], target.gold
        ),
        "exact_match": metrics.exact_match(predictions, gold),
        "f1": metrics.f1(predictions, gold),
    }
    if quotes or answer is None:  # a refusal has none to judge
        wording["citation_precision"] = metrics.citation_precision(quotes, gold)
    if quotes:
        wording["quote_length"] = float(sum(map(len, quotes)))
    # A Chinese set has golds that are bare numbers; its questions tell that they belong to it.
    if metrics.has_han("".join([result.question.text, *(w for fact in gold for w in fact)])):
        wording["char_f1"] = wording["f1"]
    return wording


def _predictions(answer: Answer, facts: int) -> list[str]:
    """The spans that answer, joined for a single fact; all that is quoted where none is shorter.
    The system's own words predict nothing."""
    if answer.abstained:
        return []
    if not answer.short_answers:
        return ["".join(segment.text for segment in answer.segments if segment.citations)]
    return [answer.short_answer or ""] if facts == 1 else [s.text for s in answer.short_answers]


def _refusal(result: Result) -> dict[str, float]:
    """Small talk counts in no rate; a failure is an error in either."""
    answer, answerable = result.answer, result.question.answerable
    if answer and answer.reason == "small_talk":
        return {}
    refused = answer.abstained if answer else answerable
    return {"refused_answerable" if answerable else "refused_unanswerable": float(refused)}


def _dialogue(result: Result, values: Mapping[str, float]) -> dict[str, float]:
    """Of a follow-up whether it was answered right, which may be by a refusal; of a question that
    stands alone whether it was left as it is."""
    answer = result.answer
    if result.question.stands_alone:
        return {"alone_unchanged": float(answer is not None and answer.resolved_question is None)}
    # To be taken for small talk is no refusal.
    right = "holds_gold" if result.question.answerable else "refused_unanswerable"
    return {"followup_right": values.get(right, 0.0)}


def _confidence(result: Result) -> dict[str, float]:
    """The confidence, and whether the answer that it was about held the gold.

    `answerability` is the confidence as what tells questions with an answer from those without:
    of a failure, what is worst for that.
    """
    if result.answer is None:
        answerability = float(not result.question.answerable)
        return {"confidence": 1.0, "right": 0.0, "answerability": answerability}
    if result.answer.reason == "small_talk":
        return {}
    quotes = [citation.quote for citation in result.unrefused.citations] if result.unrefused else []
    return {
        "confidence": result.answer.confidence,
        "answerability": result.answer.confidence,
        "right": float(holds(quotes, result.question.gold)),
    }
