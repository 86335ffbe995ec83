"""The nouns of the assistant."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import TYPE_CHECKING

import pytest

from assistant.types import Answer, Brief, Citation, Excerpt, Mode, Status, Turn

if TYPE_CHECKING:
    from tests.assistant.conftest import Shelf

TEXT = "De brug is oud. De brug is van hout."


def test_the_text_of_an_excerpt_is_what_stands_there(shelf: Shelf) -> None:
    passage = shelf.passage("brug", TEXT)
    start = passage.start + TEXT.index("De brug is van")
    assert Excerpt(1, passage, start, passage.end).text == "De brug is van hout."


def test_a_brief_gives_its_excerpts_once_and_by_number(shelf: Shelf) -> None:
    passage = shelf.passage("brug", TEXT)
    first, second, third = (Excerpt(number, passage, passage.start, passage.end) for number in (1, 2, 3))
    brief = Brief("?", Status.ANSWERED, short=(third,), quotes=(second, third), step=first, recommendation=second)
    assert brief.excerpts == (first, second, third)


def test_a_brief_counts_its_counterweight_and_nearest_among_the_excerpts(shelf: Shelf) -> None:
    passage = shelf.passage("brug", TEXT)
    one, two = (Excerpt(number, passage, passage.start, passage.end) for number in (1, 2))
    assert Brief("?", Status.REFUSED, nearest=(two,), counterweight=one).excerpts == (one, two)


def test_a_citation_is_called_after_its_place(shelf: Shelf) -> None:
    passage = shelf.passage("brug", TEXT)
    assert Citation(7, shelf.sources["brug"], passage, 9, 24, TEXT[:15]).id == "brug:9-24"


def test_an_answer_knows_the_question_as_typed() -> None:
    turn = Turn("waarom?", "waarom? (over: de brug)", "de brug")
    assert Answer(turn, Status.ANSWERED, Mode.QUOTES, "Daarom.").question == "waarom?"


def test_a_status_has_the_word_that_programs_see() -> None:
    assert [str(status) for status in Status] == ["beantwoord", "misschien", "geweigerd"]


def test_a_turn_does_not_change() -> None:
    turn = Turn("waarom?", "waarom?", "waarom?")
    with pytest.raises(FrozenInstanceError):
        turn.topic = "iets anders"  # type: ignore[misc]
