"""Markdown: the text as it stands in the file, with the headings that a parser sees in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.readers import plain
from index.types import Document, Heading

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)??(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_TITLE = re.compile(r"^title:[ \t]*(.*?)[ \t]*$", re.M)


def read(path: Path, data: bytes) -> Document:
    """Front matter stays in the text; its title, or else the first level-1 heading, is the title."""
    text = plain.decode(path, data)
    front = _FRONT_MATTER.match(text)
    found = tuple(_headings(text, front.end() if front else 0))
    heading = next((heading.title for heading in found if heading.level == 1), "")
    return Document(text=text, title=(_front_title(front[0]) if front else "") or heading, headings=found)


def plain_text(inline: Sequence[Token]) -> str:
    """The words of inline Markdown without its markup, on one line."""
    pieces = []
    for token in inline:
        if token.type in ("softbreak", "hardbreak"):
            pieces.append(" ")
        elif token.type == "image":
            pieces.append(plain_text(token.children or []))
        elif token.type != "html_inline":
            pieces.append(token.content)
    return " ".join("".join(pieces).split())


def plain_line(line: str) -> str:
    """The words of one line of Markdown without its markup."""
    tokens = MarkdownIt("commonmark").parseInline(line)
    return plain_text(tokens[0].children or []) if tokens else ""


def _front_title(front: str) -> str:
    """The title as written after the first colon: titles may hold colons, which strict YAML refuses."""
    found = _TITLE.search(front)
    value = found[1] if found else ""
    quoted = len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1].strip() if quoted else value


def _headings(text: str, body: int) -> Iterator[Heading]:
    # Front matter becomes blank lines: its closing --- would make a heading of the line above.
    source = "\n" * text.count("\n", 0, body) + text[body:]
    lines = text.split("\n")
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    tokens = MarkdownIt("commonmark").enable("table").parse(source)
    for opening, inline in pairwise(tokens):
        if opening.type != "heading_open" or opening.level or opening.map is None:
            continue
        title = plain_text(inline.children or [])
        first, last = opening.map[0], opening.map[1] - 1
        while last > first and not lines[last].strip():
            last -= 1
        start = starts[first] + len(lines[first]) - len(lines[first].lstrip())
        end = starts[last] + len(lines[last].rstrip())
        if title:
            yield Heading(start, end, int(opening.tag[1:]), title)
