"""Calibrating the refusal: which weights and thresholds tell what the library answers from what it does not.

Reads questions with a `scope` from `train/refusal.jsonl`, chooses on them, and reports on `dev/refusal.jsonl`:

    in      a practice question that the library should help with (written by people who had read nothing)
    near    about government or organisation, but not in the library
    far     about something else altogether
    absent  in the library's words, asking for an amount, date, name or place that is not there
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.confidence import Confidence, signs
from assistant.types import Status
from index.search import Index
from index.types import Evidence

HERE = Path(__file__).resolve().parent
SCOPES = ("in", "near", "far", "absent")
WRONGLY_REFUSED = 0.03
WRONGLY_ANSWERED = 0.03


@dataclass(frozen=True, slots=True)
class Judged:
    """A question, its scope, and the evidence that a search gave for it."""

    question: str
    scope: str
    evidence: Evidence


def read_questions(path: Path, index: Index) -> list[Judged]:
    """Read questions and search for each. Raises ValueError naming a line that is not of the form."""
    judged: list[Judged] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        entry = json.loads(line)
        if entry.keys() != {"question", "scope"} or entry["scope"] not in SCOPES:
            raise ValueError(f"{path.name}, line {number}: expected question and scope ({', '.join(SCOPES)})")
        judged.append(Judged(entry["question"], entry["scope"], index.search(entry["question"], limit=5).evidence))
    return judged


def calibrate(judged: Sequence[Judged]) -> Confidence:
    """Fit the weights on `in` against the rest, and choose both thresholds.

    Below `perhaps` stay at most 3 % of the questions that should be answered; above `answered` come at most 3 % of
    those that are out of scope.
    """
    names = list(signs(judged[0].evidence))
    matrix = np.array([[signs(each.evidence)[name] for name in names] for each in judged])
    inside = np.array([each.scope == "in" for each in judged])
    trained = np.array([each.scope != "absent" for each in judged])
    model = LogisticRegression(C=10.0, class_weight="balanced", max_iter=2000).fit(matrix[trained], inside[trained])
    weights = dict(zip(names, (round(float(weight), 4) for weight in model.coef_[0]), strict=True))
    draft = Confidence(weights, round(float(model.intercept_[0]), 4), 0.0, 0.0)
    answers = [draft.probability(each.evidence) for each in judged if each.scope == "in"]
    others = [draft.probability(each.evidence) for each in judged if each.scope in {"near", "far"}]
    perhaps = round(float(np.quantile(answers, WRONGLY_REFUSED)), 4)
    answered = round(max(perhaps, float(np.quantile(others, 1 - WRONGLY_ANSWERED))), 4)
    return Confidence(weights, draft.intercept, perhaps, answered)


def shares(judged: Sequence[Judged], confidence: Confidence) -> Mapping[str, Mapping[Status, float]]:
    """For each scope the share of each status."""
    told: dict[str, Mapping[Status, float]] = {}
    for scope in SCOPES:
        counts = Counter(confidence.judge(each.evidence) for each in judged if each.scope == scope)
        told[scope] = {status: counts[status] / max(1, counts.total()) for status in Status}
    return told


def auc(judged: Sequence[Judged], confidence: Confidence, scope: str) -> float:
    """Area under the curve of `in` against one other scope: 1 when they are wholly apart."""
    both = [each for each in judged if each.scope in {"in", scope}]
    return float(
        roc_auc_score([each.scope == "in" for each in both], [confidence.probability(each.evidence) for each in both])
    )


def table(judged: Sequence[Judged], confidence: Confidence) -> str:
    """The shares as text, a line per scope."""
    lines = [f"{'':8}{'aantal':>7}{'beantwoord':>12}{'misschien':>11}{'geweigerd':>11}{'AUC':>7}"]
    for scope, by_status in shares(judged, confidence).items():
        count = sum(each.scope == scope for each in judged)
        if count:
            apart = "" if scope == "in" else f"{auc(judged, confidence, scope):7.3f}"
            columns = (Status.ANSWERED, Status.PERHAPS, Status.REFUSED)
            told = "".join(
                f"{by_status[status]:{width}.2f}" for status, width in zip(columns, (12, 11, 11), strict=True)
            )
            lines.append(f"{scope:8}{count:7}{told}{apart}")
    return "\n".join(lines)
