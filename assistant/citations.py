"""Citations: every one is checked against its source, numbered in order of use, and given a reference and address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from assistant.types import Citation, Excerpt
from index.types import Author, Kind, Passage, Source

MARKER = re.compile(r"\s?(?<!\\)\[(\d{1,3})\]")
_SEVERAL = 3


def checks(excerpt: Excerpt, sources: Mapping[str, Source]) -> bool:
    """Whether the excerpt stands letter for letter in its source, where it says that it stands."""
    source = sources.get(excerpt.passage.source)
    inside = excerpt.passage.start <= excerpt.start < excerpt.end <= excerpt.passage.end
    return source is not None and inside and source.text[excerpt.start : excerpt.end] == excerpt.text


def resolve(
    text: str, excerpts: Iterable[Excerpt], sources: Mapping[str, Source]
) -> tuple[str, tuple[Citation, ...]]:
    """Number the markers of a text from 1 in order of first use, and give the citations that they stand for.

    A marker without an excerpt, or with one that does not check, is taken out of the text.
    """
    by_number = {excerpt.number: excerpt for excerpt in excerpts if checks(excerpt, sources)}
    used: dict[int, Citation] = {}

    def renumber(marker: re.Match[str]) -> str:
        excerpt = by_number.get(int(marker[1]))
        if excerpt is None:
            return ""
        if excerpt.number not in used:
            used[excerpt.number] = _citation(len(used) + 1, excerpt, sources[excerpt.passage.source])
        return f"{marker[0][: marker[0].index('[')]}[{used[excerpt.number].number}]"

    return MARKER.sub(renumber, text), tuple(used.values())


def reference(source: Source, passage: Passage | None = None) -> str:
    """A reference to read, in plain text: authors, year, title, and the section or page."""
    year = f"({source.year})" if source.year else "(z.d.)"
    title = source.title if source.kind is not Kind.HANDBOOK else f"Handboek: {source.title}"
    told = f"{names(source.authors)} {year}, {title}" if source.authors else f"{title} {year}"
    if passage is None:
        return told
    place = ", ".join(filter(None, (passage.page and f"p. {passage.page}", passage.heading and f"‘{passage.heading}’")))
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


def _citation(number: int, excerpt: Excerpt, source: Source) -> Citation:
    return Citation(number, source, excerpt.passage, excerpt.start, excerpt.end, excerpt.text)
