"""Citations: checked, numbered in order of use, with a reference and an address."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from assistant.citations import (
    MARKER,
    MOST_PLACES,
    QuoteFinder,
    address,
    checks,
    names,
    reference,
    resolve,
)
from assistant.conversation import LONGEST
from assistant.errors import InvalidQuestion
from assistant.types import Difference, Excerpt, Lookup, Match, Presence
from index.dutch import search_text, shown_text, words
from index.search import Found
from index.sources import Publication, sha256
from index.types import Anchor, Author, Evidence, Hit, Kind, Passage, Source

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


# looking a quotation up

DIJK = """\
De dijk van Oosterwaard

De dijk van Oosterwaard is van één waterschap. Boeren en vissers willen samen-
werken aan het onder-
houd, maar niemand betaalt. ‘Wij geven “gratis” klei’, zei de dijkgraaf.

De vereniging koopt zand en grind. Zij bewaart het in een loods: de netwerken van vroeger zijn verdwenen.

Wie betaalt de klei?

De boeren betalen de klei, de vissers het transport; bij hoogwater beslist de dijkgraaf. Het oﬃciële besluit
staat in het logboek van de ﬁets- en roeiclub.
"""

VEER = """\
# Het veer van Zuidhaven

De veerman **vaart nooit** bij mist. Drie gemeenten betalen zijn loon:

- de stad draagt de helft;
- het dorp draagt een kwart.

## Wat kost een overtocht?

