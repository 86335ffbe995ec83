"""What form of answer a question wants, and what it compares."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.shape import Shape, compared, shape

EXAMPLES = {
    Shape.DEFINITION: ["Wat is een veerdienst?", "wat betekent varen op zicht", "Wat zijn getijden, in gewone taal?"],
    Shape.COMPARISON: [
        "Wat is het verschil tussen een veer en een brug?",
        "Is een veer hetzelfde als een pont?",
        "Onze brug is stuk. Repareren of afbreken?",
    ],
    Shape.LIST: [
        "Welke afspraken maak je met een veerman?",
        "Geef een lijstje van wat er aan boord moet zijn.",
        "Waar let je op bij mist?",
        "Waaraan zie je dat het tij keert?",
    ],
    Shape.HOW_TO: ["Hoe leg je een veer aan?", "hoe krijg ik de veerman mee"],
    Shape.TROUBLE: [
        "De veerman is vertrokken. Wat nu?",
        "Niemand vaart en iedereen wacht. Hoe doorbreek ik dat?",
        "De pont ligt al een maand stil en niemand doet iets.",
    ],
    Shape.ROLE: ["Wat is mijn rol als veerman?", "Wie betaalt de brug?", "Is het aan mij om de pont te keuren?"],
    Shape.EXAMPLE: ["Heb je een voorbeeld van een dorp met een veer?", "Hoe doen andere dorpen dat?"],
    Shape.FACT: ["Waarom vaart het veer niet?", "Hoeveel mensen gaan er op de pont?"],
    Shape.OPINION: ["Is een brug verstandig?", "Moet een dorp zelf een veer hebben?"],
}


@pytest.mark.parametrize(("wanted", "question"), [(each, asked) for each, many in EXAMPLES.items() for asked in many])
def test_a_question_has_the_form_that_its_words_ask_for(wanted: Shape, question: str) -> None:
    assert shape(question) is wanted


def test_only_the_sentences_that_ask_decide() -> None:
    assert shape("Wij weten hoe het moet en waarom. Wie betaalt de brug?") is Shape.ROLE


def test_a_situation_without_a_question_is_trouble() -> None:
    assert shape("Ik vaar al jaren alleen en de anderen komen nooit opdagen") is Shape.TROUBLE


def test_a_few_search_words_ask_a_fact() -> None:
    assert shape("veer brug getij") is Shape.FACT


@given(st.text(max_size=200))
def test_any_text_has_a_form(text: str) -> None:
    assert shape(text) in Shape


@pytest.mark.parametrize(
    ("question", "things"),
    [
        ("Wat is het verschil tussen een veer en een brug?", ("veer", "brug")),
        ("Wat is het verschil tussen een veer, een pont en een brug?", ("veer", "pont", "brug")),
        ("wat is het verschil tussen het veer en de brug bij storm", ("veer", "brug")),
        ("Wat is het verschil tussen veren?", ()),
        ("Waarom is er een veer en een brug?", ()),
    ],
)
def test_what_is_compared_is_named(question: str, things: tuple[str, ...]) -> None:
    assert compared(question) == things
