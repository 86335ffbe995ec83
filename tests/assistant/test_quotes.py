"""The answerer without a language model."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.citations import MARKER
from assistant.quotes import BODY, QuotingAnswerer
from assistant.shape import Shape
from assistant.types import Advice, Brief, Excerpt, Mode, Scored, Status
from index.sources import sha256
from index.types import Kind, Passage, Source
from prompts import Practice, Role

if TYPE_CHECKING:
    from tests.assistant.conftest import Shelf

HEADINGS = ("### Kort antwoord", "### Wat de bronnen zeggen", "### Volgende stap", "### Voor u als opdrachtnemer")


def headings(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("#")]


def whole(number: int, passage: Passage) -> Excerpt:
    return Excerpt(number, passage, passage.start, passage.end)


@pytest.fixture
def brief(shelf: Shelf, practice: Practice) -> Brief:
    """A brief that holds something of everything, but no perspective."""
    lead = shelf.section("handboek-brug", "Wie betaalt de brug?", "Wij delen de kosten.")
    quote = shelf.passage("brug", "De dorpen betalen de brug naar gebruik.", heading="Kosten")
    step = shelf.section("handboek-stap", "Hoe verdeel je?", "Verdeel eerlijk.")
    advised = shelf.section("handboek-raad", "Wat nu?", "Drink koffie.")
    advice = Advice(
        steps=tuple(Scored(step, 0.5) for step in practice.steps),
        perspectives=tuple(
            Scored(each, score) for each, score in zip(practice.perspectives, (0.9, 0.5, 0.1), strict=True)
        ),
        recommendations=tuple(Scored(each, 0.5) for each in practice.recommendations),
        role=Role.OPDRACHTNEMER,
    )
    return Brief(
        "Wie betaalt?",
        Status.ANSWERED,
        short=(whole(1, lead),),
        quotes=(whole(2, quote),),
        step=whole(3, step),
        recommendation=whole(4, advised),
        advice=advice,
    )


def written(brief: Brief, shelf: Shelf) -> str:
    return "".join(QuotingAnswerer(shelf.sources).answer(brief))


def perspective(brief: Brief, *, told: bool = True) -> Brief:
    return replace(brief, advice=replace(brief.advice, asks_perspective=True, tells_situation=told))


def test_it_says_that_it_quotes() -> None:
    assert QuotingAnswerer({}).mode is Mode.QUOTES


def test_an_answer_has_its_parts_in_order(brief: Brief, shelf: Shelf) -> None:
    assert headings(written(brief, shelf)) == list(HEADINGS)


def test_the_short_answer_stands_as_it_is_with_its_marker(brief: Brief, shelf: Shelf) -> None:
    assert "### Kort antwoord\n\nWij delen de kosten. [1]\n\n" in written(brief, shelf)


@pytest.mark.parametrize(
    ("title", "wanted"), [("Varen of wachten?", Shape.OPINION), ("Wat is het verschil?", Shape.COMPARISON)]
)
def test_a_choice_that_is_not_set_side_by_side_is_weighed(
    brief: Brief, shelf: Shelf, title: str, wanted: Shape
) -> None:
    section = shelf.section("handboek-keuze", title, "Vaar maar.\n\nEn neem eten mee.")
    lead, body = whole(1, replace(section, text="Vaar maar.", end=section.start + 10)), whole(5, section)
    text = written(replace(brief, shape=Shape.COMPARISON, short=(lead,), body=(body,)), shelf)
    assert f"{BODY[wanted]}\n\n" in text


@pytest.mark.parametrize("wanted", [each for each in Shape if each is not Shape.COMPARISON])
def test_the_body_is_called_after_what_the_question_wants(brief: Brief, shelf: Shelf, wanted: Shape) -> None:
    body = shelf.section("handboek-meer", "Hoe?", "Tel eerst het geld.\n\nDoe dan dit:\n\n- betaal;\n- vaar.")
    text = written(replace(brief, shape=wanted, body=(whole(5, body),)), shelf)
    assert f"{BODY[wanted]}\n\nTel eerst het geld. [5]\n\nDoe dan dit:\n\n- betaal;\n- vaar. [5]\n\n" in text


def test_a_certain_answer_names_the_question_that_it_answers_when_that_is_another(brief: Brief, shelf: Shelf) -> None:
    assert "### Kort antwoord\n\n**Wie betaalt de brug?**\n\nWij" in written(replace(brief, question="Mag dat?"), shelf)


@pytest.mark.parametrize(
    "change", [{"question": "wie betaalt de brug"}, {"status": Status.PERHAPS, "question": "Mag dat?"}]
)
def test_a_question_that_was_asked_or_named_before_is_not_named_again(
    brief: Brief, shelf: Shelf, change: dict[str, str]
) -> None:
    assert "### Kort antwoord\n\nWij" in written(replace(brief, **change), shelf)  # type: ignore[arg-type]


def test_what_other_sections_add_stands_under_their_titles(brief: Brief, shelf: Shelf) -> None:
    other = shelf.section("handboek-veer", "Wie *vaart* er?", "De veerman vaart.")
    text = written(replace(brief, more=(whole(5, other),)), shelf)
    assert "### Ook hierover\n\n**Wie vaart er?** De veerman vaart. [5]\n\n" in text


def test_the_sides_of_a_comparison_come_before_the_rest(brief: Brief, shelf: Shelf) -> None:
    one = shelf.section("handboek-een", "Wat is een veer?", "Een veer vaart.")
    body = shelf.section("handboek-twee", "Wat is een brug?", "Zij is van hout.")
    compares = replace(brief, shape=Shape.COMPARISON, sides=(whole(5, one),), body=(whole(6, body),))
    text = written(compares, shelf)
    assert "### Naast elkaar\n\n**Wat is een veer?** Een veer vaart. [5]\n\nZij is van hout. [6]\n\n" in text


def test_a_doubtful_answer_says_what_it_covers(brief: Brief, shelf: Shelf) -> None:
    text = written(replace(brief, status=Status.PERHAPS), shelf)
    assert text.splitlines()[0].endswith("Het dichtst bij komt: *Wie betaalt de brug?*")


def test_a_table_has_its_marker_below_it(brief: Brief, shelf: Shelf) -> None:
    table = shelf.section("handboek-tabel", "Wie?", "| wie | wat |\n| --- | --- |\n| ik | geld |")
    assert "| ik | geld |\n\n[1]\n" in written(replace(brief, short=(whole(1, table),)), shelf)


def test_a_quotation_has_its_marker_and_its_reference(brief: Brief, shelf: Shelf) -> None:
    quoted = "> “De dorpen betalen de brug naar gebruik.” [2]\n>\n> Zeeman (2019), Brug, ‘Kosten’\n"
    assert quoted in written(brief, shelf)


def test_quotations_of_the_handbook_alone_are_announced_as_such(brief: Brief, shelf: Shelf) -> None:
    own = shelf.section("handboek-meer", "Meer?", "Meer hout helpt.")
    assert headings(written(replace(brief, quotes=(whole(2, own),)), shelf))[1] == "### Wat het handboek nog zegt"


def test_the_step_is_told_with_its_question_and_marker(brief: Brief, shelf: Shelf) -> None:
    assert "Stap 1 van 5, *Kennismaken*. Vraag uzelf en elkaar: Wie zit er aan tafel? [3]" in written(brief, shelf)


def test_the_recommendation_is_the_advice_for_the_role(brief: Brief, shelf: Shelf) -> None:
    assert "Aanbeveling 1, *Eerst koffie*: Raad 1 voor de opdrachtnemer. [4]" in written(brief, shelf)


@pytest.mark.parametrize(
    ("absent", "left"),
    [
        ({"step": None}, [HEADINGS[0], HEADINGS[1], HEADINGS[3]]),
        ({"recommendation": None}, list(HEADINGS[:3])),
        ({"quotes": ()}, [HEADINGS[0], *HEADINGS[2:]]),
        ({"short": ()}, list(HEADINGS[1:])),
        ({"advice": Advice()}, list(HEADINGS[:2])),
    ],
    ids=["step", "recommendation", "quotes", "short", "advice"],
)
def test_a_part_that_nothing_carries_is_left_out(
    brief: Brief, shelf: Shelf, absent: dict[str, object], left: list[str]
) -> None:
    assert headings(written(replace(brief, **absent), shelf)) == left  # type: ignore[arg-type]


def test_without_a_role_nothing_is_recommended(brief: Brief, shelf: Shelf) -> None:
    text = written(replace(brief, advice=replace(brief.advice, role=None)), shelf)
    assert headings(text) == list(HEADINGS[:3])


def test_a_doubtful_answer_begins_with_the_doubt(brief: Brief, shelf: Shelf) -> None:
    assert written(replace(brief, status=Status.PERHAPS), shelf).startswith("Ik weet niet zeker")


def test_a_doubtful_answer_gives_no_advice(brief: Brief, shelf: Shelf) -> None:
    assert "### Volgende stap" not in written(replace(brief, status=Status.PERHAPS), shelf)


def test_a_certain_answer_begins_with_the_answer(brief: Brief, shelf: Shelf) -> None:
    assert written(brief, shelf).startswith(HEADINGS[0])


def test_what_is_missing_is_said_first(brief: Brief, shelf: Shelf) -> None:
    text = written(replace(brief, status=Status.PERHAPS, missing="getal"), shelf)
    assert text.startswith("Het getal waar u naar vraagt, staat niet in wat ik vond.")


def test_a_refusal_says_so_and_lists_the_titles_that_are_nearest(brief: Brief, shelf: Shelf) -> None:
    text = written(replace(brief, status=Status.REFUSED, nearest=brief.short), shelf)
    assert text.startswith("Hierop geven de bronnen geen antwoord.") and "\n- Wie betaalt de brug? [1]\n" in text


def test_a_refusal_tells_nothing_else(brief: Brief, shelf: Shelf) -> None:
    text = written(replace(brief, status=Status.REFUSED, nearest=brief.short), shelf)
    assert headings(text) == ["### Misschien bruikbaar"]


def test_a_refusal_with_nothing_near_has_no_list(brief: Brief, shelf: Shelf) -> None:
    assert headings(written(replace(brief, status=Status.REFUSED), shelf)) == []


def test_a_passage_without_heading_is_listed_by_the_title_of_its_source(brief: Brief, shelf: Shelf) -> None:
    near = whole(1, shelf.passage("oude-brug", "De brug is oud."))
    assert "- Oude Brug [1]\n" in written(replace(brief, status=Status.REFUSED, nearest=(near,)), shelf)


def test_a_perspective_asked_without_a_situation_asks_for_one(brief: Brief, shelf: Shelf) -> None:
    text = written(perspective(brief, told=False), shelf)
    assert "hangt af van uw situatie" in text and "Op uw woorden af" not in text


def test_a_perspective_is_told_with_the_next_best(brief: Brief, shelf: Shelf) -> None:
    told = "past de blik van de **netwerkende overheid** het best; daarna die van de **rechtmatige overheid**"
    assert told in written(perspective(brief), shelf)


def test_close_perspectives_are_said_to_be_close(brief: Brief, shelf: Shelf, practice: Practice) -> None:
    close = tuple(Scored(each, score) for each, score in zip(practice.perspectives, (0.51, 0.5, 0.1), strict=True))
    text = written(perspective(replace(brief, advice=replace(brief.advice, perspectives=close))), shelf)
    assert "liggen de **netwerkende overheid** en de **rechtmatige overheid** dicht bij elkaar" in text


def test_nobody_gets_a_perspective_who_did_not_ask(brief: Brief, shelf: Shelf) -> None:
    assert "overheid**" not in written(brief, shelf)


def test_the_counterweight_is_told_with_its_marker(brief: Brief, shelf: Shelf) -> None:
    text = written(perspective(replace(brief, counterweight=whole(5, brief.short[0].passage))), shelf)
    assert "Leg ook vast wie betaalt. [5]" in text


HOSTILE = st.lists(
    st.sampled_from(
        ["[3]", "[12]", "<b>", "</script>", "](http://x)", "[a](b)", "\\", "*", "_", "`", "\\[3]", " hout ", "brug"]
    ),
    min_size=1,
    max_size=8,
).map("".join)


def quoted(words: str) -> str:
    """What is written of a source with these words in its text, title and heading."""
    text = f"De brug {words} is oud."
    source = Source("nota", Kind.OWN, f"Nota {words}", text, sha256(text))
    passage = Passage("nota:0", "nota", Kind.OWN, 0, len(text), text, (f"Kop {words}",))
    answerer = QuotingAnswerer({"nota": source})
    answered = Brief("?", Status.ANSWERED, quotes=(whole(1, passage),))
    refused = Brief("?", Status.REFUSED, nearest=(whole(1, passage),))
    return "".join([*answerer.answer(answered), *answerer.answer(refused)])


@example_settings(deadline=None)
@given(HOSTILE)
def test_no_words_of_a_source_become_a_marker(words: str) -> None:
    assert MARKER.findall(quoted(words)) == ["1", "1"]


@example_settings(deadline=None)
@given(HOSTILE)
def test_every_bracket_of_a_source_is_escaped(words: str) -> None:
    ours = quoted(words).replace("” [1]\n", "”\n").replace(" [1]\n", "\n")
    before = [mark.group()[:-1] for mark in re.finditer(r"\\*[\[\]<>](?<!^>)", ours, re.MULTILINE)]
    assert all(len(backslashes) % 2 for backslashes in before)


@example_settings(deadline=None)
@given(HOSTILE)
def test_no_words_of_a_source_become_a_tag_a_link_or_a_style(words: str) -> None:
    blocks = MarkdownIt("commonmark").parse(quoted(words))
    kinds = {block.type for block in blocks} | {inline.type for block in blocks for inline in block.children or ()}
    assert kinds.isdisjoint(
        {"html_block", "html_inline", "link_open", "image", "em_open", "strong_open", "code_inline"}
    )


def test_a_quotation_over_several_lines_stays_one_line(brief: Brief, shelf: Shelf) -> None:
    passage = shelf.passage("regels", "De brug\n# is\n\n> oud en ver-\nmoeid.")
    lines = written(replace(brief, quotes=(whole(2, passage),)), shelf).splitlines()
    assert next(line for line in lines if "De brug" in line) == "> “De brug is \\> oud en vermoeid.” [2]"
