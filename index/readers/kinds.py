"""What bytes look like, whatever the file is called."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from index.errors import UnreadableDocument

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "een PDF-bestand"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "een oud of met een wachtwoord beveiligd Office-bestand"),
    (b"{\\rtf", "een RTF-bestand"),
    (b"\x89PNG\r\n\x1a\n", "een PNG-afbeelding"),
    (b"\xff\xd8\xff", "een JPEG-afbeelding"),
    (b"GIF8", "een GIF-afbeelding"),
    (b"II*\x00", "een TIFF-afbeelding"),
    (b"MM\x00*", "een TIFF-afbeelding"),
    (b"\x1f\x8b", "een gzip-archief"),
    (b"7z\xbc\xaf\x27\x1c", "een 7z-archief"),
    (b"Rar!\x1a\x07", "een RAR-archief"),
    (b"\x7fELF", "een programma"),
    (b"SQLite format 3\x00", "een SQLite-database"),
)
_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype )?html\b", re.I | re.S)
_ZIPPED: tuple[tuple[str, str], ...] = (
    ("word/document.xml", "een Word-document"),
    ("xl/workbook.xml", "een Excel-werkmap"),
    ("ppt/presentation.xml", "een PowerPoint-presentatie"),
    ("META-INF/container.xml", "een e-boek (EPUB)"),
    ("META-INF/manifest.xml", "een OpenDocument-bestand"),
)
_NAMES = {
    ".txt": "platte tekst",
    ".md": "Markdown",
    ".html": "een HTML-pagina",
    ".htm": "een HTML-pagina",
    ".pdf": "een PDF-bestand",
    ".docx": "een Word-document",
}
_BROKEN_ZIP = "een beschadigd zip-bestand"
_PDF_HEAD = 1024  # readers accept rubbish before %PDF-, as long as it is in the first kilobyte


def look(data: bytes) -> str:
    """A Dutch description of recognisable bytes; an empty string for text and everything unknown."""
    for magic, description in _MAGIC:
        if data.startswith(magic):
            return description
    if data.startswith(b"PK\x03\x04"):
        return _look_inside(data)
    return "een HTML-pagina" if _HTML.match(data[:4096]) else ""


def check(path: Path, suffix: str, data: bytes) -> None:
    """Refuse a file that is recognisably something other than its ending says."""
    seen = look(data)
    if seen == _NAMES[suffix] or (suffix == ".pdf" and b"%PDF-" in data[:_PDF_HEAD]):
        return
    if suffix == ".docx" and seen == _BROKEN_ZIP:
        return  # its reader says so more plainly
    if seen:
        raise UnreadableDocument(
            path, f"Het bestand eindigt op {suffix}, maar lijkt {seen}; geef het de juiste uitgang of kies een ander."
        )
    if suffix in (".pdf", ".docx"):
        raise UnreadableDocument(
            path, f"Het bestand eindigt op {suffix}, maar is niet {_NAMES[suffix]}; sla het opnieuw op als {suffix}."
        )


def _look_inside(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return _BROKEN_ZIP
    return next((description for name, description in _ZIPPED if name in names), "een zip-bestand")
