"""Calibrating the refusal, against evidence made by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from assistant.confidence import Confidence
from assistant.types import Status
from evals.calibration import HERE, SCOPES, Judged, auc, calibrate, read_questions, shares, table
from index.build import build
from index.embedding import SentenceEmbedding
from index.search import Index
from index.types import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import SmallCorpus

BY_TERMS = Confidence({"term_coverage": 10.0}, -5.0, perhaps=0.3, answered=0.7)


def judged(scope: str, *coverages: float) -> list[Judged]:
    """Questions of one scope of which this share of the terms was found."""
    return [
        Judged(f"{scope} {number}", scope, Evidence(share, share / 2, 1.0, share, share, 0.0, 0.0))
        for number, share in enumerate(coverages)
    ]


def spread(low: float, high: float, count: int = 100) -> list[float]:
    return [low + (high - low) * at / (count - 1) for at in range(count)]


MIXED = [*judged("in", *spread(0.3, 1.0)), *judged("near", *spread(0.1, 0.6)), *judged("far", *spread(0.0, 0.4))]


@pytest.fixture
def index(small_corpus: SmallCorpus, embedding: SentenceEmbedding) -> Iterator[Index]:
    settings = small_corpus()
    build(settings, embedding)
    opened = Index.open(settings, embedding)
    yield opened
    opened.close()


def test_shares_count_each_status_within_its_scope() -> None:
    told = shares([*judged("in", 1.0, 1.0, 0.5, 0.0), *judged("far", 0.0, 0.0)], BY_TERMS)
    assert told["in"] == {Status.ANSWERED: 0.5, Status.PERHAPS: 0.25, Status.REFUSED: 0.25}
    assert told["far"] == {Status.ANSWERED: 0.0, Status.PERHAPS: 0.0, Status.REFUSED: 1.0}


def test_a_scope_without_questions_has_no_shares() -> None:
    assert set(shares(judged("in", 1.0), BY_TERMS)["absent"].values()) == {0.0}


@example_settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(SCOPES), st.floats(0, 1)), min_size=1, max_size=20))
def test_the_shares_of_a_scope_add_up_to_one(pairs: list[tuple[str, float]]) -> None:
    told = shares([each for scope, share in pairs for each in judged(scope, share)], BY_TERMS)
    assert {scope: round(sum(by_status.values()), 9) for scope, by_status in told.items()} == {
        scope: float(scope in dict(pairs)) for scope in SCOPES
    }


@pytest.mark.parametrize(
    ("inside", "outside", "expected"),
    [((0.8, 0.9), (0.1, 0.2), 1.0), ((0.1, 0.2), (0.8, 0.9), 0.0), ((0.2, 0.8), (0.1, 0.5), 0.75)],
)
def test_auc_is_the_share_of_pairs_in_the_right_order(
    inside: tuple[float, ...], outside: tuple[float, ...], expected: float
) -> None:
    assert auc([*judged("in", *inside), *judged("near", *outside)], BY_TERMS, "near") == expected


def test_auc_looks_at_one_other_scope_only() -> None:
    every = [*judged("in", 0.5), *judged("near", 0.9), *judged("far", 0.1)]
    assert (auc(every, BY_TERMS, "near"), auc(every, BY_TERMS, "far")) == (0.0, 1.0)


def test_calibration_weighs_what_tells_the_scopes_apart() -> None:
    weights = calibrate(MIXED).weights
    assert weights["term_coverage"] > 0 and weights["least_specific"] == pytest.approx(0, abs=1e-3)


def test_calibration_tells_apart_what_can_be_told_apart() -> None:
    every = [*judged("in", *spread(0.6, 1.0)), *judged("far", *spread(0.0, 0.4))]
    found = calibrate(every)
    assert auc(every, found, "far") == 1.0 and shares(every, found)["far"][Status.ANSWERED] <= 0.03


def test_at_most_three_in_a_hundred_are_wrongly_refused() -> None:
    assert shares(MIXED, calibrate(MIXED))["in"][Status.REFUSED] <= 0.03


def test_at_most_three_in_a_hundred_are_wrongly_answered() -> None:
    told = shares(MIXED, calibrate(MIXED))
    assert (told["near"][Status.ANSWERED] + told["far"][Status.ANSWERED]) / 2 <= 0.03


@example_settings(max_examples=15, deadline=None)
@given(st.floats(0.0, 0.9), st.floats(0.0, 0.9))
def test_the_thresholds_lie_in_order(start: float, end: float) -> None:
    found = calibrate([*judged("in", *spread(start, 1.0, 20)), *judged("far", *spread(0.0, end, 20))])
    assert 0 <= found.perhaps <= found.answered <= 1


def test_what_borrows_the_words_does_not_change_the_weights() -> None:
    absent = judged("absent", *spread(0.2, 1.0))
    assert calibrate([*MIXED, *absent]) == calibrate(MIXED)


def test_calibrating_twice_gives_the_same() -> None:
    assert calibrate(MIXED) == calibrate(MIXED)


def test_a_table_has_a_line_for_each_scope_that_was_asked() -> None:
    lines = table([*judged("in", 1.0, 1.0, 0.5, 0.0), *judged("far", 0.0)], BY_TERMS).splitlines()
    assert [line.split() for line in lines[1:]] == [
        ["in", "4", "0.50", "0.25", "0.25"],
        ["far", "1", "0.00", "0.00", "1.00", "0.875"],
    ]


def test_questions_are_read_with_the_evidence_of_a_search(index: Index, tmp_path: Path) -> None:
    path = tmp_path / "refusal.jsonl"
    path.write_text('{"question": "Wie betaalt het baggeren?", "scope": "in"}\n', encoding="utf-8")
    evidence = index.search("Wie betaalt het baggeren?", limit=5).evidence
    assert read_questions(path, index) == [Judged("Wie betaalt het baggeren?", "in", evidence)]


@pytest.mark.parametrize(
    "line",
    ['{"question": "Wie?", "scope": "ver weg"}', '{"question": "Wie?"}', '{"question": "?", "scope": "in", "x": 1}'],
)
def test_a_line_that_is_no_question_is_named(index: Index, tmp_path: Path, line: str) -> None:
    path = tmp_path / "refusal.jsonl"
    path.write_text(f'{{"question": "Wie betaalt?", "scope": "in"}}\n{line}\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"refusal\.jsonl, line 2"):
        read_questions(path, index)


def questions_of(name: str) -> list[tuple[str, str]]:
    lines = (HERE / name / "refusal.jsonl").read_text(encoding="utf-8").splitlines()
    return [(entry["question"], entry["scope"]) for entry in map(json.loads, lines)]


@pytest.mark.parametrize("name", ["train", "dev"])
def test_every_scope_is_asked_about(name: str) -> None:
    assert {scope for _, scope in questions_of(name)} == set(SCOPES)


def test_what_is_reported_on_was_not_chosen_on() -> None:
    chosen = {question.casefold() for question, _ in questions_of("train")}
    assert [question for question, _ in questions_of("dev") if question.casefold() in chosen] == []
