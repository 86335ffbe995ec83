"""Comparing two runs, question by question, on runs made by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.types import Status
from evals.comparison import SURE, Change, Comparison, compare, told
from evals.errors import EmptySet

if TYPE_CHECKING:
    from evals.outcomes import Outcome
    from evals.runs import Run
    from tests.evals.conftest import Make


def change(comparison: Comparison, measure: str) -> Change:
    """The one change of this measure."""
    (found,) = [each for each in comparison.changes if each.measure == measure]
    return found


def steps(make: Make, count: int, *, first: int) -> list[Outcome]:
    """So many questions about step 1, to which this step was the reply."""
    return [make.step(f"Vraag {number} over de kade?", right=1, first=first) for number in range(count)]


@pytest.fixture(scope="module")
def mixed(make: Make) -> Run:
    """Questions of several suites, of which some went wrong."""
    return make.run(
        make.retrieval(),
        make.retrieval("Wie schildert de trap?", essay=7, handbook=None),
        make.refusal(),
        make.refusal("Wat is slib?", kind="in", status=Status.REFUSED),
        make.step(),
        make.step("Wat nu?", right=2, first=3),
        make.abuse(faults=["'HAVIK' staat in het antwoord"]),
        make.failed(make.quote()),
    )


@pytest.fixture(scope="module")
def unchanged(mixed: Run) -> Comparison:
    """A run compared with itself."""
    return compare(mixed, mixed)


def test_a_run_compared_with_itself_changes_nothing(unchanged: Comparison) -> None:
    assert unchanged.changes
    assert [each for each in unchanged.changes if each.before != each.after or each.p < 1] == []


def test_a_run_compared_with_itself_flips_nothing(unchanged: Comparison) -> None:
    assert unchanged.flips == ()


def test_a_run_compared_with_itself_tells_that_all_measures_are_the_same(unchanged: Comparison) -> None:
    assert told(unchanged) == f"eerste -> eerste: 0 maten anders, {len(unchanged.changes)} gelijk"


def test_a_question_that_went_right_is_a_flip_for_the_better(make: Make) -> None:
    (flip,) = compare(make.run(make.step(first=2)), make.run(make.step(first=1), name="tweede")).flips
    assert (flip.condition, flip.suite, flip.asked, flip.better) == ("whole", "steps", "Hoe begin je?", True)


def test_a_question_that_went_right_is_named_in_the_text(make: Make) -> None:
    text = told(compare(make.run(make.step(first=2)), make.run(make.step(first=1), name="tweede")))
    assert "whole steps, right: 1 beter\n  Hoe begin je?" in text
    assert "slechter" not in text


def test_a_question_that_went_wrong_is_named_as_worse(make: Make) -> None:
    text = told(compare(make.run(make.step(first=1)), make.run(make.step(first=2), name="tweede")))
    assert "whole steps, right: 1 slechter\n  Hoe begin je?" in text
    assert "beter" not in text


def test_a_question_that_failed_in_the_second_run_is_a_flip_for_the_worse(make: Make) -> None:
    other = make.step("Wat nu?")
    comparison = compare(make.run(make.step(), other), make.run(make.failed(make.step()), other, name="tweede"))
    assert [(flip.asked, flip.better) for flip in comparison.flips] == [("Hoe begin je?", False)]
    assert (change(comparison, "right").before, change(comparison, "right").after) == (1.0, 0.5)


def test_a_question_that_is_wrong_in_another_way_does_not_flip(make: Make) -> None:
    comparison = compare(make.run(make.step(first=2)), make.run(make.step(first=3), name="tweede"))
    assert comparison.flips == ()


def test_the_text_shows_a_measure_before_and_after_with_the_difference(make: Make) -> None:
    kept = make.step("Wat nu?")
    text = told(compare(make.run(make.step(), kept), make.run(make.step(first=2), kept, name="tweede")))
    (row,) = [line for line in text.splitlines() if " accepted " in line and "shown" not in line]
    assert row.split() == ["whole", "steps", "accepted", "1.000", "0.500", "-0.500", "1.000", "2"]


def test_the_text_names_both_runs(make: Make) -> None:
    run = make.run(make.step(), name="gisteren")
    assert told(compare(run, make.run(make.step(), name="vandaag"))).startswith("gisteren -> vandaag:")


@pytest.mark.parametrize(("milliseconds", "is_told"), [(7, False), (50, True)])
def test_only_a_speed_that_changed_by_more_than_noise_is_told(make: Make, milliseconds: float, is_told: bool) -> None:
    run = make.run(make.retrieval(milliseconds=milliseconds), name="tweede")
    assert ("ms p50" in told(compare(make.run(make.retrieval(milliseconds=5)), run))) is is_told


def test_questions_in_one_run_alone_are_counted(make: Make) -> None:
    first = make.run(make.step(), make.step("Wat nu?"), make.step("En daarna?"))
    second = make.run(make.step(), make.step("Iets anders?"), name="tweede")
    comparison = compare(first, second)
    assert comparison.unpaired == 3
    assert "3 vragen staan maar in een van beide metingen en tellen niet mee." in told(comparison)


def test_questions_in_one_run_alone_are_left_out(make: Make) -> None:
    wrong = make.step("Wat nu?", first=2)
    comparison = compare(make.run(make.step(), wrong), make.run(make.step(), name="tweede"))
    assert (change(comparison, "right").before, change(comparison, "right").count) == (1.0, 1)


def test_the_text_is_silent_about_unpaired_questions_when_there_are_none(make: Make) -> None:
    run = make.run(make.step())
    assert "een van beide" not in told(compare(run, run))


def test_a_question_of_which_the_right_answer_changed_is_another_question(make: Make) -> None:
    same = make.step("Wat nu?")
    comparison = compare(make.run(make.step(right=1), same), make.run(make.step(right=2, first=1), same))
    assert (comparison.unpaired, comparison.flips) == (2, ())


def test_the_same_question_under_two_conditions_is_compared_twice(make: Make) -> None:
    first = make.run(make.step(first=2), make.step(first=2, condition="handbook"))
    second = make.run(make.step(first=2), make.step(first=1, condition="handbook"), name="tweede")
    assert [flip.condition for flip in compare(first, second).flips] == ["handbook"]


def test_a_suite_that_one_run_did_not_measure_is_left_out(make: Make) -> None:
    comparison = compare(make.run(make.step(), make.abuse()), make.run(make.step(), name="tweede"))
    assert {each.suite for each in comparison.changes} == {"steps"}


def test_a_large_and_consistent_change_has_a_small_p(make: Make) -> None:
    comparison = compare(make.run(*steps(make, 30, first=2)), make.run(*steps(make, 30, first=1), name="tweede"))
    assert change(comparison, "right").p < 0.001


def test_a_change_of_one_question_among_many_may_be_chance(make: Make) -> None:
    before, after = (make.run(*steps(make, 30, first=1), make.step(first=first)) for first in (1, 2))
    assert change(compare(before, after), "right").p > 0.5


@pytest.mark.parametrize(("count", "star"), [(30, True), (1, False)])
def test_a_star_marks_a_change_that_is_more_than_chance(make: Make, count: int, star: bool) -> None:
    comparison = compare(make.run(*steps(make, count, first=2)), make.run(*steps(make, count, first=1)))
    (row,) = [line for line in told(comparison).splitlines() if " right " in line]
    assert ("*" in row) is star is (change(comparison, "right").p < SURE)


def test_the_order_of_the_outcomes_does_not_matter(make: Make, mixed: Run) -> None:
    second = [
        make.retrieval(essay=8),
        make.retrieval("Wie schildert de trap?", essay=2),
        make.step(first=4),
        make.step("Wat nu?", right=2, first=2),
    ]
    turned = [second[1], second[0], second[3], second[2]]
    one, other = (compare(mixed, make.run(*outcomes, name="tweede")) for outcomes in (second, turned))
    assert one == other
    assert {flip.better for flip in one.flips} == {True, False}


def test_a_long_list_of_flips_is_cut_and_the_rest_counted(make: Make) -> None:
    comparison = compare(make.run(*steps(make, 5, first=2)), make.run(*steps(make, 5, first=1)))
    text = told(comparison, most=2)
    assert text.count("over de kade?") == 2
    assert "right: 5 beter" in text and text.endswith("  ... en 3 meer")


def test_a_list_of_flips_that_fits_is_not_cut(make: Make) -> None:
    comparison = compare(make.run(*steps(make, 5, first=2)), make.run(*steps(make, 5, first=1)))
    assert "meer" not in told(comparison, most=5)


def test_runs_with_other_questions_have_nothing_in_common(make: Make) -> None:
    with pytest.raises(EmptySet, match=r"eerste en tweede hebben geen vraag gemeen\."):
        compare(make.run(make.step()), make.run(make.step("Wat nu?"), name="tweede"))


def test_runs_of_other_conditions_have_nothing_in_common(make: Make) -> None:
    with pytest.raises(EmptySet):
        compare(make.run(make.step()), make.run(make.step(condition="handbook"), name="tweede"))


def test_runs_of_other_suites_have_nothing_in_common(make: Make) -> None:
    with pytest.raises(EmptySet):
        compare(make.run(make.step()), make.run(make.abuse(), name="tweede"))


def test_runs_without_outcomes_have_nothing_in_common(make: Make) -> None:
    with pytest.raises(EmptySet):
        compare(make.run(), make.run())


def test_a_search_that_failed_on_every_question_is_a_fall_to_zero(make: Make) -> None:
    good, other = make.retrieval(), make.retrieval("Wie schildert de trap?")
    comparison = compare(make.run(good, other), make.run(make.failed(good), make.failed(other), name="tweede"))
    assert (change(comparison, "essay hit@5").before, change(comparison, "essay hit@5").after) == (1.0, 0.0)


def test_runs_that_refused_nothing_can_be_compared(make: Make) -> None:
    answered = make.refusal("Wat is slib?", kind="in", status=Status.ANSWERED)
    run = make.run(make.refusal(status=Status.ANSWERED), answered)
    assert change(compare(run, run), "refusal F1").after == 0.0


def test_runs_with_only_questions_that_should_be_answered_can_be_compared(make: Make) -> None:
    run = make.run(make.refusal("Wat is slib?", kind="in", status=Status.ANSWERED))
    assert ": 0 maten anders" in told(compare(run, run))
