"""The register: which publications we know, by slug, and the hash of the text that every anchor refers to."""

from __future__ import annotations

import hashlib
import re
import shutil
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import InvalidCorpus, LibraryError, UnreadableDocument
from index.readers import SUFFIXES, read
from index.types import Author, Kind, Source

_TYPES = {"year": int, "authors": list}
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Publication:
    """What the register says of one publication; its text is imported separately."""

    slug: str
    title: str
    sha256: str
    authors: tuple[Author, ...] = ()
    year: int | None = None
    publisher: str = ""
    subtitle: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """The publications by slug, and the year of the handbook."""

    publications: dict[str, Publication]
    handbook_year: int


def read_register(path: Path) -> Register:
    """Read `sources.toml`. Raises InvalidCorpus naming the entry and key that is wrong."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        year = int(tables.pop("handbook")["year"])
    except FileNotFoundError as error:
        raise InvalidCorpus(f"Het register {path} is er niet; zet sources.toml terug in de map corpus.") from error
    except (tomllib.TOMLDecodeError, KeyError, ValueError, TypeError) as error:
        raise InvalidCorpus(f"Het register {path.name} is niet te lezen: {error}.") from error
    return Register({slug: _publication(path.name, slug, table) for slug, table in tables.items()}, year)


def sha256(text: str) -> str:
    """The hash of a text as decoded: of its UTF-8 bytes with `\\n` line ends."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def read_essay(path: Path, publication: Publication) -> Source:
    """Read an imported essay. Raises UnreadableDocument when it is not the text that the register knows."""
    document = read(path)
    digest = sha256(document.text)
    if digest != publication.sha256:
        raise UnreadableDocument(
            path, "de tekst is niet die van het register; haal de publicatie opnieuw op met 'make essays SRC=map'."
        )
    return Source(
        slug=publication.slug,
        kind=Kind.ESSAY,
        title=publication.title,
        text=document.text,
        sha256=digest,
        authors=publication.authors,
        year=publication.year,
        publisher=publication.publisher,
        subtitle=publication.subtitle,
        licence=publication.licence,
        headings=document.headings,
        pages=document.pages,
    )


def read_own(path: Path, folder: Path) -> Source:
    """Read a document of the user's own; its slug comes from its path within the folder."""
    document = read(path)
    return Source(
        slug=slugify(path.relative_to(folder).with_suffix("").as_posix()),
        kind=Kind.OWN,
        title=document.title or path.stem.replace("_", " "),
        text=document.text,
        sha256=sha256(document.text),
        headings=document.headings,
        pages=document.pages,
    )


def documents(folder: Path) -> Iterator[Path]:
    """The files of a folder and its subfolders that a person meant to be read, in order of their path."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts):
            yield path


def slugify(name: str) -> str:
    """A name as it stands in an address: `Nota Wonen (2024)` becomes `nota-wonen-2024`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain)) or "document"


def import_essays(source: Path, target: Path, register: Register) -> tuple[list[str], list[str]]:
    """Copy the publishers' texts that the register knows; gives what was copied and, in Dutch, what was kept out.

    Raises InvalidCorpus when the folder does not exist.
    """
    if not source.is_dir():
        raise InvalidCorpus(f"De map '{source}' bestaat niet; geef de map met de essays: make essays SRC=map.")
    copied: list[str] = []
    refused: list[str] = []
    for path in documents(source):
        publication = register.publications.get(path.stem)
        if publication is None:
            refused.append(f"{path.name}: staat niet in het register (bekend zijn {', '.join(register.publications)}).")
            continue
        try:
            read_essay(path, publication)
        except LibraryError as error:
            refused.append(str(error))
            continue
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target / path.name)
        copied.append(path.name)
    return copied, refused


def supported(path: Path) -> bool:
    """Whether the file's ending is one that can be read."""
    return path.suffix.lower() in SUFFIXES


def _publication(file: str, slug: str, table: dict[str, Any]) -> Publication:
    try:
        if not _SLUG.fullmatch(slug):
            raise ValueError("een slug heeft kleine letters, cijfers en streepjes")
        if not isinstance(table, dict):
            raise TypeError("buiten de tabellen mag niets staan")
        wrong = [name for name, value in table.items() if not isinstance(value, _TYPES.get(name, str))]
        if wrong:
            raise TypeError(f"{wrong[0]} heeft een waarde van de verkeerde soort")
        authors: Sequence[dict[str, str]] = table.pop("authors", [])
        return Publication(slug=slug, authors=tuple(Author(**author) for author in authors), **table)
    except (TypeError, ValueError) as error:
        raise InvalidCorpus(f"{file}, [{slug}]: {error}.") from error
