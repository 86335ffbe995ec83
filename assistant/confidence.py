"""Whether the library answers a question: a calibrated probability and two thresholds, decided before any prose.

A logistic regression over the evidence of a search. `python -m evals calibrate` chooses its numbers on questions that
the library does and does not answer, and writes them to `confidence.json` beside this file.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from assistant.types import Status
from index.types import Evidence

SHIPPED = Path(__file__).resolve().parent / "confidence.json"


@dataclass(frozen=True, slots=True)
class Confidence:
    """Weights of the signs, and the probabilities from which an answer is `misschien` and `beantwoord`."""

    weights: Mapping[str, float]
    intercept: float
    perhaps: float
    answered: float

    @classmethod
    def load(cls, path: Path = SHIPPED) -> Self:
        """Read the calibration that is shipped."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def save(self, path: Path = SHIPPED) -> None:
        """Write a calibration."""
        fields = {
            "weights": dict(self.weights),
            "intercept": self.intercept,
            "perhaps": self.perhaps,
            "answered": self.answered,
        }
        path.write_text(json.dumps(fields, indent=1) + "\n", encoding="utf-8")

    def probability(self, evidence: Evidence) -> float:
        """The probability that the library answers the question."""
        return 1 / (1 + math.exp(-self.intercept - sum(w * signs(evidence)[name] for name, w in self.weights.items())))

    def judge(self, evidence: Evidence) -> Status:
        """`beantwoord`, `misschien` or `geweigerd`."""
        probability = self.probability(evidence)
        if probability >= self.answered:
            return Status.ANSWERED
        return Status.PERHAPS if probability >= self.perhaps else Status.REFUSED


def signs(evidence: Evidence) -> dict[str, float]:
    """The numbers that the regression weighs."""
    return {
        "term_coverage": evidence.term_coverage,
        "gram_coverage": evidence.gram_coverage,
        "known_terms": evidence.known_terms,
        "bank_similarity": evidence.bank_similarity,
        "passage_similarity": evidence.passage_similarity,
        "specificity": evidence.specificity,
        "least_specific": evidence.least_specific,
    }
