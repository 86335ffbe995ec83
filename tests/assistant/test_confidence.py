"""Whether the library answers a question: the probability and the two thresholds."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from assistant.confidence import Confidence, signs
from assistant.types import Status
from index.types import Evidence

SHARE = st.floats(0, 1)
SPECIFICITY = st.floats(-2, 6)
EVIDENCE = st.builds(Evidence, SHARE, SHARE, SHARE, SHARE, SHARE, SPECIFICITY, SPECIFICITY)
NAMES = [field.name for field in fields(Evidence)]
NOTHING = Evidence(0.0, 0.0, 0.0, 0.0, 0.0, -2.0, -2.0)
EVERYTHING = Evidence(1.0, 1.0, 1.0, 1.0, 1.0, 6.0, 6.0)
EVEN = Confidence({"term_coverage": 2.0, "bank_similarity": -1.0}, 0.5, perhaps=0.4, answered=0.8)


def test_the_signs_are_the_whole_evidence() -> None:
    assert signs(Evidence(1, 2, 3, 4, 5, 6, 7)) == dict(zip(NAMES, range(1, 8), strict=True))


def test_the_probability_is_the_logistic_function_of_the_weighed_signs() -> None:
    told = replace(NOTHING, term_coverage=0.25, bank_similarity=1.0)
    assert EVEN.probability(told) == pytest.approx(0.5)


@example_settings(deadline=None)
@given(EVIDENCE)
def test_a_probability_lies_between_zero_and_one(evidence: Evidence) -> None:
    assert 0 < Confidence.load().probability(evidence) < 1


@example_settings(deadline=None)
@given(EVIDENCE, st.sampled_from(NAMES), st.floats(0, 1))
def test_a_sign_moves_the_probability_the_way_of_its_weight(evidence: Evidence, name: str, more: float) -> None:
    shipped = Confidence.load()
    stronger = replace(evidence, **{name: getattr(evidence, name) + more})
    difference = shipped.probability(stronger) - shipped.probability(evidence)
    assert difference * shipped.weights[name] >= 0


@pytest.mark.parametrize(
    ("perhaps", "answered", "status"),
    [
        (0.4, 0.5, Status.ANSWERED),
        (0.5, 0.5, Status.ANSWERED),
        (0.5, 0.6, Status.PERHAPS),
        (0.4, 0.6, Status.PERHAPS),
        (0.51, 0.6, Status.REFUSED),
    ],
)
def test_a_threshold_is_reached_at_its_own_value(perhaps: float, answered: float, status: Status) -> None:
    assert Confidence({}, 0.0, perhaps, answered).judge(NOTHING) is status


@example_settings(deadline=None)
@given(EVIDENCE, EVIDENCE)
def test_a_higher_probability_is_never_judged_lower(one: Evidence, other: Evidence) -> None:
    order = [Status.REFUSED, Status.PERHAPS, Status.ANSWERED]
    low, high = sorted([one, other], key=EVEN.probability)
    assert order.index(EVEN.judge(low)) <= order.index(EVEN.judge(high))


def test_the_shipped_calibration_weighs_every_sign() -> None:
    assert set(Confidence.load().weights) == set(NAMES)


def test_the_shipped_thresholds_lie_in_order() -> None:
    shipped = Confidence.load()
    assert 0 < shipped.perhaps < shipped.answered < 1


def test_the_shipped_calibration_refuses_without_any_sign() -> None:
    assert Confidence.load().judge(NOTHING) is Status.REFUSED


def test_the_shipped_calibration_answers_with_every_sign() -> None:
    assert Confidence.load().judge(EVERYTHING) is Status.ANSWERED


def test_a_saved_calibration_is_read_back(tmp_path: Path) -> None:
    EVEN.save(tmp_path / "confidence.json")
    assert Confidence.load(tmp_path / "confidence.json") == EVEN


def test_a_calibration_with_an_unknown_key_is_refused(tmp_path: Path) -> None:
    EVEN.save(path := tmp_path / "confidence.json")
    path.write_text(json.dumps({**json.loads(path.read_text()), "gok": 1}))
    with pytest.raises(TypeError, match="gok"):
        Confidence.load(path)
