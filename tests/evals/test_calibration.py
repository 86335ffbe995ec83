"""Calibrating the refusal, against evidence made by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pytest
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from assistant.confidence import Confidence
from assistant.types import Status
from evals.calibration import WRONGLY_ANSWERED, Judged, auc, calibrate, judged, shares, table
from evals.data import RefusalItem
from evals.measures import PERHAPS_IS_FINE
from index.build import build
from index.embedding import SentenceEmbedding
from index.search import Index
from index.types import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import SmallCorpus

KINDS = get_args(RefusalItem.model_fields["kind"].annotation)
BY_TERMS = Confidence({"term_coverage": 10.0}, -5.0, perhaps=0.3, answered=0.7)


def of_kind(kind: str, *coverages: float) -> list[Judged]:
    """Questions of one kind of which this share of the terms was found."""
    return [
        Judged(f"{kind} {number}", kind, Evidence(share, share / 2, 1.0, share, share, 0.0, 0.0))
        for number, share in enumerate(coverages)
    ]


def spread(low: float, high: float, count: int = 100) -> list[float]:
    return [low + (high - low) * at / (count - 1) for at in range(count)]


MIXED = [*of_kind("in", *spread(0.3, 1.0)), *of_kind("near", *spread(0.1, 0.6)), *of_kind("far", *spread(0.0, 0.4))]


@pytest.fixture
def index(small_corpus: SmallCorpus, embedding: SentenceEmbedding) -> Iterator[Index]:
    settings = small_corpus()
    build(settings, embedding)
    opened = Index.open(settings, embedding)
    yield opened
    opened.close()


def test_shares_count_each_status_within_its_kind() -> None:
    told = shares([*of_kind("in", 1.0, 1.0, 0.5, 0.0), *of_kind("far", 0.0, 0.0)], BY_TERMS)
    assert told["in"] == {Status.ANSWERED: 0.5, Status.PERHAPS: 0.25, Status.REFUSED: 0.25}
    assert told["far"] == {Status.ANSWERED: 0.0, Status.PERHAPS: 0.0, Status.REFUSED: 1.0}


def test_a_kind_without_questions_has_no_shares() -> None:
    assert list(shares(of_kind("in", 1.0), BY_TERMS)) == ["in"]


@example_settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(KINDS), st.floats(0, 1)), min_size=1, max_size=20))
def test_the_shares_of_a_kind_add_up_to_one(pairs: list[tuple[str, float]]) -> None:
    told = shares([each for kind, share in pairs for each in of_kind(kind, share)], BY_TERMS)
    assert {kind: round(sum(by_status.values()), 9) for kind, by_status in told.items()} == dict.fromkeys(
        dict(pairs), 1.0
    )


@pytest.mark.parametrize(
    ("inside", "outside", "expected"),
    [((0.8, 0.9), (0.1, 0.2), 1.0), ((0.1, 0.2), (0.8, 0.9), 0.0), ((0.2, 0.8), (0.1, 0.5), 0.75)],
)
def test_auc_is_the_share_of_pairs_in_the_right_order(
    inside: tuple[float, ...], outside: tuple[float, ...], expected: float
) -> None:
    assert auc([*of_kind("in", *inside), *of_kind("near", *outside)], BY_TERMS, "near") == expected


def test_auc_looks_at_one_other_kind_only() -> None:
    every = [*of_kind("in", 0.5), *of_kind("near", 0.9), *of_kind("far", 0.1)]
    assert (auc(every, BY_TERMS, "near"), auc(every, BY_TERMS, "far")) == (0.0, 1.0)


def test_calibration_weighs_what_tells_the_kinds_apart() -> None:
    weights = calibrate(MIXED).weights
    assert weights["term_coverage"] > 0 and weights["least_specific"] == pytest.approx(0, abs=1e-3)


def test_calibration_tells_apart_what_can_be_told_apart() -> None:
    every = [*of_kind("in", *spread(0.6, 1.0)), *of_kind("far", *spread(0.0, 0.4))]
    found = calibrate(every)
    assert auc(every, found, "far") == 1.0 and shares(every, found)["far"][Status.ANSWERED] <= 0.03


def test_few_are_wrongly_refused() -> None:
    assert shares(MIXED, calibrate(MIXED))["in"][Status.REFUSED] <= 0.03


def test_few_are_wrongly_answered() -> None:
    told = shares(MIXED, calibrate(MIXED))
    assert (told["near"][Status.ANSWERED] + told["far"][Status.ANSWERED]) / 2 <= WRONGLY_ANSWERED


@example_settings(max_examples=15, deadline=None)
@given(st.floats(0.0, 0.9), st.floats(0.0, 0.9))
def test_the_thresholds_lie_in_order(start: float, end: float) -> None:
    found = calibrate([*of_kind("in", *spread(start, 1.0, 20)), *of_kind("far", *spread(0.0, end, 20))])
    assert 0 <= found.perhaps <= found.answered <= 1


@pytest.mark.parametrize("kind", sorted(PERHAPS_IS_FINE))
def test_what_looks_like_a_question_inside_teaches_nothing(kind: str) -> None:
    assert calibrate([*MIXED, *of_kind(kind, *spread(0.2, 1.0))]) == calibrate(MIXED)


def test_calibrating_twice_gives_the_same() -> None:
    assert calibrate(MIXED) == calibrate(MIXED)


def test_a_table_has_a_line_for_each_kind_that_was_asked() -> None:
    lines = table([*of_kind("in", 1.0, 1.0, 0.5, 0.0), *of_kind("far", 0.0)], BY_TERMS).splitlines()
    assert [line.split() for line in lines[1:]] == [
        ["in", "4", "0.50", "0.25", "0.25"],
        ["far", "1", "0.00", "0.00", "1.00", "0.875"],
    ]


def test_a_question_is_judged_with_the_evidence_of_a_search(index: Index) -> None:
    item = RefusalItem(question="Wie betaalt het baggeren?", kind="in")
    evidence = index.search("Wie betaalt het baggeren?", limit=5).evidence
    assert judged([item], index) == [Judged("Wie betaalt het baggeren?", "in", evidence)]


def test_questions_are_judged_in_their_order(index: Index) -> None:
    items = [RefusalItem(question=text, kind="far") for text in ("Wie kapt de dennen?", "Hoe laat is het?")]
    assert [each.question for each in judged(items, index)] == ["Wie kapt de dennen?", "Hoe laat is het?"]
