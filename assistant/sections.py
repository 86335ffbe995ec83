"""The parts of a handbook section: what answers first, what goes on, its example, and where to read on. All pure.

A section of the practice guide may have paragraphs that begin with `**Voorbeeld.**`, `**Niet in de bronnen.**` and
`**Lees verder:**`; any other section is its first sentences and the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.types import Excerpt
from index import dutch
from index.types import Passage

LEAD_WORDS, LIST_WORDS = 45, 170

_BLOCK = re.compile(r"\S.*?(?=\n[ \t]*\n|\n[ \t]*(?:[-*•|]|\d{1,2}[.)])\s?|\Z)", re.S)
_ITEM = re.compile(r"(?:[-*•|]|\d{1,2}[.)])\s?")
_EXAMPLE = re.compile(r"^\*\*Voorbeeld\.\*\*.*?(?=\n[ \t]*\n|\Z)", re.S | re.M)
_FURTHER = re.compile(r"^\*\*Lees verder:\*\*.*", re.S | re.M)
_TITLE = re.compile(r"\*([^*]+)\*")


def lead(passage: Passage) -> Excerpt:
    """The first sentences of a section, with the whole list or table that they announce.

    A long list is left out with its announcement where another sentence stands before it.
    """
    text = passage.text
    blocks = [(block.start(), block.end()) for block in _BLOCK.finditer(text)]
    start, stop = blocks[0]
    ends = [start + until for _, until in dutch.sentences(text[start:stop])]
    end = max((at for at in ends if len(text[start:at].split()) <= LEAD_WORDS), default=ends[0])
    if end == stop and _announces(text[start:stop]):
        listed = list(_listed(text, blocks[1:]))
        if listed and (len(text[: listed[-1]].split()) <= LIST_WORDS):
            end = listed[-1]
        elif len(ends) > 1:
            end = ends[-2]
        elif listed:
            end = listed[-1]
    return _excerpt(passage, 0, end)


def rest(passage: Passage, *, example_first: bool = False) -> tuple[Excerpt, ...]:
    """What a section says after its lead, up to where it says what to read next; its example first when asked."""
    after = lead(passage).end - passage.start
    end = further.start() if (further := _FURTHER.search(passage.text)) else len(passage.text)
    told = _EXAMPLE.search(passage.text, after, end)
    if not example_first or told is None:
        return tuple(_pieces(passage, [(after, end)]))
    return tuple(_pieces(passage, [told.span(), (after, told.start()), (told.end(), end)]))


def example(passage: Passage) -> Excerpt | None:
    """The paragraph with the section's example, or None."""
    told = _EXAMPLE.search(passage.text)
    return _excerpt(passage, *told.span()) if told else None


def read_on(passage: Passage) -> tuple[str, ...]:
    """The titles of the sections that it names to read next."""
    told = _FURTHER.search(passage.text)
    return tuple(_TITLE.findall(told[0].partition(":**")[2])) if told else ()


def _pieces(passage: Passage, spans: Sequence[dutch.Span]) -> Iterator[Excerpt]:
    """The spans without the white space around them, apart from those that hold nothing else."""
    for start, end in spans:
        piece = passage.text[start:end]
        if piece.strip():
            yield _excerpt(passage, start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()))


def _excerpt(passage: Passage, start: int, end: int) -> Excerpt:
    return Excerpt(0, passage, passage.start + start, passage.start + end)


def _announces(text: str) -> bool:
    return text.rstrip(" *_").endswith(":")


def _listed(text: str, blocks: Sequence[dutch.Span]) -> Iterator[int]:
    """Where each item ends of the list or table that these blocks begin with."""
    for start, stop in blocks:
        if not _ITEM.match(text, start):
            return
        yield stop
