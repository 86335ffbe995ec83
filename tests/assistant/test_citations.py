"""Citations: checked, numbered in order of use, with a reference and an address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from assistant.citations import MARKER, address, checks, names, reference, resolve
from assistant.types import Excerpt
from index.sources import Publication, sha256
from index.types import Anchor, Author, Kind, Passage, Source

if TYPE_CHECKING:
    from tests.assistant.conftest import Shelf

TEXT = "Vooraf. De brug is oud. De brug is van hout. Tot slot."
SOURCE = Source("brug", Kind.ESSAY, "De brug", TEXT, sha256(TEXT), authors=(Author("Zeeman", "A."),), year=2019)
PASSAGE = Passage("brug:8-44", "brug", Kind.ESSAY, 8, 44, TEXT[8:44])
OLD, WOOD = Excerpt(1, PASSAGE, 8, 23), Excerpt(2, PASSAGE, 24, 44)
MOVED = Excerpt(3, replace(PASSAGE, text=PASSAGE.text.upper()), 8, 44)
LOST = Excerpt(4, replace(PASSAGE, source="tunnel"), 8, 44)
EXCERPTS = (OLD, WOOD, MOVED, LOST)


class Register:
    """A register with one text, and one publication without its text."""

    def __init__(self) -> None:
        self.sources: Mapping[str, Source] = {"brug": SOURCE}
        self.publications: Mapping[str, Publication] = {
            "sluis": Publication("sluis", "De sluis", ""),
            "brug": Publication("brug", "De brug", ""),
        }


def numbers(text: str) -> list[int]:
    return [int(number) for number in MARKER.findall(text)]


def test_an_excerpt_that_stands_there_checks() -> None:
    assert checks(OLD, {"brug": SOURCE})


@pytest.mark.parametrize(
    "excerpt",
    [
        MOVED,
        LOST,
        replace(OLD, end=8),
        replace(OLD, start=0),
        replace(OLD, end=45),
        Excerpt(1, replace(PASSAGE, start=9, end=45), 9, 24),
    ],
    ids=["other words", "no such source", "empty", "before its passage", "after its passage", "shifted"],
)
def test_an_excerpt_that_does_not_stand_there_does_not_check(excerpt: Excerpt) -> None:
    assert not checks(excerpt, {"brug": SOURCE})


def test_markers_are_numbered_by_first_use() -> None:
    assert resolve("Hout [2], oud [1], hout [2].", EXCERPTS, Register())[0] == "Hout [1], oud [2], hout [1]."


def test_citations_come_in_the_order_of_their_numbers() -> None:
    _, citations = resolve("Hout [2], oud [1], hout [2].", EXCERPTS, Register())
    told = [(citation.number, citation.text) for citation in citations]
    assert told == [(1, "De brug is van hout."), (2, "De brug is oud.")]


@pytest.mark.parametrize("number", [0, 3, 4, 9, 999])
def test_a_marker_without_a_stretch_that_checks_is_taken_out_with_the_space_before_it(number: int) -> None:
    assert resolve(f"Oud [1] en nieuw [{number}].", EXCERPTS, Register())[0] == "Oud [1] en nieuw."


def test_a_marker_that_was_taken_out_takes_no_number() -> None:
    assert numbers(resolve("Nieuw [3] oud [2].", EXCERPTS, Register())[0]) == [1]


def test_an_excerpt_that_is_not_used_is_not_cited() -> None:
    assert [citation.text for citation in resolve("Oud [1].", EXCERPTS, Register())[1]] == ["De brug is oud."]


@pytest.mark.parametrize("text", [r"Zie \[1\].", r"Zie \[2].", "Zie [1a].", "Zie [1234].", "Zie (1)."])
def test_brackets_that_are_no_marker_are_left_alone(text: str) -> None:
    assert resolve(text, EXCERPTS, Register()) == (text, ())


PIECES = st.one_of(
    st.text(st.characters(exclude_characters="[]\\"), max_size=12),
    st.integers(0, 12).map(lambda number: f"[{number}]"),
    st.integers(0, 12).map(lambda number: rf"\[{number}\]"),
    st.sampled_from([" [1]", "\n[2]", "[1][2]", "[3] [4]"]),
)


@example_settings(deadline=None)
@given(st.lists(PIECES, max_size=20).map("".join))
def test_every_marker_that_remains_has_its_citation_in_any_text(text: str) -> None:
    resolved, citations = resolve(text, EXCERPTS, Register())
    assert list(dict.fromkeys(numbers(resolved))) == [citation.number for citation in citations]
    assert [citation.number for citation in citations] == list(range(1, len(citations) + 1))


@example_settings(deadline=None)
@given(st.text("[]1234 \\a", max_size=30))
def test_every_citation_stands_in_its_source_in_any_text(text: str) -> None:
    for citation in resolve(text, EXCERPTS, Register())[1]:
        assert citation.source.text[citation.start : citation.end] == citation.text != ""


@pytest.mark.parametrize("text", ["[[9]3]", "[7[9]]", "[2[9][9]0]"])
def test_no_marker_arises_where_another_was_taken_out(text: str) -> None:
    assert numbers(resolve(text, EXCERPTS, Register())[0]) == []


def test_origins_are_told_with_what_the_register_knows() -> None:
    rests = replace(PASSAGE, origins=(Anchor("sluis", 5, 9), Anchor("brug", 0, 7), Anchor("onbekend", 1, 2)))
    origins = resolve("[1]", [Excerpt(1, rests, 8, 23)], Register())[1][0].origins
    assert [(origin.anchor.source, origin.publication.title, origin.imported) for origin in origins] == [
        ("sluis", "De sluis", False),
        ("brug", "De brug", True),
    ]


A, B, C, D = (Author(family, "J.") for family in ("Aarden", "Beek", "Cats", "Dam"))


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        ((), ""),
        ((A,), "Aarden"),
        ((A, B), "Aarden & Beek"),
        ((A, B, C), "Aarden, Beek & Cats"),
        ((A, B, C, D), "Aarden e.a."),
        ((Author("Bureau Vaargeul"),), "Bureau Vaargeul"),
    ],
)
def test_names_stand_as_in_a_sentence(authors: tuple[Author, ...], expected: str) -> None:
    assert names(authors) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (SOURCE, "Zeeman (2019), De brug"),
        (replace(SOURCE, authors=(A, B)), "Aarden & Beek (2019), De brug"),
        (replace(SOURCE, authors=(A, B, C, D)), "Aarden e.a. (2019), De brug"),
        (replace(SOURCE, authors=(Author("Bureau Vaargeul"),)), "Bureau Vaargeul (2019), De brug"),
        (replace(SOURCE, authors=()), "De brug (2019)"),
        (replace(SOURCE, year=None), "Zeeman (z.d.), De brug"),
        (replace(SOURCE, authors=(), year=None, kind=Kind.OWN), "De brug (z.d.)"),
        (replace(SOURCE, kind=Kind.HANDBOOK), "Zeeman (2019), Handboek: De brug"),
        (Publication("brug", "De brug", "", authors=(A,), year=2001), "Aarden (2001), De brug"),
    ],
)
def test_a_reference_tells_who_when_and_what(source: Source | Publication, expected: str) -> None:
    assert reference(source) == expected


@pytest.mark.parametrize(
    ("page", "headings", "expected"),
    [
        (None, (), "Zeeman (2019), De brug"),
        (12, (), "Zeeman (2019), De brug, p. 12"),
        (None, ("De brug", "Wie betaalt?"), "Zeeman (2019), De brug, ‘Wie betaalt?’"),
        (12, ("Wie betaalt?",), "Zeeman (2019), De brug, p. 12, ‘Wie betaalt?’"),
    ],
)
def test_a_reference_tells_the_page_and_the_section(page: int | None, headings: tuple[str, ...], expected: str) -> None:
    assert reference(SOURCE, replace(PASSAGE, page=page, headings=headings)) == expected


def test_an_address_names_the_source_and_the_place() -> None:
    assert address("brug", 8, 23) == "/bronnen/brug?begin=8&eind=23#citaat"


def test_a_citation_of_a_source_on_the_shelf_checks(shelf: Shelf) -> None:
    passage = shelf.passage("brug", "De brug is oud.")
    citation = resolve("[5]", [Excerpt(5, passage, passage.start, passage.end)], shelf)[1][0]
    assert (citation.number, citation.id) == (1, passage.id)
