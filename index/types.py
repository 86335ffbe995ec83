"""The nouns of the library: documents as read, sources, passages and hits."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """Where a source comes from, by its name on the command line."""

    ESSAY = "essay"
    HANDBOOK = "handbook"
    OWN = "own"


@dataclass(frozen=True, slots=True, order=True)
class Anchor:
    """A stretch of a source: characters `start` up to `end` (exclusive) of its text."""

    source: str
    start: int
    end: int

    @property
    def length(self) -> int:
        """Number of characters."""
        return self.end - self.start

    def overlap(self, other: Anchor) -> int:
        """Number of characters that two anchors share."""
        if self.source != other.source:
            return 0
        return max(0, min(self.end, other.end) - max(self.start, other.start))


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in a document: it occupies `text[start:end]`; level 1 is the highest."""

    start: int
    end: int
    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read: its text, and the marks in it that are not text.

    `pages[i]` is the offset at which page `i + 1` begins; empty for files without pages.
    """

    text: str
    title: str = ""
    headings: tuple[Heading, ...] = ()
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Author:
    """A person (`family` and `given`) or an organisation (`family` alone)."""

    family: str
    given: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A publication, handbook chapter or own document: what is known about it, and its whole text."""

    slug: str
    kind: Kind
    title: str
    text: str
    sha256: str
    authors: tuple[Author, ...] = ()
    year: int | None = None
    publisher: str = ""
    subtitle: str = ""
    licence: str = ""
    headings: tuple[Heading, ...] = ()
    pages: tuple[int, ...] = ()

    def page_at(self, offset: int) -> int | None:
        """The number of the page on which a character stands, or None for a source without pages."""
        return bisect_right(self.pages, offset) or 1 if self.pages else None


@dataclass(frozen=True, slots=True)
class Passage:
    """A verbatim piece of one source: `source.text[start:end] == text`.

    `headings` is the path of headings above it; `origins` are the essay places on which a handbook section rests, and
    `wordings` the other ways in which people ask what it answers.
    """

    id: str
    source: str
    kind: Kind
    start: int
    end: int
    text: str
    headings: tuple[str, ...] = ()
    page: int | None = None
    origins: tuple[Anchor, ...] = ()
    wordings: tuple[str, ...] = ()

    @property
    def anchor(self) -> Anchor:
        """The stretch that the passage occupies."""
        return Anchor(self.source, self.start, self.end)

    @property
    def heading(self) -> str:
        """The nearest heading, or an empty string."""
        return self.headings[-1] if self.headings else ""

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions that it says to answer: its heading, where that asks one, and the other wordings."""
        return (self.heading, *self.wordings) if self.heading.endswith("?") else self.wordings


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found: its fused score, and its rank (from 1) in each leg that found it."""

    passage: Passage
    score: float
    ranks: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Signs that the library answers a question, each from 0 (none) to 1 (all), apart from the last two.

    `term_coverage` and `gram_coverage` are the shares of the question's stems and character runs, weighted by how
    rare they are, that occur in the best hits; `known_terms` the share that occurs in the library at all.
    `specificity` says how much more its words belong here than to everyday Dutch (log ratio, -2 to 6), on average and
    for its two least specific words.
    """

    term_coverage: float
    gram_coverage: float
    known_terms: float
    bank_similarity: float
    passage_similarity: float
    specificity: float
    least_specific: float
