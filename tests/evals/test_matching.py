"""Whether a passage holds a gold place: cases by hand, and a second version that goes character by character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.matching import Ruler, essay_places
from index.types import Anchor, Kind, Passage

TEXT = "In maart slibt de haven van Zandmeer weer helemaal dicht."
GOLD = "haven van Zandmeer"  # 5 + 3 + 8 = 16 visible characters
LETTERS = st.text(alphabet="abc \t\n-\u00ad\u00a0", max_size=24)
STRETCH = st.tuples(st.integers(0, 26), st.integers(0, 26))


def stretch(words: str, text: str = TEXT, source: str = "haven") -> Anchor:
    start = text.index(words)
    return Anchor(source, start, start + len(words))


def holds(words: str, gold: str, text: str = TEXT) -> bool:
    return Ruler({"haven": text}).holds(stretch(words, text), stretch(gold, text))


def section(*origins: Anchor) -> Passage:
    return Passage(
        "een", "handboek/haven", Kind.HANDBOOK, 0, 40, "Wie het meeste gebruikt, betaalt het mee.", origins=origins
    )


def seen(text: str | None, place: Anchor) -> set[int]:
    """The offsets of the visible characters of a stretch, one by one."""
    if text is None:
        return set(range(place.start, place.end))
    found = set()
    for at in range(place.start, min(place.end, len(text))):
        ends_line = text[at] == "-" and text[at + 1 :].lstrip(" \t").startswith("\n")
        if not (text[at].isspace() or text[at] == "\u00ad" or ends_line):
            found.add(at)
    return found


def naive_holds(text: str | None, place: Anchor, gold: Anchor) -> bool:
    ours, theirs = seen(text, place), seen(text, gold)
    shared = ours & theirs
    return bool(shared) and (len(shared) >= len(theirs) / 2 or ours <= theirs)


def test_half_of_the_gold_place_is_enough() -> None:
    assert holds("slibt de haven van", GOLD)  # 8 of 16


def test_just_under_half_of_the_gold_place_is_not_enough() -> None:
    assert not holds("slibt de haven va", GOLD)  # 7 of 16


def test_a_little_that_lies_wholly_within_the_gold_place_is_enough() -> None:
    assert holds("Zand", GOLD)  # 4 of 16


def test_a_little_that_sticks_out_of_the_gold_place_is_not_enough() -> None:
    assert not holds("Zandmeer weer helemaal dicht", "slibt de haven van Zandmeer")  # 8 of 23


def test_a_passage_around_the_gold_place_holds_it() -> None:
    assert holds(TEXT, GOLD)


def test_the_same_offsets_in_another_source_hold_nothing() -> None:
    ruler = Ruler({"haven": TEXT, "bos": TEXT})
    assert not ruler.holds(stretch(GOLD, source="bos"), stretch(GOLD))


@pytest.mark.parametrize("beside", ["slibt de ", " weer helemaal"])
def test_a_passage_that_only_touches_the_gold_place_does_not_hold_it(beside: str) -> None:
    assert not holds(beside, GOLD)


def test_to_share_nothing_but_white_space_is_to_share_nothing() -> None:
    assert not holds("de haven ", " van")


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("haven", 5),
        ("de haven", 7),
        ("de \t\n\n haven", 7),
        ("ha-\nven", 5),
        ("ha- \t\n  ven", 5),
        ("ha\u00adven", 5),
        ("ha\u00ad\nven", 5),
        ("zee-haven", 9),
        ("zee- en haven", 11),
        ("zee--\nhaven", 9),
        ("haven-", 6),
        (" \n\u00ad", 0),
        ("", 0),
    ],
)
def test_only_visible_characters_have_length(text: str, length: int) -> None:
    assert Ruler({"haven": text}).length(Anchor("haven", 0, len(text))) == length


def test_white_space_in_the_gold_place_does_not_count() -> None:
    text = "de haven     \n\n     slibt"
    assert holds("de haven", "haven     \n\n     slibt", text)  # 5 of 10, though 5 of 22 with the layout


def test_white_space_that_a_passage_shares_does_not_count() -> None:
    text = "de haven    \n\n    slibt"
    assert not holds("    \n\n    slibt", "haven    \n\n    s", text)  # 1 of 6, though 11 of 16 with the layout


def test_white_space_around_a_passage_does_not_make_it_stick_out() -> None:
    text = "de haven slibt\n\n\nweer"
    assert holds("bt\n\n\n", "haven slibt", text)  # 2 of 10, and nothing visible outside


def test_a_hyphen_at_a_line_end_in_the_gold_place_does_not_count() -> None:
    assert holds("de ha", "ha-\nve", "de ha-\nven")  # 2 of 4


def test_a_hyphen_within_a_line_of_the_gold_place_counts() -> None:
    assert not holds("de ha", "ha-ve", "de ha-ven")  # 2 of 5


def test_a_hyphen_at_a_line_end_does_not_make_a_passage_stick_out() -> None:
    assert holds("n-\n", "de haven", "de haven-\nmeester")


def test_a_soft_hyphen_does_not_count() -> None:
    assert holds("de ha", "ha\u00adve", "de ha\u00adven")  # 2 of 4


@pytest.mark.parametrize(("start", "enough"), [(5, True), (6, False)])
def test_a_source_without_text_is_measured_in_plain_characters(start: int, enough: bool) -> None:
    assert Ruler({"haven": TEXT}).holds(Anchor("bos", start, 90), Anchor("bos", 0, 10)) is enough


def test_a_gold_place_at_the_end_of_the_text_can_be_held() -> None:
    assert holds("helemaal dicht.", "dicht.")


def test_a_stretch_is_measured_up_to_the_end_of_the_text() -> None:
    assert Ruler({"haven": "de haven"}).length(Anchor("haven", 3, 100)) == 5


def test_a_stretch_beyond_the_text_has_no_length() -> None:
    assert Ruler({"haven": "de haven"}).length(Anchor("haven", 8, 100)) == 0


def test_held_gives_the_positions_of_the_gold_places() -> None:
    gold = [stretch(words) for words in ("In maart", "slibt de haven", "helemaal dicht")]
    assert Ruler({"haven": TEXT}).held([stretch("helemaal dicht"), stretch("In maart")], gold) == [0, 2]


def test_the_parts_that_two_stretches_share_are_not_added_up() -> None:
    places = [stretch("de haven va"), stretch("dmeer weer")]  # 7 and 5 of 16
    assert Ruler({"haven": TEXT}).held(places, [stretch(GOLD)]) == []


def test_no_stretches_hold_nothing() -> None:
    assert Ruler({"haven": TEXT}).held([], [stretch(GOLD)]) == []


def test_an_essay_passage_stands_for_itself() -> None:
    passage = Passage("een", "haven", Kind.ESSAY, 3, 8, "maart")
    assert essay_places(passage) == [Anchor("haven", 3, 8)]


def test_a_handbook_section_holds_what_one_of_its_origins_holds() -> None:
    places = essay_places(section(stretch("In maart"), stretch(GOLD)))
    assert Ruler({"haven": TEXT}).held(places, [stretch("helemaal dicht"), stretch(GOLD)]) == [1]


@pytest.mark.parametrize(("length", "count"), [(3_999, 1), (4_000, 0)])
def test_an_origin_counts_when_it_is_shorter_than_four_thousand_characters(length: int, count: int) -> None:
    assert len(essay_places(section(Anchor("haven", 10, 10 + length)))) == count


def test_a_long_origin_leaves_the_short_ones_in_place() -> None:
    short = stretch(GOLD)
    assert essay_places(section(Anchor("haven", 0, 5_000), short)) == [short]


@given(LETTERS, STRETCH, STRETCH)
def test_holds_equals_a_count_character_by_character(
    text: str, first: tuple[int, int], second: tuple[int, int]
) -> None:
    place, gold = (Anchor("haven", min(pair), max(pair)) for pair in (first, second))
    assert Ruler({"haven": text}).holds(place, gold) is naive_holds(text, place, gold)


@given(STRETCH, STRETCH)
def test_holds_equals_a_naive_count_where_there_is_no_text(first: tuple[int, int], second: tuple[int, int]) -> None:
    place, gold = (Anchor("haven", min(pair), max(pair)) for pair in (first, second))
    assert Ruler({}).holds(place, gold) is naive_holds(None, place, gold)


@given(LETTERS, STRETCH)
def test_a_stretch_has_as_many_characters_as_can_be_seen(text: str, pair: tuple[int, int]) -> None:
    place = Anchor("haven", min(pair), max(pair))
    assert Ruler({"haven": text}).length(place) == len(seen(text, place))
