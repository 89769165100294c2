from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.stats import difference, estimate, mean, quantile, resample, total

NAN = float("nan")


def own_groups(n: int) -> list[str]:
    return [str(i) for i in range(n)]


def test_the_interval_of_a_mean_is_the_one_theory_gives() -> None:
    values = np.random.default_rng(7).normal(size=400)
    found = estimate(mean(values), resample(own_groups(400), seed=1), n=400)
    error = 1.96 * values.std() / 20
    assert found.value == pytest.approx(values.mean())
    assert found.low == pytest.approx(values.mean() - error, abs=0.02)
    assert found.high == pytest.approx(values.mean() + error, abs=0.02)


def test_ninety_five_of_a_hundred_intervals_hold_the_truth() -> None:
    generator = np.random.default_rng(11)
    held = 0
    for seed in range(200):
        values = (generator.random(100) < 0.7).astype(float)
        found = estimate(mean(values), resample(own_groups(100), seed, resamples=500), n=100)
        held += found.low <= 0.7 <= found.high
    assert 0.90 <= held / 200 <= 0.99


def test_questions_that_share_a_paragraph_are_worth_less() -> None:
    # Ten questions a paragraph that all go the same way: the paragraphs are the sample.
    values = np.repeat(np.random.default_rng(3).integers(0, 2, 40), 10).astype(float)
    shared = [str(i // 10) for i in range(400)]
    alone = estimate(mean(values), resample(own_groups(400), 0), 400)
    grouped = estimate(mean(values), resample(shared, 0), 400)
    wider = (grouped.high - grouped.low) / (alone.high - alone.low)
    assert wider == pytest.approx(10**0.5, rel=0.2)


def test_all_questions_of_a_group_are_drawn_together() -> None:
    weights = resample(["a", "b", "a", "c"], seed=0)
    assert weights.shape == (2000, 4)
    assert (weights[:, 0] == weights[:, 2]).all()
    assert (weights[:, [0, 1, 3]].sum(axis=1) == 3).all()


def test_the_same_seed_gives_the_same_draws() -> None:
    assert (resample(own_groups(9), 5) == resample(own_groups(9), 5)).all()
    assert (resample(own_groups(9), 5) != resample(own_groups(9), 6)).any()


def test_values_that_are_not_about_a_question_have_no_part() -> None:
    found = estimate(mean(np.array([1.0, NAN, 0.0])), resample(own_groups(3), 0), n=2)
    assert found.value == 0.5
    assert (found.low, found.high) == (0, 1)


def test_of_nothing_there_is_no_mean() -> None:
    found = estimate(mean(np.array([NAN, NAN])), resample(own_groups(2), 0), n=0)
    assert np.isnan([found.value, found.low, found.high]).all()


def test_a_total_is_of_the_known_values() -> None:
    assert total(np.array([2.0, NAN, 3.0]))(np.ones((1, 3))) == 5


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=50), st.sampled_from([0.5, 0.95]))
def test_quantiles_agree_with_numpy(values: list[float], share: float) -> None:
    found = quantile(np.array(values), share)(np.ones((1, len(values))))
    assert found[0] == np.quantile(values, share, method="inverted_cdf")


def test_quantiles_of_nothing() -> None:
    assert np.isnan(quantile(np.array([NAN]), 0.5)(np.ones((2, 1)))).all()
    assert np.isnan(quantile(np.array([1.0]), 0.5)(np.zeros((1, 1)))).all()


def test_no_difference_has_a_p_of_one() -> None:
    values = np.array([0.0, 1.0, 1.0])
    found = difference(mean(values), mean(values), resample(own_groups(3), seed=0))
    assert (found.value, found.low, found.high, found.p) == (0, 0, 0, 1)


def test_a_clear_difference_is_found_and_a_chance_one_is_not() -> None:
    generator = np.random.default_rng(0)
    before = (generator.random(300) < 0.5).astype(float)
    better = np.maximum(before, (generator.random(300) < 0.2).astype(float))
    weights = resample(own_groups(300), seed=0)
    clear = difference(mean(before), mean(better), weights)
    assert clear.low > 0
    assert clear.p < 0.01
    shuffled = difference(mean(before), mean(generator.permutation(before)), weights)
    assert shuffled.low < 0 < shuffled.high
    assert shuffled.p > 0.05
