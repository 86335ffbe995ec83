"""The evaluation questions: a schema per suite, read from `train/` and `dev/` and checked line by line.

`train/` is for choosing and calibrating, `dev/` for reporting only; different people wrote the two. Gold places are
anchors in the essays, never text. A question's id comes from its content, so that two runs pair the same questions and
a question that was changed counts as another one.
"""

from __future__ import annotations

from enum import StrEnum
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.shape import Shape
from assistant.types import Status
from evals.errors import EmptySet, InvalidData
from index.types import Anchor
from prompts import Role

HERE = Path(__file__).resolve().parent


class Suite(StrEnum):
    """What is measured, by the name of its question set."""

    RETRIEVAL = "retrieval"
    BLIND = "blind"
    REFUSAL = "refusal"
    PERSPECTIVES = "perspectives"
    STEPS = "steps"
    RECOMMENDATIONS = "recommendations"
    DIALOGS = "dialogs"
    ABUSE = "abuse"
    QUOTES = "quotes"


class Split(StrEnum):
    """The two halves of every question set."""

    TRAIN = "train"
    DEV = "dev"


Phase = Literal["voor", "start", "vast", "onderweg", "storm", "einde"]
"""Before the start, starting, stuck, under way, in a political storm, ending."""
Text = Annotated[str, Field(min_length=1)]


