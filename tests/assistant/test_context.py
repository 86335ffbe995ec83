"""From hits to a brief: which stretches of which passages an answer may use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from assistant.citations import checks
from assistant.context import MORE, QUOTES, Supports, pack
from assistant.extracts import TOO_ALIKE
from assistant.shape import Shape
from assistant.types import Advice, Brief, Excerpt, Status
from index.dutch import grams, sentences
from index.types import Anchor, Kind, Passage

if TYPE_CHECKING:
    from tests.assistant.conftest import Shelf

NONE = Supports()
QUESTION = "Hoe delen dorpen de kosten van een brug?"
ESSAYS = (
    "De dorpen delen de kosten van de brug naar het gebruik ervan. Ieder najaar tellen zij de karren die er passeren.",
    "Een brug kost meer dan een enkel dorp kan dragen. Daarom betalen drie dorpen ieder een derde deel van de kosten.",
    "Het waterschap keurt het hout van iedere brug in de lente. Rotte planken worden nog voor de zomer vervangen.",
    "Kinderen vissen graag vanaf de leuning van de oude brug. Wie er valt, krijgt een natte broek en een dweil.",
    "De dorpen delen de kosten van de brug naar gebruik, en tellen ieder najaar de karren die er passeren.",
)


def packed(
    shelf: Shelf,
    *passages: Passage,
    question: str = QUESTION,
    status: Status = Status.ANSWERED,
    supports: Supports = Supports(),  # noqa: B008
) -> Brief:
    return pack(question, shelf.hits(*passages), status, Advice(), library=shelf, supports=supports)


def texts(excerpts: Sequence[Excerpt]) -> list[str]:
    return [excerpt.text for excerpt in excerpts]


@pytest.fixture
def passages(shelf: Shelf) -> list[Passage]:
    return [shelf.passage(f"essay-{number}", text) for number, text in enumerate(ESSAYS)]


@pytest.fixture
def section(shelf: Shelf) -> Passage:
    return shelf.section("handboek-brug", "Hoe delen dorpen een brug?", "Zij delen de brug naar gebruik.")


@pytest.fixture(scope="module")
def pool(new_shelf: type[Shelf]) -> tuple[Shelf, list[Passage]]:
    """A shelf with essays, sections and a document, for any hits in any order."""
    shelf = new_shelf()
    essays = [shelf.passage(f"essay-{number}", text) for number, text in enumerate(ESSAYS)]
    sections = [
        shelf.section("handboek-een", "Hoe delen dorpen een brug?", "Naar gebruik. Zo bleef de vrede bewaard."),
        shelf.section(
            "handboek-twee", "Wie keurt het hout?", "Dat doen:\n\n- het waterschap;\n- de timmerman.\n\nKlaar."
        ),
    ]
    shelf.rests_on = {sections[0].id: essays[:2], sections[1].id: essays[2:3]}
    own = shelf.passage("nota", "Onze gemeente legt dit jaar een brug van staal aan over de vaart.", kind=Kind.OWN)
    return shelf, [*essays, *sections, own]


ANY_HITS = st.lists(st.integers(0, 7), unique=True, max_size=8)
ANY_QUESTION = st.sampled_from([QUESTION, "Wie keurt het hout?", "vissen", "Wat is een xqzjw?", "de het een"])


@example_settings(deadline=None)
@given(ANY_HITS, ANY_QUESTION, st.sampled_from(Status))
def test_every_excerpt_stands_in_its_source(
    pool: tuple[Shelf, list[Passage]], order: list[int], question: str, status: Status
) -> None:
    shelf, every = pool
    brief = packed(shelf, *(every[at] for at in order), question=question, status=status)
    assert all(checks(excerpt, shelf.sources) for excerpt in brief.excerpts)


@example_settings(deadline=None)
@given(ANY_HITS, ANY_QUESTION)
def test_quotations_are_few_and_whole_sentences_of_different_passages(
    pool: tuple[Shelf, list[Passage]], order: list[int], question: str
) -> None:
    shelf, every = pool
    quotes = packed(shelf, *(every[at] for at in order), question=question).quotes
    assert len(quotes) <= QUOTES and len({quote.passage.id for quote in quotes}) == len(quotes)
    for quote in quotes:
        spans = [
            (quote.passage.start + start, quote.passage.start + end) for start, end in sentences(quote.passage.text)
        ]
        assert quote.start in {start for start, _ in spans} and quote.end in {end for _, end in spans}


@example_settings(deadline=None)
@given(ANY_HITS, ANY_QUESTION)
def test_quotations_are_unlike_each_other(pool: tuple[Shelf, list[Passage]], order: list[int], question: str) -> None:
    shelf, every = pool
    for one, other in combinations(packed(shelf, *(every[at] for at in order), question=question).quotes, 2):
        first, second = set(grams(one.text)), set(grams(other.text))
        assert len(first & second) <= TOO_ALIKE * min(len(first), len(second))


@example_settings(deadline=None)
@given(ANY_HITS, ANY_QUESTION, st.sampled_from(Status))
def test_numbers_run_from_one_and_each_stretch_has_one(
    pool: tuple[Shelf, list[Passage]], order: list[int], question: str, status: Status
) -> None:
    shelf, every = pool
    supports = Supports(step=every[5], recommendation=every[6])
    brief = packed(shelf, *(every[at] for at in order), question=question, status=status, supports=supports)
    assert [excerpt.number for excerpt in brief.excerpts] == list(range(1, len(brief.excerpts) + 1))
    assert len({(excerpt.passage.id, excerpt.start, excerpt.end) for excerpt in brief.excerpts}) == len(brief.excerpts)


def test_a_copy_of_a_quotation_is_passed_over(shelf: Shelf, passages: list[Passage]) -> None:
    quotes = packed(shelf, passages[0], passages[4], passages[1]).quotes
    assert {quote.passage.source for quote in quotes} == {"essay-0", "essay-1"}


def test_the_sentence_nearest_to_the_question_is_quoted_first(shelf: Shelf, passages: list[Passage]) -> None:
    quotes = packed(shelf, *passages[:4], question="Wie keurt het hout van de brug in de lente?").quotes
    assert quotes[0].text.startswith("Het waterschap keurt het hout van iedere brug in de lente.")


def test_numbers_follow_the_order_of_use(shelf: Shelf, section: Passage, passages: list[Passage]) -> None:
    step = shelf.section("handboek-stap", "Stap?", "Begin bij het begin.")
    advised = shelf.section("handboek-raad", "Raad?", "Drink eerst koffie.")
    counter = shelf.section("handboek-tegen", "Tegen?", "Let ook op de regels.")
    supports = Supports(step=step, recommendation=advised, counterweight=counter)
    brief = packed(shelf, section, *passages[:2], supports=supports)
    used = [
        *brief.short,
        brief.counterweight,
        *brief.body,
        *brief.more,
        *brief.quotes,
        brief.step,
        brief.recommendation,
    ]
    assert [excerpt.number for excerpt in used if excerpt] == [1, 2, 3, 4, 5, 6]


def test_the_same_stretch_has_the_same_number(shelf: Shelf, section: Passage, passages: list[Passage]) -> None:
    brief = packed(shelf, section, passages[0], supports=Supports(step=section, recommendation=section))
    assert brief.step == brief.recommendation == brief.short[0]


def test_a_stretch_that_does_not_check_is_left_out(shelf: Shelf, section: Passage, passages: list[Passage]) -> None:
    changed = replace(passages[0], text=passages[0].text.replace("dorpen", "steden"))
    brief = packed(shelf, section, changed, passages[1])
    assert [quote.passage.source for quote in brief.quotes] == ["essay-1"]


def test_a_lead_that_does_not_check_is_left_out(shelf: Shelf, section: Passage, passages: list[Passage]) -> None:
    brief = packed(shelf, replace(section, text="Zij delen de brug naar believen!"), passages[0])
    assert (brief.short, [quote.number for quote in brief.quotes]) == ((), [1])


def test_a_support_that_does_not_check_is_left_out(shelf: Shelf, section: Passage) -> None:
    moved = replace(section, start=section.start + 1, end=section.end + 1)
    assert packed(shelf, section, supports=Supports(step=moved)).step is None


def test_without_supports_nothing_carries_the_advice(shelf: Shelf, section: Passage) -> None:
    brief = packed(shelf, section)
    assert (brief.step, brief.recommendation, brief.counterweight) == (None, None, None)


def test_a_refusal_has_the_nearest_only(shelf: Shelf, section: Passage, passages: list[Passage]) -> None:
    brief = packed(shelf, *passages, section, status=Status.REFUSED, supports=Supports(step=section))
    assert (texts(brief.nearest), texts(brief.excerpts)) == ([section.text], [section.text])


def test_a_refusal_falls_back_on_essays(shelf: Shelf, passages: list[Passage]) -> None:
    brief = packed(shelf, *passages, status=Status.REFUSED)
    assert [excerpt.passage for excerpt in brief.nearest] == passages[:3]


def test_without_hits_there_is_nothing(shelf: Shelf) -> None:
    assert packed(shelf).excerpts == packed(shelf, status=Status.REFUSED).excerpts == ()


def test_the_section_whose_title_is_most_like_the_question_leads(shelf: Shelf, section: Passage) -> None:
    first = shelf.section("handboek-hout", "Wat is hout?", "Hout komt van bomen.")
    assert packed(shelf, first, section, question="Hoe delen dorpen een brug?").short[0].passage == section


def test_essays_have_no_lead(shelf: Shelf, passages: list[Passage]) -> None:
    assert packed(shelf, *passages).short == ()


def test_the_handbook_is_not_quoted_beside_essays(shelf: Shelf, section: Passage, passages: list[Passage]) -> None:
    other = shelf.section("handboek-meer", "Meer?", "De dorpen delen ook de kosten van de brug in hout.")
    brief = packed(shelf, section, other, passages[2], question="Hoe delen dorpen een brug?")
    assert {quote.passage.kind for quote in brief.quotes} == {Kind.ESSAY}


def test_without_essays_another_section_than_the_lead_is_quoted(shelf: Shelf, section: Passage) -> None:
    other = shelf.section("handboek-meer", "Meer?", "De dorpen delen ook de kosten van de brug in hout.")
    brief = packed(shelf, section, other, question="Hoe delen dorpen een brug?")
    assert (brief.short[0].passage, [quote.passage for quote in brief.quotes]) == (section, [other])


def test_what_the_lead_rests_on_is_quoted_though_it_was_not_found(
    shelf: Shelf, section: Passage, passages: list[Passage]
) -> None:
    shelf.rests_on = {section.id: [passages[0]]}
    assert passages[0] in [quote.passage for quote in packed(shelf, section, passages[3]).quotes]


def test_the_section_on_the_perspective_leads_and_only_its_grounds_are_quoted(
    shelf: Shelf, section: Passage, passages: list[Passage]
) -> None:
    perspective = shelf.section("handboek-netwerk", "Hoe deel je kosten met dorpen?", "Samen beslissen.")
    shelf.rests_on = {perspective.id: [passages[1]]}
    brief = packed(shelf, section, *passages, supports=Supports(perspective=perspective))
    assert brief.short[0].passage == perspective
    assert [quote.passage for quote in brief.quotes] == [passages[1]]


GUIDE = """\
Deel de brug naar gebruik. Tel daarvoor de karren.

