"""Plain text: decoded, and nothing else changed."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from index.errors import UnreadableDocument
from index.readers import headings
from index.types import Document

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_MAX_CONTROL = 0.02
_MAX_FOREIGN = 0.3
_MIN_WORDLIKE = 0.7
_NO_TEXT = "Het bestand bevat geen leesbare tekst; sla het op als tekst in UTF-8."


def read(path: Path, data: bytes) -> Document:
    """The text exactly as `open(path, encoding="utf-8").read()` gives it, with its headings."""
    text = decode(path, data)
    found = headings.find(text)
    highest = [heading for heading in found if heading.level == 1]
    marked = len(highest) == 1 and text[highest[0].start] == "#"  # of several, none is the title of the whole
    return Document(text=text, title=highest[0].title if marked else "", headings=found)


def decode(path: Path, data: bytes) -> str:
    """UTF-8 without its byte order mark, or Windows-1252 if that gives plausible text; newlines as from `open`."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadableDocument(path, "Het bestand staat in UTF-16; sla het op als tekst in UTF-8.")
    if b"\0" in data:
        raise UnreadableDocument(path, _NO_TEXT)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _decode_western(path, data)
    if len(_CONTROL.findall(text)) > _MAX_CONTROL * len(text):
        raise UnreadableDocument(path, _NO_TEXT)
    if not text.strip():
        raise UnreadableDocument(path, "Het bestand bevat alleen witruimte; kies een bestand met tekst.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode_western(path: Path, data: bytes) -> str:
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise UnreadableDocument(path, _NO_TEXT) from error
    foreign = sum(not character.isascii() for character in text)
    wordlike = sum(character.isalnum() or character.isspace() for character in text)
    if foreign > _MAX_FOREIGN * len(text) or wordlike < _MIN_WORDLIKE * len(text):
        raise UnreadableDocument(path, _NO_TEXT)
    return text
