"""Training the model: what is held back, what is measured, and that it can be repeated."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray

from index.build import Library, read_library
from index.embedding import load
from index.questions import BankQuestion
from index.train import Measured, hold_back, measure, save, train
from index.types import Anchor, Kind, Passage

if TYPE_CHECKING:
    from tests.conftest import SmallCorpus

BANK = [
    BankQuestion(f"vraag {place} {number}", Anchor("havenboek", place, place + 9))
    for place in range(7)
    for number in range(20)
]


def test_hold_back_keeps_ten_percent_apart() -> None:
    kept, held = hold_back(BANK)
    assert (len(kept), len(held)) == (126, 14)


def test_hold_back_takes_ten_percent_of_each_place() -> None:
    _, held = hold_back(BANK)
    assert set(Counter(question.anchor for question in held).values()) == {2}


def test_hold_back_loses_and_doubles_nothing() -> None:
    kept, held = hold_back(BANK)
    assert sorted(question.text for question in [*kept, *held]) == sorted(question.text for question in BANK)


def test_hold_back_gives_the_same_every_time() -> None:
    assert hold_back(BANK) == hold_back(list(BANK))


def test_a_place_with_fewer_than_ten_questions_is_kept_whole() -> None:
    assert hold_back(BANK[:9]) == (BANK[:9], [])


def essay(number: int) -> Passage:
    return Passage(f"e{number}", "havenboek", Kind.ESSAY, number * 100, number * 100 + 100, "")


def section(number: int) -> Passage:
    origin = Anchor("havenboek", number * 100, number * 100 + 100)
    return Passage(f"s{number}", "handboek-a", Kind.HANDBOOK, number, number + 1, "", origins=(origin,))


def asked(*places: int) -> list[BankQuestion]:
    return [BankQuestion(str(place), Anchor("havenboek", place * 100, place * 100 + 100)) for place in places]


def by_position(question: str) -> NDArray[np.float32]:
    """Ranks 14 passages in their order, whatever is asked."""
    return np.arange(14, 0, -1, dtype=np.float32)


def test_measure_counts_right_passages_among_the_first_five_of_each_kind() -> None:
    passages = [essay(number) for number in range(7)] + [section(number) for number in range(7)]
    found = measure("op volgorde", by_position, asked(0, 4, 5, 6), passages)
    assert found == Measured("op volgorde", 4, essay=0.5, handbook=0.5)


def test_measure_leaves_out_questions_without_a_right_passage() -> None:
    passages = [essay(number) for number in range(7)] + [section(number) for number in (0, 6, 6, 6, 6, 6, 6)]
    found = measure("op volgorde", by_position, asked(0, 5), passages)
    assert (found.essay, found.handbook) == (0.5, 1.0)


def test_measure_of_a_kind_that_is_not_there_is_none() -> None:
    passages = [section(number) for number in range(14)]
    assert measure("op volgorde", by_position, asked(2), passages).essay is None


def test_measure_counts_no_passage_that_the_ranker_did_not_find() -> None:
    found = measure("niets", lambda question: np.zeros(7, dtype=np.float32), asked(0), [essay(at) for at in range(7)])
    assert found.essay == 0.0


@pytest.fixture
def library(small_corpus: SmallCorpus) -> Library:
    return read_library(small_corpus())


def test_training_twice_gives_the_same_vectors(library: Library) -> None:
    texts = ["Wie betaalt het baggeren?", "Hoe voorkom je brand?"]
    one, other = (train(library.bank, library.passages).queries(texts) for _ in range(2))
    assert np.array_equal(one, other)


def test_a_saved_model_loads_as_any_other_and_gives_the_same_vectors(library: Library, tmp_path: Path) -> None:
    trained = train(library.bank, library.passages)
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "oud").touch()
    save(trained, folder, "# Kaart\n")
    assert np.allclose(load(str(folder)).queries(["Wie betaalt?"]), trained.queries(["Wie betaalt?"]), atol=1e-6)
    assert (folder / "README.md").read_text(encoding="utf-8") == "# Kaart\n" and not (folder / "oud").exists()


def test_training_brings_a_question_nearer_to_its_passage(library: Library) -> None:
    trained = train(library.bank, library.passages)
    right = next(each.text for each in library.passages if "jachtclub betaalt" in each.text)
    wrong = next(each.text for each in library.passages if "vuurtoren kreeg" in each.text)
    near, far = trained.passages([right, wrong]) @ trained.queries(["Wie draait op voor het uitdiepen?"])[0]
    assert near > far
