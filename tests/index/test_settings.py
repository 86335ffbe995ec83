"""The library's settings: where they come from, and which are refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from index.errors import InvalidSettings
from index.settings import SHIPPED_MODEL, IndexSettings


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No settings from the environment, and an empty folder to stand in."""
    for name in [name for name in os.environ if name.startswith("OPGAVEWIJZER_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_defaults_lie_within_the_project() -> None:
    settings, project = IndexSettings.read(), Path(__file__).parents[2]
    assert (settings.corpus, settings.essays, settings.documents) == (
        project / "corpus",
        project / "corpus/essays",
        None,
    )
    assert settings.embedding_model == str(SHIPPED_MODEL)


def test_the_environment_goes_before_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPGAVEWIJZER_INDEX", "/srv/index")
    assert IndexSettings.read().index == Path("/srv/index")


def test_what_is_given_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPGAVEWIJZER_INDEX", "/srv/index")
    assert IndexSettings.read(index="hier").index == Path("hier")


def test_none_counts_as_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPGAVEWIJZER_DOCUMENTS", "/srv/nota's")
    assert IndexSettings.read(documents=None).documents == Path("/srv/nota's")


def test_a_file_named_env_is_read(alone: Path) -> None:
    (alone / ".env").write_text("OPGAVEWIJZER_QUERY_PREFIX='query: '\n", encoding="utf-8")
    assert IndexSettings.read().query_prefix == "query: "


@pytest.mark.parametrize("word", ["", "none", "NONE", "geen"])
def test_a_word_for_none_turns_a_folder_off(word: str) -> None:
    assert IndexSettings.read(corpus=word).corpus is None


def test_a_home_folder_is_written_out() -> None:
    assert IndexSettings.read(documents="~/nota").documents == Path.home() / "nota"


def test_an_unknown_name_is_refused_by_name() -> None:
    with pytest.raises(InvalidSettings, match="DOCUMENTJE"):
        IndexSettings.read(documentje="nota")


def test_an_unknown_variable_is_refused_with_those_that_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPGAVEWIJZER_MODEL", "x")
    with pytest.raises(InvalidSettings, match=r"OPGAVEWIJZER_MODEL bestaat niet.*OPGAVEWIJZER_EMBEDDING_MODEL"):
        IndexSettings.read()


def test_an_unknown_name_in_the_file_is_refused(alone: Path) -> None:
    (alone / ".env").write_text("OPGAVEWIJZER_MODEL=x\n", encoding="utf-8")
    with pytest.raises(InvalidSettings, match=" OPGAVEWIJZER_MODEL"):
        IndexSettings.read()


def test_a_value_of_the_wrong_type_is_refused_by_name() -> None:
    with pytest.raises(InvalidSettings, match="OPGAVEWIJZER_INDEX"):
        IndexSettings.read(index=3)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        IndexSettings.read().index = Path("elders")
