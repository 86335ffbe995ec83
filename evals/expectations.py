"""What a run should score at least: `expected.toml`, with a score and a tolerance for each measure."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from pydantic import Field

from evals.data import HERE, Schema, Split, Suite
from evals.errors import EmptySet, InvalidData
from evals.runs import Run
from evals.tables import scored, table

FILE = HERE / "expected.toml"
QUESTIONS = "questions"
HEAD = """\
# The scores on dev/ that `python -m evals check` holds a run against: it fails when a measure falls by more than its
# tolerance. `python -m evals check --accept` writes the scores of a run here; say in the changelog why they moved.
"""


class Bound(Schema):
    """A score, and how far a run may stay below it."""

    score: float
    tolerance: float = Field(ge=0)


@dataclass(frozen=True, slots=True)
class Expected:
    """What one measure of one suite should score under one condition."""

    condition: str
    suite: Suite
    measure: str
    bound: Bound


@dataclass(frozen=True, slots=True)
class Held:
    """An expectation and what was measured; None where the run does not have the measure."""

    expected: Expected
    value: float | None

    @property
    def holds(self) -> bool:
        """Whether the measure is there and has not fallen by more than its tolerance."""
        bound = self.expected.bound
        return self.value is not None and self.value >= bound.score - bound.tolerance - 1e-9

    @property
    def risen(self) -> bool:
        """Whether it is better than expected by more than the tolerance, so that the expectation can move up."""
        bound = self.expected.bound
        return self.value is not None and self.value > bound.score + bound.tolerance + 1e-9


def read_expected(path: Path = FILE) -> list[Expected]:
    """Read the expectations: tables `[condition.suite]` of `"measure" = { score, tolerance }`.

    Raises InvalidData naming the entry that is not of the form, EmptySet when there are none.
    """
    try:
        conditions = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidData(f"{path.name} is niet te lezen: {error}") from error
    expected: list[Expected] = []
    for condition, suites in conditions.items():
        if condition == QUESTIONS:
            continue
        for suite, bounds in _table_of(path, condition, suites).items():
            for measure, bound in _table_of(path, f"{condition}.{suite}", bounds).items():
                try:
                    expected.append(Expected(condition, Suite(suite), measure, Bound.model_validate(bound)))
                except ValueError as error:
                    place = f"{path.name}, [{condition}.{suite}] {measure}"
                    raise InvalidData(f"{place}: geef score en tolerance, bij een suite die er is.") from error
    if not expected:
        raise EmptySet(f"{path.name} verwacht niets; een controle die niets controleert, slaagt niet.")
    return expected


def read_questions(path: Path = FILE) -> dict[str, str]:
    """The hashes of the question sets that the scores were measured on, by suite. Raises InvalidData."""
    try:
        hashes = tomllib.loads(path.read_text(encoding="utf-8")).get(QUESTIONS, {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidData(f"{path.name} is niet te lezen: {error}") from error
    return {suite: str(value) for suite, value in _table_of(path, QUESTIONS, hashes).items()}


def require_same_questions(run: Run, questions: Mapping[str, str]) -> None:
    """Scores can only be held against each other when they are of the same questions.

    Raises InvalidData when the run is not of dev, or of other questions than the scores expected.
    """
    if run.manifest["split"] != Split.DEV:
        raise InvalidData(f"De meting {run.name} is van {run.manifest['split']}; verwacht wordt een meting van dev.")
    other = [suite for suite, value in run.manifest.get("data", {}).items() if questions.get(suite, value) != value]
    if other:
        raise InvalidData(
            f"De vragen van {', '.join(other)} zijn andere dan die van de verwachte scores; is dat bedoeld, neem dan "
            "de nieuwe scores over met: python -m evals check --accept"
        )


def check(run: Run, expected: Sequence[Expected]) -> list[Held]:
    """Hold a run against the expectations, apart from conditions that could not be run here.

    Raises EmptySet when the run measured none of them.
    """
    skipped = run.manifest.get("skipped", {})
    values = {(each.condition, each.suite, score.name): score.value for each in scored(run) for score in each.scores}
    held = [
        Held(each, values.get((each.condition, each.suite, each.measure)))
        for each in expected
        if each.condition not in skipped
    ]
    if all(each.value is None for each in held):
        raise EmptySet(f"De meting {run.name} heeft niets van wat verwacht wordt.")
    return held


def told(held: Sequence[Held]) -> str:
    """The outcome as text: what fell, what rose, and how much held."""
    fallen = [each for each in held if not each.holds]
    risen = [each for each in held if each.risen]
    parts = [_table(title, rows) for title, rows in (("Gedaald", fallen), ("Gestegen", risen)) if rows]
    parts.append(f"{len(held) - len(fallen)} van {len(held)} verwachtingen gehaald.")
    return "\n\n".join(parts)


def written(run: Run, expected: Sequence[Expected], questions: Mapping[str, str]) -> str:
    """The expectations as a file, with the scores of this run where it has them, and the hashes of its questions."""
    values = {(e.expected.condition, e.expected.suite, e.expected.measure): e.value for e in check(run, expected)}
    hashes = sorted({**questions, **run.manifest.get("data", {})}.items())
    lines = [HEAD, f"[{QUESTIONS}]", *(f'{suite} = "{value}"' for suite, value in hashes), ""]
    for (condition, suite), group in groupby(expected, key=lambda each: (each.condition, each.suite)):
        lines.append(f"[{condition}.{suite}]")
        for each in group:
            value = values.get((condition, suite, each.measure))
            bound = each.bound if value is None else _with_score(each.bound, value)
            lines.append(f'"{each.measure}" = {{ score = {bound.score:.3f}, tolerance = {bound.tolerance} }}')
        lines.append("")
    return "\n".join(lines)


def _with_score(bound: Bound, value: float) -> Bound:
    """The same tolerance around another score, rounded down so that the run itself holds."""
    return bound.model_copy(update={"score": math.floor(1_000 * value + 1e-9) / 1_000})


def _table_of(path: Path, name: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise InvalidData(f"{path.name}, {name}: verwacht een tabel [conditie.suite] met maten.")
    return value


def _table(title: str, rows: Iterable[Held]) -> str:
    lines = [[title, "verwacht", "speling", "gemeten"]]
    for each in rows:
        name = f"{each.expected.condition} · {each.expected.suite} · {each.expected.measure}"
        value = "niet gemeten" if each.value is None else f"{each.value:.3f}"
        lines.append([name, f"{each.expected.bound.score:.3f}", f"{each.expected.bound.tolerance:.3f}", value])
    return table(lines)
