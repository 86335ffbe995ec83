"""Intervals and p-values: against scipy, and against counting all that can happen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st
from scipy import stats  # type: ignore[import-untyped]

from evals.measures import harmonic, joint, mean
from evals.statistics import Values, interval, randomisation

NAN = float("nan")

Question = tuple[float, ...]
"""The values of one question, a column each."""


def column(*values: float) -> Values:
    return np.array(values, dtype=np.float64).reshape(-1, 1)


def width(values: Values) -> float:
    low, high = interval(values, mean)
    return high - low


def enumerated(
    first: Sequence[Question], second: Sequence[Question], statistic: Callable[[Sequence[Question]], float]
) -> float:
    """The p-value by trying every way to swap."""
    seen = abs(statistic(second) - statistic(first))
    sides = list(zip(first, second, strict=True))
    as_large = [
        abs(statistic([b if swap else a for swap, (a, b) in zip(swaps, sides, strict=True)]) - other) >= seen - 1e-9
        for swaps in product((False, True), repeat=len(sides))
        for other in [statistic([a if swap else b for swap, (a, b) in zip(swaps, sides, strict=True)])]
    ]
    return sum(as_large) / len(as_large)


def naive_mean(questions: Sequence[Question]) -> float:
    return sum(question[0] for question in questions) / len(questions)


def naive_f1(questions: Sequence[Question]) -> float:
    precision, recall = (sum(values) / len(questions) for values in zip(*questions, strict=True))
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


@example_settings(deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_the_interval_contains_the_mean(values: list[float]) -> None:
    low, high = interval(column(*values), mean)
    assert low - 1e-9 <= np.mean(values) <= high + 1e-9


@pytest.mark.parametrize("value", [0.0, 0.3, 1.0])
def test_the_interval_is_a_point_when_all_values_are_equal(value: float) -> None:
    assert interval(column(*[value] * 7), mean) == pytest.approx((value, value), abs=1e-12)


def test_the_interval_is_a_point_for_one_question() -> None:
    assert interval(column(0.4), mean) == (0.4, 0.4)


def test_the_interval_stays_within_the_values() -> None:
    low, high = interval(column(0.2, 0.9, 0.4), mean)
    assert 0.2 <= low < high <= 0.9


def test_the_interval_is_the_same_twice() -> None:
    values = column(0.1, 0.9, 0.4, 0.7, 0.2)
    assert interval(values, mean) == interval(values, mean)


def test_the_interval_changes_nothing_in_the_values() -> None:
    values = column(0.1, 0.9, 0.4)
    interval(values, mean)
    assert values.tolist() == [[0.1], [0.9], [0.4]]


def test_four_times_as_many_questions_halve_the_interval() -> None:
    few = column(*[0.0, 1.0] * 15)
    assert width(np.tile(few, (4, 1))) / width(few) == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize("kind", ["truths", "shares", "skewed"])
def test_the_interval_agrees_with_scipy(kind: str) -> None:
    numbers = np.random.default_rng(1)
    drawn = {
        "truths": numbers.integers(0, 2, 120).astype(np.float64),
        "shares": numbers.random(120),
        "skewed": numbers.exponential(0.3, 120),
    }[kind]
    found = stats.bootstrap((drawn,), np.mean, method="percentile", n_resamples=10_000, rng=2).confidence_interval
    assert interval(column(*drawn), mean, resamples=10_000) == pytest.approx((found.low, found.high), abs=0.008)


def test_questions_are_resampled_with_both_of_their_values() -> None:
    paired = np.array([[0.0, 1.0], [1.0, 0.0]])  # drawn apart, both means could be 1 and so could F1
    assert interval(paired, harmonic)[1] == pytest.approx(0.5)


def test_an_interval_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        interval(np.zeros((0, 1)), mean)


def test_identical_runs_differ_by_chance_alone() -> None:
    values = column(0.1, 0.9, 0.4)
    assert randomisation(values, values, mean) == 1.0


def test_a_strong_difference_is_hardly_chance() -> None:
    assert randomisation(column(*[0.0] * 20), column(*[1.0] * 20), mean) < 0.001


def test_a_p_value_is_never_zero() -> None:
    first, second = column(*[0.0] * 60), column(*[1.0] * 60)
    assert randomisation(first, second, mean, rounds=99) == pytest.approx(0.01)


def test_as_much_better_as_worse_is_chance() -> None:
    assert randomisation(column(0, 1, 0, 1), column(1, 0, 1, 0), mean) == 1.0


def test_questions_are_compared_each_with_itself() -> None:
    first = np.linspace(0, 1, 20).reshape(-1, 1)  # as two loose samples, a small step by all would be nothing
    assert randomisation(first, first + 0.01, mean) < 0.001


@example_settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=12))
def test_it_does_not_matter_which_run_comes_first(pairs: list[tuple[float, float]]) -> None:
    first, second = (column(*values) for values in zip(*pairs, strict=True))
    assert randomisation(first, second, mean) == randomisation(second, first, mean)


QUARTERS = st.integers(0, 4).map(lambda quarter: quarter / 4)


@example_settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(QUARTERS, QUARTERS), min_size=1, max_size=8))
def test_the_p_value_of_means_agrees_with_trying_every_swap(pairs: list[tuple[float, float]]) -> None:
    first, second = (list(values) for values in zip(*pairs, strict=True))
    every = enumerated([(each,) for each in first], [(each,) for each in second], naive_mean)
    assert randomisation(column(*first), column(*second), mean, rounds=10_000) == pytest.approx(every, abs=0.03)


@example_settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(*[QUARTERS] * 4), min_size=1, max_size=6))
def test_the_p_value_of_f1_agrees_with_trying_every_swap(rows: list[tuple[float, float, float, float]]) -> None:
    first, second = [each[:2] for each in rows], [each[2:] for each in rows]
    p = randomisation(np.array(first), np.array(second), harmonic, rounds=10_000)
    assert p == pytest.approx(enumerated(first, second, naive_f1), abs=0.03)


def test_the_p_value_of_a_single_question_is_one() -> None:
    assert randomisation(column(0.0), column(1.0), mean) == 1.0


def test_the_p_value_is_the_same_twice() -> None:
    first, second = column(0.1, 0.9, 0.4, 0.3), column(0.5, 0.8, 0.7, 0.9)
    assert randomisation(first, second, mean) == randomisation(first, second, mean)


def test_a_question_that_does_not_count_changes_no_p_value() -> None:
    values = column(0.1, NAN, 0.4)
    assert randomisation(values, values, mean) == 1.0


def test_a_round_in_which_one_side_has_nothing_that_counts_is_no_large_difference() -> None:
    first, second = column(1.0, NAN), column(NAN, 0.0)  # half of the swaps put both values on one side
    assert randomisation(first, second, mean) == pytest.approx(1 / 2, abs=0.05)


def test_a_score_that_is_not_a_number_does_not_make_a_difference_certain() -> None:
    values = np.array([[1.0, NAN], [0.0, NAN]])  # questions inside only: nothing to refuse
    assert not randomisation(values, values, joint) < 0.05


def test_unpaired_values_are_refused() -> None:
    with pytest.raises(ValueError, match="paired"):
        randomisation(column(0.1, 0.2), column(0.1, 0.2, 0.3), mean)


def test_a_comparison_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="paired"):
        randomisation(column(), column(), mean)
