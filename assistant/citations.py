"""Citations: every one is checked against its source, numbered in order of use, and given a reference and address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Protocol

from assistant.types import Citation, Excerpt, Origin
from index.sources import Publication
from index.types import Author, Kind, Passage, Source

MARKER = re.compile(r"\s?(?<!\\)\[(\d{1,3})\]")
_SEVERAL = 3


def checks(excerpt: Excerpt, sources: Mapping[str, Source]) -> bool:
    """Whether the excerpt stands letter for letter in its source, where it says that it stands."""
    source = sources.get(excerpt.passage.source)
    inside = excerpt.passage.start <= excerpt.start < excerpt.end <= excerpt.passage.end
    return source is not None and inside and source.text[excerpt.start : excerpt.end] == excerpt.text


class Register(Protocol):
    """What citing needs of an index: the texts, and what is known of publications that were not imported."""

    sources: Mapping[str, Source]
    publications: Mapping[str, Publication]


def resolve(text: str, excerpts: Iterable[Excerpt], register: Register) -> tuple[str, tuple[Citation, ...]]:
    """Number the markers of a text from 1 in order of first use, and give the citations that they stand for.

    A marker without an excerpt, or with one that does not check, is taken out of the text.
    """
    by_number = {excerpt.number: excerpt for excerpt in excerpts if checks(excerpt, register.sources)}
    used: dict[int, Citation] = {}

    def known(marker: re.Match[str]) -> str:
        return marker[0] if int(marker[1]) in by_number else ""

    def renumber(marker: re.Match[str]) -> str:
        excerpt = by_number[int(marker[1])]
        if excerpt.number not in used:
            used[excerpt.number] = _citation(len(used) + 1, excerpt, register)
        return f"{marker[0][: marker[0].index('[')]}[{used[excerpt.number].number}]"

    while (cleaned := MARKER.sub(known, text)) != text:
        text = cleaned  # what is left around a marker that was taken out can itself be one
    return MARKER.sub(renumber, text), tuple(used.values())


def reference(source: Source | Publication, passage: Passage | None = None) -> str:
    """A reference to read, in plain text: authors, year, title, and the section or page."""
    year = f"({source.year})" if source.year else "(z.d.)"
    is_handbook = isinstance(source, Source) and source.kind is Kind.HANDBOOK
    title = f"Handboek: {source.title}" if is_handbook else source.title
    told = f"{names(source.authors)} {year}, {title}" if source.authors else f"{title} {year}"
    if passage is None:
        return told
    page = f"p. {passage.page}" if passage.page else ""
    heading = f"‘{passage.heading}’" if passage.heading else ""
    place = ", ".join(filter(None, (page, heading)))
    return f"{told}, {place}" if place else told


def names(authors: Iterable[Author]) -> str:
    """Author names as they stand in a sentence: one, two with &, more than three as "e.a."."""
    families = [author.family for author in authors]
    if len(families) > _SEVERAL:
        return f"{families[0]} e.a."
    return " & ".join(filter(None, (", ".join(families[:-1]), families[-1]))) if families else ""


def address(slug: str, start: int, end: int) -> str:
    """Where the page shows these words in their source; the same after every rebuild of the same texts."""
    return f"/bronnen/{slug}?begin={start}&eind={end}#citaat"


def _citation(number: int, excerpt: Excerpt, register: Register) -> Citation:
    passage = excerpt.passage
    origins = tuple(
        Origin(anchor, register.publications[anchor.source], anchor.source in register.sources)
        for anchor in passage.origins
        if anchor.source in register.publications
    )
    source = register.sources[passage.source]
    return Citation(number, source, passage, excerpt.start, excerpt.end, excerpt.text, origins)
