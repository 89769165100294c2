from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.draft import Passage
from rag.evidence import sentences
from rag.findings import Finding, findings, log_odds, reranked
from rag.reader.reading import Reading
from tests.rag.makers import make_candidate, make_inquiry, make_match, make_passage

SILENT = Reading(0.0, ())


def found_in(
    read: Sequence[Passage], readings: Sequence[Reading], question: str = "什么？"
) -> list[Finding]:
    inquiry = make_inquiry(question, [], [])
    seen = [sentences(inquiry.asked, passage.match, []) for passage in read]
    return findings(inquiry, read, readings, seen)


def passages(*scores: float) -> list[Passage]:
    """Passages of a document each, with these scores, in order of their chunks' ids."""
    text = "青禾区引进企业300家，又修了一条路。"
    made = [make_passage(make_match(text, document=f"d{i}")) for i in range(len(scores))]
    made.sort(key=lambda passage: passage.match.chunk.id)
    return [replace(p, score=score) for p, score in zip(made, scores, strict=True)]


def answerable(probability: float) -> Reading:
    return Reading(probability, ())


def test_every_candidate_is_found_with_its_words() -> None:
    one = make_passage(make_match("😀青禾区引进企业300家。", start=5))
    other = make_passage(make_match("白露区引进企业45家。", document="e"))
    readings = [
        Reading(0.8, (make_candidate(one, "300家", score=2), make_candidate(one, "青禾区"))),
        Reading(0.3, (make_candidate(other, "45家", score=1),)),
    ]
    found = found_in([one, other], readings)
    assert [(f.text, f.answerable, f.passage) for f in found] == [
        ("300家", 0.8, one),
        ("45家", 0.3, other),
        ("青禾区", 0.8, one),
    ]
    assert (found[0].span.start, found[0].span.end) == (13, 17)


def test_nothing_is_found_in_passages_that_say_nothing() -> None:
    assert found_in([], []) == []
    assert found_in(passages(0.9, 0.1), [SILENT, SILENT]) == []


def test_a_passage_that_retrieval_ranks_higher_lifts_its_findings() -> None:
    low, high = passages(0.1, 0.9)
    readings = [
        Reading(0.5, (make_candidate(low, "300家", score=0.1),)),
        Reading(0.5, (make_candidate(high, "300家", score=0.0),)),
    ]
    assert [f.passage for f in found_in([low, high], readings)] == [high, low]


def test_of_passages_that_retrieval_ranks_alike_the_reader_decides() -> None:
    first, second = passages(0.5, 0.5)
    readings = [
        Reading(0.5, (make_candidate(first, "300家", score=0.1),)),
        Reading(0.5, (make_candidate(second, "300家", score=0.2),)),
    ]
    better, worse = found_in([first, second], readings)
    assert (better.passage, worse.passage) == (second, first)
    assert better.score > worse.score


def test_equal_findings_are_in_order_of_chunk_ids_and_positions() -> None:
    read = passages(0.5, 0.5, 0.5)
    readings = [
        Reading(0.5, (make_candidate(p, "一条路"), make_candidate(p, "300家"))) for p in read
    ]
    found = found_in(read, readings)
    keys = [(f.passage.match.chunk.id, f.text) for f in found]
    assert keys == [(p.match.chunk.id, text) for p in read for text in ("300家", "一条路")]
    assert found_in(read[::-1], readings[::-1]) == found


def rising(read: Sequence[Passage], *answerable: float) -> dict[str, float]:
    return {p.match.chunk.id: a for p, a in zip(read, answerable, strict=True)}


def test_a_passage_that_answers_rises_above_one_that_does_not() -> None:
    first, second, third = passages(0.60, 0.59, 0.1)
    order = reranked([first, second, third], rising([first, second], 0, 1))
    assert [p.match for p in order] == [second.match, first.match, third.match]


def test_a_passage_rises_by_how_surely_it_answers() -> None:
    given_ = passages(0.6, 0.5, 0.4)
    after = {p.match.chunk.id: p.score for p in reranked(given_, rising(given_, 0, 0.5, 1))}
    none, half, whole = (after[p.match.chunk.id] - p.score for p in given_)
    assert none == 0 < half
    assert whole == pytest.approx(2 * half)


def test_passages_that_were_not_read_keep_their_scores() -> None:
    first, second, unread = passages(0.6, 0.59, 0.4)
    order = reranked([first, second, unread], rising([second], 0.9))
    assert order[0].score > 0.6 and order[0].match == second.match
    assert order[1:] == [first, unread]
    assert reranked([first, unread], {}) == [first, unread]


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.2, 0.3]), st.sampled_from([0.0, 0.4, 0.8]))))
def test_whatever_was_read_the_new_order_is_that_of_the_new_scores(
    given_: list[tuple[float, float]],
) -> None:
    ranked = passages(*(score for score, _ in given_))
    order = reranked(ranked[::-1], rising(ranked, *(probability for _, probability in given_)))
    assert {p.match.chunk.id for p in order} == {p.match.chunk.id for p in ranked}
    keys = [(-p.score, p.match.chunk.id) for p in order]
    assert len(order) == len(ranked) and keys == sorted(keys)


def test_log_odds_are_those_of_the_probability() -> None:
    assert log_odds(0.5) == 0
    assert log_odds(0.75) == pytest.approx(1.0986, abs=1e-4)
    assert log_odds(0.25) == pytest.approx(-log_odds(0.75))


@pytest.mark.parametrize("probability", [0.0, 1.0, 1e-30, 1 - 1e-16])
def test_log_odds_do_not_run_away(probability: float) -> None:
    assert 6 < abs(log_odds(probability)) <= 7
    assert (log_odds(probability) > 0) == (probability > 0.5)
