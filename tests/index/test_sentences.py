"""The vectors of known sentences."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from index.sentences import SentenceVectors, save, texts_of
from index.types import Kind, Passage

TEXTS = ["Een brug gaat open.", "Een sluis gaat dicht.", "Wie betaalt?"]
VECTORS = np.eye(3, dtype=np.float32)


def saved(folder: Path) -> SentenceVectors:
    save(folder, TEXTS, VECTORS)
    return SentenceVectors.load(folder)


def test_each_text_has_its_own_vector_back(tmp_path: Path) -> None:
    known = saved(tmp_path)
    assert np.array_equal(known.vectors(known.rows(TEXTS)), VECTORS)


def test_the_order_of_asking_does_not_matter(tmp_path: Path) -> None:
    known = saved(tmp_path)
    assert np.array_equal(known.vectors(known.rows(TEXTS[::-1])), VECTORS[::-1])


def test_an_unknown_text_has_no_row(tmp_path: Path) -> None:
    assert saved(tmp_path).rows(["Een brug gaat open", *TEXTS[:1]]).tolist()[0] == -1


def test_nothing_is_known_of_an_empty_library(tmp_path: Path) -> None:
    save(tmp_path, [], np.zeros((0, 0), dtype=np.float32))
    assert SentenceVectors.load(tmp_path).rows(TEXTS).tolist() == [-1, -1, -1]


def test_titles_and_sentences_are_listed_once() -> None:
    text = "Een brug gaat open. Een sluis gaat dicht. Een brug gaat open."
    passage = Passage("a:0-61", "a", Kind.OWN, 0, len(text), text, ("Haven", "Wie betaalt?"))
    assert texts_of([passage]) == ["Wie betaalt?", "Een brug gaat open.", "Een sluis gaat dicht."]
