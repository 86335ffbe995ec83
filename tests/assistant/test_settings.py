"""The settings of the assistant and its server."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.settings import Settings
from index.errors import InvalidSettings


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"OPGAVEWIJZER_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_the_server_listens_to_this_machine_only() -> None:
    assert (Settings.read().host, Settings.read().port) == ("127.0.0.1", 7860)


def test_the_settings_of_the_library_are_among_them() -> None:
    assert Settings.read(essays="none").essays is None


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPGAVEWIJZER_PORT", "8123")
    assert Settings.read().port == 8123


def test_a_flag_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPGAVEWIJZER_PORT", "8123")
    assert Settings.read(port=9000).port == 9000


def test_the_environment_file_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("OPGAVEWIJZER_CONVERSATIONS=12\n", encoding="utf-8")
    assert Settings.read().conversations == 12


@pytest.mark.parametrize(
    ("name", "value"),
    [("port", 65536), ("port", -1), ("port", "zestig"), ("conversations", 0), ("conversation_minutes", 0)],
)
def test_a_value_that_cannot_be_is_refused_by_its_name(name: str, value: object) -> None:
    with pytest.raises(InvalidSettings, match=f"OPGAVEWIJZER_{name.upper()}"):
        Settings.read(**{name: value})


def test_an_unknown_variable_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPGAVEWIJZER_POORT", "8123")
    with pytest.raises(InvalidSettings, match="OPGAVEWIJZER_POORT"):
        Settings.read()


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(InvalidSettings, match="OPGAVEWIJZER_KLEUR"):
        Settings.read(kleur="blauw")


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings.read().port = 1
