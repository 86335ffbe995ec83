"""The nouns of the assistant: question, turn, excerpt, advice, citation and answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from assistant.shape import Shape
from index.sources import Publication
from index.types import Anchor, Kind, Passage, Source
from prompts import Perspective, Recommendation, Role, Step


class Status(StrEnum):
    """How far the library answers a question, as programs see it."""

    ANSWERED = "beantwoord"
    PERHAPS = "misschien"
    REFUSED = "geweigerd"


class Mode(StrEnum):
    """Who wrote the prose."""

    QUOTES = "citaten"
    MODEL = "taalmodel"


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks: the words, and what they chose beside them."""

    text: str
    role: Role | None = None
    kinds: tuple[Kind, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier question of a conversation: as typed, made standalone, its subject, and the role of who asks."""

    question: str
    standalone: str
    topic: str
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of a passage that an answer may use, under the number that the answerer writes as `[number]`."""

    number: int
    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        """The verbatim words."""
        return self.passage.text[self.start - self.passage.start : self.end - self.passage.start]


@dataclass(frozen=True, slots=True)
class Origin:
    """An essay place that a handbook section rests on, and what the register says of the essay."""

    anchor: Anchor
    publication: Publication
    imported: bool


@dataclass(frozen=True, slots=True)
class Citation:
    """A reference that was checked: `source.text[start:end] == text`."""

    number: int
    source: Source = field(repr=False)
    passage: Passage = field(repr=False)
    start: int
    end: int
    text: str
    origins: tuple[Origin, ...] = field(default=(), repr=False)

    @property
    def id(self) -> str:
        """Where it stands, as `slug:start-end`; the same after every rebuild of the same texts."""
        return f"{self.source.slug}:{self.start}-{self.end}"


class Presence(StrEnum):
    """Whether words that somebody quotes stand in the library, as programs see it."""

    LITERAL = "letterlijk"
    NEAR = "bijna"
    ABSENT = "niet"


@dataclass(frozen=True, slots=True)
class Difference:
    """Words of a quotation and the words that the source has in their place; one of the two may be empty."""

    given: str
    source: str


@dataclass(frozen=True, slots=True)
class Match:
    """A place whose words are those of a quotation, or nearly so: `likeness` is 1 when only case or accents differ."""

    citation: Citation
    likeness: float
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Lookup:
    """What looking up a quotation gives: the places, best first, all literal or all near."""

    presence: Presence
    matches: tuple[Match, ...] = ()


Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Scored(Generic[Item]):
    """A practice model with a score from 0 to 1."""

    item: Item
    score: float


@dataclass(frozen=True, slots=True)
class Advice:
    """What the practice models say of a question: each list best first, the role if one was given or recognised."""

    steps: tuple[Scored[Step], ...] = ()
    perspectives: tuple[Scored[Perspective], ...] = ()
    recommendations: tuple[Scored[Recommendation], ...] = ()
    role: Role | None = None
    asks_perspective: bool = False
    tells_situation: bool = False


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything that an answerer may use for one question; it decides the wording and nothing else.

    `short` answers and `body` goes on, `sides` are what else is compared, `more` is what other sections add.
    """

    question: str
    status: Status
    shape: Shape = Shape.FACT
    short: tuple[Excerpt, ...] = ()
    sides: tuple[Excerpt, ...] = ()
    body: tuple[Excerpt, ...] = ()
    more: tuple[Excerpt, ...] = ()
    quotes: tuple[Excerpt, ...] = ()
    nearest: tuple[Excerpt, ...] = ()
    step: Excerpt | None = None
    recommendation: Excerpt | None = None
    counterweight: Excerpt | None = None
    advice: Advice = field(default_factory=Advice)
    missing: str = ""

    @property
    def excerpts(self) -> tuple[Excerpt, ...]:
        """All excerpts, by number."""
        single = tuple(each for each in (self.counterweight, self.step, self.recommendation) if each)
        several = (*self.short, *self.sides, *self.body, *self.more, *self.quotes, *self.nearest)
        return tuple(sorted({*several, *single}, key=lambda excerpt: excerpt.number))


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of an answer's text, as it comes."""

    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer: Markdown with `[n]` for citation n, and the turn to remember for the next question."""

    turn: Turn
    status: Status
    mode: Mode
    text: str
    citations: tuple[Citation, ...] = ()
    advice: Advice = field(default_factory=Advice)
    follow_ups: tuple[str, ...] = ()

    @property
    def question(self) -> str:
        """The question as typed."""
        return self.turn.question
