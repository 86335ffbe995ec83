"""Scores as text: tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evals.data import Suite
from evals.measures import Score, scores
from evals.runs import Run

_OVERVIEW = ("essay hit@1", "essay hit@5", "essay nDCG@10", "handbook hit@5", "citation precision", "citation recall")


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores of one suite under one condition."""

    condition: str
    suite: Suite
    scores: tuple[Score, ...]

    def get(self, name: str) -> Score | None:
        """The score of a measure, or None when the suite does not have it."""
        return next((score for score in self.scores if score.name == name), None)


def scored(run: Run) -> list[Scored]:
    """All scores of a run, in the order in which it was measured."""
    return [
        Scored(condition, suite, tuple(scores(suite, run.of(suite, condition)))) for condition, suite in run.measured
    ]


def overview(run: Run) -> str:
    """The run on a screen: the conditions side by side on retrieval, and every measure of the other suites."""
    found = scored(run)
    retrieval = [each for each in found if each.suite is Suite.RETRIEVAL]
    rows = [["", *_OVERVIEW]] if retrieval else []
    rows += [[each.condition, *(_short(each.get(name)) for name in _OVERVIEW)] for each in retrieval]
    parts = [table(rows)] if retrieval else []
    for each in found:
        if each.suite is not Suite.RETRIEVAL or len(retrieval) == 1:
            lines = [[score.name, *_long(score)] for score in each.scores]
            parts.append(f"{each.condition} · {each.suite}\n{table(lines)}")
    failed = [outcome for outcome in run.outcomes if outcome.error]
    if failed:
        told = "\n".join(f"  {each.condition} {each.suite}: {each.item.asked[:80]!r}: {each.error}" for each in failed)
        parts.append(f"Mislukt ({len(failed)}), telt als nul:\n{told}")
    parts.append(f"Meting {run.name}: {len(run.outcomes)} vragen in {run.manifest['seconds']} s")
    return "\n\n".join(parts)


def table(rows: Iterable[Sequence[str]]) -> str:
    """Rows in columns: the first to the left, the others to the right."""
    lines = [list(row) for row in rows]
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))] if lines else []
    return "\n".join(
        "  ".join(
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def number(score: Score, value: float | None = None) -> str:
    """A score as it is printed: three decimals, milliseconds with one."""
    shown = score.value if value is None else value
    return f"{shown:.1f}" if score.name.startswith("ms ") else f"{shown:.3f}"


def _short(score: Score | None) -> str:
    return f"{score.value:.3f} ±{(score.high - score.low) / 2:.3f}" if score else "-"


def _long(score: Score) -> list[str]:
    low, high = number(score, score.low), number(score, score.high)
    return [number(score), f"{low} - {high}", f"n = {score.count}"]
