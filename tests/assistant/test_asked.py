"""The kind of thing that a question asks for, and whether what was found has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.asked import HITS, missing

if TYPE_CHECKING:
    from tests.assistant.conftest import Shelf


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Hoeveel kost de brug?", "De brug kost 40.000 euro."),
        ("Wat kost de brug?", "Voor de brug betaalde het dorp twaalf miljoen."),
        ("Hoeveel dorpen delen de brug?", "Drie dorpen delen de brug over de vaart."),
        ("Welk deel van de brug is klaar?", "Een kwart van de brug is klaar."),
        ("How many bridges?", "Er zijn 3 bridges."),
        ("Tot wanneer is de brug dicht?", "De brug blijft dicht tot 2031."),
        ("Op welke datum gaat de brug open?", "De brug gaat in april weer open."),
        ("Wat is het telefoonnummer van de brugwachter?", "De brugwachter is bereikbaar op 0123-456789."),
        ("Wat is het e-mailadres van de brugwachter?", "Schrijf de brugwachter via brug@voorbeeld.nl als hij slaapt."),
        ("Wat is het postadres van de brugwachter?", "De brugwachter woont op 1234 AB in Aardorp."),
    ],
)
def test_nothing_is_missing_when_a_sentence_about_it_has_one(shelf: Shelf, question: str, text: str) -> None:
    assert missing(question, shelf.hits(shelf.passage("brug", text))) == ""


@pytest.mark.parametrize(
    ("question", "text", "name"),
    [
        ("Hoeveel kost de brug?", "De brug kost het dorp een vermogen.", "getal"),
        ("Welk percentage van de brug is klaar?", "De brug is bijna klaar.", "getal"),
        ("Tot wanneer is de brug dicht?", "De brug blijft voorlopig dicht voor verkeer.", "tijdstip"),
        ("Op welke datum gaat de brug open?", "De brug gaat na de winter open.", "tijdstip"),
        ("Wat is het telefoonnummer van de brugwachter?", "Bel de brugwachter als hij slaapt.", "adres"),
        ("Wat is het e-mailadres van de brugwachter?", "De brugwachter beantwoordt post.", "adres"),
        pytest.param(
            "Wat is het e-mailadres van de brugwachter?",
            "De brugwachter kreeg in 2019 de sleutel.",
            "adres",
        ),
    ],
)
def test_what_is_asked_for_and_does_not_stand_there_is_named(shelf: Shelf, question: str, text: str, name: str) -> None:
    assert missing(question, shelf.hits(shelf.passage("brug", text))) == name


@pytest.mark.parametrize("question", ["Welke ziekte heeft de brugwachter?", "Wat is het woonadres van de brugwachter?"])
def test_what_is_private_to_a_person_is_always_missing(shelf: Shelf, question: str) -> None:
    text = "De brugwachter had de griep, welke ziekte hij thuis uitzat; zijn woonadres is Kade 3."
    assert missing(question, shelf.hits(shelf.passage("brug", text))) == "gegeven over een persoon"


def test_a_number_about_something_else_does_not_count(shelf: Shelf) -> None:
    hits = shelf.hits(shelf.passage("brug", "De brug wordt betaald. De molen maalt 12 sloten leeg."))
    assert missing("Hoeveel kost de nieuwe brug?", hits) == "getal"


def test_the_heading_tells_what_a_sentence_is_about(shelf: Shelf) -> None:
    hits = shelf.hits(shelf.passage("brug", "Dat was 40.000 euro.", heading="Wat betaalde het dorp aan de brug?"))
    assert missing("Hoeveel betaalde het dorp aan de brug?", hits) == ""


def test_only_the_best_hits_are_read(shelf: Shelf) -> None:
    others = [shelf.passage(f"sloot-{number}", "De sloot is droog.") for number in range(HITS)]
    right = shelf.passage("brug", "De brug kost 40.000 euro.")
    assert missing("Hoeveel kost de brug?", shelf.hits(*others, right)) == "getal"


@pytest.mark.parametrize("question", ["Hoe bouw je een brug?", "Wie wil er een brug?", "Wanneer is een brug nodig?"])
def test_a_question_for_no_such_thing_misses_nothing(shelf: Shelf, question: str) -> None:
    assert missing(question, shelf.hits(shelf.passage("brug", "De brug is mooi."))) == ""


def test_without_hits_what_is_asked_for_is_missing() -> None:
    assert missing("Hoeveel kost de brug?", []) == "getal"
