"""The parts of a handbook section: its lead, the rest, its example, and where to read on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.sections import LEAD_WORDS, example, lead, read_on, rest
from index.handbook import read_chapter, split_chapter

if TYPE_CHECKING:
    from tests.assistant.conftest import Shelf

HANDBOOK = Path(__file__).parents[2] / "corpus" / "handbook"
GUIDE = """\
Betaal de veerman vooraf. Dan vaart hij.

Doe dit:

1. Tel het geld.
2. Geef het af.

**Voorbeeld.** In Duinrode betaalt men met vis.

**Niet in de bronnen.** Wat een vis waard is.

**Lees verder:** *Wie vaart er?*; *Wat is een veer?*"""


def lead_of(shelf: Shelf, text: str) -> str:
    """The lead of a section with this text."""
    return lead(shelf.section("lead", "Titel", text)).text


def test_the_rest_goes_on_after_the_lead_up_to_what_to_read_next(shelf: Shelf) -> None:
    section = shelf.section("veer", "Hoe betaal je?", GUIDE)
    (piece,) = rest(section)
    assert lead(section).text == "Betaal de veerman vooraf. Dan vaart hij."
    assert piece.text.startswith("Doe dit:") and piece.text.endswith("Wat een vis waard is.")


def test_the_example_comes_first_for_who_asks_for_one(shelf: Shelf) -> None:
    pieces = [each.text for each in rest(shelf.section("veer", "Hoe betaal je?", GUIDE), example_first=True)]
    assert [each.split()[0] for each in pieces] == ["**Voorbeeld.**", "Doe", "**Niet"]


def test_a_section_without_an_example_is_told_in_order(shelf: Shelf) -> None:
    (piece,) = rest(shelf.section("veer", "Veer?", "Een veer vaart.\n\nHet is nat."), example_first=True)
    assert piece.text == "Het is nat."


def test_a_section_that_is_all_lead_has_no_rest(shelf: Shelf) -> None:
    assert rest(shelf.section("veer", "Veer?", "Een veer vaart.")) == ()


def test_every_part_stands_in_its_section(shelf: Shelf) -> None:
    section = shelf.section("veer", "Hoe betaal je?", GUIDE)
    parts = [lead(section), *rest(section), *rest(section, example_first=True), example(section)]
    source = shelf.sources[section.source].text
    assert all(part and source[part.start : part.end] == part.text for part in parts)


def test_an_example_is_its_own_paragraph(shelf: Shelf) -> None:
    found = example(shelf.section("veer", "Hoe betaal je?", GUIDE))
    assert found and found.text == "**Voorbeeld.** In Duinrode betaalt men met vis."


def test_a_section_may_have_no_example(shelf: Shelf) -> None:
    assert example(shelf.section("veer", "Veer?", "Een veer vaart.")) is None


def test_the_titles_to_read_on_are_those_in_italics_at_the_end(shelf: Shelf) -> None:
    section = shelf.section("veer", "Hoe betaal je?", GUIDE.replace("vooraf", "*altijd* vooraf"))
    assert read_on(section) == ("Wie vaart er?", "Wat is een veer?")


def test_a_section_may_have_nothing_to_read_on(shelf: Shelf) -> None:
    assert read_on(shelf.section("veer", "Veer?", "Een *veer* vaart.")) == ()


FORTY = "Dit is een zin van tien woorden over een brug. " * 4


def test_a_short_section_leads_as_a_whole(shelf: Shelf) -> None:
    assert lead_of(shelf, "De brug is oud. Zij is van hout.") == "De brug is oud. Zij is van hout."


def test_a_lead_stops_after_the_sentence_that_still_fits(shelf: Shelf) -> None:
    first = lead_of(shelf, f"{FORTY}Deze zin past er echt niet meer bij.")
    assert first == FORTY.rstrip() and len(first.split()) <= LEAD_WORDS


def test_a_lead_has_one_sentence_however_long(shelf: Shelf) -> None:
    long = f"De brug is {'heel ' * LEAD_WORDS}oud."
    assert lead_of(shelf, f"{long} En van hout.") == long


def test_a_lead_stops_at_the_end_of_its_paragraph(shelf: Shelf) -> None:
    assert lead_of(shelf, "De brug is oud.\n\nZij is van hout.") == "De brug is oud."


LISTED = "Drie dingen helpen:\n\n- koffie;\n- tijd, en nog\n  meer tijd;\n- een brug."


@pytest.mark.parametrize(
    "listed",
    [
        LISTED,
        "Drie dingen helpen:\n\n1. koffie;\n2. tijd.",
        "Drie dingen helpen:\n\n* koffie.\n\n* tijd.",
        "**Drie dingen helpen:**\n\n- koffie.",
        "Dit zijn ze:\n\n| wie | wat |\n| --- | --- |\n| ik | jij |",
    ],
)
def test_a_lead_that_announces_a_list_takes_all_of_it(shelf: Shelf, listed: str) -> None:
    assert lead_of(shelf, f"{listed}\n\nDaarna komt het goed.") == listed


def test_a_list_that_is_too_long_is_not_announced_either(shelf: Shelf) -> None:
    items = "\n".join(f"- {'hout ' * 20}" for _ in range(10)).rstrip()
    assert lead_of(shelf, f"De brug is oud. Dit helpt:\n\n{items}") == "De brug is oud."


def test_a_lead_does_not_announce_what_it_leaves_out(shelf: Shelf) -> None:
    items = "\n".join(f"- {'hout ' * 20}" for _ in range(10)).rstrip()
    assert not lead_of(shelf, f"Dit helpt:\n\n{items}").endswith(":")


def test_a_lead_does_not_end_within_an_item(shelf: Shelf) -> None:
    items = f"- Neem een brug. {FORTY}Ga naar huis."
    assert lead_of(shelf, f"Doe dit:\n{items}") in {f"Doe dit:\n{items}", "Doe dit:"}


def handbook_leads() -> list[tuple[str, str]]:
    """The lead of every section of the handbook, and what follows it."""
    found: list[tuple[str, str]] = []
    for path in sorted(HANDBOOK.rglob("*.md")):
        chapter = read_chapter(path, 2026)
        for section in split_chapter(chapter):
            first = lead(section)
            found.append((first.text, section.text[len(first.text) :]))
    return found


@pytest.mark.slow
def test_no_lead_of_the_handbook_ends_within_a_list() -> None:
    item = re.compile(r"\n[ \t]*(?:[-*•|]|\d+[.)])\s?")
    within = [first for first, rest in handbook_leads() if item.match(rest) or (rest[:1] == " " and item.search(first))]
    assert within == []


@pytest.mark.slow
def test_every_lead_of_the_handbook_ends_with_a_sentence_or_a_list() -> None:
    assert [first for first, _ in handbook_leads() if not re.search(r"[.!?|;][\"'”’)*_]*$", first)] == []
