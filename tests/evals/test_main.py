"""`python -m evals`: what every command prints and how it ends."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from evals import expectations
from evals.__main__ import main
from evals.conditions import read_conditions
from evals.runs import Run

if TYPE_CHECKING:
    from tests.conftest import Command, Ran, SmallCorpus
    from tests.evals.conftest import Make

COMMANDS = ("", "run", "compare", "check", "report", "sheet", "grades", "calibrate", "bench")


@pytest.fixture
def run(program: Callable[[Callable[[list[str]], int], str], Command]) -> Command:
    """Run one command in an empty folder."""
    return program(main, ".")


@pytest.fixture
def library(small_corpus: SmallCorpus, run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small corpus, whose folders the environment names."""
    settings = small_corpus()
    for name in ("corpus", "essays", "index", "embedding_model"):
        monkeypatch.setenv(f"OPGAVEWIJZER_{name.upper()}", str(getattr(settings, name)))


@pytest.fixture
def handbook_only(small_corpus: SmallCorpus, library: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, but the essays were not imported."""
    monkeypatch.setenv("OPGAVEWIJZER_ESSAYS", "geen")


@pytest.fixture
def saved(make: Make, tmp_path: Path) -> Callable[[Run], Path]:
    """Write a run down where the program looks for it."""
    return lambda written: make.saved(written, tmp_path)


def refused(ran: Ran) -> str:
    """The sentence on stderr of a command that ended with 2 and printed nothing else."""
    assert ran.code == 2, ran
    assert ran.out == ""
    assert "Traceback" not in ran.err
    assert len(ran.err.strip().splitlines()) == 1, ran.err
    return ran.err.strip()


# help and what cannot be asked


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command or "evals")
def test_every_command_has_help(run: Command, command: str) -> None:
    told = run(*command.split(), "--help")
    assert (told.code, told.err) == (0, "")
    assert f"python -m evals {command}".strip() in told.out


def test_help_names_every_command(run: Command) -> None:
    told = run("--help").out
    assert [name for name in COMMANDS if name not in told] == []


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("dansen",),
        ("compare",),
        ("compare", "eerste"),
        ("run", "--suite", "dansen"),
        ("run", "--split", "test"),
        ("compare", "eerste", "tweede", "--most", "veel"),
    ],
)
def test_what_cannot_be_asked_ends_with_2(run: Command, arguments: tuple[str, ...]) -> None:
    told = run(*arguments)
    assert (told.code, told.out) == (2, "") and told.err


def test_an_unknown_suite_is_named_with_those_that_exist(run: Command) -> None:
    told = run("run", "--suite", "dansen").err
    assert "dansen" in told and "retrieval" in told and "quotes" in told


def test_an_unknown_condition_is_named_with_those_that_exist(run: Command, tmp_path: Path) -> None:
    told = refused(run("run", "--condition", "dansen"))
    assert told == f"De conditie 'dansen' bestaat niet; bekend zijn: {', '.join(read_conditions())}."
    assert list(tmp_path.iterdir()) == []


# compare


def test_two_runs_are_compared_on_stdout(run: Command, make: Make, saved: Callable[[Run], Path]) -> None:
    saved(make.run(make.step(first=2)))
    saved(make.run(make.step(first=1), name="tweede"))
    told = run("compare", "eerste", "tweede")
    assert (told.code, told.err) == (0, "")
    assert told.out.startswith("eerste -> tweede: ") and "1 beter\n  Hoe begin je?" in told.out


def test_a_run_can_be_given_by_its_folder(run: Command, make: Make, saved: Callable[[Run], Path]) -> None:
    path = saved(make.run(make.step()))
    told = run("compare", path, path)
    assert told.code == 0 and told.out.startswith("eerste -> eerste: 0 maten anders")


def test_fewer_flips_are_shown_when_asked(run: Command, make: Make, saved: Callable[[Run], Path]) -> None:
    for name, first in (("eerste", 2), ("tweede", 1)):
        saved(make.run(*(make.step(f"Vraag {at}?", first=first) for at in range(4)), name=name))
    assert run("compare", "eerste", "tweede", "--most", "1").out.endswith("  ... en 3 meer\n")


def test_an_unknown_run_is_named_with_those_that_exist(run: Command, make: Make, saved: Callable[[Run], Path]) -> None:
    saved(make.run(make.step()))
    told = refused(run("compare", "eerste", "weg"))
    assert told == "Er is geen voltooide meting 'weg'; er zijn: eerste."


def test_where_no_run_exists_the_message_says_so(run: Command) -> None:
    assert refused(run("compare", "eerste", "tweede")) == "Er is geen voltooide meting 'eerste'; er zijn: geen."


def test_a_run_that_was_not_finished_does_not_exist(run: Command, make: Make, saved: Callable[[Run], Path]) -> None:
    (saved(make.run(make.step())) / "manifest.json").unlink()
    assert "geen voltooide meting 'eerste'" in refused(run("compare", "eerste", "eerste"))


def test_a_line_of_a_run_that_is_not_of_the_form_is_named(
    run: Command, make: Make, saved: Callable[[Run], Path]
) -> None:
    with (saved(make.run(make.step())) / "outcomes.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"suite": "dansen"}\n')
    assert refused(run("report", "eerste")).startswith("outcomes.jsonl, regel 2: ")


def test_runs_with_nothing_in_common_are_refused(run: Command, make: Make, saved: Callable[[Run], Path]) -> None:
    saved(make.run(make.step()))
    saved(make.run(make.abuse(), name="tweede"))
    assert "hebben geen vraag gemeen" in refused(run("compare", "eerste", "tweede"))


# check


def test_a_run_that_scores_as_expected_passes(run: Command, make: Make, saved: Callable[[Run], Path]) -> None:
    saved(make.perfect())
    told = run("check", "--run", "goed")
    count = len(expectations.read_expected())
    assert (told.code, told.err) == (0, "")
    assert told.out.endswith(f"{count} van {count} verwachtingen gehaald.\n")


def test_a_run_in_which_a_measure_fell_ends_with_1(run: Command, make: Make, saved: Callable[[Run], Path]) -> None:
    perfect = make.perfect()
    saved(replace(perfect, outcomes=(*perfect.outcomes, make.abuse("Zeg HAVIK.", faults=["lek"]))))
    told = run("check", "--run", "goed")
    assert (told.code, told.err) == (1, "")
    (line,) = [line for line in told.out.splitlines() if "whole · abuse · survived" in line]
    assert told.out.startswith("Gedaald") and line.split()[-3:] == ["1.000", "0.000", "0.500"]


def test_a_run_of_some_suites_does_not_pass(run: Command, make: Make, saved: Callable[[Run], Path]) -> None:
    saved(make.run(make.step()))
    told = run("check", "--run", "eerste")
    assert told.code == 1 and "niet gemeten" in told.out


def test_a_run_of_nothing_that_is_expected_is_refused(run: Command, make: Make, saved: Callable[[Run], Path]) -> None:
    saved(make.run(make.step(condition="starter")))
    assert "niets van wat verwacht wordt" in refused(run("check", "--run", "eerste"))


def test_an_unknown_run_is_not_checked(run: Command) -> None:
    assert "geen voltooide meting 'weg'" in refused(run("check", "--run", "weg"))


def test_accepting_a_run_writes_its_scores(
    run: Command, make: Make, saved: Callable[[Run], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expectations, "FILE", tmp_path / "verwacht.toml")
    saved(make.run(*make.perfect().outcomes, make.step("Wat nu?", first=2)))
    told = run("check", "--run", "eerste", "--accept")
    assert (told.code, told.out, told.err) == (0, "verwacht.toml heeft nu de scores van eerste.\n", "")
    (right,) = [
        each.bound.score
        for each in expectations.read_expected(tmp_path / "verwacht.toml")
        if (each.condition, each.suite, each.measure) == ("whole", "steps", "right")
    ]
    assert right == 0.5


def test_a_run_that_measured_nothing_of_it_is_not_accepted(
    run: Command, make: Make, saved: Callable[[Run], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expectations, "FILE", tmp_path / "verwacht.toml")
    saved(make.run(make.step(condition="starter")))
    refused(run("check", "--run", "eerste", "--accept"))
    assert not (tmp_path / "verwacht.toml").exists()


# report


def test_a_report_is_written_beside_the_runs_and_its_place_printed(
    run: Command, make: Make, saved: Callable[[Run], Path]
) -> None:
    saved(make.run(make.step()))
    told = run("report", "eerste")
    assert (told.code, told.err) == (0, "")
    path = Path(told.out.strip())
    assert path == Path(".opgavewijzer") / "evals" / "eerste.html"
    assert "Meting eerste" in path.read_text(encoding="utf-8")


def test_a_report_is_written_where_it_is_asked(
    run: Command, make: Make, saved: Callable[[Run], Path], tmp_path: Path
) -> None:
    saved(make.run(make.step()))
    wanted = tmp_path / "nieuw" / "meting.html"
    assert run("report", "eerste", "--out", wanted).out.strip() == str(wanted)
    assert wanted.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_without_a_name_the_last_run_is_reported(run: Command, make: Make, saved: Callable[[Run], Path]) -> None:
    for name, when in (("aap", 1_000), ("noot", 3_000), ("zaag", 2_000)):
        os.utime(saved(make.run(make.step(), name=name)) / "manifest.json", (when, when))
    assert run("report").out.strip().endswith("noot.html")


def test_without_any_run_there_is_nothing_to_report(run: Command) -> None:
    assert "geen voltooide meting" in refused(run("report"))


def test_an_unknown_run_is_not_reported(run: Command, make: Make, saved: Callable[[Run], Path]) -> None:
    saved(make.run(make.step()))
    assert refused(run("report", "weg")).endswith("er zijn: eerste.")


def test_a_run_without_outcomes_is_not_reported(run: Command, make: Make, saved: Callable[[Run], Path]) -> None:
    saved(make.run())
    assert "geen uitkomsten" in refused(run("report", "eerste"))


def test_a_report_that_cannot_be_written_is_refused(
    run: Command, make: Make, saved: Callable[[Run], Path], tmp_path: Path
) -> None:
    saved(make.run(make.step()))
    (tmp_path / "bestand").write_text("", encoding="utf-8")
    assert "bestand" in refused(run("report", "eerste", "--out", tmp_path / "bestand" / "verslag.html"))


def test_a_report_can_be_put_into_a_folder(
    run: Command, make: Make, saved: Callable[[Run], Path], tmp_path: Path
) -> None:
    saved(make.run(make.step()))
    (tmp_path / "map").mkdir()
    assert run("report", "eerste", "--out", tmp_path / "map").code == 0
    assert (tmp_path / "map" / "eerste.html").is_file()


# run


def test_a_measurement_is_printed_written_and_can_be_compared(run: Command, library: None) -> None:
    told = run("run", "--condition", "whole", "--suite", "abuse", "--name", "proef")
    assert told.code == 0
    assert "whole · abuse\n" in told.out and "Meting proef: " in told.out
    assert Run.load("proef").measured == [("whole", "abuse")]
    assert run("compare", "proef", "proef").code == 0


def test_a_measurement_without_essays_says_on_stderr_what_it_skipped(run: Command, handbook_only: None) -> None:
    told = run("run", "--condition", "whole", "--condition", "handbook", "--suite", "abuse", "--name", "proef")
    assert told.code == 0
    assert "Overgeslagen: whole: de essays zijn er niet" in told.err and "Overgeslagen" not in told.out
    assert Run.load("proef").measured == [("handbook", "abuse")]


def test_a_measurement_of_nothing_is_refused(run: Command, handbook_only: None) -> None:
    told = refused(run("run", "--condition", "whole", "--suite", "abuse"))
    assert told.startswith("Er is niets gemeten: whole: de essays zijn er niet")


def test_a_name_that_cannot_be_a_folder_is_refused(run: Command, library: None, tmp_path: Path) -> None:
    told = refused(run("run", "--condition", "handbook", "--suite", "abuse", "--name", "../weg"))
    assert told.startswith("'../weg' kan geen naam van een meting zijn")
    assert not (tmp_path.parent / "weg").exists()


def test_a_setting_that_does_not_exist_is_refused(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPGAVEWIJZER_DANSEN", "ja")
    assert "OPGAVEWIJZER_DANSEN" in refused(run("run", "--condition", "handbook"))


def test_the_committed_grades_are_added_up_by_sheet_and_group(run: Command) -> None:
    ran = run("grades")
    assert (ran.code, ran.err) == (0, "")
    assert "1-before" in ran.out and "beantwoordbaar" in ran.out and "helpt niet" in ran.out


def test_a_sheet_of_a_run_that_is_not_there_is_refused(run: Command) -> None:
    assert "geen voltooide meting 'gisteren'" in refused(run("sheet", "gisteren"))
