"""Speed and memory: 200 bank questions through `ask`, beside the floor that any answer pays.

The floor of a question is: embed it, one Chroma query, one bm25s query. Both are timed in turn within one run, so that
their ratio holds on a noisy machine.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.assistant import Assistant, finish
from assistant.types import Question
from evals.errors import EmptySet
from index.questions import read_bank
from index.settings import IndexSettings

QUESTIONS, WARM_UP, SEED = 200, 20, 1


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds per question: median and 95th percentile."""

    p50: float
    p95: float


def bench(assistant: Assistant, settings: IndexSettings) -> str:
    """Measure and tell, in lines of figures. Raises EmptySet when there is no question bank."""
    if settings.corpus is None or not (bank := read_bank(settings.corpus / "questions")):
        raise EmptySet("Er is geen vragenbank om vragen uit te nemen; zet corpus/questions terug.")
    chosen = random.Random(SEED).sample([question.text for question in bank], QUESTIONS + WARM_UP)

    def ask(text: str) -> None:
        finish(assistant.ask(Question(text)))

    floor_of = assistant.index.floor
    asked, floor = _alternating([ask, floor_of], chosen)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    return "\n".join(
        [
            f"ask    p50 {asked.p50:6.1f} ms   p95 {asked.p95:6.1f} ms   ({QUESTIONS} bank questions)",
            f"floor  p50 {floor.p50:6.1f} ms   p95 {floor.p95:6.1f} ms   (embed + Chroma + bm25s)",
            f"ratio  p50 {asked.p50 / floor.p50:6.2f}      p95 {asked.p95 / floor.p95:6.2f}",
            f"memory {memory:.0f} MB at most",
        ]
    )


def _alternating(runs: Sequence[Callable[[str], None]], texts: Sequence[str]) -> list[Timing]:
    for text in texts[:WARM_UP]:
        for run in runs:
            run(text)
    taken: list[list[float]] = [[] for _ in runs]
    for text in texts[WARM_UP:]:
        for run, times in zip(runs, taken, strict=True):
            started = time.perf_counter()
            run(text)
            times.append(1000 * (time.perf_counter() - started))
    return [Timing(float(np.percentile(times, 50)), float(np.percentile(times, 95))) for times in taken]
