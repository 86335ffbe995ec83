"""PDF: the text of its pages, and its bookmarks as headings."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import DependencyError
from pypdf.generic import Destination

from index.errors import UnreadableDocument
from index.readers import headings
from index.types import Document, Heading

_BETWEEN = "\n\n"
_BROKEN = "Het PDF-bestand is beschadigd; open het in een PDF-programma en sla het opnieuw op."
_LOCKED = "Het PDF-bestand is met een wachtwoord beveiligd; sla het op zonder wachtwoord."
_SCAN = "Het PDF-bestand bevat geen tekst (een scan?); maak er met tekstherkenning (OCR) een doorzoekbare PDF van."
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_MAX_PREFIX = 12  # of "Hoofdstuk 3 " before a bookmark's title on its line


def read(path: Path, data: bytes) -> Document:
    """The page texts, separated by a blank line; headings from the bookmarks, or else from the look of the lines."""
    # pypdf logs each oddity of a file as a warning, which without logging set up lands on the user's screen.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableDocument(path, _LOCKED)
        pages = [_clean(page.extract_text()) for page in reader.pages]
        bookmarks = list(_bookmarks(reader))
        title = headings.sensible_title((reader.metadata.title if reader.metadata else None) or "")
    except UnreadableDocument:
        raise
    except DependencyError as error:
        raise UnreadableDocument(path, _LOCKED) from error
    except Exception as error:  # on a damaged file pypdf raises whatever its parsing runs into: KeyError, TypeError ...
        raise UnreadableDocument(path, _BROKEN) from error
    if not any(character.isalnum() for page in pages for character in page):
        raise UnreadableDocument(path, _SCAN if pages else _BROKEN)
    text = _BETWEEN.join(pages)
    starts = tuple(accumulate((len(page) + len(_BETWEEN) for page in pages[:-1]), initial=0))
    found = tuple(_placed(text, starts, bookmarks)) or headings.find(text, pages=starts)
    return Document(text=text, title=title, headings=found, pages=starts)


def _clean(text: str) -> str:
    """A page without the characters that no text holds; fonts with a broken table give them."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATE.sub("\ufffd", _UNREADABLE.sub("", text)).strip("\n")


def _bookmarks(reader: PdfReader) -> Iterator[tuple[int, str, int]]:
    """Page (from 0), title and level of each bookmark, in the order of the outline."""
    todo: list[tuple[object, int]] = [(reader.outline, 0)]
    while todo:
        item, level = todo.pop()
        if isinstance(item, list):
            todo.extend((child, level + 1) for child in reversed(item))
        elif isinstance(item, Destination):
            page = reader.get_destination_page_number(item)
            if page is not None and page >= 0:
                yield page, " ".join(str(item.title or "").split()), level


def _placed(text: str, starts: tuple[int, ...], bookmarks: list[tuple[int, str, int]]) -> Iterator[Heading]:
    """The bookmarks whose title is found on their page, after the bookmark before."""
    reached = 0
    for page, title, level in sorted(bookmarks, key=lambda bookmark: bookmark[0]):
        if not 0 <= page < len(starts) or not any(character.isalnum() for character in title):
            continue
        stop = starts[page + 1] if page + 1 < len(starts) else len(text)
        span = _locate(title, text, max(starts[page], reached), stop)
        if span:
            reached = span[1]
            yield Heading(*span, level, title)


def _locate(title: str, text: str, begin: int, stop: int) -> tuple[int, int] | None:
    """The stretch that holds a title: a line of its own if there is one, else its first occurrence."""
    pattern = re.compile(r"\s+".join(re.escape(word) for word in title.split()), re.I)
    matches = list(pattern.finditer(text, begin, stop))
    for match in matches:
        line_start = max(text.rfind("\n", 0, match.start()) + 1, begin)
        line_end = text.find("\n", match.end(), stop)
        line_end = stop if line_end < 0 else line_end
        if match.start() - line_start <= _MAX_PREFIX and not text[match.end() : line_end].strip():
            return line_start, match.end()
    return matches[0].span() if matches else None
