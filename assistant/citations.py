"""Citations: each checked against its source, numbered in order of use, given a reference and address, or looked up."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Protocol

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from assistant.conversation import clean
from assistant.errors import InvalidQuestion
from assistant.types import Citation, Difference, Excerpt, Lookup, Match, Origin, Presence
from index import dutch
from index.search import Found
from index.sources import Publication
from index.split import passage as passage_at
from index.types import Author, Kind, Passage, Source

MARKER = re.compile(r"\s?(?<!\\)\[(\d{1,3})\]")
_SEVERAL = 3

FEWEST_WORDS = 3
LEAST_ALIKE = 0.8
"""A quotation of which less than this share of the letters stands there in order is another text."""
ROUGHLY_ALIKE = 0.6
CANDIDATES, MOST_PLACES = 20, 5

_EDGE = 25
_WORD = re.compile(r"[^\W_]+(?:[-\u00ad]\s*\n\s*[^\W_]+)*")
_CLOSING = frozenset(".!?…")
_BROKEN = re.compile(r"(?<=[a-zà-ÿ])- (?=[a-zà-ÿ])(?!(?:en|of|tot|noch|als)\b)")
_TYPOGRAPHY = re.compile(r"[\u00ad\u2010\u2011\"'“”‘’„‚«»`´-]")
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
        if len(dutch.words(given)) < FEWEST_WORDS:
            raise InvalidQuestion(f"Uw citaat is te kort om op te zoeken; geef minstens {FEWEST_WORDS} woorden.")
        exact = [
            self._match(given, slug, *place)
            for slug, letters in self._letters.items()
            for place in letters.find(given)
            if _whole_words(self._library.sources[slug].text, *place)
        ]
        if literal := [match for match in exact if not match.differences]:
            return _lookup(Presence.LITERAL, literal)
        near = exact or list(self._near(given))
        return _lookup(Presence.NEAR, near) if near else Lookup(Presence.ABSENT)

    @cached_property
    def _letters(self) -> Mapping[str, _Letters]:
        return {slug: _Letters.of(source.text) for slug, source in self._library.sources.items()}

    @cached_property
    def _passages(self) -> Mapping[str, Sequence[Passage]]:
        passages: dict[str, list[Passage]] = defaultdict(list)
        for passage in self._library.passages:
            passages[passage.source].append(passage)
        return passages

    def _near(self, given: str) -> Iterator[Match]:
        """The places in and around the passages found for these words that are enough like them."""
        seen: set[tuple[str, int, int]] = set()
        for hit in self._library.search(given, limit=CANDIDATES).hits:
            slug, text = hit.passage.source, self._library.sources[hit.passage.source].text
            around = hit.passage.start - len(given), hit.passage.end + len(given)
            rough = self._letters[slug].nearest(given, *around)
            if rough is None:
                continue
            place = _in_words(given, text, *rough)
            match = self._match(given, slug, *place)
            if (slug, *place) not in seen and match.likeness >= LEAST_ALIKE:
                yield match
            seen.add((slug, *place))

    def _match(self, given: str, slug: str, start: int, end: int) -> Match:
        text = self._library.sources[slug].text
        if given[-1] in _CLOSING and text[end : end + 1] == given[-1]:
            end += 1
        citation = _citation(1, self._passage(slug, start, end), start, end, self._library)
        likeness = Indel.normalized_similarity(_Letters.of(given).letters, _Letters.of(citation.text).letters)
        return Match(citation, round(likeness, 4), _differences(given, citation.text))

    def _passage(self, slug: str, start: int, end: int) -> Passage:
        """The passage in which a place begins; for words that stand in none, such as a heading, the place itself."""
        passages = self._passages.get(slug, ())
        at = bisect_right([passage.start for passage in passages], start) - 1
        if at >= 0 and start < passages[at].end:
            return passages[at]
        return passage_at(self._library.sources[slug], start, end, passages[at].headings if at >= 0 else ())


@dataclass(frozen=True, slots=True)
class _Letters:
    """The letters and digits of a text, folded, and the offset in the text at which each stands."""

    letters: str
    offsets: Sequence[int]

    @classmethod
    def of(cls, text: str) -> _Letters:
        folded = [_folded(character) for character in text]
        return cls("".join(folded), array("l", (at for at, letters in enumerate(folded) for _ in letters)))

    def find(self, given: str) -> Iterator[tuple[int, int]]:
        """The places, as offsets in the text, that have all letters of what is given in a row."""
        wanted = _Letters.of(given).letters
        at = self.letters.find(wanted)
        while at >= 0:
            yield self.offsets[at], self.offsets[at + len(wanted) - 1] + 1
            at = self.letters.find(wanted, at + len(wanted))

    def nearest(self, given: str, start: int, end: int) -> tuple[int, int] | None:
        """The place between two offsets of the text that is most like what is given, unless nothing is like it."""
        first, last = bisect_left(self.offsets, start), bisect_left(self.offsets, end)
        wanted = _Letters.of(given).letters
        found = fuzz.partial_ratio_alignment(wanted, self.letters[first:last], score_cutoff=100 * ROUGHLY_ALIKE)
        if found is None or found.dest_end <= found.dest_start:
            return None
        return self.offsets[first + found.dest_start], self.offsets[first + found.dest_end - 1] + 1


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    """The letters and digits that a character stands for: none, one, or several for a ligature.

    A euro sign counts as the é for which text recognition mistakes it.
    """
    if character == "€":
        return "e"
    return "".join(letter for letter in dutch.fold(dutch.search_text(character)) if letter.isalnum())


def _lookup(presence: Presence, matches: Iterable[Match]) -> Lookup:
    ordered = sorted(matches, key=lambda match: (-match.likeness, _ORDER[match.citation.source.kind]))
    numbered = (replace(each, citation=replace(each.citation, number=at)) for at, each in enumerate(ordered, start=1))
    return Lookup(presence, tuple(numbered)[:MOST_PLACES])


def _whole_words(text: str, start: int, end: int) -> bool:
    return not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum()


def _in_words(given: str, text: str, start: int, end: int) -> tuple[int, int]:
    """A rough place in whole words, begun and ended at the words near its ends that make it most like what is given."""
    words = list(_WORD.finditer(text, max(0, start - _EDGE), min(len(text), end + _EDGE)))
    wanted = _Letters.of(given).letters
    begins = [word.start() for word in words if abs(word.start() - start) <= _EDGE]
    ends = [word.end() for word in words if abs(word.end() - end) <= _EDGE]
    places = [(begin, stop) for begin in begins for stop in ends if begin < stop] or [(start, end)]
    return max(places, key=lambda place: Indel.normalized_similarity(wanted, _Letters.of(text[slice(*place)]).letters))


def _differences(given: str, source: str) -> tuple[Difference, ...]:
    """Word by word, what was given where the source has something else; nothing when the wording is the same."""
    ours, printed = _inner(given), _inner(dutch.shown_text(source))
    if _wordings(ours) in (_wordings(printed), _wordings(_inner(dutch.search_text(source)))):
        return ()
    found: list[Difference] = []
    steps = Indel.opcodes(_wordings(ours), _wordings(printed))
    for differs, group in groupby(steps, key=lambda step: step.tag != "equal"):
        if differs:
            changed = list(group)
            found.append(
                Difference(
                    " ".join(ours[changed[0].src_start : changed[-1].src_end]),
                    " ".join(printed[changed[0].dest_start : changed[-1].dest_end]),
                )
            )
    return tuple(found)


def _inner(text: str) -> list[str]:
    """The words of a text with the punctuation between them, none before the first and after the last."""
    text = _BROKEN.sub("", text)
    words = list(_WORD.finditer(text))
    return text[words[0].start() : words[-1].end()].split() if words else []


def _wordings(words: Iterable[str]) -> list[str]:
    return [_TYPOGRAPHY.sub("", dutch.search_text(word)) for word in words]


def _citation(number: int, passage: Passage, start: int, end: int, register: Register) -> Citation:
    origins = tuple(
        Origin(anchor, register.publications[anchor.source], anchor.source in register.sources)
        for anchor in passage.origins
        if anchor.source in register.publications
    )
    source = register.sources[passage.source]
    return Citation(number, source, passage, start, end, source.text[start:end], origins)