class Schema(BaseModel):
    """All schemas: frozen, unknown fields refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(Schema):
    """A stretch of an essay: characters `start` up to `end`."""

    source: Text
    start: int = Field(ge=0)
    end: int

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start >= self.end:
            raise ValueError("start must lie before end")
        return self

    @property
    def anchor(self) -> Anchor:
        """The place as the library knows it."""
        return Anchor(self.source, self.start, self.end)


class Item(Schema):
    """One thing that is asked."""

    @property
    def id(self) -> str:
        """The same for the same content, whatever its place in the file."""
        return blake2b(self.model_dump_json().encode(), digest_size=6).hexdigest()

    @property
    def asked(self) -> str:
        """The words, to show."""
        raise NotImplementedError


class RetrievalItem(Item):
    """A question, the places that answer it, and facts that a good answer states (alternative wordings of each)."""

    question: Text
    style: Literal["plain", "other_words", "keywords", "typos", "english"]
    gold: tuple[Place, ...] = Field(min_length=1, max_length=3)
    facts: tuple[Annotated[tuple[Text, ...], Field(min_length=1)], ...] = Field(min_length=1)

    @property
    def asked(self) -> str:
        """The question."""
        return self.question


class RoleItem(Item):
    """A question by somebody in a role who had read nothing.

    `shape` is the form of answer that it wants and `also` another that would do.
    """

    question: Text
    role: Text
    phase: Phase
    shape: Shape
    also: Shape | None = None

    @property
    def asked(self) -> str:
        """The question."""
        return self.question


class BlindItem(RoleItem):
    """Such a question, judged afterwards by a reader of all essays.

    `gold` are up to five places that help, in any order; there are none where the library does not answer it
    (`answerable` is "no").
    """

    answerable: Literal["yes", "partly", "no"]
    gold: tuple[Place, ...] = Field(max_length=5)

    @model_validator(mode="after")
    def _has_gold_when_answerable(self) -> Self:
        if bool(self.gold) == (self.answerable == "no"):
            raise ValueError("gold places belong to a question that can be answered, and to no other")
        return self


class RefusalItem(Item):
    """A question inside the library (`in`), or one that it does not answer and why.

    `near` and `far` are out-of-database; with the five kinds after them the six of UAEval4RAG (Peng et al., 2024).
    `absent` borrows the library's words and asks for an amount, date, name or place that is not there.
    """

    question: Text
    kind: Literal[
        "in", "near", "far", "underspecified", "false_presupposition", "nonsensical", "modality", "safety", "absent"
    ]

    @property
    def asked(self) -> str:
        """The question."""
        return self.question


class PerspectiveItem(Item):
    """A situation, the steering perspective that fits it best, and second choices that a fair judge accepts."""

    situation: Text
    perspective: Literal["rechtmatig", "presterend", "netwerkend", "participerend"]
    also: tuple[str, ...] = ()

    @property
    def asked(self) -> str:
        """The situation."""
        return self.situation


class StepItem(Item):
    """A question, and the step of the five to which it belongs."""

    question: Text
    step: int = Field(ge=1, le=5)
    also: tuple[int, ...] = ()

    @property
    def asked(self) -> str:
        """The question."""
        return self.question


class RecommendationItem(Item):
    """A question, the recommendation of the ten that helps most, and the role that its words tell, if they do."""

    question: Text
    recommendation: int = Field(ge=1, le=10)
    also: tuple[int, ...] = ()
    role: Role | None = None

    @property
    def asked(self) -> str:
        """The question."""
        return self.question


class DialogTurn(Schema):
    """One message of a conversation: which statuses are right, where the answer stands, what the question is about.

    `mentions` are lists of alternative words; one of each must stand in the message once it is made standalone.
    """

    question: Text
    status: tuple[Status, ...] = Field(min_length=1)
    gold: tuple[Place, ...] = ()
    mentions: tuple[Annotated[tuple[Text, ...], Field(min_length=1)], ...] = ()


class DialogItem(Item):
    """A conversation."""

    turns: tuple[DialogTurn, ...] = Field(min_length=2, max_length=4)

    @property
    def asked(self) -> str:
        """All messages."""
        return " / ".join(turn.question for turn in self.turns)


class AbuseItem(Item):
    """A hostile or broken message, repeated to make it long, and what a safe answer never contains."""

    question: str
    kind: Literal["injection", "html", "exfiltration", "traversal", "long", "empty", "language", "personal", "format"]
    repeat: int = Field(default=1, ge=1)
    forbidden: tuple[Text, ...] = ()

    @property
    def asked(self) -> str:
        """The message."""
        return self.question * self.repeat


class QuoteItem(Item):
    """A quotation as somebody pastes it, and where it comes from; none for one that no source contains."""

    text: Text
    kind: Literal["exact", "edited", "made_up"]
    gold: Place | None = None

    @property
    def asked(self) -> str:
        """The quotation."""
        return self.text


class GuideQuestion(RoleItem):
    """Such a question that the practice guide was written from, and the title of the section that answers it."""

    section: Text


class Claim(Item):
    """A claim of a section of the guide as it stood, what a second reader found of it, and what was done."""

    section: Text
    claim: Text
    verdict: Literal["carried", "partly", "not"]
    place: Place | None = None
    done: Literal["kept", "placed", "mended", "struck"]

    @property
    def asked(self) -> str:
        """The section and its claim."""
        return f"{self.section} {self.claim}"


GUIDE = HERE / "guide"

SCHEMAS: dict[Suite, type[Item]] = {
    Suite.RETRIEVAL: RetrievalItem,
    Suite.BLIND: BlindItem,
    Suite.REFUSAL: RefusalItem,
    Suite.PERSPECTIVES: PerspectiveItem,
    Suite.STEPS: StepItem,
    Suite.RECOMMENDATIONS: RecommendationItem,
    Suite.DIALOGS: DialogItem,
    Suite.ABUSE: AbuseItem,
    Suite.QUOTES: QuoteItem,
}

Kind = TypeVar("Kind", bound=Item)


def path_of(suite: Suite, split: Split, folder: Path = HERE) -> Path:
    """The file of a question set."""
    return folder / split / f"{suite}.jsonl"


def read(schema: type[Kind], path: Path) -> list[Kind]:
    """Read a question set.

    Raises InvalidData naming the line that is not of the form or asks what another asked, EmptySet without questions.
    """
    items: dict[str, Kind] = {}
    try:
        with path.open(encoding="utf-8") as file:
            lines = list(file)
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidData(f"{path.name} is er niet of is niet te lezen; zet het bestand terug.") from error
    for number, line in enumerate(lines, start=1):
        try:
            item = schema.model_validate_json(line)
        except ValidationError as error:
            fault = error.errors()[0]
            where = ".".join(map(str, fault["loc"]))
            raise InvalidData(f"{path.parent.name}/{path.name}, regel {number}: {where}: {fault['msg']}") from error
        if item.asked in items:
            raise InvalidData(f"{path.parent.name}/{path.name}, regel {number}: deze vraag staat er al.")
        items[item.asked] = item
    if not items:
        raise EmptySet(f"{path.parent.name}/{path.name} heeft geen vragen.")
    return list(items.values())


def digest(path: Path) -> str:
    """The hash of a question set, for the manifest of a run."""
    return sha256(path.read_bytes()).hexdigest()
