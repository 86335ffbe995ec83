"""The practice guide's record: the questions that it was written from, and what second readers found of its claims."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from rapidfuzz import fuzz, process

from assistant.sections import read_on
from evals.data import GUIDE, BlindItem, Claim, GuideQuestion, Split, Suite, path_of, read
from index.handbook import read_chapter, split_chapter
from index.questions import read_wordings
from index.sources import read_register
from index.types import Passage

CORPUS = Path(__file__).resolve().parents[2] / "corpus"


@pytest.fixture(scope="module")
def sections() -> dict[str, Passage]:
    """The sections of the guide, by title."""
    chapters = [read_chapter(path, 2026) for path in sorted((CORPUS / "handbook" / "praktijk").glob("*.md"))]
    return {section.heading: section for chapter in chapters for section in split_chapter(chapter)}


@pytest.fixture(scope="module")
def claims() -> list[Claim]:
    return read(Claim, GUIDE / "claims.jsonl")


def test_every_section_was_read_again_claim_by_claim(sections: dict[str, Passage], claims: list[Claim]) -> None:
    counts = Counter(claim.section for claim in claims)
    assert counts.keys() == sections.keys() and min(counts.values()) >= 4


def test_only_what_is_carried_was_left_as_it_stood(claims: list[Claim]) -> None:
    assert [claim for claim in claims if (claim.done == "kept") != (claim.verdict == "carried")] == []


def test_places_of_claims_lie_in_registered_publications(claims: list[Claim]) -> None:
    known = read_register(CORPUS / "sources.toml").publications
    assert {claim.place.source for claim in claims if claim.place} <= known.keys()


def test_every_question_has_its_section(sections: dict[str, Passage]) -> None:
    questions = read(GuideQuestion, GUIDE / "questions.jsonl")
    assert len(questions) == 350 and {each.section for each in questions} <= sections.keys()


def test_every_section_rests_on_a_place_and_is_asked_in_other_words(sections: dict[str, Passage]) -> None:
    assert [title for title, each in sections.items() if not each.origins or len(each.wordings) < 3] == []


def test_what_a_section_says_to_read_on_exists(sections: dict[str, Passage]) -> None:
    paths = sorted((CORPUS / "handbook").rglob("*.md"))
    titles = {section.heading for path in paths for section in split_chapter(read_chapter(path, 2026))}
    named = {title: read_on(section) for title, section in sections.items()}
    assert {title for titles_named in named.values() for title in titles_named} <= titles
    assert [title for title, others in named.items() if not others] == []


@pytest.mark.parametrize("split", Split)
def test_no_blind_question_is_nearly_one_that_the_guide_was_written_from_or_knows(split: Split) -> None:
    wordings = [each for asked in read_wordings(CORPUS / "wordings.jsonl").values() for each in asked]
    written = [item.question for item in read(GuideQuestion, GUIDE / "questions.jsonl")]
    known = [each.casefold() for each in (*wordings, *written)]
    asked = [item.question.casefold() for item in read(BlindItem, path_of(Suite.BLIND, split))]
    near = [(each, process.extractOne(each, known, scorer=fuzz.ratio, score_cutoff=85)) for each in asked]
    assert json.dumps([(each, found[0]) for each, found in near if found], ensure_ascii=False) == "[]"