Een overtocht kost niets voor *kinderen* die leren zwemmen. De kaartjes zijn nog altijd blauw.
"""

OATH = "Wij beloven het water te bewaken."
WHOLE_WORD = re.compile(r"[^\W_]+(?:(?:[-\u00ad]\s*\n\s*|['’])[^\W_]+)*")


class Bookcase:
    """A library whose passages are the blocks between blank lines; it searches by words in common."""

    def __init__(self, texts: Mapping[str, str], kinds: Mapping[str, Kind] | None = None) -> None:
        self.sources: Mapping[str, Source] = {
            slug: Source(slug, (kinds or {}).get(slug, Kind.ESSAY), slug.title(), text, sha256(text))
            for slug, text in texts.items()
        }
        self.publications: Mapping[str, Publication] = {}
        self.passages = tuple(
            Passage(f"{slug}:{block.start()}-{block.end()}", slug, source.kind, block.start(), block.end(), block[0])
            for slug, source in self.sources.items()
            for block in re.finditer(r"\S.*?(?=\n\n|\s*\Z)", source.text, re.S)
            if not block[0].startswith("#") and block[0][-1] in ".:;"
        )

    def search(self, question: str, *, limit: int) -> Found:
        asked = set(words(question))
        shared = {passage: len(asked & set(words(passage.text))) for passage in self.passages}
        ordered = sorted((passage for passage in shared if shared[passage]), key=lambda passage: -shared[passage])
        return Found(tuple(Hit(passage, 0.5) for passage in ordered[:limit]), Evidence(0, 0, 0, 0, 0, 0, 0))


BOOKS = Bookcase({"dijk": DIJK, "veer": VEER})
FINDER = QuoteFinder(BOOKS)


def looked_up(quoted: str, *texts: str) -> Lookup:
    """What looking words up gives, in these texts or else in the two above."""
    finder = QuoteFinder(Bookcase({f"boek-{at}": text for at, text in enumerate(texts)})) if texts else FINDER
    return finder.find(quoted)


def only(lookup: Lookup) -> Match:
    """The one place that a look-up gives."""
    (match,) = lookup.matches
    return match


def letters(text: str) -> str:
    """The letters and digits of a text, as it is searched."""
    return re.sub(r"[\W_]", "", search_text(text))


def is_in_whole_words(match: Match) -> bool:
    """Whether no letter stands right before or after its words."""
    text, start, end = match.citation.source.text, match.citation.start, match.citation.end
    return not any(edge.isalnum() for edge in (text[start - 1 : start], text[end : end + 1]))


@pytest.mark.parametrize(
    ("quoted", "printed"),
    [
        ("De vereniging koopt zand en grind.", "De vereniging koopt zand en grind."),
        ("vereniging koopt zand", "vereniging koopt zand"),
        ("  koopt \t zand\n\n en grind ", "koopt zand en grind"),
        ("koopt\u00a0zand\u200b en grind", "koopt zand en grind"),
        ("willen samen-\nwerken aan het", "willen samen-\nwerken aan het"),
        ("willen samen- werken aan het", "willen samen-\nwerken aan het"),
        ("willen samenwerken aan het", "willen samen-\nwerken aan het"),
        ("aan het onderhoud, maar", "aan het onder-\nhoud, maar"),
        ("besluit staat in het logboek", "besluit\nstaat in het logboek"),
        ("Wij geven 'gratis' klei", "Wij geven “gratis” klei"),
        ('Wij geven "gratis" klei', "Wij geven “gratis” klei"),
        ("Wij geven gratis klei", "Wij geven “gratis” klei"),
        ("“Wij geven ‘gratis’ klei”", "Wij geven “gratis” klei"),
        ("«De vereniging koopt zand.»", "De vereniging koopt zand"),
        ("'koopt zand en grind'", "koopt zand en grind"),
        ("(koopt zand en grind)", "koopt zand en grind"),
        ("De vereniging koopt zand.", "De vereniging koopt zand"),
        ("... koopt zand en grind ...", "koopt zand en grind."),
        ("Het officiële besluit", "Het oﬃciële besluit"),
        ("Het ofﬁciële besluit", "Het oﬃciële besluit"),
        ("Het oﬃcie\u0308le besluit", "Het oﬃciële besluit"),
        ("van de fiets- en roeiclub", "van de ﬁets- en roeiclub"),
        ("De veerman vaart nooit bij mist", "De veerman **vaart nooit** bij mist"),
        ("De veerman **vaart nooit** bij mist", "De veerman **vaart nooit** bij mist"),
        ("de helft; het dorp draagt", "de helft;\n- het dorp draagt"),
    ],
)
def test_words_that_stand_there_are_found_as_they_are_printed(quoted: str, printed: str) -> None:
    lookup = looked_up(quoted)
    assert (lookup.presence, only(lookup).citation.text) == (Presence.LITERAL, printed)


@pytest.mark.parametrize("mark", ["?", "!", "."])
def test_the_mark_that_ends_a_quotation_is_cited_where_the_source_has_it(mark: str) -> None:
    assert only(looked_up(f"Wie betaalt de klei{mark}")).citation.text == "Wie betaalt de klei" + "?" * (mark == "?")


def test_a_literal_place_is_wholly_alike_and_differs_in_nothing() -> None:
    match = only(looked_up("willen samenwerken aan het"))
    assert (match.likeness, match.differences) == (1.0, ())


def test_the_start_and_the_end_of_a_source_are_edges_of_words() -> None:
    assert looked_up("een twee drie", "een twee drie").presence is Presence.LITERAL


def test_three_words_are_enough() -> None:
    assert looked_up("zand en grind").presence is Presence.LITERAL


def test_a_quotation_can_run_from_one_passage_into_the_next() -> None:
    match = only(looked_up("klei', zei de dijkgraaf. De vereniging koopt zand"))
    assert match.citation.text == "klei’, zei de dijkgraaf.\n\nDe vereniging koopt zand"


def test_a_quotation_over_two_passages_belongs_to_the_one_in_which_it_begins() -> None:
    citation = only(looked_up("zei de dijkgraaf. De vereniging koopt zand")).citation
    assert citation.passage.text.startswith("De dijk van Oosterwaard is van één waterschap.")


@pytest.mark.parametrize("heading", ["Wie betaalt de klei?", "Wat kost een overtocht?", "Het veer van Zuidhaven"])
def test_a_heading_is_found_as_a_passage_of_its_own(heading: str) -> None:
    citation = only(looked_up(heading)).citation
    assert citation.text == citation.passage.text == heading


def test_a_quotation_can_run_over_a_heading() -> None:
    match = only(looked_up("een kwart. Wat kost een overtocht? Een overtocht kost niets"))
    assert match.citation.text == "een kwart.\n\n## Wat kost een overtocht?\n\nEen overtocht kost niets"


def test_a_place_has_the_id_of_its_own_words() -> None:
    start = DIJK.index("koopt zand")
    assert only(looked_up("koopt zand en")).citation.id == f"dijk:{start}-{start + len('koopt zand en')}"


def test_every_place_in_one_source_is_given_in_order() -> None:
    text = f"{OATH} Dat is lang geleden. {OATH}"
    assert [match.citation.start for match in looked_up(OATH, text).matches] == [0, text.rindex(OATH)]


def test_essays_come_before_own_documents_and_these_before_the_handbook() -> None:
    kinds = {"a": Kind.HANDBOOK, "b": Kind.OWN, "c": Kind.ESSAY, "d": Kind.HANDBOOK, "e": Kind.ESSAY}
    found = QuoteFinder(Bookcase(dict.fromkeys(kinds, OATH), kinds)).find(OATH)
    assert [match.citation.source.slug for match in found.matches] == ["c", "e", "b", "a", "d"]


def test_essays_go_before_the_handbook_when_there_are_too_many_places() -> None:
    kinds = {f"boek-{at}": Kind.ESSAY if at > 4 else Kind.HANDBOOK for at in range(9)}
    found = QuoteFinder(Bookcase(dict.fromkeys(kinds, OATH), kinds)).find(OATH)
    assert [match.citation.source.kind for match in found.matches] == [Kind.ESSAY] * 4 + [Kind.HANDBOOK]


@pytest.mark.parametrize("quoted", [OATH, "Wij beloven het water streng te bewaken."])
def test_no_more_than_five_places_are_given(quoted: str) -> None:
    assert len(looked_up(quoted, *[OATH] * 8).matches) == MOST_PLACES == 5


def test_places_are_numbered_from_one() -> None:
    assert [match.citation.number for match in looked_up(OATH, *[OATH] * 4).matches] == [1, 2, 3, 4]


def test_where_words_stand_literally_near_places_are_left_aside() -> None:
    lookup = looked_up(OATH, OATH.upper(), OATH)
    assert [match.citation.source.slug for match in lookup.matches] == ["boek-1"]


@pytest.mark.parametrize(
    ("quoted", "differences"),
    [
        ("De dijk van oosterwaard is", [("oosterwaard", "Oosterwaard")]),
        ("VERENIGING koopt zand", [("VERENIGING", "vereniging")]),
        ("is van een waterschap", [("een", "één")]),
        ("Het officiele besluit staat", [("officiele", "oﬃciële")]),
        ("boeren betalen de klei; de vissers", [("klei;", "klei,")]),
        ("boeren betalen de klei de vissers", [("klei", "klei,")]),
        ("koopt zand, en grind", [("zand,", "zand")]),
        ("koopt zand en grind! Zij bewaart", [("grind!", "grind.")]),
        ("De boeren betalen klei, de vissers het transport", [("", "de")]),
        ("De boeren betalen zelf de klei, de vissers het transport", [("zelf", "")]),
        ("De boeren betalen de mest, de vissers het transport", [("mest,", "klei,")]),
        ("De boeren betalen niet de klei, de vissers geen transport", [("niet", ""), ("geen", "het")]),
        ("willen samen werken aan het onderhoud", [("samen werken", "samenwerken")]),
    ],
    ids=[
        "capital left out",
        "capitals",
        "accent",
        "diaeresis",
        "other mark",
        "mark left out",
        "mark added",
        "mark of a sentence",
        "word dropped",
        "word added",
        "word replaced",
        "two words",
        "split word",
    ],
)
def test_words_that_nearly_stand_there_are_told_with_what_differs(
    quoted: str, differences: Sequence[tuple[str, str]]
) -> None:
    lookup = looked_up(quoted)
    told = tuple(Difference(*each) for each in differences)
    assert (lookup.presence, lookup.matches[0].differences) == (Presence.NEAR, told)


def test_swapped_words_are_near() -> None:
    lookup = looked_up("De vereniging koopt grind en zand")
    assert lookup.presence is Presence.NEAR and only(lookup).differences


@pytest.mark.parametrize(
    ("quoted", "printed"),
    [
        ("De boeren betalen klei, de vissers het transport", "De boeren betalen de klei, de vissers het transport"),
        ("De boern betalen de klei, de vissers", "De boeren betalen de klei, de vissers"),
        ("de klei, de vissers het transpor", "de klei, de vissers het transport"),
        ("en vissers gaan samenwerken aan het onderhoud", "en vissers willen samen-\nwerken aan het onder-\nhoud"),
        ("koopt grint en zand. Zij bewaart het in een", "koopt zand en grind. Zij bewaart het in een"),
    ],
)
def test_a_near_place_is_cited_in_whole_words(quoted: str, printed: str) -> None:
    assert looked_up(quoted).matches[0].citation.text == printed


def test_only_capitals_and_accents_leave_words_wholly_alike() -> None:
    assert only(looked_up("IS VAN EEN WATERSCHAP")).likeness == 1.0


def test_a_word_that_differs_makes_words_less_alike() -> None:
    assert 0.8 <= looked_up("De boeren betalen de mest, de vissers het transport").matches[0].likeness < 1


def test_near_places_stand_most_alike_first() -> None:
    lookup = looked_up("Wij beloven het zoute water te bewaken", "Wij beloofden ooit het water te bewaken.", OATH)
    assert [match.citation.source.slug for match in lookup.matches] == ["boek-1", "boek-0"]
    assert lookup.matches[0].likeness > lookup.matches[1].likeness


def test_a_near_place_can_run_from_one_passage_into_the_next() -> None:
    match = only(looked_up("gratis klei', zei onze dijkgraaf. De vereniging koopt zand en grind."))
    assert match.citation.text.endswith("zei de dijkgraaf.\n\nDe vereniging koopt zand en grind.")


@pytest.mark.parametrize(
    "quoted",
    [
        "Morgen schijnt overal de zon",
        "van een aan het in de",
        "dijkgraaf hoogwater klei vereniging loods",
        "De boeren betalen morgen alle aardappelen op de markt van het eiland",
        "xqzj vlorp grumbel",
        "水 土 火 風",
    ],
    ids=["other text", "small words", "loose words", "only its beginning", "nonsense", "another script"],
)
def test_words_that_do_not_stand_there_are_not_found(quoted: str) -> None:
    assert looked_up(quoted) == Lookup(Presence.ABSENT)


def test_fewer_than_five_words_are_found_letter_for_letter_only() -> None:
    assert looked_up("staat in het logboek").presence is Presence.LITERAL
    assert looked_up("staat in een logboek").presence is Presence.ABSENT


def test_an_empty_library_holds_nothing() -> None:
    assert QuoteFinder(Bookcase({})).find(OATH) == Lookup(Presence.ABSENT)


@pytest.mark.parametrize(
    ("quoted", "given", "printed"),
    [
        ("werken van vroeger zijn verdwenen", "werken", "netwerken"),
        ("de netwerken van vroeger zijn verdwe", "verdwe", "verdwenen"),
        ("besluit staat in het logboek van de fie", "fie", "ﬁets"),
    ],
    ids=["its end", "its beginning", "with a ligature"],
)
def test_half_a_word_is_no_literal_word(quoted: str, given: str, printed: str) -> None:
    lookup = looked_up(quoted)
    assert (lookup.presence, only(lookup).differences) == (Presence.NEAR, (Difference(given, printed),))


def test_a_quotation_mark_after_a_word_is_no_part_of_it() -> None:
    assert looked_up("zag de auto", "‘Hij zag de auto’, zei zij.").presence is Presence.LITERAL


@pytest.mark.parametrize(
    ("quoted", "message"),
    [
        ("", "Uw citaat is leeg"),
        (" \n\t\u00a0", "Uw citaat is leeg"),
        ("\x00\x07\u200b\u202e\ufeff", "Uw citaat is leeg"),
        ("?! … “”", "geen woorden in uw citaat"),
        ("12 13 14", "geen woorden in uw citaat"),
        ("dijkgraaf", "Uw citaat is te kort"),
        ("“de dijkgraaf”", "minstens 3 woorden"),
        ("zand - grind", "minstens 3 woorden"),
        ("zand " * 1_000, r"Uw citaat is te lang \(5\.000 tekens\)"),
    ],
    ids=["empty", "white", "control", "marks", "figures", "one word", "two words", "two and a dash", "too long"],
)
def test_a_quotation_that_cannot_be_looked_up_is_refused_in_dutch(quoted: str, message: str) -> None:
    with pytest.raises(InvalidQuestion, match=message):
        looked_up(quoted)


def test_the_longest_quotation_allowed_is_looked_up() -> None:
    assert looked_up(f"{OATH} " + "a" * (LONGEST - len(OATH) - 1)).presence is Presence.ABSENT


def test_the_same_quotation_gives_the_same_places() -> None:
    assert looked_up("De boeren betalen klei, de vissers") == looked_up("De boeren betalen klei, de vissers")


class Impatient(dict[str, Source]):
    """Sources that refuse to be asked without end."""

    patience = 1_000

    def __getitem__(self, slug: str) -> Source:
        self.patience -= 1
        assert self.patience > 0, "the sources are asked without end"
        return super().__getitem__(slug)


@pytest.mark.parametrize("quoted", ["¹ ² ³", "«⁴ ⁵ ⁶»"])
def test_looking_up_footnote_marks_alone_ends(quoted: str) -> None:
    books = Bookcase({"dijk": DIJK})
    books.sources = Impatient(books.sources)
    with suppress(InvalidQuestion):
        assert QuoteFinder(books).find(quoted).presence is Presence.ABSENT


def test_the_word_before_a_footnote_mark_is_a_whole_word() -> None:
    assert looked_up("leest de nota", "De raad leest de nota² en zwijgt.").presence is Presence.LITERAL


def test_a_place_in_mid_word_does_not_hide_the_place_that_overlaps_it() -> None:
    assert looked_up("de dijk de dijk", "Zie de rede dijk de dijk de dijk.").presence is Presence.LITERAL


def test_the_words_of_a_link_are_found_without_its_address() -> None:
    assert looked_up("dijk is van hout gemaakt", "De dijk is [van hout](https://hout.nl) gemaakt.").presence is (
        Presence.LITERAL
    )


def test_a_comment_that_no_reader_sees_does_not_part_a_quotation() -> None:
    text = "## Wie draagt bij?\n<!-- bronnen: dijk 12-90 -->\n\nIedereen naar zijn beurs."
    assert looked_up("Wie draagt bij? Iedereen naar zijn beurs.", text).presence is Presence.LITERAL


@pytest.mark.parametrize(
    "quoted", ["de helft;\n- het dorp draagt een kwart", "de helft; • het dorp draagt", "kwart.\n\n## Wat kost een"]
)
def test_marks_of_a_list_or_heading_that_were_copied_along_are_no_words(quoted: str) -> None:
    assert looked_up(quoted).presence is Presence.LITERAL


@pytest.mark.parametrize(
    ("quoted", "text"),
    [
        ("Wij zijn tegen", "Wij zijn tegen-\nwoordig welkom."),
        ("woordig welkom op zondag", "Wij zijn tegen-\nwoordig welkom op zondag."),
        ("Hij zag de auto", "Hij zag de auto's van zijn vader."),
    ],
    ids=["before a line end", "after a line end", "before an apostrophe"],
)
def test_half_a_word_is_no_literal_word_either_where_the_other_half_stands_behind_a_mark(
    quoted: str, text: str
) -> None:
    assert looked_up(quoted, text).presence is not Presence.LITERAL


SOFT = "Wij doen samen het onder\u00ad\nhoud van de dijk."


@pytest.mark.parametrize("quoted", ["samen het onderhoud van", "samen het onder\u00adhoud van"])
def test_a_word_that_a_soft_hyphen_breaks_is_one_word(quoted: str) -> None:
    assert looked_up(quoted, SOFT).presence is Presence.LITERAL


def test_a_word_that_a_soft_hyphen_breaks_is_one_word_when_copied_with_its_line_end() -> None:
    assert looked_up("samen het onder\u00ad\nhoud van", SOFT).presence is Presence.LITERAL


BESIDE = "De boeren betalen klei, de vissers het transport"


def test_a_near_place_is_given_once_though_another_passage_was_found_beside_it() -> None:
    assert [match.citation.text for match in looked_up(BESIDE).matches] == [
        "De boeren betalen de klei, de vissers het transport"
    ]


def test_a_loose_accent_belongs_to_the_letter_before_it() -> None:
    assert only(looked_up("zat in het café", "Zij zat in het cafe\u0301 te lezen.")).citation.text.endswith("e\u0301")


@st.composite
def stretches(draw: st.DrawFn, texts: Mapping[str, str]) -> tuple[str, int, int]:
    """A source and where a run of three or more of its whole words begins and ends."""
    slug = draw(st.sampled_from(sorted(texts)))
    found = list(WHOLE_WORD.finditer(texts[slug]))
    first = draw(st.integers(0, len(found) - 3))
    last = draw(st.integers(first + 2, min(len(found) - 1, first + 30)))
    return slug, found[first].start(), found[last].end()


def literal_places(quoted: str) -> list[tuple[str, int, int]]:
    """Where words stand literally."""
    lookup = looked_up(quoted)
    places = [(each.citation.source.slug, each.citation.start, each.citation.end) for each in lookup.matches]
    return places if lookup.presence is Presence.LITERAL else []


@example_settings(deadline=None)
@given(stretches({"dijk": DIJK}))
def test_any_run_of_words_as_it_is_printed_is_found_where_it_was_cut(stretch: tuple[str, int, int]) -> None:
    slug, start, end = stretch
    assert stretch in literal_places(BOOKS.sources[slug].text[start:end])


@example_settings(deadline=None)
@given(stretches({"dijk": DIJK, "veer": VEER}), st.sampled_from(["{}", "“{}”", "‘{}.’", " …{}, "]))
def test_any_run_of_words_as_it_is_shown_is_found_where_it_was_cut(stretch: tuple[str, int, int], form: str) -> None:
    slug, start, end = stretch
    assert stretch in literal_places(form.format(shown_text(BOOKS.sources[slug].text[start:end])))


# each begins with the only k in it, so that no word stands in mid-word
KWORDS = st.sampled_from(["kade", "Kom", "klaï", "kaﬃe", "KOE", "k9", "ka-\nlf", "ko\u00adst", "kier's", "kij"])
BETWEEN = st.sampled_from(
    [" ", "\n", "\n\n", ", ", ". ", "; ", " - ", " – ", "’ “", " (", ") ", "/", "\u00a0", "\t", "…"]
)


@example_settings(deadline=None)
@given(st.lists(st.tuples(KWORDS, BETWEEN), min_size=3, unique_by=lambda piece: piece[0]), st.data())
def test_any_run_of_words_of_any_text_is_found_at_a_place_with_those_words(
    pieces: list[tuple[str, str]], data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, len(pieces) - 3))
    last = data.draw(st.integers(first + 2, len(pieces) - 1))
    quoted = "".join(word + between for word, between in pieces[first:last]) + pieces[last][0]
    lookup = looked_up(quoted, "".join(word + between for word, between in pieces))
    assert lookup.presence is Presence.LITERAL
    assert {letters(match.citation.text) for match in lookup.matches} == {letters(quoted)}


WORDS = sorted({*WHOLE_WORD.findall(DIJK), *WHOLE_WORD.findall(VEER), "niet", "overal", "xqzj"})


@st.composite
def misquotations(draw: st.DrawFn) -> str:
    """A run of words of a source in which words were left out, doubled, swapped or put in the place of others."""
    slug, start, end = draw(stretches({"dijk": DIJK, "veer": VEER}))
    said = shown_text(BOOKS.sources[slug].text[start:end]).split()
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(said) - 1))
        put = st.lists(st.sampled_from(WORDS), max_size=2)
        said[at : at + 1] = draw(st.one_of(put, st.just([said[at], said[at]]), st.just([said[at].upper()])))
        said = said or ["dijk"]
    return " ".join(said)


QUOTATIONS = st.one_of(
    misquotations(), st.lists(st.sampled_from(WORDS), min_size=3, max_size=20).map(" ".join), st.text(max_size=40)
)


@example_settings(deadline=None)
@given(QUOTATIONS)
def test_every_citation_of_any_look_up_stands_in_its_source(quoted: str) -> None:
    with suppress(InvalidQuestion):
        for citation in (match.citation for match in looked_up(quoted).matches):
            assert citation.source.text[citation.start : citation.end] == citation.text != ""


@example_settings(deadline=None)
@example(BESIDE)
@given(QUOTATIONS)
def test_every_citation_of_any_look_up_begins_and_ends_at_whole_words(quoted: str) -> None:
    with suppress(InvalidQuestion):
        assert all(is_in_whole_words(match) for match in looked_up(quoted).matches)


@example_settings(deadline=None)
@given(QUOTATIONS)
def test_places_differ_when_near_and_not_when_literal_for_any_quotation(quoted: str) -> None:
    with suppress(InvalidQuestion):
        lookup = looked_up(quoted)
        assert bool(lookup.matches) is (lookup.presence is not Presence.ABSENT)
        assert all(bool(match.differences) is (lookup.presence is Presence.NEAR) for match in lookup.matches)


@example_settings(deadline=None)
@given(misquotations())
def test_every_place_of_any_misquotation_is_at_least_nearly_alike(quoted: str) -> None:
    with suppress(InvalidQuestion):
        likenesses = [match.likeness for match in looked_up(quoted).matches]
        assert all(0.8 <= likeness <= 1 for likeness in likenesses)
        assert likenesses == sorted(likenesses, reverse=True)
