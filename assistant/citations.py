"""Citations: each checked against its source, numbered in order of use, given a reference and address, or looked up."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Protocol
from unicodedata import combining

from assistant import wording
from assistant.conversation import clean
from assistant.errors import InvalidQuestion
from assistant.types import Citation, Difference, Excerpt, Lookup, Match, Origin, Presence
from assistant.wording import CLOSING, Letters
from index.search import Found
from index.sources import Publication
from index.split import passage as passage_at
from index.types import Anchor, Author, Kind, Passage, Source

MARKER = re.compile(r"\s?(?<!\\)\[(\d{1,3})\]")
_SEVERAL = 3

FEWEST_WORDS, FEWEST_NEAR = 3, 5
"""A quotation of fewer words is refused, or only found letter for letter."""
LEAST_ALIKE = 0.8
"""Chosen on quotations made from the essays: of lightly edited ones 98 % are more alike, of made-up ones 3 %."""
CANDIDATES, MOST_PLACES = 20, 5

_ORDER = {Kind.ESSAY: 0, Kind.OWN: 1, Kind.HANDBOOK: 2}


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
            used[excerpt.number] = _citation(len(used) + 1, excerpt.passage, excerpt.start, excerpt.end, register)
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


class Library(Register, Protocol):
    """What looking up needs of an index: the register, its passages, and a search for near wordings."""

    passages: tuple[Passage, ...]

    def search(self, question: str, *, limit: int) -> Found:
        """The passages nearest to some words."""
        ...


class QuoteFinder:
    """Tells which source holds a quotation, letter for letter or nearly, and where."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def find(self, text: str) -> Lookup:
        """Look a quotation up in all sources.

        White space, hyphens, quotation marks and what stands before the first and after the last word are no part of
        the wording; capitals, accents and punctuation between the words are. Raises InvalidQuestion for a text of
        fewer than three words, or one that is too long.
        """
        given = clean(text, "citaat")
        count = wording.count(given)
        if count < FEWEST_WORDS:
            raise InvalidQuestion(f"Uw citaat is te kort om op te zoeken; geef minstens {FEWEST_WORDS} woorden.")
        exact = [
            self._match(given, slug, *place)
            for slug, letters in self._letters.items()
            for place in letters.find(given)
            if wording.are_whole(self._library.sources[slug].text, *place)
        ]
        if literal := [match for match in exact if not match.differences]:
            return _lookup(Presence.LITERAL, literal)
        near = exact or (list(self._near(given)) if count >= FEWEST_NEAR else [])
        return _lookup(Presence.NEAR, near) if near else Lookup(Presence.ABSENT)

    @cached_property
    def _letters(self) -> Mapping[str, Letters]:
        return {slug: Letters.of(source.text) for slug, source in self._library.sources.items()}

    @cached_property
    def _passages(self) -> Mapping[str, Sequence[Passage]]:
        passages: dict[str, list[Passage]] = defaultdict(list)
        for passage in self._library.passages:
            passages[passage.source].append(passage)
        return passages

    def _near(self, given: str) -> Iterator[Match]:
        """The places in and around the passages found for these words that are enough like them, each once."""
        seen: list[Anchor] = []
        for hit in self._library.search(given, limit=CANDIDATES).hits:
            slug = hit.passage.source
            around = hit.passage.start - len(given), hit.passage.end + len(given)
            place = wording.nearest(given, self._library.sources[slug].text, self._letters[slug], *around)
            if place is None or any(Anchor(slug, *place).overlap(other) for other in seen):
                continue
            match = self._match(given, slug, *place)
            if match.likeness >= LEAST_ALIKE:
                seen.append(Anchor(slug, *place))
                yield match

    def _match(self, given: str, slug: str, start: int, end: int) -> Match:
        text = self._library.sources[slug].text
        while end < len(text) and combining(text[end]):
            end += 1
        if given[-1] in CLOSING and text[end : end + 1] == given[-1]:
            end += 1
        citation = _citation(1, self._passage(slug, start, end), start, end, self._library)
        likeness = round(wording.likeness(given, citation.text), 4)
        return Match(citation, likeness, tuple(Difference(*each) for each in wording.differences(given, citation.text)))

    def _passage(self, slug: str, start: int, end: int) -> Passage:
        """The passage in which a place begins; for words that stand in none, such as a heading, the place itself."""
        passages = self._passages.get(slug, ())
        at = bisect_right([passage.start for passage in passages], start) - 1
        if at >= 0 and start < passages[at].end:
            return passages[at]
        return passage_at(self._library.sources[slug], start, end, passages[at].headings if at >= 0 else ())


def _lookup(presence: Presence, matches: Iterable[Match]) -> Lookup:
    ordered = sorted(matches, key=lambda match: (-match.likeness, _ORDER[match.citation.source.kind]))
    numbered = (replace(each, citation=replace(each.citation, number=at)) for at, each in enumerate(ordered, start=1))
    return Lookup(presence, tuple(numbered)[:MOST_PLACES])


def _citation(number: int, passage: Passage, start: int, end: int, register: Register) -> Citation:
    origins = tuple(
        Origin(anchor, register.publications[anchor.source], anchor.source in register.sources)
        for anchor in passage.origins
        if anchor.source in register.publications
    )
    source = register.sources[passage.source]
    return Citation(number, source, passage, start, end, source.text[start:end], origins)
