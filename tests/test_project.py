"""What the project says of itself: the README's settings, the shipped model, the anchors of the corpus."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.settings import Settings
from index.handbook import read_chapter, split_chapter
from index.questions import read_bank
from index.settings import PREFIX, SHIPPED_MODEL
from index.sources import read_register
from index.types import Anchor

PROJECT = Path(__file__).resolve().parent.parent
CORPUS = PROJECT / "corpus"


def anchors() -> Iterator[Anchor]:
    for path in sorted((CORPUS / "handbook").rglob("*.md")):
        for section in split_chapter(read_chapter(path, 2026)):
            yield from section.origins
    yield from {question.anchor for question in read_bank(CORPUS / "questions")}


def test_the_readme_names_every_setting_and_no_other() -> None:
    named = set(re.findall(rf"^\| `{PREFIX}([A-Z_]+)`", (PROJECT / "README.md").read_text(encoding="utf-8"), re.M))
    assert named == {name.upper() for name in Settings.model_fields}


def test_the_shipped_model_is_ten_megabytes_at_most() -> None:
    assert sum(path.stat().st_size for path in SHIPPED_MODEL.rglob("*") if path.is_file()) <= 10_000_000


def test_the_shipped_model_has_a_card_and_safetensors() -> None:
    assert {"README.md", "model.safetensors"} <= {path.name for path in SHIPPED_MODEL.iterdir()}


def test_every_anchor_names_a_registered_publication() -> None:
    known = read_register(CORPUS / "sources.toml").publications
    assert {anchor.source for anchor in anchors()} <= known.keys()


def test_every_anchor_lies_in_its_essay(essays: Path) -> None:
    lengths = {path.stem: len(path.read_text(encoding="utf-8")) for path in essays.glob("*.txt")}
    if missing := read_register(CORPUS / "sources.toml").publications.keys() - lengths.keys():
        pytest.skip(f"not imported: {', '.join(sorted(missing))}")
    assert [anchor for anchor in anchors() if not 0 <= anchor.start < anchor.end <= lengths[anchor.source]] == []


def test_no_essay_is_committed() -> None:
    assert "corpus/essays/" in (PROJECT / ".gitignore").read_text(encoding="utf-8").split()
