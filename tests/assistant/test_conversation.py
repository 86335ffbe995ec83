"""From a message to a question that stands by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from assistant.conversation import LONGEST, Standalone, clean, recognised_role, standalone
from assistant.errors import InvalidQuestion
from assistant.types import Question, Turn
from prompts import Role

TOPIC = "Hoe begin ik met een havenfonds?"
BARE = "Hoe begin ik met een havenfonds"


def talk(*messages: str, chosen: Role | None = None) -> Standalone:
    """The last of some messages that were typed one after another."""
    history: list[Turn] = []
    made = Standalone("", "")
    for message in messages:
        made = standalone(Question(message, chosen), history)
        history.append(Turn(message, made.text, made.topic, made.own_role))
    return made


def test_a_first_question_stays_as_it_was_typed() -> None:
    assert talk("  Hoe begin ik\tmet een havenfonds? ") == Standalone(TOPIC, TOPIC)


@pytest.mark.parametrize("message", ["waarom?", "geef een voorbeeld", "en voor de opdrachtnemer?", "wat is dat?"])
def test_a_follow_up_without_anything_before_it_stays_as_it_was_typed(message: str) -> None:
    assert talk(message).text == message


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("en voor de opdrachtnemer?", f"{BARE} (voor de opdrachtnemer)"),
        ("En voor een lijnmanager?", f"{BARE} (voor de staande organisatie)"),
        ("maar als adviseur?", f"{BARE} (voor de organisatieadviseur)"),
        ("en bij een gemeente?", f"{BARE} (een gemeente)"),
        ("en met kleine dorpen?", f"{BARE} (kleine dorpen)"),
        ("geef een voorbeeld", f"Geef een voorbeeld bij: {TOPIC}"),
        ("Kunt u een voorbeeld geven?", f"Geef een voorbeeld bij: {TOPIC}"),
        ("Heb je daar een casus van?", f"Heb je daar een casus van? (over: {BARE})"),
        ("Vertel meer", TOPIC),
        ("Kun je dat toelichten?", TOPIC),
        ("leg uit", TOPIC),
        ("waarom?", f"waarom? (over: {BARE})"),
        ("En hoe dan?", f"En hoe dan? (over: {BARE})"),
        ("Wanneer niet?", f"Wanneer niet? (over: {BARE})"),
        ("Why?", f"Why? (over: {BARE})"),
        ("Wie bepaalt dat?", f"Wie bepaalt dat? (over: {BARE})"),
        ("Hoe lang duurt zoiets?", f"Hoe lang duurt zoiets? (over: {BARE})"),
        ("En de nadelen?", f"En de nadelen? (over: {BARE})"),
        ("Hoe voorkom ik ruzie daarover?", f"Hoe voorkom ik ruzie daarover? (over: {BARE})"),
    ],
)
def test_a_follow_up_carries_what_the_conversation_is_about(message: str, expected: str) -> None:
    assert talk(TOPIC, message).text == expected


@pytest.mark.parametrize(
    "message",
    [
        "Hoe verdelen drie dorpen de kosten van een zwembad?",
        "Welke voorbeelden zijn er van een gedeelde haven?",
        "Wat zijn de nadelen?",
        "Waarom sluiten zoveel bibliotheken hun deuren op zaterdag?",
        "Wie betaalt de brug tussen Aardorp en Beekdorp als dat dorp geen geld meer heeft?",
        "Wat is een burgerforum?",
        "Wat betekenen spelregels?",
        "Wat is het waterfonds?",
        "Wat voor rol heeft participatie?",
        "Met wie deel ik de kosten?",
        "Als opdrachtnemer, hoe begin ik?",
        "Kunt u voor het burgerforum in Zandmeer een voorbeeld geven?",
    ],
)
def test_a_full_new_question_stays_untouched(message: str) -> None:
    assert talk(TOPIC, message).text == message


def test_a_full_new_question_is_what_later_follow_ups_are_about() -> None:
    assert talk(TOPIC, "Wat zijn de nadelen?", "waarom?").text == "waarom? (over: Wat zijn de nadelen)"


def test_a_role_in_the_topic_is_replaced_by_the_one_asked_about() -> None:
    asked = talk("Wat moet de opdrachtgever regelen?", "en de opdrachtnemer?")
    assert asked.text == "Wat moet de opdrachtnemer regelen?"


def test_the_role_asked_about_counts_for_that_question() -> None:
    assert talk(TOPIC, "en voor de opdrachtnemer?").role is Role.OPDRACHTNEMER


def test_the_role_asked_about_is_not_taken_for_ones_own() -> None:
    assert talk(TOPIC, "en voor de opdrachtnemer?", "Hoe verdelen dorpen de kosten?").role is None


def test_ones_own_role_comes_back_after_a_question_about_another() -> None:
    said = ("Ik ben lijnmanager. Hoe begin ik?", "en de opdrachtgever?", "Wat zijn de nadelen?")
    assert talk(*said).role is Role.STAANDE_ORGANISATIE


def test_a_chosen_role_goes_before_the_one_asked_about() -> None:
    asked = talk(TOPIC, "en voor de opdrachtnemer?", chosen=Role.OPDRACHTGEVER)
    assert (asked.role, asked.text) == (Role.OPDRACHTGEVER, f"{BARE} (voor de opdrachtnemer)")


def test_a_chosen_role_goes_before_a_stated_one() -> None:
    assert talk("Ik ben opdrachtnemer. Hoe begin ik?", chosen=Role.OPDRACHTGEVER).role is Role.OPDRACHTGEVER


def test_a_stated_role_is_remembered() -> None:
    assert talk("Ik ben opdrachtnemer. Hoe begin ik?", "Wat zijn de nadelen?").role is Role.OPDRACHTNEMER


def test_a_thank_you_does_not_end_the_subject() -> None:
    assert talk(TOPIC, "dank je wel", "waarom?").text == f"waarom? (over: {BARE})"


def test_a_greeting_before_the_first_question_is_no_subject() -> None:
    assert talk("hallo", "waarom?").text == "waarom?"


FOLLOW_UPS = ["waarom?", "geef een voorbeeld", "vertel meer", "en voor de opdrachtnemer?", "wie bepaalt dat?", "dank"]


@example_settings(deadline=None)
@given(st.lists(st.sampled_from([*FOLLOW_UPS, "en voor de opdrachtgever?"]), min_size=1, max_size=8))
def test_a_chain_of_follow_ups_does_not_pile_up(messages: list[str]) -> None:
    asked = talk(TOPIC, *messages)
    assert asked.topic.count(BARE) == 1 and asked.text.count("(over: ") <= 1 and asked.text.count("(voor de ") <= 1


def test_a_second_place_takes_the_place_of_the_first() -> None:
    assert talk(TOPIC, "en bij een gemeente?", "en bij een provincie?").text == f"{BARE} (een provincie)"


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("hallo", "groet"),
        ("Goedemorgen!", "groet"),
        ("goede middag", "groet"),
        ("Hoi daar", "groet"),
        ("Dank u wel.", "dank"),
        ("bedankt!", "dank"),
        ("Dankjewel", "dank"),
        ("oké, dank", "dank"),
        ("Hartelijk dank voor uw hulp", "dank"),
        ("top", "dank"),
        ("Tot ziens", "afscheid"),
        ("doei!", "afscheid"),
        ("Fijne dag nog", "afscheid"),
        ("Wie ben je?", "wie"),
        ("wat kunt u allemaal?", "wie"),
        ("Help!", "wie"),
        ("Hallo 👋", "groet"),
        ("Dank u wel 😊", "dank"),
        ("goeiemorgen", "groet"),
        ("Hoi, goedemiddag", "groet"),
        ("nee, bedankt", "dank"),
        ("bedankt en tot ziens", "afscheid"),
    ],
)
def test_greetings_thanks_and_goodbyes_are_small_talk(message: str, kind: str) -> None:
    assert talk(message).small_talk == kind


@pytest.mark.parametrize(
    "message",
    [
        "dank, maar hoe begin ik?",
        "Hallo, hoe begin ik met een havenfonds?",
        "Bedankt! Wie betaalt dat?",
        "Wie ben je als opdrachtgever?",
        "Help mijn dorp aan een brug",
        "Wat is een topambtenaar?",
        "dagopvang",
    ],
)
def test_a_question_after_a_greeting_is_no_small_talk(message: str) -> None:
    assert talk(message).small_talk == ""


@pytest.mark.parametrize("message", ["", " \n\t ", "\x00\x07", "\u200b\u2066\ufeff"])
def test_an_empty_message_is_refused(message: str) -> None:
    with pytest.raises(InvalidQuestion, match="leeg"):
        standalone(Question(message))


def test_a_very_long_message_is_refused_with_its_length() -> None:
    with pytest.raises(InvalidQuestion, match=r"20\.000"):
        standalone(Question("a" * 20_000))


def test_the_longest_message_allowed_is_not_refused() -> None:
    assert clean("a" * LONGEST) == "a" * LONGEST


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("", "Uw citaat is leeg; typ een citaat."),
        ("a" * (LONGEST + 1), "Uw citaat is te lang (4.001 tekens); houd het bij 4000 tekens."),
        ("12", "Er staan geen woorden in uw citaat; typ een citaat in gewone taal."),
    ],
    ids=["empty", "too long", "no words"],
)
def test_a_refusal_calls_a_message_what_it_is(message: str, told: str) -> None:
    with pytest.raises(InvalidQuestion) as refused:
        clean(message, "citaat")
    assert str(refused.value) == told


@pytest.mark.parametrize("message", ["", "a" * (LONGEST + 1), "12"], ids=["empty", "too long", "no words"])
def test_a_message_is_called_a_question_unless_it_is_something_else(message: str) -> None:
    with pytest.raises(InvalidQuestion, match=r"[Uu]w vraag"):
        clean(message)


@pytest.mark.parametrize("name", ["vraag", "citaat"])
def test_what_a_message_is_called_changes_none_of_its_words(name: str) -> None:
    assert clean(" Wie\n betaalt? ", name) == "Wie betaalt?"


@pytest.mark.parametrize("message", ["🎉🎉", "👍🏽", "???", "2 + 2 = 4", "_ _", "€ 12,50"])
def test_a_message_without_a_letter_is_refused(message: str) -> None:
    with pytest.raises(InvalidQuestion, match="geen woorden"):
        standalone(Question(message))


@pytest.mark.parametrize("message", ["<script>alert('x')</script>", "<b>Wie</b> betaalt?", '<img src=x onerror="y()">'])
def test_markup_in_a_message_is_text(message: str) -> None:
    assert talk(message).text == message


def test_control_characters_within_a_message_become_spaces() -> None:
    assert clean("Wie\x00betaalt\u202edat\x1b?") == "Wie betaalt dat ?"


@example_settings(deadline=None)
@given(st.text(max_size=80))
def test_whatever_is_typed_is_refused_or_made_clean(message: str) -> None:
    try:
        asked = talk(TOPIC, message) if clean(TOPIC) else None
    except InvalidQuestion:
        return
    assert asked and asked.text == clean(asked.text)


@pytest.mark.parametrize(
    ("message", "role"),
    [
        ("Ik ben opdrachtnemer.", Role.OPDRACHTNEMER),
        ("Ik ben een ervaren programmamanager", Role.OPDRACHTNEMER),
        ("Ik werk als programmadirecteur bij een provincie", Role.OPDRACHTNEMER),
        ("Wij zijn de staande organisatie", Role.STAANDE_ORGANISATIE),
        ("Als lijnmanager wil ik hulp bieden. Hoe?", Role.STAANDE_ORGANISATIE),
        ("Mijn rol is adviseur", Role.ORGANISATIEADVISEUR),
        ("rol: opdrachtgever", Role.OPDRACHTGEVER),
        ("IK BEN OPDRACHTGEVER", Role.OPDRACHTGEVER),
    ],
)
def test_a_role_stated_as_ones_own_is_recognised(message: str, role: Role) -> None:
    assert recognised_role(message) is role


@pytest.mark.parametrize(
    "message",
    [
        "Wat doet de opdrachtgever?",
        "Ik zoek een opdrachtgever",
        "We zijn op zoek naar een adviseur",
        "Ik ben de assistent van een opdrachtgever",
        "Wie betaalt het havenfonds?",
        "Ik ben opdrachtgeverschap zat",
        "Wat is de rol van de opdrachtgever?",
        "Welke rol hebben opdrachtnemers?",
        "Is er plaats voor adviseurs?",
        "Ik ben benieuwd naar opdrachtnemers",
        "Ik ben geen opdrachtgever",
        "Hoe kies je iemand als opdrachtnemer?",
    ],
)
def test_a_role_of_somebody_else_is_not_recognised(message: str) -> None:
    assert recognised_role(message) is None
