"""The register, hashes, slugs and the import of essays."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import InvalidCorpus, UnreadableDocument
from index.sources import (
    Publication,
    Register,
    documents,
    import_essays,
    read_essay,
    read_own,
    read_register,
    sha256,
    slugify,
    supported,
)
from index.types import Author, Kind

TEXT = "De haven van Zandmeer slibt elk voorjaar dicht.\n"
REGISTER = f"""
[handbook]
year = 2026

[havenboek]
title = "Havenboek"
authors = [{{ family = "Zeeman", given = "A." }}, {{ family = "Gemeente Zandmeer" }}]
year = 2019
sha256 = "{sha256(TEXT)}"
"""


def register(folder: Path, text: str = REGISTER) -> Register:
    path = folder / "sources.toml"
    path.write_text(text, encoding="utf-8")
    return read_register(path)


def known(text: str = TEXT) -> Register:
    return Register({"havenboek": Publication("havenboek", "Havenboek", sha256(text))}, 2026)


def test_the_register_gives_each_publication_by_slug(tmp_path: Path) -> None:
    expected = Publication(
        "havenboek", "Havenboek", sha256(TEXT), (Author("Zeeman", "A."), Author("Gemeente Zandmeer")), 2019
    )
    assert register(tmp_path) == Register({"havenboek": expected}, 2026)


def test_the_register_of_the_project_can_be_read() -> None:
    assert len(read_register(Path(__file__).parents[2] / "corpus" / "sources.toml").publications) == 5


def test_a_missing_register_is_told_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(InvalidCorpus, match=r"sources\.toml.*is er niet"):
        read_register(tmp_path / "sources.toml")


@pytest.mark.parametrize(
    "text", ["[handbook", "handbook = 3", "[handbook]\nyear = 'vorig jaar'", "[havenboek]\ntitle = 'x'"]
)
def test_a_register_that_is_broken_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidCorpus, match=r"sources\.toml is niet te lezen"):
        register(tmp_path, text)


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        ("[havenboek]\ntitle = 'Havenboek'", "sha256"),
        ("[havenboek]\nsha256 = 'abc'", "title"),
        ("[havenboek]\ntitle = 'Havenboek'\nsha256 = 'abc'\nuitgever = 'Zandmeer'", "uitgever"),
        ("[havenboek]\ntitle = 'Havenboek'\nsha256 = 'abc'\nauthors = [{ naam = 'Zeeman' }]", "naam"),
    ],
)
def test_a_mistake_in_the_register_is_told_with_entry_and_key(tmp_path: Path, entry: str, key: str) -> None:
    with pytest.raises(InvalidCorpus, match=rf"\[havenboek\].*{key}"):
        register(tmp_path, f"[handbook]\nyear = 2026\n{entry}\n")


def test_a_slug_with_capitals_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidCorpus, match=r"\[HavenBoek\].*slug"):
        register(tmp_path, "[handbook]\nyear = 2026\n[HavenBoek]\ntitle = 'x'\nsha256 = 'y'\n")


@pytest.mark.parametrize("line", ["year = '2019'", "publisher = 3", "sha256 = 12"])
def test_a_value_of_the_wrong_type_is_told_with_entry_and_key(tmp_path: Path, line: str) -> None:
    entry = {"title": "title = 'x'", "sha256": "sha256 = 'y'", line.split()[0]: line}
    with pytest.raises(InvalidCorpus, match=rf"\[havenboek\].*{line.split()[0]}"):
        register(tmp_path, "[handbook]\nyear = 2026\n[havenboek]\n" + "\n".join(entry.values()))


def test_a_value_outside_every_entry_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidCorpus, match="versie"):
        register(tmp_path, "versie = 1\n[handbook]\nyear = 2026\n")


def test_sha256_is_that_of_the_utf8_bytes() -> None:
    assert sha256("één") == "51c4a8ee9d588c3aeb9b5797b28ce35614241601b871e6d7549641cfac064e00"


def test_an_essay_carries_what_the_register_knows(tmp_path: Path) -> None:
    (tmp_path / "havenboek.txt").write_text(TEXT, encoding="utf-8")
    publication = register(tmp_path).publications["havenboek"]
    source = read_essay(tmp_path / "havenboek.txt", publication)
    assert (source.slug, source.kind, source.title, source.year, source.authors, source.text) == (
        "havenboek",
        Kind.ESSAY,
        "Havenboek",
        2019,
        publication.authors,
        TEXT,
    )


def test_an_essay_that_is_not_the_text_of_the_register_is_refused(tmp_path: Path) -> None:
    (tmp_path / "havenboek.txt").write_text(TEXT + "!", encoding="utf-8")
    with pytest.raises(UnreadableDocument, match=r"havenboek\.txt.*make essays"):
        read_essay(tmp_path / "havenboek.txt", known().publications["havenboek"])


def test_line_ends_of_windows_do_not_change_an_essay(tmp_path: Path) -> None:
    (tmp_path / "havenboek.txt").write_bytes(TEXT.replace("\n", "\r\n").encode())
    assert read_essay(tmp_path / "havenboek.txt", known().publications["havenboek"]).text == TEXT


def test_an_own_document_is_named_after_its_path(tmp_path: Path) -> None:
    (tmp_path / "Nota's 2024").mkdir()
    path = tmp_path / "Nota's 2024" / "Wonen_en zorg.txt"
    path.write_text("Wij bouwen samen.", encoding="utf-8")
    source = read_own(path, tmp_path)
    assert (source.slug, source.title, source.kind) == ("nota-s-2024-wonen-en-zorg", "Wonen en zorg", Kind.OWN)


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Nota Wonen (2024)", "nota-wonen-2024"), ("Súdwest-Fryslân", "sudwest-fryslan"), ("???", "document")],
)
def test_slugify(name: str, slug: str) -> None:
    assert slugify(name) == slug


def test_documents_are_the_visible_files_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", ".verborgen.txt", ".git/x.txt", "~$open.docx", "a/y.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert [path.relative_to(tmp_path).as_posix() for path in documents(tmp_path)] == ["a/y.txt", "a/z.md", "b.txt"]


def test_endings_are_supported_in_any_case() -> None:
    assert supported(Path("NOTA.PDF")) and not supported(Path("foto.png"))


def test_import_copies_a_known_text_byte_for_byte(tmp_path: Path) -> None:
    source, target = tmp_path / "bron", tmp_path / "corpus" / "essays"
    source.mkdir()
    (source / "havenboek.txt").write_bytes(TEXT.replace("\n", "\r\n").encode())
    assert import_essays(source, target, known()) == (["havenboek.txt"], [])
    assert (target / "havenboek.txt").read_bytes() == (source / "havenboek.txt").read_bytes()


def test_import_keeps_out_unknown_and_changed_texts_names_them_and_goes_on(tmp_path: Path) -> None:
    source, target = tmp_path / "bron", tmp_path / "essays"
    source.mkdir()
    publications = known().publications | {"bosatlas": Publication("bosatlas", "Bosatlas", sha256("Bos."))}
    (source / "aaa.txt").write_text("Onbekend.", encoding="utf-8")
    (source / "bosatlas.txt").write_text("Ander bos.", encoding="utf-8")
    (source / "havenboek.txt").write_text(TEXT, encoding="utf-8")
    copied, refused = import_essays(source, target, Register(publications, 2026))
    assert copied == [path.name for path in target.iterdir()] == ["havenboek.txt"]
    assert [line.split(":")[0] for line in refused] == ["aaa.txt", "bosatlas.txt"]


def test_import_from_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidCorpus, match=r"bestaat niet.*make essays SRC"):
        import_essays(tmp_path / "weg", tmp_path / "essays", known())


def test_import_of_only_unknown_texts_makes_no_folder(tmp_path: Path) -> None:
    (tmp_path / "bron").mkdir()
    (tmp_path / "bron" / "aaa.txt").write_text("Onbekend.", encoding="utf-8")
    import_essays(tmp_path / "bron", tmp_path / "essays", known())
    assert not (tmp_path / "essays").exists()
