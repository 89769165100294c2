from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.calibration import aurc, auroc, ece, reliability, risk_coverage

PAIRS = st.lists(
    st.tuples(st.sampled_from([0.1, 0.25, 0.5, 0.9, 1.0]), st.booleans()), min_size=1, max_size=30
)


def once(n: int) -> np.ndarray:
    return np.ones((1, n))


def arrays(pairs: list[tuple[float, bool]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([c for c, _ in pairs]), np.array([float(right) for _, right in pairs])


def test_auroc_by_hand() -> None:
    confidence = np.array([0.9, 0.8, 0.8, 0.1])
    positive = np.array([1.0, 1.0, 0.0, 0.0])
    # Of the four pairs, three are in order and one is a tie.
    assert auroc(confidence, positive)(once(4)) == pytest.approx(3.5 / 4)


@given(PAIRS)
def test_auroc_counts_pairs(pairs: list[tuple[float, bool]]) -> None:
    confidence, positive = arrays(pairs)
    wins = [(a > b) + (a == b) / 2 for a, is_a in pairs for b, is_b in pairs if is_a and not is_b]
    found = auroc(confidence, positive)(once(len(pairs)))[0]
    assert found == pytest.approx(np.mean(wins)) if wins else np.isnan(found)


def test_aurc_by_hand() -> None:
    confidence = np.array([0.9, 0.8, 0.7, 0.6])
    right = np.array([1.0, 0.0, 1.0, 0.0])
    # Risks at coverages 1/4 … 4/4: 0, 1/2, 1/3, 1/2.
    assert aurc(confidence, right)(once(4)) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)
    assert risk_coverage(confidence, right)[-1] == (1.0, 0.5)


@given(PAIRS)
def test_the_area_is_that_under_the_curve(pairs: list[tuple[float, bool]]) -> None:
    confidence, right = arrays(pairs)
    curve = risk_coverage(confidence, right)
    widths = np.diff([0, *(coverage for coverage, _ in curve)])
    area = float(sum(widths * [risk for _, risk in curve]))
    assert aurc(confidence, right)(once(len(pairs)))[0] == pytest.approx(area)


@given(PAIRS)
def test_equal_confidences_do_not_depend_on_their_order(pairs: list[tuple[float, bool]]) -> None:
    there, back = arrays(pairs), arrays(pairs[::-1])
    for statistic in (auroc, aurc, ece):
        found, again = (statistic(*side)(once(len(pairs)))[0] for side in (there, back))
        assert found == pytest.approx(again, nan_ok=True)


def test_ece_by_hand() -> None:
    confidence = np.array([0.95, 0.85, 0.15, 0.05])
    right = np.array([1.0, 1.0, 0.0, 1.0])
    # Four bins with one question each: gaps .05, .15, .15, .95.
    assert ece(confidence, right)(once(4)) == pytest.approx((0.05 + 0.15 + 0.15 + 0.95) / 4)


def test_a_bin_holds_gaps_that_cancel_out() -> None:
    confidence, right = np.array([0.75, 0.75, 0.75, 0.75]), np.array([1.0, 1.0, 1.0, 0.0])
    assert ece(confidence, right)(once(4)) == pytest.approx(0)
    assert [(b.confidence, b.accuracy, b.n) for b in reliability(confidence, right)] == [
        (0.75, 0.75, 4)
    ]


def test_weights_repeat_questions() -> None:
    confidence, right = np.array([0.9, 0.6, 0.3]), np.array([1.0, 0.0, 1.0])
    repeated = [0, 0, 1, 2, 2, 2]
    for statistic in (auroc, aurc, ece):
        weighted = statistic(confidence, right)(np.array([[2.0, 1.0, 3.0]]))
        assert weighted == pytest.approx(statistic(confidence[repeated], right[repeated])(once(6)))


def test_of_nothing_there_is_nothing_to_say() -> None:
    empty = np.array([])
    for statistic in (auroc, aurc, ece):
        assert np.isnan(statistic(empty, empty)(np.zeros((2, 0)))).all()
    assert not risk_coverage(empty, empty)
    assert not reliability(empty, empty)
