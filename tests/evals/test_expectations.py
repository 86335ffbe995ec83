"""Holding a run against expected scores, and the expectations that are shipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from evals.conditions import read_conditions
from evals.data import Split, Suite, digest, path_of
from evals.errors import EmptySet, InvalidData
from evals.expectations import (
    FILE,
    Bound,
    Expected,
    check,
    read_expected,
    read_questions,
    require_same_questions,
    told,
    written,
)
from evals.tables import scored

if TYPE_CHECKING:
    from evals.runs import Run
    from tests.evals.conftest import Make

WHOLE = """\
[whole.steps]
"right" = { score = 0.75, tolerance = 0.05 }
"accepted" = { score = 1.0, tolerance = 0.0 }

[handbook.abuse]
"survived" = { score = 1.0, tolerance = 0.0 }
"""


@pytest.fixture(scope="module")
def perfect(make: Make) -> Run:
    """A run in which everything is right."""
    return make.perfect()


def expected(score: float, tolerance: float = 0.0, *, measure: str = "right", suite: Suite = Suite.STEPS) -> Expected:
    return Expected("whole", suite, measure, Bound(score=score, tolerance=tolerance))


def right(make: Make, count: int, *, of: int, name: str = "eerste") -> Run:
    """A run of so many questions about steps, of which the first went well."""
    return make.run(*(make.step(f"Vraag {at}?", first=1 if at < count else 2) for at in range(of)), name=name)


def holds(run: Run, *wanted: Expected) -> list[bool]:
    return [each.holds for each in check(run, wanted)]


def row(text: str, words: str) -> list[str]:
    """The cells behind these words in a table."""
    (line,) = [line for line in text.splitlines() if words in line]
    return line.partition(words)[2].split()


def file(folder: Path, text: str) -> Path:
    path = folder / "verwacht.toml"
    path.write_text(text, encoding="utf-8")
    return path


def scores(run: Run, wanted: Sequence[Expected]) -> list[float | None]:
    return [each.value for each in check(run, wanted)]


def test_a_score_that_is_as_expected_holds(make: Make) -> None:
    assert holds(right(make, 3, of=4), expected(0.75)) == [True]


def test_a_fall_beyond_the_tolerance_fails(make: Make) -> None:
    assert holds(right(make, 3, of=4), expected(0.8, 0.04)) == [False]


def test_a_fall_within_the_tolerance_holds(make: Make) -> None:
    assert holds(right(make, 3, of=4), expected(0.8, 0.06)) == [True]


def test_a_fall_of_exactly_the_tolerance_holds(make: Make) -> None:
    assert holds(right(make, 3, of=4), expected(0.8, 0.05)) == [True]


def test_without_tolerance_the_smallest_fall_fails(make: Make) -> None:
    assert holds(right(make, 99, of=100), expected(1.0, 0.0)) == [False]


def test_a_question_that_ended_in_an_error_lowers_the_score(make: Make) -> None:
    run = make.run(make.step(), make.failed(make.step("Wat nu?")))
    assert scores(run, [expected(1.0)]) == [0.5]


def test_a_fall_is_told_with_score_tolerance_and_what_was_measured(make: Make) -> None:
    text = told(check(right(make, 3, of=4), [expected(0.9, 0.05)]))
    assert text.startswith("Gedaald")
    assert row(text, "whole · steps · right") == ["0.900", "0.050", "0.750"]


def test_what_holds_is_not_in_the_table(make: Make) -> None:
    text = told(check(right(make, 4, of=4), [expected(1.0), expected(1.0, measure="accepted")]))
    assert text == "2 van 2 verwachtingen gehaald."


def test_a_measure_that_the_run_does_not_have_fails(make: Make) -> None:
    held = check(right(make, 4, of=4), [expected(1.0), expected(0.0, 1.0, measure="within 9")])
    assert [(each.value, each.holds) for each in held] == [(1.0, True), (None, False)]


def test_a_measure_that_the_run_does_not_have_is_told_as_not_measured(make: Make) -> None:
    text = told(check(right(make, 4, of=4), [expected(1.0), expected(0.5, measure="within 9")]))
    (line,) = [line for line in text.splitlines() if "within 9" in line]
    assert line.endswith("niet gemeten")
    assert text.endswith("1 van 2 verwachtingen gehaald.")


def test_a_condition_that_the_run_does_not_have_fails(make: Make) -> None:
    other = Expected("handbook", Suite.STEPS, "right", Bound(score=0.5, tolerance=0.5))
    assert holds(right(make, 4, of=4), expected(1.0), other) == [True, False]


def test_a_rise_is_told(make: Make) -> None:
    text = told(check(right(make, 3, of=4), [expected(0.5, 0.05)]))
    assert text.startswith("Gestegen")
    assert row(text, "whole · steps · right") == ["0.500", "0.050", "0.750"]
    assert text.endswith("1 van 1 verwachtingen gehaald.")


def test_a_rise_within_the_tolerance_is_not_told(make: Make) -> None:
    assert "Gestegen" not in told(check(right(make, 3, of=4), [expected(0.7, 0.05)]))


def test_nothing_measured_at_all_is_an_empty_set(make: Make) -> None:
    with pytest.raises(EmptySet, match=r"eerste heeft niets van wat verwacht wordt\."):
        check(make.run(make.abuse()), [expected(0.5)])


def test_a_run_without_outcomes_is_an_empty_set(make: Make) -> None:
    with pytest.raises(EmptySet):
        check(make.run(), [expected(0.5)])


def test_a_file_is_read_in_its_order(tmp_path: Path) -> None:
    found = read_expected(file(tmp_path, WHOLE))
    assert [(each.condition, each.suite, each.measure) for each in found] == [
        ("whole", Suite.STEPS, "right"),
        ("whole", Suite.STEPS, "accepted"),
        ("handbook", Suite.ABUSE, "survived"),
    ]
    assert found[0].bound == Bound(score=0.75, tolerance=0.05)


@pytest.mark.parametrize("text", ["", "# niets\n", "[whole]\n", "[whole.steps]\n"])
def test_a_file_that_expects_nothing_is_an_empty_set(tmp_path: Path, text: str) -> None:
    with pytest.raises(EmptySet, match=r"verwacht\.toml"):
        read_expected(file(tmp_path, text))


@pytest.mark.parametrize(
    "text",
    [
        "[whole.steps\n",
        "whole = 1\n",
        "[whole]\nsteps = 1\n",
        '[whole.dansen]\n"right" = { score = 0.5, tolerance = 0.1 }\n',
        '[whole.steps]\n"right" = 0.5\n',
        '[whole.steps]\n"right" = { score = 0.5 }\n',
        '[whole.steps]\n"right" = { score = 0.5, tolerance = -0.1 }\n',
        '[whole.steps]\n"right" = { score = "hoog", tolerance = 0.1 }\n',
        '[whole.steps]\n"right" = { score = 0.5, tolerance = 0.1, ruimte = 1 }\n',
    ],
)
def test_a_bad_file_is_invalid_data(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidData, match=r"verwacht\.toml"):
        read_expected(file(tmp_path, text))


def test_a_file_that_is_not_there_is_invalid_data(tmp_path: Path) -> None:
    with pytest.raises(InvalidData, match=r"weg\.toml"):
        read_expected(tmp_path / "weg.toml")


def test_a_file_in_another_encoding_is_invalid_data(tmp_path: Path) -> None:
    path = tmp_path / "verwacht.toml"
    path.write_bytes("# één\n".encode("latin-1") + WHOLE.encode())
    with pytest.raises(InvalidData, match=r"verwacht\.toml"):
        read_expected(path)


def test_the_message_names_the_entry_that_is_not_of_the_form(tmp_path: Path) -> None:
    text = WHOLE.replace('"accepted" = { score = 1.0, tolerance = 0.0 }', '"accepted" = { score = 1.0 }')
    with pytest.raises(InvalidData, match="accepted"):
        read_expected(file(tmp_path, text))


def test_what_was_written_is_read_with_the_scores_of_the_run_and_the_old_tolerances(make: Make, tmp_path: Path) -> None:
    wanted = read_expected(file(tmp_path, WHOLE))
    run = make.run(make.step(), make.step("Wat nu?", first=2), make.abuse(condition="handbook", faults=["lek"]))
    found = read_expected(file(tmp_path, written(run, wanted, {})))
    assert [(each.condition, each.suite, each.measure) for each in found] == [
        (each.condition, each.suite, each.measure) for each in wanted
    ]
    assert [(each.bound.score, each.bound.tolerance) for each in found] == [(0.5, 0.05), (0.5, 0.0), (0.0, 0.0)]


def test_what_was_written_keeps_the_score_of_a_measure_that_the_run_does_not_have(make: Make, tmp_path: Path) -> None:
    wanted = read_expected(file(tmp_path, WHOLE))
    found = read_expected(file(tmp_path, written(make.run(make.step(first=2)), wanted, {})))
    assert [each.bound.score for each in found] == [0.0, 0.0, 1.0]


def test_nothing_is_written_for_a_run_that_measured_nothing_of_it(make: Make) -> None:
    with pytest.raises(EmptySet):
        written(make.run(make.abuse()), [expected(0.5)], {})


def test_what_was_written_says_how_to_write_it_again(make: Make) -> None:
    assert written(make.run(make.step()), [expected(0.5)], {}).startswith("# ")
    assert "python -m evals check --accept" in written(make.run(make.step()), [expected(0.5)], {})


@pytest.mark.parametrize("tolerance", [0.01, 0.0])
def test_the_run_whose_scores_were_written_holds(make: Make, tmp_path: Path, tolerance: float) -> None:
    run = right(make, 2, of=3)
    found = read_expected(file(tmp_path, written(run, [expected(0.5, tolerance)], {})))
    assert holds(run, *found) == [True]


def test_what_was_written_names_the_questions_of_the_run_and_keeps_those_of_others(make: Make, tmp_path: Path) -> None:
    run = make.run(make.step())
    run = replace(run, manifest={**run.manifest, "data": {"steps": "nieuw"}})
    text = written(run, [expected(0.5)], {"steps": "oud", "abuse": "zelfde"})
    assert read_questions(file(tmp_path, text)) == {"steps": "nieuw", "abuse": "zelfde"}


def told_of(make: Make, **fields: object) -> Run:
    run = make.run(make.step())
    return replace(run, manifest={**run.manifest, "split": "dev", "data": {"steps": "a"}, **fields})


def test_a_run_of_the_same_questions_may_be_held_against_the_scores(make: Make) -> None:
    require_same_questions(told_of(make), {"steps": "a", "abuse": "b"})


def test_a_run_of_other_questions_is_refused_by_name(make: Make) -> None:
    with pytest.raises(InvalidData, match="vragen van steps"):
        require_same_questions(told_of(make), {"steps": "b"})


def test_a_run_of_train_is_refused(make: Make) -> None:
    with pytest.raises(InvalidData, match="train"):
        require_same_questions(told_of(make, split="train"), {})


def test_the_shipped_scores_are_of_the_questions_that_are_there() -> None:
    assert read_questions() == {suite: digest(path_of(Suite(suite), Split.DEV)) for suite in read_questions()}


def test_the_shipped_file_is_as_it_would_be_written(perfect: Run) -> None:
    shipped = FILE.read_text(encoding="utf-8")
    scoreless = [line for line in shipped.splitlines() if "score = " not in line]
    again = written(perfect, read_expected(), read_questions())
    assert [line for line in again.splitlines() if "score = " not in line] == scoreless


def test_the_shipped_file_names_only_conditions_that_exist() -> None:
    conditions = read_conditions()
    assert [each.condition for each in read_expected() if each.condition not in conditions] == []


def test_the_shipped_file_expects_only_suites_that_the_condition_measures() -> None:
    conditions = read_conditions()
    assert [each for each in read_expected() if each.suite not in conditions[each.condition].measured] == []


def test_the_shipped_file_names_only_measures_of_their_suite(perfect: Run) -> None:
    known = {(each.suite, score.name) for each in scored(perfect) for score in each.scores}
    assert [each for each in read_expected() if (each.suite, each.measure) not in known] == []


def test_the_shipped_file_expects_nothing_of_essays_where_there_are_none() -> None:
    conditions = read_conditions()
    without = [each for each in read_expected() if not conditions[each.condition].essays]
    assert without
    assert [each for each in without if each.measure.startswith("essay")] == []


def test_the_shipped_file_expects_every_quotation_to_be_verbatim() -> None:
    bounds = [each.bound for each in read_expected() if each.measure == "quote fidelity"]
    assert bounds == [Bound(score=1.0, tolerance=0.0)] * 5


def test_the_shipped_file_expects_every_hostile_message_to_be_survived() -> None:
    bounds = [each.bound for each in read_expected() if each.suite is Suite.ABUSE]
    assert bounds == [Bound(score=1.0, tolerance=0.0)] * 2


def test_the_shipped_file_expects_no_speed() -> None:
    assert [each for each in read_expected() if each.measure.startswith("ms ")] == []


def test_a_run_in_which_everything_is_right_holds(perfect: Run) -> None:
    assert [each for each in check(perfect, read_expected()) if not each.holds] == []


def test_one_quotation_that_is_not_verbatim_fails(make: Make, perfect: Run) -> None:
    run = make.run(*perfect.outcomes, make.retrieval("Wie schildert de trap?", faithful=False))
    assert [each.expected.measure for each in check(run, read_expected()) if not each.holds] == ["quote fidelity"]
