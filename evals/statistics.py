"""Certainty: an interval around a score, and whether two runs differ by more than chance. Pure, with fixed seeds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

RESAMPLES, SEED, LEVEL = 1_000, 7, 0.95

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
    found = statistic(values[drawn])
    low, high = np.nanquantile(found, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def randomisation(first: Values, second: Values, *, rounds: int = 10_000, seed: int = SEED) -> float:
    """The two-sided p-value of a paired randomisation test of two means (Fisher, 1935; Smucker et al., 2007).

    Each round swaps a question's two values with chance one half; the p-value is the share of rounds whose difference
    is at least the one that was seen, that one counted too. Raises ValueError when the values are not paired.
    """
    if first.shape != second.shape or not len(first):
        raise ValueError("the values of two runs must be paired, question by question")
    differences = second - first
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], (rounds, len(differences)))
    as_large = np.abs(signs @ differences) >= abs(differences.sum()) - 1e-9
    return float((as_large.sum() + 1) / (rounds + 1))


def mean_values(values: Values) -> Values:
    """One number a question: the mean of the columns that count for it, 0 when none does."""
    counts = ~np.isnan(values)
    return np.asarray(np.where(counts, values, 0.0).sum(axis=1) / np.maximum(counts.sum(axis=1), 1))
