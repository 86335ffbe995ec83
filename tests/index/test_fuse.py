"""From the scores of several legs to one ranking."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.fuse import CONSTANT, fuse, ranks

Row = NDArray[np.float32]
SCORES = st.lists(st.floats(-1, 5, width=32), min_size=1, max_size=12)


def row(*values: float) -> Row:
    return np.array(values, dtype=np.float32)


def naive_ranks(scores: list[float]) -> list[float]:
    """The rank by counting who is better, in the plainest way."""
    return [
        float("inf")
        if mine <= 0
        else 1.0 + sum(other > mine or (other == mine and at < here) for at, other in enumerate(scores))
        for here, mine in enumerate(scores)
    ]


def test_the_best_score_has_rank_one() -> None:
    assert ranks(row(0.2, 0.9, 0.5)).tolist() == [3, 1, 2]


def test_a_score_that_is_not_above_zero_has_no_rank() -> None:
    assert ranks(row(0.0, 0.9, -0.5)).tolist() == [np.inf, 1, np.inf]


def test_ties_keep_their_order() -> None:
    assert ranks(row(0.5, 0.9, 0.5)).tolist() == [2, 1, 3]


@given(SCORES)
def test_ranks_equal_those_of_a_naive_count(scores: list[float]) -> None:
    assert ranks(row(*scores)).tolist() == naive_ranks(scores)


def test_ranks_change_nothing_in_the_scores_that_were_given() -> None:
    scores = row(0.0, 0.9)
    ranks(scores)
    assert scores.tolist() == row(0.0, 0.9).tolist()


def test_fuse_prefers_a_passage_that_both_rankings_found() -> None:
    fused = fuse({"words": row(1, 2, np.inf), "meaning": row(np.inf, 1, 2)}, {"words": 1.0, "meaning": 1.0})
    assert int(fused.argmax()) == 1


def test_fuse_follows_the_weights() -> None:
    fused = fuse({"words": row(1, np.inf), "meaning": row(np.inf, 1)}, {"words": 0.2, "meaning": 0.8})
    assert fused.tolist() == pytest.approx([0.2, 0.8])


def test_first_in_every_leg_is_one() -> None:
    assert fuse({"words": row(1, 2), "bank": row(1, 2)}, {"words": 3.0, "bank": 0.5})[0] == pytest.approx(1.0)


def test_found_by_no_leg_is_zero() -> None:
    assert fuse({"words": row(np.inf, 1)}, {"words": 1.0})[0] == 0.0


def test_a_leg_without_weight_counts_for_nothing() -> None:
    with_it = fuse({"words": row(1, 2), "bank": row(2, 1)}, {"words": 1.0, "bank": 0.0})
    assert with_it.tolist() == fuse({"words": row(1, 2)}, {"words": 1.0}).tolist()


def test_a_larger_constant_makes_ranks_more_alike() -> None:
    small, large = (fuse({"words": row(1, 9)}, {"words": 1.0}, k=k) for k in (1, 100))
    assert large[1] > small[1]


@given(
    st.integers(1, 8).flatmap(
        lambda size: st.lists(
            st.lists(st.floats(-1, 5, width=32), min_size=size, max_size=size), min_size=1, max_size=4
        )
    ),
    st.data(),
)
def test_fuse_equals_a_naive_second_version(legs: list[list[float]], data: st.DataObject) -> None:
    weights = data.draw(st.lists(st.floats(0.125, 4), min_size=len(legs), max_size=len(legs)))
    expected = [
        sum(
            weight * (CONSTANT + 1) / (CONSTANT + naive_ranks(leg)[at])
            for leg, weight in zip(legs, weights, strict=True)
        )
        / sum(weights)
        for at in range(len(legs[0]))
    ]
    names = [str(number) for number in range(len(legs))]
    rankings = {name: ranks(row(*leg)) for name, leg in zip(names, legs, strict=True)}
    assert fuse(rankings, dict(zip(names, weights, strict=True))).tolist() == pytest.approx(expected, rel=1e-5)
