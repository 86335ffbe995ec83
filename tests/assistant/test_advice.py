"""What the practice models say of a question."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from assistant.advice import Advisor, situation
from index.dutch import terms
from index.types import Anchor, Hit
from prompts import Anchor as PracticeAnchor
from prompts import Practice, Role

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tests.assistant.conftest import Shelf

WORDS = (
    "dorpen kennen elkaar ruzie kosten zwembad dwingen vergunning ontbreekt regels knellen molenaar haalt streefgetal "
    "wantrouwen scheef verdeeld zes malen"
)
STEMS = terms(WORDS)


def counted(texts: list[str] | tuple[str, ...] | object) -> NDArray[np.float32]:
    """Vectors of length 1 that count which of a few words a text has."""
    assert isinstance(texts, list)
    rows = np.array([[float(stem in terms(text)) for stem in STEMS] for text in texts], dtype=np.float32)
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(norms == 0, 1, norms), dtype=np.float32)


@pytest.fixture
def advisor(practice: Practice) -> Advisor:
    return Advisor(practice, counted, ())


def test_the_step_whose_signals_are_most_like_the_question_comes_first(advisor: Advisor) -> None:
    steps = advisor.advise("Er is ruzie over kosten", (), None).steps
    assert [scored.item.number for scored in steps] == [2, 1]


def test_the_recommendation_whose_signals_are_most_like_the_question_comes_first(advisor: Advisor) -> None:
    advised = advisor.advise("De dorpsraden wantrouwen elkaar", (), None).recommendations
    assert [scored.item.number for scored in advised] == [1, 2]


@pytest.mark.parametrize(
    ("told", "best"),
    [
        ("Zes dorpen kunnen elkaar niet dwingen.", "netwerkend"),
        ("De vergunning ontbreekt en regels knellen.", "rechtmatig"),
        ("De molenaar haalt het streefgetal niet.", "presterend"),
    ],
)
def test_the_perspective_whose_signals_fit_the_situation_comes_first(advisor: Advisor, told: str, best: str) -> None:
    assert advisor.advise(f"{told} Welk perspectief past?", (), None).perspectives[0].item.id == best


def test_the_sentence_that_asks_does_not_count_for_the_perspective(advisor: Advisor) -> None:
    told = "Zes dorpen dwingen niemand. Welk perspectief past, als de regels over een vergunning die ontbreekt knellen?"
    assert advisor.advise(told, (), None).perspectives[0].item.id == "netwerkend"


def test_every_model_is_ranked_from_high_to_low_between_zero_and_one(advisor: Advisor, practice: Practice) -> None:
    advice = advisor.advise("Er is ruzie over kosten en regels", (), None)
    for ranked, models in (
        (advice.steps, practice.steps),
        (advice.perspectives, practice.perspectives),
        (advice.recommendations, practice.recommendations),
    ):
        scores = [scored.score for scored in ranked]
        assert len(scores) == len(models) and scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)


def test_hits_on_the_places_of_a_step_lift_it(advisor: Advisor, practice: Practice, shelf: Shelf) -> None:
    place = practice.steps[0].anchors[0]
    passage = replace(shelf.passage("zwembad", "Koffie."), start=place.start, end=place.end)
    plain = advisor.advise("ruzie", [Hit(shelf.passage("elders", "Niets."), 1.0)], None).steps
    lifted = advisor.advise("ruzie", [Hit(passage, 1.0)], None).steps
    assert (plain[0].item.number, lifted[0].item.number) == (2, 1)


def test_a_section_counts_by_the_places_it_rests_on(advisor: Advisor, practice: Practice, shelf: Shelf) -> None:
    place = practice.steps[0].anchors[0]
    section = shelf.section("handboek", "Koffie?", "Koffie.", origins=[Anchor("zwembad", place.start, place.end)])
    assert advisor.advise("ruzie", [Hit(section, 1.0)], None).steps[0].item.number == 1


def test_the_hits_do_not_change_which_perspective_fits(advisor: Advisor, practice: Practice, shelf: Shelf) -> None:
    place = practice.perspectives[2].anchors[0]
    passage = replace(shelf.passage(place.source, "Malen."), start=place.start, end=place.end)
    question = "Zes dorpen kunnen elkaar niet dwingen. Welk perspectief past?"
    assert advisor.advise(question, [Hit(passage, 1.0)], None).perspectives[0].item.id == "netwerkend"


@pytest.mark.parametrize("role", [None, Role.OPDRACHTGEVER])
def test_the_role_goes_along(advisor: Advisor, role: Role | None) -> None:
    assert advisor.advise("Er is ruzie", (), role).role is role


@pytest.mark.parametrize(
    "question",
    ["Welk sturingsperspectief past hier?", "welk perspectief kies ik", "Wat is de beste manier van sturen?"],
)
def test_asking_for_a_perspective_is_noticed(advisor: Advisor, question: str) -> None:
    assert advisor.advise(question, (), None).asks_perspective


@pytest.mark.parametrize("question", ["Wie betaalt het zwembad?", "Een perspectief.", "Hoe stuur ik een brief?"])
def test_another_question_asks_for_no_perspective(advisor: Advisor, question: str) -> None:
    assert not advisor.advise(question, (), None).asks_perspective


def test_a_question_without_a_story_tells_no_situation(advisor: Advisor) -> None:
    assert not advisor.advise("Welk sturingsperspectief past hier?", (), None).tells_situation


def test_a_story_of_some_words_tells_a_situation(advisor: Advisor) -> None:
    told = "Vier dorpen willen samen een zwembad openhouden, maar niemand kan de ander dwingen. Welk perspectief past?"
    assert advisor.advise(told, (), None).tells_situation


def test_a_story_in_the_same_sentence_as_the_question_tells_a_situation(advisor: Advisor) -> None:
    told = "Vier dorpen willen samen een zwembad openhouden en niemand kan de ander dwingen, welk perspectief past?"
    assert advisor.advise(told, (), None).tells_situation


def test_a_situation_is_the_message_without_the_sentence_that_asks() -> None:
    told = "Vier dorpen delen een haven. Welk perspectief past hier? De boten liggen stil."
    assert situation(told) == "Vier dorpen delen een haven. De boten liggen stil."


def test_another_question_stays_in_the_situation() -> None:
    assert situation("Wie baggert er? Welke stijl past?") == "Wie baggert er?"


@pytest.mark.parametrize("step", [1, -1], ids=["wide first", "wide last"])
def test_the_section_that_rests_most_on_the_places_supports_them(practice: Practice, shelf: Shelf, step: int) -> None:
    here = shelf.section("hier", "Hier?", "Hier.", origins=[Anchor("haven", 100, 200)])
    wider = shelf.section("ruim", "Ruim?", "Ruim.", origins=[Anchor("haven", 0, 900)])
    other = shelf.section("elders", "Elders?", "Elders.", origins=[Anchor("bos", 100, 200)])
    advisor = Advisor(practice, counted, [wider, other, here][::step])
    assert advisor.support([PracticeAnchor("haven", 110, 200)]) == here


def test_places_that_no_section_rests_on_have_no_support(practice: Practice, shelf: Shelf) -> None:
    section = shelf.section("hier", "Hier?", "Hier.", origins=[Anchor("haven", 100, 200)])
    assert Advisor(practice, counted, [section]).support([PracticeAnchor("haven", 200, 300)]) is None


def test_an_essay_passage_is_no_support(practice: Practice, shelf: Shelf) -> None:
    passage = shelf.passage("haven", "De haven is dicht.")
    advisor = Advisor(practice, counted, [passage])
    assert advisor.support([PracticeAnchor("haven", passage.start, passage.end)]) is None
