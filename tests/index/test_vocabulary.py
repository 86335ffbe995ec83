"""How much a word belongs to the library rather than to everyday Dutch."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from index.vocabulary import HIGHEST, LOWEST, Vocabulary

BAGGEREN = Vocabulary.build(["Baggeren is nodig, want de vaargeul slibt dicht; wij baggeren samen."] * 20)


def test_a_word_of_the_library_is_more_specific_than_an_everyday_word() -> None:
    everyday, ours = BAGGEREN.specificity("baggeren vandaag")
    assert (everyday, ours) == (BAGGEREN.specificity("vandaag")[0], BAGGEREN.specificity("baggeren")[0])
    assert everyday < 0 < ours


def test_forms_of_a_word_count_together() -> None:
    assert BAGGEREN.specificity("vaargeulen")[0] > 0


def test_a_word_that_stands_nowhere_says_nothing() -> None:
    assert BAGGEREN.specificity("xqzjwvkp") == [0.0]


def test_stop_words_are_left_out() -> None:
    assert BAGGEREN.specificity("de het wij") == []


@pytest.mark.parametrize("text", ["baggeren vaargeul slibt", "vandaag huis gaan", "financiën é1 x"])
def test_specificity_is_ordered_and_stays_within_its_bounds(text: str) -> None:
    scores = BAGGEREN.specificity(text)
    assert scores == sorted(scores) and all(LOWEST <= score <= HIGHEST for score in scores)


def test_an_empty_library_knows_no_word() -> None:
    assert all(score <= 0 for score in Vocabulary.build([]).specificity("baggeren vandaag xqzjwvkp"))


def test_a_saved_vocabulary_gives_the_same(tmp_path: Path) -> None:
    BAGGEREN.save(tmp_path / "woorden.json")
    text = "wij baggeren vandaag de vaargeul"
    assert Vocabulary.load(tmp_path / "woorden.json").specificity(text) == BAGGEREN.specificity(text)


def test_a_word_that_is_used_more_often_is_more_specific() -> None:
    seldom, often = Vocabulary.build(["vandaag brug brug brug"]), Vocabulary.build(["vandaag vandaag vandaag brug"])
    assert often.specificity("vandaag") > seldom.specificity("vandaag")


def test_accents_and_capitals_make_no_difference_to_the_count() -> None:
    assert Vocabulary.build(["Coördinatie"] * 9).specificity("coordinatie")[0] > 0


def test_each_word_is_counted_each_time_it_is_asked() -> None:
    assert BAGGEREN.specificity("baggeren baggeren") == BAGGEREN.specificity("baggeren") * 2


@example_settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_stays_within_the_bounds(text: str) -> None:
    scores = BAGGEREN.specificity(text)
    assert scores == sorted(scores) and all(LOWEST <= score <= HIGHEST for score in scores)
