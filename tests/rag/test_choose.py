"""Scores are far apart or close together here: where the bounds lie exactly was measured."""

from collections.abc import Sequence

import pytest

from rag.choose import Chosen, Missing, beside, best_of, near
from rag.findings import Finding
from rag.question import Kind
from tests.rag.makers import make_finding, make_match, make_passage

CLOSE, FAR = 0.5, 50.0


def finding(
    words: str,
    *,
    document: str = "d",
    score: float = 0.0,
    answerable: float = 0.99,
    probability: float = 0.9,
) -> Finding:
    """In a sentence of its document that holds the words."""
    passage = make_passage(make_match(f"星屿的答案是{words}。", document=document))
    return make_finding(passage, words, score=score, answerable=answerable, probability=probability)


def nothing(_: Finding) -> tuple[str, ...]:
    return ()


def lacking(*words: str) -> Missing:
    """Findings with these words are about something else."""
    return lambda f: ("青禾区",) if f.text in words else ()


def test_the_best_is_taken_where_it_is_supported() -> None:
    ranked = [finding("甲", score=1), finding("乙", score=1 - CLOSE)]
    assert best_of(ranked, nothing) is ranked[0]


def test_a_supported_one_that_is_not_far_behind_takes_the_place_of_the_best() -> None:
    ranked = [finding(w, score=-CLOSE * i) for i, w in enumerate(("甲", "乙", "丙"))]
    assert best_of(ranked, lacking("甲")) is ranked[1]
    assert best_of(ranked, lacking("甲", "乙")) is ranked[2]


def test_a_supported_one_that_is_far_behind_does_not() -> None:
    ranked = [finding("甲", score=0), finding("乙", score=-FAR)]
    assert best_of(ranked, lacking("甲")) is ranked[0]


def test_the_best_is_taken_where_none_is_supported() -> None:
    ranked = [finding("甲"), finding("乙", score=-CLOSE)]
    assert best_of(ranked, lacking("甲", "乙")) is ranked[0]


def test_of_those_that_lack_something_the_one_that_lacks_least_is_taken() -> None:
    ranked = [finding("甲"), finding("乙", score=-CLOSE)]
    years = {"甲": ("青禾区", "2019"), "乙": ("2019",)}
    assert best_of(ranked, lambda f: years[f.text]) is ranked[1]


def others(
    ranked: Sequence[Finding], kind: Kind = "quantity", unsupported: str = ""
) -> tuple[list[Finding], bool]:
    """What stands beside the first, and whether it disagrees."""
    chosen, disagree = beside(ranked[0], ranked, kind, lacking(unsupported))
    assert all(each.answers for each in chosen)
    return [each.finding for each in chosen], disagree


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("300家", "300家"),
        ("300家", "３００家"),
        ("6.5億元", "6.5亿元"),
        ("1,200人", "1200人"),
        ("约300家", "300余家"),
        ("12 公里", "12公里"),
    ],
)
def test_the_same_fact_in_another_document_stands_beside_it(one: str, other: str) -> None:
    ranked = [finding(one), finding(other, document="e", score=-FAR)]
    assert others(ranked) == ([ranked[1]], False)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("quantity", "300家", "45家"),
        ("quantity", "6.5億元", "8.2亿元"),
        ("date", "2019年3月", "2020年4月"),
        ("person", "林小禾", "白一鸣"),
    ],
)
def test_another_document_that_says_otherwise_disagrees(kind: Kind, one: str, other: str) -> None:
    ranked = [finding(one), finding(other, document="e", score=-FAR)]
    assert others(ranked, kind) == ([ranked[1]], True)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("other", "修了一条路", "种了许多树"),
        ("other", "300家", "45家"),
        ("quantity", "300家", "6.5亿元"),
        ("quantity", "300家", "许多"),
        ("quantity", "许多", "不少"),
        ("quantity", "300家", "企业300家"),
        ("date", "2019年3月5日", "2019年3月"),
        ("date", "2019年", "3月5日"),
        ("person", "林小禾", "区长林小禾"),
    ],
)
def test_what_may_be_the_same_in_other_words_does_not_disagree(
    kind: Kind, one: str, other: str
) -> None:
    for first, second in ((one, other), (other, one)):
        assert others([finding(first), finding(second, document="e")], kind) == ([], False)


def test_those_that_agree_come_before_those_that_disagree() -> None:
    ranked = [
        finding("300家"),
        finding("45家", document="e", score=-1),
        finding("300家", document="f", score=-2),
        finding("7家", document="g", score=-3),
    ]
    assert others(ranked) == ([ranked[2], ranked[1], ranked[3]], True)


def test_the_document_of_the_best_is_not_set_beside_it() -> None:
    ranked = [finding("300家"), finding("45家", score=-CLOSE), finding("300家", score=-CLOSE)]
    assert others(ranked) == ([], False)


def test_of_another_document_only_its_best_finding_counts() -> None:
    ranked = [
        finding("300家"),
        finding("6.5亿元", document="e", score=-1),
        finding("45家", document="e", score=-2),
    ]
    assert others(ranked) == ([], False)


@pytest.mark.parametrize("unsure", [{"answerable": 0.05}, {"probability": 0.01}])
@pytest.mark.parametrize("text", ["300家", "45家"])
def test_only_what_is_sure_is_set_beside_what_is_sure(text: str, unsure: dict[str, float]) -> None:
    sure, doubtful = finding("300家"), finding(text, document="e", **unsure)
    assert others([sure, doubtful]) == ([], False)
    assert others([doubtful, sure]) == ([], False)
    assert others([sure, finding(text, document="e")])[0]


def test_what_is_about_something_else_is_not_set_beside() -> None:
    ranked = [finding("300家"), finding("45家", document="e")]
    assert others(ranked, unsupported="45家") == ([], False)


def test_alone_a_finding_has_nothing_beside_or_near_it() -> None:
    alone = finding("300家")
    assert others([alone]) == ([], False)
    assert near(alone, [alone], nothing) == []


def in_sentences(*scores: float) -> list[Finding]:
    """Findings of one chunk, each in a sentence of its own."""
    words = "甲乙丙丁戊己"[: len(scores)]
    passage = make_passage(make_match("".join(f"答案是{word}。" for word in words)))
    return [make_finding(passage, w, score=s) for w, s in zip(words, scores, strict=True)]


def test_what_comes_near_is_quoted_but_does_not_answer() -> None:
    ranked = in_sentences(0, -CLOSE, -FAR)
    assert near(ranked[0], ranked, nothing) == [Chosen(ranked[1], answers=False)]


def test_at_most_three_sentences_are_quoted_together() -> None:
    ranked = in_sentences(0, -0.1, -0.2, -0.3, -0.4)
    assert [each.finding for each in near(ranked[0], ranked, nothing)] == ranked[1:3]


def test_what_comes_near_stands_in_another_sentence() -> None:
    passage = make_passage(make_match("星屿有企业300家左右。白露区有45家。"))
    ranked = [
        make_finding(passage, "300家", score=0),
        make_finding(passage, "300家左右", score=-0.1),
        make_finding(passage, "企业300家", score=-0.2),
        make_finding(passage, "45家", score=-0.3),
    ]
    assert [each.finding for each in near(ranked[0], ranked, nothing)] == [ranked[3]]
