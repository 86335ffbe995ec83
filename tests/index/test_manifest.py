"""The manifest: what an index was built from, and what has changed since."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.errors import DamagedIndex
from index.manifest import Inputs, Manifest, changes, inputs_of
from index.settings import IndexSettings

if TYPE_CHECKING:
    from tests.conftest import SmallCorpus

INPUTS = Inputs({"format": "1", "model": "m"}, {"essays/a.txt": "aa", "essays/b.txt": "bb"})


@pytest.fixture
def settings(small_corpus: SmallCorpus) -> IndexSettings:
    return small_corpus(documents={"nota.txt": "Een nota."})


def test_a_saved_manifest_is_read_back_the_same(tmp_path: Path) -> None:
    manifest = Manifest(INPUTS, 3, {"a": "aa"}, 2, "abc", {"words/size": "ab"}, ("één bestand: leeg.",))
    manifest.save(tmp_path)
    assert Manifest.load(tmp_path) == manifest


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"inputs": {"settings": {}, "files": {}}, "skipped": []}'])
def test_a_manifest_that_cannot_be_read_is_damage(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(DamagedIndex, match="opgavewijzer index build"):
        Manifest.load(tmp_path)


def test_a_missing_manifest_is_damage(tmp_path: Path) -> None:
    with pytest.raises(DamagedIndex, match=str(tmp_path)):
        Manifest.load(tmp_path)


def test_the_same_inputs_have_no_changes() -> None:
    assert changes(INPUTS, Inputs(dict(INPUTS.settings), dict(INPUTS.files))) == []


def test_changes_names_settings_and_files_that_differ_came_or_went() -> None:
    new = Inputs({"format": "2", "model": "m"}, {"essays/b.txt": "BB", "essays/c.txt": "cc"})
    assert changes(INPUTS, new) == [
        "instelling format",
        "bestand essays/a.txt",
        "bestand essays/b.txt",
        "bestand essays/c.txt",
    ]


def test_inputs_name_every_file_that_a_build_reads(settings: IndexSettings) -> None:
    assert set(inputs_of(settings).files) == {
        "register",
        "handbook/haven-en-bos.md",
        "questions/havenboek.jsonl",
        "questions/bosatlas.jsonl",
        "essays/havenboek.txt",
        "essays/bosatlas.txt",
        "documents/nota.txt",
    }


def test_inputs_are_the_same_when_nothing_changed(settings: IndexSettings) -> None:
    assert inputs_of(settings) == inputs_of(settings)


def test_a_hidden_file_is_no_input(settings: IndexSettings) -> None:
    before = inputs_of(settings)
    (settings.index.parent / "documents" / ".nota.swp").touch()
    assert inputs_of(settings) == before


def test_a_changed_letter_in_a_file_is_a_change(settings: IndexSettings) -> None:
    before = inputs_of(settings)
    (settings.index.parent / "documents" / "nota.txt").write_text("Een nOta.", encoding="utf-8")
    assert changes(before, inputs_of(settings)) == ["bestand documents/nota.txt"]


@pytest.mark.parametrize(
    ("name", "update"),
    [
        ("query_prefix", {"query_prefix": "vraag: "}),
        ("passage_prefix", {"passage_prefix": "tekst: "}),
        ("model", {"embedding_model": "e5"}),
    ],
)
def test_a_changed_setting_is_a_change(settings: IndexSettings, name: str, update: dict[str, str]) -> None:
    assert changes(inputs_of(settings), inputs_of(settings.model_copy(update=update))) == [f"instelling {name}"]


def test_a_model_with_other_weights_in_the_same_folder_is_a_change(
    settings: IndexSettings, tmp_path: Path, tiny_model: Path
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(tiny_model, folder)
    settings = settings.model_copy(update={"embedding_model": str(folder)})
    before = inputs_of(settings)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")
    assert changes(before, inputs_of(settings)) == ["instelling model"]


def test_a_changed_model_card_is_no_change(settings: IndexSettings, tmp_path: Path, tiny_model: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(tiny_model, folder)
    settings = settings.model_copy(update={"embedding_model": str(folder)})
    before = inputs_of(settings)
    (folder / "README.md").write_text("Een kaart.", encoding="utf-8")
    assert inputs_of(settings) == before


def test_without_a_corpus_only_the_own_documents_are_inputs(settings: IndexSettings) -> None:
    own = inputs_of(settings.model_copy(update={"corpus": None, "essays": None}))
    assert set(own.files) == {"documents/nota.txt"}
    assert "register" not in own.settings
