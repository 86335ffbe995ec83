"""Certainty: an interval around a score, and whether two runs differ by more than chance. Pure, with fixed seeds."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

RESAMPLES, ROUNDS, SEED, LEVEL = 1_000, 2_000, 7, 0.95

Values = NDArray[np.float64]
"""One row a question, one column or more; not-a-number where a question does not count."""

Statistic = Callable[[Values], Values]
"""From values of shape (..., questions, columns) to one number for each set of questions."""


def interval(
    values: Values, statistic: Statistic, *, resamples: int = RESAMPLES, seed: int = SEED
) -> tuple[float, float]:
    """The 95 % percentile bootstrap interval of a statistic (Efron, 1979), resampling questions.

    Raises ValueError when there are no questions.
    """
    if not len(values):
        raise ValueError("there is nothing to resample")
    drawn = np.random.default_rng(seed).integers(0, len(values), (resamples, len(values)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a resample can miss all questions that count
        low, high = np.nanquantile(statistic(values[drawn]), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def randomisation(
    first: Values, second: Values, statistic: Statistic, *, rounds: int = ROUNDS, seed: int = SEED
) -> float:
    """The two-sided p-value of a paired randomisation test (Fisher, 1935; Smucker et al., 2007).

    Each round swaps each question's values between the runs with chance one half; the p-value is the share of rounds
    in which the statistic differs at least as much as it did, that one counted too, and 1 for a statistic without a
    value. Raises ValueError when the values are not paired.
    """
    if first.shape != second.shape or not len(first):
        raise ValueError("the values of two runs must be paired, question by question")
    swapped = np.random.default_rng(seed).random((rounds, len(first), 1)) < 0.5
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a round can hold no question that counts
        found = statistic(np.where(swapped, first, second)) - statistic(np.where(swapped, second, first))
    if np.isnan(statistic(first)) or np.isnan(statistic(second)):
        return 1.0
    seen = abs(float(statistic(second)) - float(statistic(first)))
    as_large = np.abs(np.nan_to_num(found)) >= seen - 1e-9
    return float((as_large.sum() + 1) / (rounds + 1))
