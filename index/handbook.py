"""The handbook: Markdown chapters of which every section is one passage that names the essay places it rests on.

## Title of the section
<!-- bronnen: leren-van-doen 33880-35210; grenzeloos-verzameld 27100-27900 -->
<!-- ook: the title in other words; as somebody else would ask it -->

Text of the section, in our own words. The line with other wordings may be left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from index.errors import InvalidCorpus
from index.readers import read
from index.sources import sha256
from index.split import passage, sections
from index.types import Anchor, Author, Kind, Passage, Source

PREFIX = "handboek-"
AUTHOR = Author("Opgavewijzer")

_ANCHORS = re.compile(r"<!--\s*bronnen:\s*(?P<list>[^>]*?)\s*-->\s*")
_WORDINGS = re.compile(r"<!--\s*ook:\s*(?P<list>[^>]*?)\s*-->\s*")
_ANCHOR = re.compile(r"(?P<slug>[a-z0-9-]+) (?P<start>\d+)-(?P<end>\d+)")


def read_chapter(path: Path, year: int) -> Source:
    """Read one chapter as a source.

    Raises UnreadableDocument when the file is no text, InvalidCorpus when it has no title.
    """
    document = read(path)
    if not document.title:
        raise InvalidCorpus(f"{path.name}: zet bovenaan 'title: ...' tussen twee regels met ---.")
    return Source(
        slug=PREFIX + path.stem,
        kind=Kind.HANDBOOK,
        title=document.title,
        text=document.text,
        sha256=sha256(document.text),
        authors=(AUTHOR,),
        year=year,
        publisher="Opgavewijzer",
        licence="EUPL-1.2",
        headings=document.headings,
    )


def split_chapter(chapter: Source) -> list[Passage]:
    """The sections of a chapter, each one passage with its anchors as `origins`.

    Raises InvalidCorpus for a chapter without sections, and a section without text or with anchors that cannot be read.
    """
    found: list[Passage] = []
    for path, (begin, end) in sections(chapter):
        if len(path) < 2 or not chapter.text[begin:end].strip():
            continue
        mark = _ANCHORS.search(chapter.text, begin, end)
        if not mark:
            raise InvalidCorpus(
                f"{chapter.slug}, '{path[-1]}': er staat geen regel <!-- bronnen: ... --> onder de kop."
            )
        others = _WORDINGS.match(chapter.text, mark.end(), end)
        start = others.end() if others else mark.end()
        if chapter.text[begin : mark.start()].strip() or not chapter.text[start:end].strip():
            raise InvalidCorpus(
                f"{chapter.slug}, '{path[-1]}': zet de regel met bronnen direct onder de kop en de tekst eronder."
            )
        stop = start + len(chapter.text[start:end].rstrip())
        found.append(
            replace(
                passage(chapter, start, stop, path),
                origins=_origins(mark["list"], chapter.slug, path[-1]),
                wordings=tuple(_items(others["list"])) if others else (),
            )
        )
    if not found:
        raise InvalidCorpus(f"{chapter.slug}: er staat geen sectie in; begin elke sectie met een kop '## ...'.")
    return found


def _origins(listed: str, chapter: str, title: str) -> tuple[Anchor, ...]:
    anchors: list[Anchor] = []
    for item in _items(listed):
        match = _ANCHOR.fullmatch(item)
        if not match or int(match["start"]) >= int(match["end"]):
            raise InvalidCorpus(
                f"{chapter}, '{title}': '{item}' is geen plaats; schrijf bijvoorbeeld 'leren-van-doen 10-250'."
            )
        anchors.append(Anchor(match["slug"], int(match["start"]), int(match["end"])))
    return tuple(anchors)


def _items(listed: str) -> Iterator[str]:
    return filter(None, (part.strip() for part in listed.split(";")))
