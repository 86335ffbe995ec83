"""Embedding models: loaded by path, with prefixes, or refused in Dutch."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import numpy as np
import pytest

from index.embedding import SentenceEmbedding, load
from index.errors import InvalidModel
from index.settings import SHIPPED_MODEL

TEXTS = ["Wie betaalt het baggeren?", "De vuurtoren kreeg een nieuwe lamp."]


def test_vectors_have_length_one(embedding: SentenceEmbedding) -> None:
    assert np.linalg.norm(embedding.passages(TEXTS), axis=1).tolist() == pytest.approx([1, 1], rel=1e-5)


def test_there_is_one_row_for_each_text(embedding: SentenceEmbedding) -> None:
    assert embedding.queries(TEXTS).shape == (2, 64)


def test_texts_that_share_words_are_more_alike(embedding: SentenceEmbedding) -> None:
    asked = embedding.queries(["Wie betaalt?"])[0]
    near, far = embedding.passages(TEXTS) @ asked
    assert near > far


def test_without_prefixes_a_text_is_the_same_as_question_and_as_passage(embedding: SentenceEmbedding) -> None:
    assert np.array_equal(embedding.queries(TEXTS), embedding.passages(TEXTS))


def test_prefixes_are_put_before_questions_and_passages(tiny_model: Path, embedding: SentenceEmbedding) -> None:
    prefixed = load(str(tiny_model), query_prefix="wie ", passage_prefix="de haven ")
    assert np.array_equal(prefixed.queries(["baggert"]), embedding.queries(["wie baggert"]))
    assert np.array_equal(prefixed.passages(["slibt"]), embedding.queries(["de haven slibt"]))


def test_llamaindex_gets_the_same_vectors(tiny_model: Path) -> None:
    prefixed = load(str(tiny_model), query_prefix="wie ", passage_prefix="de haven ")
    assert prefixed.get_query_embedding("baggert") == prefixed.queries(["baggert"])[0].tolist()
    assert prefixed.get_text_embedding("slibt") == prefixed.passages(["slibt"])[0].tolist()
    assert prefixed.get_text_embedding_batch(TEXTS) == prefixed.passages(TEXTS).tolist()
    assert asyncio.run(prefixed.aget_query_embedding("baggert")) == prefixed.queries(["baggert"])[0].tolist()


@pytest.mark.parametrize("text", ["", "🙂🙂", "***"])
def test_a_text_without_known_words_gives_numbers(embedding: SentenceEmbedding, text: str) -> None:
    assert np.isfinite(embedding.queries([text])).all()


@pytest.mark.parametrize("name", ["  ", "./weg", "~/weg", "/nergens/model"])
def test_a_folder_that_is_not_there_is_refused_with_its_name(name: str) -> None:
    with pytest.raises(InvalidModel, match=f"geen map '{name}'.*OPGAVEWIJZER_EMBEDDING_MODEL"):
        load(name)


def test_an_empty_name_is_refused() -> None:
    with pytest.raises(InvalidModel, match="OPGAVEWIJZER_EMBEDDING_MODEL"):
        load("")


def refused(folder: Path) -> str:
    with pytest.raises(InvalidModel) as caught:
        load(str(folder))
    return str(caught.value)


def test_an_empty_folder_is_refused_with_its_name(tmp_path: Path) -> None:
    assert f"'{tmp_path}' kan niet worden geladen" in refused(tmp_path)


def test_a_model_with_broken_weights_is_refused(tmp_path: Path, tiny_model: Path) -> None:
    shutil.copytree(tiny_model, tmp_path, dirs_exist_ok=True)
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:100])
    assert "kan niet worden geladen" in refused(tmp_path)


def test_a_model_without_tokenizer_is_refused(tmp_path: Path, tiny_model: Path) -> None:
    shutil.copytree(tiny_model, tmp_path, dirs_exist_ok=True)
    (tmp_path / "tokenizer.json").unlink()
    assert "kan niet worden geladen" in refused(tmp_path)


def test_the_shipped_model_is_an_ordinary_folder_of_at_most_10_mb() -> None:
    files = {path.name: path.stat().st_size for path in SHIPPED_MODEL.rglob("*") if path.is_file()}
    assert {"model.safetensors", "tokenizer.json", "modules.json", "README.md"} <= files.keys()
    assert sum(files.values()) <= 10_000_000
