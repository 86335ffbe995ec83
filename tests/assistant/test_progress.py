"""The progress bar: one line a stage, on stderr."""

from __future__ import annotations

import pytest

from assistant.progress import Bar


def lines(printed: str) -> list[str]:
    """What was drawn last on each line; a bar redraws its line after a carriage return."""
    return [line.rpartition("\r")[2] for line in printed.split("\n") if line.strip()]


def test_a_stage_is_named_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    bar = Bar()
    bar("rekenen", 3, 4)
    bar.close()
    (line,) = lines(capsys.readouterr().err)
    assert line.startswith("rekenen") and "75%" in line and "3/4" in line


def test_nothing_is_printed_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    bar = Bar()
    bar("rekenen", 4, 4)
    bar.close()
    assert capsys.readouterr().out == ""


def test_done_is_how_much_is_done_and_not_how_much_was_added(capsys: pytest.CaptureFixture[str]) -> None:
    bar = Bar()
    for done in (0, 1, 2, 3):
        bar("rekenen", done, 4)
    bar.close()
    (line,) = lines(capsys.readouterr().err)
    assert "3/4" in line


def test_a_stage_of_many_steps_stays_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    bar = Bar()
    for done in range(101):
        bar("rekenen", done, 100)
    bar.close()
    (line,) = lines(capsys.readouterr().err)
    assert "100%" in line


def test_the_next_stage_gets_a_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    bar = Bar()
    bar("lezen", 2, 2)
    bar("rekenen", 1, 4)
    bar.close()
    first, second = lines(capsys.readouterr().err)
    assert first.startswith("lezen") and "100%" in first
    assert second.startswith("rekenen") and "25%" in second


def test_the_numbers_of_two_stages_stand_below_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    bar = Bar()
    bar("lezen", 2, 2)
    bar("rekenen", 4, 4)
    bar.close()
    first, second = lines(capsys.readouterr().err)
    assert first.index("100%") == second.index("100%")


def test_a_stage_that_comes_again_after_another_starts_anew(capsys: pytest.CaptureFixture[str]) -> None:
    bar = Bar()
    bar("lezen", 2, 2)
    bar("rekenen", 2, 2)
    bar("lezen", 1, 2)
    bar.close()
    assert "50%" in lines(capsys.readouterr().err)[2]


def test_a_bar_that_never_began_can_be_closed(capsys: pytest.CaptureFixture[str]) -> None:
    Bar().close()
    assert capsys.readouterr().err == ""


def test_a_bar_can_be_closed_twice(capsys: pytest.CaptureFixture[str]) -> None:
    bar = Bar()
    bar("rekenen", 4, 4)
    bar.close()
    capsys.readouterr()
    bar.close()
    assert capsys.readouterr().err == ""


def test_a_closed_bar_can_begin_again_with_the_same_stage(capsys: pytest.CaptureFixture[str]) -> None:
    bar = Bar()
    bar("rekenen", 4, 4)
    bar.close()
    capsys.readouterr()
    bar("rekenen", 1, 4)
    bar.close()
    (line,) = lines(capsys.readouterr().err)
    assert "25%" in line


def test_a_stage_without_anything_to_do_is_shown_too(capsys: pytest.CaptureFixture[str]) -> None:
    bar = Bar()
    bar("rekenen", 0, 0)
    bar.close()
    (line,) = lines(capsys.readouterr().err)
    assert line.startswith("rekenen")