1. Koop een telraam.
2. Zet er een wachter bij.

**Voorbeeld.** In Rietveen telt een kind.

**Lees verder:** *Wie keurt het hout?*"""


def test_the_body_goes_on_where_the_lead_stops(shelf: Shelf) -> None:
    brief = packed(shelf, shelf.section("handboek-gids", "Hoe delen dorpen een brug?", GUIDE))
    (body,) = brief.body
    assert brief.short[0].text == "Deel de brug naar gebruik. Tel daarvoor de karren."
    assert body.text.startswith("1. Koop") and body.text.endswith("telt een kind.")


def test_who_asks_for_an_example_gets_it_before_the_steps(shelf: Shelf) -> None:
    section = shelf.section("handboek-gids", "Hoe delen dorpen een brug?", GUIDE)
    bodies = pack(
        QUESTION, shelf.hits(section), Status.ANSWERED, Advice(), library=shelf, supports=NONE, shape=Shape.EXAMPLE
    ).body
    assert [each.text.split()[0] for each in bodies] == ["**Voorbeeld.**", "1."]


def test_a_section_answers_that_is_asked_in_other_words_as_well(shelf: Shelf) -> None:
    first = shelf.section("handboek-hout", "Wat is hout?", "Hout komt van bomen.")
    titled = shelf.section("handboek-gids", "Naar gebruik", "Deel naar gebruik.")
    worded = replace(titled, wordings=("hoe delen wij de rekening",))
    assert packed(shelf, first, worded, question="hoe delen wij de rekening?").short[0].passage == worded


def test_other_sections_add_what_they_say_first(shelf: Shelf, section: Passage) -> None:
    other = shelf.section("handboek-hout", "Wie keurt het hout?", "Een wachter keurt planken.\n\nElke lente weer.")
    assert texts(packed(shelf, section, other).more) == ["Een wachter keurt planken."]


def test_a_section_that_says_the_same_adds_nothing(shelf: Shelf, section: Passage) -> None:
    same = shelf.section("handboek-zelfde", "Hoe delen dorpen een pont?", section.text)
    assert packed(shelf, section, same).more == ()


def test_no_more_sections_add_than_can_be_read(shelf: Shelf, section: Passage) -> None:
    words = ("Koffie helpt altijd.", "Planken rotten snel.", "Kinderen vissen graag.", "Regen valt omlaag.")
    others = [shelf.section(f"handboek-{at}", f"Wat {at}?", text) for at, text in enumerate(words)]
    assert len(packed(shelf, section, *others, question="Wat delen wij?").more) == MORE


def test_both_sides_of_a_comparison_are_told_when_no_section_compares_them(shelf: Shelf, section: Passage) -> None:
    pont = shelf.section("handboek-pont", "Wat is een pont?", "Een pont vaart over.")
    brug = shelf.section("handboek-brug-is", "Wat is een brug?", "Een brug staat stil.")
    sides = {"pont": shelf.hits(pont), "brug": shelf.hits(brug)}
    hits = shelf.hits(section)
    brief = pack("pont of brug", hits, Status.ANSWERED, Advice(), library=shelf, supports=NONE, sides=sides)
    assert texts(brief.sides) == ["Een pont vaart over.", "Een brug staat stil."]


def test_a_section_that_compares_needs_no_sides(shelf: Shelf) -> None:
    compares = shelf.section("handboek-verschil", "Wat is het verschil tussen een pont en een brug?", "Varen.")
    sides = {"pont": shelf.hits(compares), "brug": shelf.hits(compares)}
    hits = shelf.hits(compares)
    brief = pack("pont of brug", hits, Status.ANSWERED, Advice(), library=shelf, supports=NONE, sides=sides)
    assert brief.sides == ()


def test_only_the_places_that_a_section_rests_on_are_quoted_from_their_passages(
    shelf: Shelf, passages: list[Passage]
) -> None:
    first = passages[0]
    begin = first.text.index("Ieder najaar")
    origin = Anchor(first.source, first.start + begin, first.end)
    section = shelf.section("handboek-najaar", "Hoe delen dorpen een brug?", "Zij tellen.", origins=[origin])
    shelf.rests_on = {section.id: [first]}
    assert texts(packed(shelf, section).quotes) == ["Ieder najaar tellen zij de karren die er passeren."]


def test_a_sentence_that_leans_on_the_one_before_takes_it_along(shelf: Shelf) -> None:
    text = "Een brug kost meer dan een dorp kan dragen. Daarom betalen drie dorpen ieder een deel van de rekening."
    quotes = packed(shelf, shelf.passage("essay", text), question="Hoe betalen drie dorpen de rekening?").quotes
    assert texts(quotes) == [text]


def test_a_very_short_sentence_takes_the_next_along(shelf: Shelf) -> None:
    text = "Drie dorpen betalen samen de hele rekening. Karren worden ieder najaar door de brugwachter geteld bij mist."
    quotes = packed(shelf, shelf.passage("essay", text), question="Betalen drie dorpen samen de rekening?").quotes
    assert texts(quotes) == [text]


@pytest.mark.parametrize(
    "sentence",
    [
        "Drie dorpen betalen.",
        "drie dorpen betalen samen de rekening van de brug over de vaart.",
        "Drie dorpen betalen samen de rekening van de brug over de vaart",
        "Drie dorpen betalen samen de rekening, zie https://voorbeeld.nl voor de brug over de vaart.",
        "Drie dorpen betalen de rekening, mail brug@voorbeeld.nl over de brug over de vaart.",
        f"Drie dorpen betalen {'samen ' * 60}de rekening.",
    ],
    ids=["short", "no capital", "no full stop", "address", "mail", "long"],
)
def test_what_is_no_readable_sentence_is_not_quoted(shelf: Shelf, sentence: str) -> None:
    assert packed(shelf, shelf.passage("essay", sentence), question="Wie betalen de rekening?").quotes == ()
