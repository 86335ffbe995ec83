"""Wordings: their letters without layout, their words, and what two of them differ in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.wording import Letters, are_whole, count, differences, likeness, nearest, words

DIKE = "De dijk\u00adgraaf **meet** iedere morgen het wa-\nter bij de [sluis](https://sluis.nl)."


def test_letters_are_those_that_a_reader_sees() -> None:
    assert Letters.of(DIKE).letters == "dedijkgraafmeetiederemorgenhetwaterbijdesluis"


@given(st.text())
def test_every_letter_comes_from_the_place_where_it_is_said_to_stand(text: str) -> None:
    found = Letters.of(text)
    assert all(letter in Letters.of(text[at]).letters for letter, at in zip(found.letters, found.offsets, strict=True))


@given(st.text(), st.text())
def test_every_place_found_has_the_letters_that_were_sought(text: str, sought: str) -> None:
    letters = Letters.of(text)
    assert all(letters.between(*place) == Letters.of(sought).letters for place in letters.find(sought))


def test_what_has_no_letters_is_found_nowhere() -> None:
    assert list(Letters.of(DIKE).find("... ²")) == []


def test_words_keep_the_punctuation_between_them_and_lose_that_around_them() -> None:
    assert words("«Eb, vloed; - en weer eb!»") == ["Eb,", "vloed;", "en", "weer", "eb"]


def test_a_word_that_a_line_end_breaks_counts_once() -> None:
    assert (words(DIKE), count(DIKE)) == (
        ["De", "dijkgraaf", "meet", "iedere", "morgen", "het", "water", "bij", "de", "sluis"],
        10,
    )


@pytest.mark.parametrize(
    ("place", "whole"),
    [((0, 2), True), ((0, 1), False), ((1, 2), False), ((3, 7), False), ((40, 42), False), ((3, 13), True)],
    ids=["a word", "its first half", "its last half", "before a soft hyphen", "before a line end", "around a hyphen"],
)
def test_a_stretch_is_whole_when_no_word_goes_on_around_it(place: tuple[int, int], whole: bool) -> None:
    assert are_whole(DIKE, *place) is whole


def test_the_nearest_place_begins_and_ends_at_words() -> None:
    text = "Bij eb ligt de haven droog. De vissers wachten dan op de kade tot het water komt. Daarna varen zij uit."
    place = nearest("vissers wachten daar op de kade", text, Letters.of(text), 0, len(text))
    assert place and text[slice(*place)] == "vissers wachten dan op de kade"


def test_nothing_is_nearest_to_words_of_another_kind() -> None:
    assert nearest("xqz vlrp wkkj", DIKE, Letters.of(DIKE), 0, len(DIKE)) is None


@given(st.text())
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert list(differences(text, text)) == []


def test_differences_pair_what_was_given_with_what_stands_there() -> None:
    assert list(differences("eb en vloed komen snel", "eb of vloed komen heel snel")) == [("en", "of"), ("", "heel")]


def test_likeness_is_one_for_the_same_letters_and_none_for_others() -> None:
    assert (likeness("Eb en vloed", "eb, en vloed!"), likeness("aaa", "bbb")) == (1.0, 0.0)
