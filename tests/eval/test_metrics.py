from __future__ import annotations

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics import (
    citation_precision,
    citation_recall,
    cmrc_exact,
    cmrc_f1,
    exact_match,
    f1,
    mixed_segmentation,
    ndcg,
    recall_at,
    reciprocal_rank,
    relevance,
    squad_exact,
    squad_f1,
)

FLAGS = st.lists(st.booleans(), max_size=20)
WORDS = st.text(alphabet="郑州经开Zz 3.5，、the", max_size=20)


class TestRanking:
    def test_ties_count_against_the_system(self) -> None:
        hits = [("right", 0.5), ("wrong", 0.5), ("worse", 0.4)]
        assert relevance(hits, {"right"}) == [False, True, False]

    def test_a_unit_stands_where_its_best_score_does(self) -> None:
        hits = [("a", 0.9), ("b", 0.8), ("a", 0.1), ("c", 0.7)]
        assert relevance(hits, {"c"}) == [False, False, True]

    def test_values_by_hand(self) -> None:
        flags = [False, True, False, True]
        assert [recall_at(k, flags) for k in (1, 2, 5)] == [0, 1, 1]
        assert reciprocal_rank(flags) == 0.5
        best = 1 + 1 / log2(3) + 1 / log2(4)
        assert ndcg(flags, relevant=3) == pytest.approx((1 / log2(3) + 1 / log2(5)) / best)

    def test_beyond_the_depth_nothing_counts(self) -> None:
        flags = [False] * 10 + [True]
        assert reciprocal_rank(flags) == ndcg(flags, relevant=1) == recall_at(10, flags) == 0

    def test_nothing_relevant_scores_zero(self) -> None:
        assert ndcg([], relevant=0) == ndcg([False], relevant=0) == reciprocal_rank([]) == 0

    @given(FLAGS)
    def test_between_nought_and_one(self, flags: list[bool]) -> None:
        relevant = sum(flags)
        assert 0 <= ndcg(flags, relevant) <= 1
        assert recall_at(1, flags) <= reciprocal_rank(flags) <= recall_at(10, flags)

    @given(FLAGS)
    def test_a_perfect_ranking_has_an_ndcg_of_one(self, flags: list[bool]) -> None:
        if any(flags):
            assert ndcg(sorted(flags, reverse=True), sum(flags)) == pytest.approx(1)


class TestCitations:
    def test_precision_is_the_share_of_quotes_that_hold_an_answer(self) -> None:
        gold = [["郑玉林", "鄭玉林先生"], ["贾迎战"]]
        assert citation_precision(["书记鄭玉林。", "无关。", "贾迎战"], gold) == pytest.approx(
            2 / 3
        )
        assert citation_precision([], gold) == 0

    def test_recall_is_the_share_of_facts_with_a_span_wholly_cited(self) -> None:
        gold = [[("a", 5, 8), ("b", 0, 3)], [("a", 20, 24)]]
        assert citation_recall([("a", 5, 8)], gold) == 0.5
        assert citation_recall([("a", 6, 8), ("a", 5, 7)], gold) == 0
        assert citation_recall([("b", 0, 9), ("a", 10, 30)], gold) == 1
        assert citation_recall([("b", 5, 8)], gold) == citation_recall([], gold) == 0
        assert citation_recall([("a", 0, 9)], [[]]) == citation_recall([("a", 0, 9)], []) == 0


class TestChineseWords:
    """Worked by hand through cmrc2018_evaluate.py."""

    def test_segmentation(self) -> None:
        assert mixed_segmentation("在CMRC 2018中，得3.5分！") == [
            *"在", "cmrc", "2018", *"中得", "3.5", "分",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("prediction", "gold", "expected"),
        [
            ("郑玉林", "郑玉林", 1),
            ("区委书记郑玉林", "郑玉林", 2 * (3 / 7) * 1 / (3 / 7 + 1)),
            # The longest common run is 郑玉 (2): precision 2/4, recall 2/3.
            ("郑玉和林", "郑玉林", 2 * (2 / 4) * (2 / 3) / (2 / 4 + 2 / 3)),
            ("16.1万元", "16.2万元", 2 * (2 / 3) * (2 / 3) / (4 / 3)),
            ("《梦溪笔谈》", "梦溪笔谈", 1),
            ("", "郑玉林", 0),
            ("，", "郑玉林", 0),
        ],
    )
    def test_f1(self, prediction: str, gold: str, expected: float) -> None:
        assert cmrc_f1(prediction, gold) == pytest.approx(expected)

    def test_exact_match_ignores_marks_only(self) -> None:
        assert cmrc_exact("《梦溪笔谈》", "梦溪笔谈") == 1
        assert cmrc_exact("梦溪笔谈.", "梦溪笔谈") == 0

    def test_the_other_script_is_no_error(self) -> None:
        assert cmrc_exact("驛城區", "驿城区") == cmrc_f1("驛城區", "驿城区") == 1

    @given(WORDS, WORDS)
    def test_f1_is_symmetric_and_bounded(self, a: str, b: str) -> None:
        assert 0 <= cmrc_f1(a, b) <= 1
        assert cmrc_f1(a, b) == pytest.approx(cmrc_f1(b, a))


class TestOtherWords:
    def test_articles_case_and_punctuation_do_not_matter(self) -> None:
        assert squad_exact("The Norman dynasty.", "norman dynasty") == 1

    def test_f1_by_hand(self) -> None:
        # 2 of 3 tokens and 2 of 2.
        assert squad_f1("in the 10th century", "10th century") == pytest.approx(0.8)
        assert squad_f1("a", "the") == 0

    @given(WORDS, WORDS)
    def test_f1_is_symmetric_and_bounded(self, a: str, b: str) -> None:
        assert 0 <= squad_f1(a, b) <= 1
        assert squad_f1(a, b) == pytest.approx(squad_f1(b, a))


class TestGold:
    def test_the_best_accepted_wording_counts_each_in_its_own_language(self) -> None:
        gold = [["3,200余家", "more than 3,200"]]
        assert exact_match(["More than 3,200"], gold) == 1
        assert f1(["3,200余家"], gold) == 1

    def test_a_bare_number_is_chinese_where_the_prediction_is(self) -> None:
        assert f1(["1903年"], [["1903"]]) == pytest.approx(2 / 3)

    def test_facts_and_spans_are_paired_off(self) -> None:
        gold = [["郑玉林"], ["贾迎战"]]
        assert exact_match(["贾迎战", "郑玉林"], gold) == f1(["贾迎战", "郑玉林"], gold) == 1
        assert f1(["郑玉林"], gold) == 0.5
        assert f1(["郑玉林", "贾迎战", "樊福太"], gold) == pytest.approx(2 / 3)
        assert exact_match(["郑玉林"], gold) == 0

    def test_no_prediction_scores_zero(self) -> None:
        assert exact_match([], [["a"]]) == f1([], [["a"]]) == 0
