"""From the scores of several legs to one ranking."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

CONSTANT = 20


def ranks(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """The rank of each document, from 1, infinite where the score is not above 0; ties keep their order."""
    order = np.argsort(-scores, kind="stable")
    places = np.empty(len(scores), dtype=np.float32)
    places[order] = np.arange(1, len(scores) + 1)
    places[scores <= 0] = np.inf
    return places


def fuse(
    rankings: Mapping[str, NDArray[np.float32]], weights: Mapping[str, float], *, k: int = CONSTANT
) -> NDArray[np.float32]:
    """Weighted reciprocal rank fusion (Cormack et al., 2009), scaled so that first in every leg is 1.

    A leg without weight counts for nothing; `k` is smaller than the paper's 60 because the library is small.
    """
    total = sum(weights[leg] for leg in rankings)
    fused = sum(weights[leg] * (k + 1) / (k + places) for leg, places in rankings.items())
    return np.asarray(fused / total, dtype=np.float32)
