"""Grades that strict readers gave to whole answers: sheets to read, and what the graded sheets say.

A reader who wrote nothing here sees a question, the role of who asked, and the answer as it was printed, and gives 2
when it helps this person, 1 when partly, 0 when it does not. A graded sheet is data with its date in its name; it holds
for the answers that were read, which it names by their hash.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import ValidationError

from evals.data import HERE, BlindItem, Schema, Split, Suite, Text, path_of, read
from evals.errors import EmptySet, InvalidData
from evals.measures import Measure, Score, mean, score
from evals.outcomes import Answered, Helped, Outcome
from evals.runs import Run

FOLDER = HERE / "grades"
CONDITION = "whole"


class Grade(Schema):
    """One reader's grade of one answer: the question's id, the hash of the answer's text, and why."""

    id: Text
    answer: Text
    grade: Literal[0, 1, 2]
    reader: Text
    why: Text


@dataclass(frozen=True, slots=True)
class Graded:
    """What one sheet says of a group of questions: shares with their intervals, and how many grades there are."""

    sheet: str
    group: str
    scores: tuple[Score, ...]
    count: int


def digest(answer: Answered) -> str:
    """The hash of an answer as it was printed."""
    return blake2b(f"{answer.status}\n{answer.text}".encode(), digest_size=6).hexdigest()


def sheet(run: Run) -> Iterator[str]:
    """The lines of a sheet to read: of every blind question who asked it, and the answer. Raises EmptySet."""
    answers = list(_answers(run.of(Suite.BLIND, CONDITION)))
    if not answers:
        raise EmptySet(
            f"De meting {run.name} heeft geen antwoorden op blinde vragen: python -m evals run --suite blind"
        )
    for item, answer in answers:
        fields = {
            "id": item.id,
            "answer": digest(answer),
            "role": item.role,
            "question": item.question,
            "status": answer.status,
            "text": answer.text,
        }
        yield json.dumps(fields, ensure_ascii=False)


def read_grades(path: Path) -> list[Grade]:
    """Read a graded sheet. Raises InvalidData naming the line that is not of the form."""
    found: list[Grade] = []
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            found.append(Grade.model_validate_json(text))
        except ValidationError as error:
            raise InvalidData(
                f"{path.name}, regel {number}: geen cijfer van een lezer ({error.errors()[0]['msg']})."
            ) from error
    return found


def graded(folder: Path = FOLDER) -> list[Graded]:
    """What every sheet says, by date: of the questions that the library answers, in part, and not at all.

    Raises EmptySet when there is no sheet.
    """
    items = {item.id: item for split in Split for item in read(BlindItem, path_of(Suite.BLIND, split))}
    found: list[Graded] = []
    for path in sorted(folder.glob("*.jsonl")):
        known = [(items[each.id], each.grade) for each in read_grades(path) if each.id in items]
        for group, kinds in (("beantwoordbaar", ("yes",)), ("deels", ("partly",)), ("niet", ("no",))):
            of_group = [grade for item, grade in known if item.answerable in kinds]
            if of_group:
                found.append(Graded(path.stem, group, tuple(_shares(of_group)), len(of_group)))
    if not found:
        raise EmptySet(f"Er zijn geen cijfers in {folder.name}/.")
    return found


def _shares(grades: Sequence[int]) -> Iterable[Score]:
    values = np.array(grades, dtype=np.float64).reshape(-1, 1)
    for name, share in (("helpt", values == 2), ("deels", values == 1), ("helpt niet", values == 0)):
        yield score(Measure(name, share.astype(np.float64), mean))
    yield score(Measure("gemiddeld", values, mean))


def _answers(outcomes: Iterable[Outcome]) -> Iterator[tuple[BlindItem, Answered]]:
    for outcome in outcomes:
        if isinstance(outcome.item, BlindItem) and isinstance(outcome.got, Helped) and outcome.got.answer:
            yield outcome.item, outcome.got.answer
