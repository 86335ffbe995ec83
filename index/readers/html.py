"""HTML: what a reader sees of a page, without its furniture."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup
from bs4.dammit import EncodingDetector
from bs4.element import CData, NavigableString, PageElement, Tag

from index.errors import UnreadableDocument
from index.readers import plain
from index.readers.flow import BLOCK, CELL, LINE, Flow
from index.types import Document

_DROPPED = re.compile(
    "script|style|noscript|template|nav|svg|canvas|iframe|object|embed|audio|video|"
    "button|select|input|textarea|datalist|head"
)
_FURNITURE = frozenset(("header", "footer"))
_ROLES = frozenset(("navigation", "banner", "contentinfo", "search", "menu", "menubar"))
_LINES = frozenset(("li", "tr", "dt", "dd", "caption", "figcaption", "summary"))
_CELLS = frozenset(("td", "th"))
_INLINE = re.compile(
    "a|abbr|acronym|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|img|ins|kbd|label|mark|math|m[a-z]|meter|output|"
    "progress|q|rp|rt|ruby|s|samp|small|span|strike|strong|sub|sup|time|tt|u|var|wbr"
)
_HEADING = re.compile(r"h([1-6])")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_INVISIBLE = {0xAD: None, 0x200B: None, 0xFEFF: None}  # soft hyphen, zero-width space, byte order mark
_DECLARATION = re.compile(r"<\?xml[^>]*>")
_TAG = re.compile(r"<[A-Za-z!/][^>]*>")


def read(path: Path, data: bytes) -> Document:
    """The text of the page in blocks, its headings, and the title of the page."""
    markup = _decode(path, data)
    if not _TAG.search(markup):
        raise UnreadableDocument(path, "Het bestand bevat geen HTML; sla platte tekst op als .txt.")
    try:
        soup = BeautifulSoup(markup, "lxml")
    except Exception as error:  # parsers raise errors of many kinds on rubbish, and promise none
        raise UnreadableDocument(path, "De HTML-pagina kan niet worden gelezen; sla haar opnieuw op.") from error
    flow = _written(soup)
    if not flow.text.strip():
        raise UnreadableDocument(path, "De HTML-pagina bevat geen leesbare tekst; sla de pagina op met haar inhoud.")
    named = " ".join(soup.title.get_text().split()) if soup.title else ""
    first = next((heading.title for heading in flow.headings if heading.level == 1), "")
    return Document(text=flow.text, title=named or first, headings=flow.headings)


def _decode(path: Path, data: bytes) -> str:
    """UTF-8 when it is that, else what the page declares, else Windows-1252; without an XML declaration."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = plain.decode(path, data)
        except UnreadableDocument:
            declared = EncodingDetector.find_declared_encoding(data, is_html=True)
            if not declared or b"\0" in data:
                raise
            text = _decode_as(path, data, declared)
    # BeautifulSoup warns that a page with this declaration may be XML.
    return _DECLARATION.sub("", text)


def _decode_as(path: Path, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (LookupError, UnicodeDecodeError) as error:
        reason = f"De HTML-pagina is niet in de tekenset {encoding} die zij noemt; sla haar op in UTF-8."
        raise UnreadableDocument(path, reason) from error


def _written(soup: BeautifulSoup) -> Flow:
    """Walk the page without recursion, so that no nesting is too deep."""
    flow = Flow()
    todo: list[tuple[PageElement | _End, bool]] = [(child, False) for child in reversed(soup.contents)]
    while todo:
        node, preformatted = todo.pop()
        if isinstance(node, _End):
            if node.level:
                flow.close_heading(node.start, node.level)
            flow.separate(node.separator)
        elif isinstance(node, Tag):
            if not _is_dropped(node):
                _open(node, preformatted, flow, todo)
        elif type(node) in (NavigableString, CData):  # comments and declarations are subclasses
            _write(str(node), preformatted, flow)
    return flow


@dataclass(frozen=True, slots=True)
class _End:
    """The end of an element: a heading that began at `start` is closed, and what follows is separated."""

    separator: str
    level: int
    start: int


def _open(tag: Tag, preformatted: bool, flow: Flow, todo: list[tuple[PageElement | _End, bool]]) -> None:
    before, after = _separators(tag)
    flow.separate(before)
    heading = _HEADING.fullmatch(tag.name)
    todo.append((_End(after, int(heading[1]) if heading else 0, flow.open_heading()), False))
    inner = preformatted or tag.name == "pre"
    todo.extend((child, inner) for child in reversed(tag.contents))


def _separators(tag: Tag) -> tuple[str, str]:
    """What comes before and after an element."""
    parent = tag.parent.name if tag.parent else ""
    if _INLINE.fullmatch(tag.name):
        return "", ""
    if tag.name in _CELLS:
        return CELL, CELL
    if tag.name == "br":
        previous = tag.previous_sibling
        while type(previous) is NavigableString and not previous.strip():
            previous = previous.previous_sibling
        doubled = isinstance(previous, Tag) and previous.name == "br"
        return (BLOCK, BLOCK) if doubled else (LINE, LINE)
    if parent in _CELLS and tag.name in ("p", "div"):
        # Paragraphs in a cell stand below each other, but the cells of a row stay on its line.
        return (LINE if tag.find_previous_sibling(True) else " "), " "
    if tag.name in _LINES or parent in _LINES:
        return LINE, LINE
    return BLOCK, BLOCK


def _write(text: str, preformatted: bool, flow: Flow) -> None:
    text = text.translate(_INVISIBLE)
    if preformatted:
        flow.write(text)
        return
    words = text.split()
    if text[:1].isspace():
        flow.separate(" ")
    flow.write(" ".join(words))
    if words and text[-1:].isspace():
        flow.separate(" ")


def _is_dropped(tag: Tag) -> bool:
    name = tag.name
    if _DROPPED.fullmatch(name) or tag.get("role") in _ROLES or (name == "dialog" and not tag.has_attr("open")):
        return True
    if name in _FURNITURE and not tag.find_parent(("article", "main", "section")):
        return True
    hidden = tag.has_attr("hidden") or str(tag.get("aria-hidden", "")).lower() == "true"
    return hidden or bool(_HIDDEN.search(str(tag.get("style", ""))))
