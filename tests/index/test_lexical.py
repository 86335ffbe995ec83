"""The word indexes: BM25 scores and coverage."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from index.lexical import WordIndex

DOCUMENTS = [["haven", "slib", "haven"], ["bos", "brand"], [], ["haven", "bos", "boot", "zeil", "wind"]]
WORDS = st.sampled_from(["haven", "slib", "bos", "brand", "boot", "zeil"])


def idf(documents: list[list[str]], token: str) -> float:
    holding = sum(token in document for document in documents)
    return math.log(1 + (len(documents) - holding + 0.5) / (holding + 0.5))


def naive_scores(documents: list[list[str]], tokens: list[str], k1: float = 1.2, b: float = 0.75) -> list[float]:
    """BM25 as Lucene computes it, word by word."""
    average = sum(map(len, documents)) / len(documents)
    return [
        sum(
            idf(documents, token)
            * document.count(token)
            / (document.count(token) + k1 * (1 - b + b * len(document) / average))
            for token in tokens
            if token in document
        )
        for document in documents
    ]


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    index = WordIndex.build(DOCUMENTS)
    assert index.scores(["slib"])[0] > index.scores(["haven"])[0]


def test_a_document_without_the_words_scores_zero() -> None:
    assert WordIndex.build(DOCUMENTS).scores(["slib", "zeil"]).tolist()[1:3] == [0.0, 0.0]


def test_an_unknown_word_changes_no_score() -> None:
    index = WordIndex.build(DOCUMENTS)
    assert index.scores(["haven", "xyz"]).tolist() == index.scores(["haven"]).tolist()


@pytest.mark.parametrize("tokens", [[], ["xyz"]])
def test_without_known_words_every_document_scores_zero(tokens: list[str]) -> None:
    assert WordIndex.build(DOCUMENTS).scores(tokens).tolist() == [0.0] * 4


@example_settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(WORDS, max_size=8), min_size=1, max_size=6).filter(any), st.lists(WORDS, max_size=4, unique=True)
)
def test_scores_equal_those_of_a_naive_second_version(documents: list[list[str]], tokens: list[str]) -> None:
    scores = WordIndex.build(documents).scores(tokens).tolist()
    assert scores == pytest.approx(naive_scores(documents, tokens), rel=1e-4, abs=1e-6)


def test_a_word_asked_twice_counts_twice() -> None:
    index = WordIndex.build(DOCUMENTS)
    assert index.scores(["bos", "bos"]).tolist() == pytest.approx((2 * index.scores(["bos"])).tolist())


def test_coverage_is_one_when_every_word_occurs() -> None:
    assert WordIndex.build(DOCUMENTS).coverage(["haven", "brand"]) == 1.0


def test_coverage_weighs_words_by_their_rarity() -> None:
    known, unknown = idf(DOCUMENTS, "haven"), idf(DOCUMENTS, "xyz")
    assert WordIndex.build(DOCUMENTS).coverage(["haven", "xyz"]) == pytest.approx(known / (known + unknown))


def test_coverage_by_documents_counts_only_the_words_in_them() -> None:
    found, missed = idf(DOCUMENTS, "bos"), idf(DOCUMENTS, "slib")
    assert WordIndex.build(DOCUMENTS).coverage(["bos", "slib"], [1, 3]) == pytest.approx(found / (found + missed))


def test_coverage_by_no_documents_is_zero() -> None:
    assert WordIndex.build(DOCUMENTS).coverage(["bos"], []) == 0.0


def test_coverage_of_nothing_is_zero() -> None:
    assert WordIndex.build(DOCUMENTS).coverage([]) == 0.0


def test_a_repeated_word_does_not_weigh_more_in_coverage() -> None:
    index = WordIndex.build(DOCUMENTS)
    assert index.coverage(["bos", "bos", "xyz"]) == index.coverage(["bos", "xyz"])


@example_settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(WORDS, max_size=6), min_size=1, max_size=5), st.lists(WORDS, max_size=4), st.data())
def test_coverage_equals_a_naive_second_version(
    documents: list[list[str]], tokens: list[str], data: st.DataObject
) -> None:
    among = data.draw(st.lists(st.integers(0, len(documents) - 1), max_size=3))
    total = sum(idf(documents, token) for token in set(tokens))
    found = sum(idf(documents, token) for token in set(tokens) if any(token in documents[at] for at in among))
    assert WordIndex.build(documents).coverage(tokens, among) == pytest.approx(found / total if total else 0.0)


def test_a_saved_index_gives_the_same_scores_and_coverage(tmp_path: Path) -> None:
    built = WordIndex.build(DOCUMENTS)
    built.save(tmp_path / "woorden")
    loaded = WordIndex.load(tmp_path / "woorden")
    tokens = ["haven", "brand", "xyz"]
    assert loaded.scores(tokens).tolist() == built.scores(tokens).tolist()
    assert loaded.coverage(tokens, [0]) == built.coverage(tokens, [0])


@pytest.mark.parametrize("documents", [[], [[], []]])
def test_an_index_without_words_can_be_saved_and_asked(tmp_path: Path, documents: list[list[str]]) -> None:
    WordIndex.build(documents).save(tmp_path)
    loaded = WordIndex.load(tmp_path)
    assert loaded.scores(["haven"]).tolist() == [0.0] * len(documents)
    assert loaded.coverage(["haven"]) == 0.0
