"""What a run writes: one outcome a question, with everything that its measures need.

A measure is computed from outcomes alone; nothing is asked again to know a score.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from assistant.shape import Shape
from assistant.types import Presence, Status
from evals.data import SCHEMAS, Item, Schema, Suite
from evals.errors import InvalidData
from index.types import Kind
from prompts import Role


class Got(Schema):
    """What came back for one question."""


class Ranked(Schema):
    """A passage that was found: its id, what it is called, and the positions of the gold places that it holds."""

    id: str
    title: str
    holds: tuple[int, ...] = ()


class Cited(Schema):
    """A citation: the gold places that it holds, and whether it and the words printed with it stand in its source.

    `advises` tells a citation that carries advice (the next step, the role) from one that answers the question.
    """

    id: str
    kind: Kind
    advises: bool
    holds: tuple[int, ...] = ()
    faithful: bool
    printed: bool = True


class Answered(Got):
    """An answer of the assistant."""

    status: Status
    text: str
    citations: tuple[Cited, ...] = ()


class Retrieved(Got):
    """The passages of each kind, best first (None where the system has none), and the answer of one that answers."""

    essay: tuple[Ranked, ...] | None = None
    handbook: tuple[Ranked, ...] | None = None
    answer: Answered | None = None


class Helped(Retrieved):
    """What a question that was asked blind brought, and the form of answer that it was taken to want."""

    shape: Shape | None = None


class Advised(Got):
    """Labels, best first, with their scores, and the role that was recognised; the answer's status and its label.

    `shown` is the label that the answer puts first, empty when it shows none.
    """

    labels: tuple[str, ...]
    scores: tuple[float, ...]
    role: Role | None = None
    status: Status = Status.REFUSED
    shown: str = ""


class TurnGot(Schema):
    """One turn of a conversation."""

    standalone: str
    found: tuple[Ranked, ...] = ()
    answer: Answered


class Conversed(Got):
    """A conversation, turn by turn."""

    turns: tuple[TurnGot, ...]


class Survived(Got):
    """What a hostile message brought: the status (none for a refusal in words), and what was wrong with the answer."""

    status: Status | None
    told: str
    faults: tuple[str, ...] = ()


class LookedUp(Got):
    """Whether a quotation was found, where, and whether one of the places is where it comes from."""

    presence: Presence
    places: tuple[str, ...] = ()
    placed: bool = False


RESULTS: dict[Suite, type[Got]] = {
    Suite.RETRIEVAL: Retrieved,
    Suite.BLIND: Helped,
    Suite.REFUSAL: Answered,
    Suite.PERSPECTIVES: Advised,
    Suite.STEPS: Advised,
    Suite.RECOMMENDATIONS: Advised,
    Suite.DIALOGS: Conversed,
    Suite.ABUSE: Survived,
    Suite.QUOTES: LookedUp,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question under one condition: what came back and in how many milliseconds, or why nothing did."""

    suite: Suite
    condition: str
    item: Item
    got: Got | None
    milliseconds: float
    error: str = ""


def line(outcome: Outcome) -> str:
    """An outcome as a line of a run."""
    fields: dict[str, Any] = {
        "suite": outcome.suite,
        "condition": outcome.condition,
        "id": outcome.item.id,
        "ms": round(outcome.milliseconds, 2),
        "error": outcome.error,
        "item": outcome.item.model_dump(mode="json"),
        "got": outcome.got.model_dump(mode="json") if outcome.got else None,
    }
    return json.dumps(fields, ensure_ascii=False)


def read_outcomes(path: Path) -> Iterator[Outcome]:
    """Read the outcomes of a run. Raises InvalidData naming the line that is not of the form."""
    with path.open(encoding="utf-8") as file:
        for number, text in enumerate(file, start=1):
            try:
                yield _outcome(json.loads(text))
            except (ValidationError, ValueError, KeyError, TypeError) as error:
                raise InvalidData(
                    f"{path.name}, regel {number}: geen uitkomst van deze versie; meet opnieuw."
                ) from error


def _outcome(fields: dict[str, Any]) -> Outcome:
    suite = Suite(fields["suite"])
    got = fields["got"]
    return Outcome(
        suite,
        fields["condition"],
        SCHEMAS[suite].model_validate(fields["item"]),
        None if got is None else RESULTS[suite].model_validate(got),
        float(fields["ms"]),
        fields["error"],
    )
