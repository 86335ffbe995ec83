"""Two runs, question by question: what got better, what got worse, and whether that is more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evals.data import Suite
from evals.errors import EmptySet
from evals.measures import HEADLINE, Measure, measures
from evals.outcomes import Outcome
from evals.runs import Run
from evals.statistics import randomisation
from evals.tables import table

SURE, NOISE = 0.05, 0.5


@dataclass(frozen=True, slots=True)
class Change:
    """One measure in both runs, over the questions that count in one of them; `p` by a paired randomisation test."""

    condition: str
    suite: Suite
    measure: str
    before: float
    after: float
    count: int
    p: float


@dataclass(frozen=True, slots=True)
class Flip:
    """A question that went well in one run and not in the other, by the suite's headline measure."""

    condition: str
    suite: Suite
    asked: str
    better: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes and flips between two runs, and how many questions stand in only one of them."""

    first: str
    second: str
    changes: tuple[Change, ...]
    flips: tuple[Flip, ...]
    unpaired: int


def compare(first: Run, second: Run) -> Comparison:
    """Compare two runs on what both measured. Raises EmptySet when that is nothing."""
    changes: list[Change] = []
    flips: list[Flip] = []
    shared_parts = set(first.measured) & set(second.measured)
    unpaired = sum((each.condition, each.suite) not in shared_parts for run in (first, second) for each in run.outcomes)
    for condition, suite in [pair for pair in first.measured if pair in second.measured]:
        before, after = first.of(suite, condition), second.of(suite, condition)
        shared = {each.item.id for each in before} & {each.item.id for each in after}
        unpaired += len(before) + len(after) - 2 * len(shared)
        if not shared:
            continue
        old, new = (_in_order(outcomes, shared) for outcomes in (before, after))
        by_name = {each.name: each for each in measures(suite, new)}
        for measure in measures(suite, old):
            other = by_name.get(measure.name)
            if other is not None and (change := _change(condition, suite, measure, other)):
                changes.append(change)
            if other is not None and measure.name == HEADLINE[suite]:
                flips += _flips(condition, suite, old, measure, other)
    if not changes:
        raise EmptySet(f"De metingen {first.name} en {second.name} hebben geen vraag gemeen.")
    return Comparison(first.name, second.name, tuple(changes), tuple(flips), unpaired)


def told(comparison: Comparison, *, most: int = 20) -> str:
    """The comparison as text: the measures that changed, and of each suite the first flips."""
    changed = [each for each in comparison.changes if each.before != each.after and not each.measure.startswith("ms ")]
    changed += [each for each in comparison.changes if each.measure == "ms p50" and _slower(each)]
    same = sum(each.before == each.after for each in comparison.changes)
    parts = [f"{comparison.first} -> {comparison.second}: {len(changed)} maten anders, {same} gelijk"]
    if changed:
        rows = [["conditie", "suite", "maat", "eerst", "nu", "verschil", "p", "n"]]
        rows += [_row(each) for each in changed]
        parts.append(table(rows))
        parts.append(
            f"* p < {SURE}; van {len(comparison.changes)} maten zijn er door toeval ongeveer "
            f"{SURE * len(comparison.changes):.0f} met een ster."
        )
    groups = {(flip.condition, flip.suite): None for flip in comparison.flips}
    for condition, suite in groups:
        for better, title in ((False, "slechter"), (True, "beter")):
            flips = [f for f in comparison.flips if (f.condition, f.suite, f.better) == (condition, suite, better)]
            if flips:
                lines = [f"  {flip.asked[:140]}" for flip in flips[:most]]
                lines += [f"  ... en {len(flips) - most} meer"] if len(flips) > most else []
                parts.append(f"{condition} {suite}, {HEADLINE[suite]}: {len(flips)} {title}\n" + "\n".join(lines))
    if comparison.unpaired:
        parts.append(f"{comparison.unpaired} vragen staan maar in een van beide metingen en tellen niet mee.")
    return "\n\n".join(parts)


def _slower(each: Change) -> bool:
    """Whether the time of a question changed by more than a noisy machine explains."""
    return abs(each.after - each.before) > NOISE * each.before


def _in_order(outcomes: Sequence[Outcome], ids: set[str]) -> list[Outcome]:
    return sorted((each for each in outcomes if each.item.id in ids), key=lambda each: each.item.id)


def _change(condition: str, suite: Suite, old: Measure, new: Measure) -> Change | None:
    """The change of a measure over the questions that count for it in one of the runs."""
    counts = ~(np.isnan(old.values).all(axis=1) & np.isnan(new.values).all(axis=1))
    before, after = old.values[counts], new.values[counts]
    if np.isnan(before).all() or np.isnan(after).all():
        return None
    p = randomisation(before, after, old.statistic)
    return Change(
        condition, suite, old.name, float(old.statistic(before)), float(new.statistic(after)), int(counts.sum()), p
    )


def _flips(condition: str, suite: Suite, outcomes: Sequence[Outcome], old: Measure, new: Measure) -> list[Flip]:
    pairs = zip(outcomes, old.values[:, 0], new.values[:, 0], strict=True)
    return [
        Flip(condition, suite, outcome.item.asked, bool(after > before))
        for outcome, before, after in pairs
        if (before >= 1) != (after >= 1)
    ]


def _row(each: Change) -> list[str]:
    sure = "*" if each.p < SURE else " "
    numbers = [f"{each.before:.3f}", f"{each.after:.3f}", f"{each.after - each.before:+.3f}", f"{each.p:.3f}{sure}"]
    return [each.condition, each.suite, each.measure, *numbers, str(each.count)]
