"""Calibrating the refusal: which weights and thresholds tell what the library answers from what it does not.

Chooses on `train/` and reports on `dev/`: the questions of the refusal set, of the kinds that `RefusalItem` lists, and
those of the retrieval and blind sets that the library answers.
Kinds that look like a question inside the library, of which something else is wrong, teach nothing here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.confidence import Confidence, signs
from assistant.types import Status
from evals.data import BlindItem, RefusalItem, RetrievalItem, Split, Suite, path_of, read
from evals.measures import PERHAPS_IS_FINE
from index.search import Index
from index.types import Evidence

WRONGLY_REFUSED = 0.025
WRONGLY_ANSWERED = 0.04


@dataclass(frozen=True, slots=True)
class Judged:
    """A question, its kind, and the evidence that a search gave for it."""

    question: str
    kind: str
    evidence: Evidence


def asked(split: Split) -> list[RefusalItem]:
    """The questions of the refusal set, and those of the retrieval and blind sets that are inside the library."""
    inside = [item.question for item in read(RetrievalItem, path_of(Suite.RETRIEVAL, split))]
    inside += [item.question for item in read(BlindItem, path_of(Suite.BLIND, split)) if item.gold]
    return [
        *read(RefusalItem, path_of(Suite.REFUSAL, split)),
        *(RefusalItem(question=question, kind="in") for question in inside),
    ]


def judged(items: Sequence[RefusalItem], index: Index) -> list[Judged]:
    """Search for each question and keep the evidence."""
    return [Judged(item.question, item.kind, index.search(item.question, limit=5).evidence) for item in items]


def calibrate(questions: Sequence[Judged]) -> Confidence:
    """Fit the weights on `in` against the rest, and choose both thresholds.

    Below `perhaps` stay at most 2.5 % of the questions that should be answered; above `answered` come at most 4 % of
    those that are out of scope.
    """
    names = list(signs(questions[0].evidence))
    matrix = np.array([[signs(each.evidence)[name] for name in names] for each in questions])
    inside = np.array([each.kind == "in" for each in questions])
    trained = np.array([each.kind not in PERHAPS_IS_FINE for each in questions])
    model = LogisticRegression(C=10.0, class_weight="balanced", max_iter=2000).fit(matrix[trained], inside[trained])
    weights = dict(zip(names, (round(float(weight), 4) for weight in model.coef_[0]), strict=True))
    draft = Confidence(weights, round(float(model.intercept_[0]), 4), 0.0, 0.0)
    answers = [draft.probability(each.evidence) for each in questions if each.kind == "in"]
    others = [
        draft.probability(each.evidence) for each in questions if each.kind != "in" and each.kind not in PERHAPS_IS_FINE
    ]
    perhaps = round(float(np.quantile(answers, WRONGLY_REFUSED)), 4)
    answered = round(max(perhaps, float(np.quantile(others, 1 - WRONGLY_ANSWERED))), 4)
    return Confidence(weights, draft.intercept, perhaps, answered)


def shares(judged: Sequence[Judged], confidence: Confidence) -> Mapping[str, Mapping[Status, float]]:
    """For each kind the share of each status."""
    told: dict[str, Mapping[Status, float]] = {}
    for kind in dict.fromkeys(each.kind for each in judged):
        counts = Counter(confidence.judge(each.evidence) for each in judged if each.kind == kind)
        told[kind] = {status: counts[status] / max(1, counts.total()) for status in Status}
    return told


def auc(judged: Sequence[Judged], confidence: Confidence, kind: str) -> float:
    """Area under the curve of `in` against one other kind: 1 when they are wholly apart."""
    both = [each for each in judged if each.kind in {"in", kind}]
    return float(
        roc_auc_score([each.kind == "in" for each in both], [confidence.probability(each.evidence) for each in both])
    )


def table(judged: Sequence[Judged], confidence: Confidence) -> str:
    """The shares as text, a line per kind."""
    lines = [f"{'':20}{'aantal':>7}{'beantwoord':>12}{'misschien':>11}{'geweigerd':>11}{'AUC':>7}"]
    for kind, by_status in shares(judged, confidence).items():
        count = sum(each.kind == kind for each in judged)
        apart = "" if kind == "in" else f"{auc(judged, confidence, kind):7.3f}"
        columns = (Status.ANSWERED, Status.PERHAPS, Status.REFUSED)
        told = "".join(f"{by_status[status]:{width}.2f}" for status, width in zip(columns, (12, 11, 11), strict=True))
        lines.append(f"{kind:20}{count:7}{told}{apart}")
    return "\n".join(lines)
