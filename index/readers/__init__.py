"""From a file to a `Document`: its text, and where its headings and pages begin.

One module per format; `headings` finds headings in text that does not mark them, `kinds` tells what bytes look like.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from index.errors import UnreadableDocument
from index.readers import docx, html, kinds, markdown, pdf, plain
from index.types import Document

__all__ = ["SUFFIXES", "read"]

_READERS: Mapping[str, Callable[[Path, bytes], Document]] = MappingProxyType(
    {
        ".txt": plain.read,
        ".md": markdown.read,
        ".html": html.read,
        ".htm": html.read,
        ".pdf": pdf.read,
        ".docx": docx.read,
    }
)

SUFFIXES: frozenset[str] = frozenset(_READERS)


def read(path: Path, *, max_bytes: int = 50_000_000) -> Document:
    """Read a document by its ending; whatever cannot become text raises `UnreadableDocument`."""
    _check_file(path, max_bytes)
    suffix = path.suffix.lower()
    if suffix not in _READERS:
        ending = f"De uitgang {suffix}" if suffix else "Een bestand zonder uitgang"
        raise UnreadableDocument(path, f"{ending} wordt niet gelezen; gebruik een van {', '.join(sorted(SUFFIXES))}.")
    data = _bytes(path, max_bytes)
    kinds.check(path, suffix, data)
    return _READERS[suffix](path, data)


def _check_file(path: Path, max_bytes: int) -> None:
    """Refuse, without reading, what is no file, is empty or is too large."""
    try:
        status = path.stat()
    except FileNotFoundError as error:
        raise UnreadableDocument(path, "Het bestand bestaat niet; controleer de naam en de map.") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise _closed(path) from error
    if stat.S_ISDIR(status.st_mode):
        raise UnreadableDocument(path, "Dit is een map; geef de bestanden erin op.")
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableDocument(path, "Dit is geen gewoon bestand; geef een document op.")
    if status.st_size == 0:
        raise UnreadableDocument(path, "Het bestand is leeg; kies een bestand met tekst.")
    if status.st_size > max_bytes:
        raise _too_large(path, max_bytes, f" ({_megabytes(status.st_size)})")


def _bytes(path: Path, max_bytes: int) -> bytes:
    """The content; a file that grew since it was checked is still refused."""
    try:
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        raise _closed(path) from error
    if len(data) > max_bytes:
        raise _too_large(path, max_bytes, "")
    return data


def _closed(path: Path) -> UnreadableDocument:
    return UnreadableDocument(path, "Het bestand kan niet worden geopend; controleer de naam en de leesrechten.")


def _too_large(path: Path, max_bytes: int, size: str) -> UnreadableDocument:
    return UnreadableDocument(
        path, f"Het bestand is te groot{size}; splits het op of verklein het tot hoogstens {_megabytes(max_bytes)}."
    )


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB".replace(".", ",") if size >= 100_000 else f"{size} bytes"
