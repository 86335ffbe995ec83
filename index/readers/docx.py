"""Word documents: paragraphs and table cells in order, with heading styles as headings."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import docx
from docx.document import Document as WordDocument
from docx.oxml.xmlchemy import BaseOxmlElement

from index.errors import UnreadableDocument
from index.readers import headings
from index.readers.flow import BLOCK, CELL, LINE, Flow
from index.types import Document

_MAX_UNPACKED = 300_000_000
_MAX_PARTS = 10_000
_BROKEN = "Het Word-document is beschadigd; open het in Word en sla het opnieuw op als .docx."
_BOMB = "Het Word-document is uitgepakt te groot; verwijder grote afbeeldingen of splits het op."
_EMPTY = "Het Word-document bevat geen tekst; kies een document met tekst."
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
# Deleted and moved text, properties, and the second copy that Word keeps of a text box.
_SKIPPED = frozenset((f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr", f"{_MC}Fallback"))
_CONTAINERS = frozenset((f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}moveTo", f"{_W}customXml", f"{_W}smartTag"))
_HEADING = re.compile(r"(?:heading|kop)\s*([1-9])", re.I)
_CONTENTS = re.compile(r"(?:toc|inhopg)\s*\d", re.I)
_TITLE = re.compile(r"(?:title|titel)", re.I)


def read(path: Path, data: bytes) -> Document:
    """The running text; headers, footers, notes and the table of contents are left out."""
    try:
        _check_size(path, data)
        document = docx.Document(io.BytesIO(data))
        flow, styled_title = _written(document)
        title = headings.sensible_title(document.core_properties.title or "") or styled_title
    except UnreadableDocument:
        raise
    except Exception as error:  # a damaged package surfaces as KeyError, AttributeError, BadZipFile, an XML error ...
        raise UnreadableDocument(path, _BROKEN) from error
    if not flow.text.strip():
        raise UnreadableDocument(path, _EMPTY)
    return Document(text=flow.text, title=title, headings=flow.headings)


def _check_size(path: Path, data: bytes) -> None:
    """Refuse a zip bomb; a part that is larger than it declares is refused by zipfile itself."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_UNPACKED:
        raise UnreadableDocument(path, _BOMB)


def _written(document: WordDocument) -> tuple[Flow, str]:
    """The text in reading order, and the first paragraph with the style Title."""
    flow, title = Flow(), ""
    style_of = _styles(document)
    for paragraph, separator in _paragraphs(document.element.body, BLOCK):
        text, style = _text(paragraph).strip(), style_of(paragraph)
        if not text or _CONTENTS.match(style):
            continue
        flow.separate(separator)
        level = _HEADING.match(style)
        start = flow.open_heading()
        flow.write(text)
        if level:
            flow.close_heading(start, int(level[1]))
        elif _TITLE.fullmatch(style) and not title:
            title = " ".join(text.split())
    return flow, title


def _styles(document: WordDocument) -> Callable[[BaseOxmlElement], str]:
    """Find the name of a paragraph's style: its own, or that of the heading style it is based on."""
    by_id = {style.element.get(f"{_W}styleId"): style.element for style in document.styles}

    @cache
    def name(style_id: str) -> str:
        seen: list[str] = []
        chain: str | None = style_id
        first = ""
        while chain and chain not in seen and chain in by_id:
            seen.append(chain)
            element = by_id[chain]
            own = _value(element, "name")
            first = first or own
            if _HEADING.match(own) or _CONTENTS.match(own):
                return own
            chain = _value(element, "basedOn")
        return first

    def of(paragraph: BaseOxmlElement) -> str:
        properties = paragraph.find(f"{_W}pPr")
        return name(_value(properties, "pStyle")) if properties is not None else ""

    return of


def _value(element: BaseOxmlElement, child: str) -> str:
    found = element.find(f"{_W}{child}")
    return (found.get(f"{_W}val") or "") if found is not None else ""


def _paragraphs(container: BaseOxmlElement, separator: str) -> Iterator[tuple[BaseOxmlElement, str]]:
    """Paragraphs in document order, tables cell by cell, each with the separator before it.

    python-docx itself skips content controls, which Word templates put their text in.
    """
    for element in container:
        if element.tag == f"{_W}p":
            yield element, separator
        elif element.tag == f"{_W}tbl":
            yield from _cells(element, separator)
        elif element.tag in _CONTAINERS:
            yield from _paragraphs(element, separator)


def _cells(table: BaseOxmlElement, separator: str) -> Iterator[tuple[BaseOxmlElement, str]]:
    """Rows on their own lines, cells between tabs; rows and cells of a table in a cell come with that cell."""
    before = separator
    for row in table.iter(f"{_W}tr"):
        if next(row.iterancestors(f"{_W}tbl")) is not table:
            continue
        written = False
        for cell in row.iter(f"{_W}tc"):
            if next(cell.iterancestors(f"{_W}tr")) is not row:
                continue
            for number, (paragraph, within) in enumerate(_filled(cell)):
                yield paragraph, within if number else CELL if written else before
                written = True
        before = LINE if written else before


def _filled(cell: BaseOxmlElement) -> Iterator[tuple[BaseOxmlElement, str]]:
    return ((paragraph, within) for paragraph, within in _paragraphs(cell, LINE) if _text(paragraph).strip())


def _text(paragraph: BaseOxmlElement) -> str:
    return "".join(_pieces(paragraph))


def _pieces(element: BaseOxmlElement) -> Iterator[str]:
    """The text of runs, also of inserted ones and of those in links and fields."""
    for child in element:
        if child.tag in _SKIPPED:
            continue
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        else:
            if child.tag == f"{_W}p":  # a paragraph of a text box
                yield "\n"
            yield from _pieces(child)
