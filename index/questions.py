"""What people ask: the bank of questions anchored to essay places, the passages that each belongs to, and wordings.

Wordings are other ways to ask what a section of the handbook answers, by its title. Families are words that mean nearly
the same, for training only.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import InvalidCorpus
from index.lexical import Scores
from index.types import Anchor, Kind, Passage

LONGEST_ORIGIN = 4_000
_NEAREST = 3
_SHARE_OF_SECTION, _SHARE_OF_PASSAGE = 0.6, 0.5


@dataclass(frozen=True, slots=True)
class BankQuestion:
    """One question and the essay place that answers it."""

    text: str
    anchor: Anchor


def read_bank(folder: Path) -> list[BankQuestion]:
    """Read `<slug>.jsonl` files with lines `{"start", "end", "questions"}`.

    Raises InvalidCorpus naming the file and line that cannot be read.
    """
    questions: list[BankQuestion] = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip():
                continue
            try:
                entry = json.loads(line)
                anchor = Anchor(path.stem, int(entry["start"]), int(entry["end"]))
                asked = _texts(entry["questions"])
                if not 0 <= anchor.start < anchor.end:
                    raise ValueError("start moet voor end liggen")
            except (ValueError, KeyError, TypeError) as error:
                raise InvalidCorpus(
                    f"{path.name}, regel {number}: geen vraag met start, end en questions ({error})."
                ) from error
            questions.extend(BankQuestion(question, anchor) for question in asked)
    return questions


def read_wordings(path: Path) -> dict[str, tuple[str, ...]]:
    """Read lines `{"section", "questions"}`: by title of a section how else people ask it; none without the file.

    Raises InvalidCorpus naming the line that cannot be read or names a section twice.
    """
    found: dict[str, tuple[str, ...]] = {}
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    for number, line in enumerate(lines, start=1):
        try:
            entry = json.loads(line)
            title = entry["section"]
            if not isinstance(title, str) or title in found:
                raise ValueError("elke sectie staat er één keer, met haar titel")
            found[title] = tuple(_texts(entry["questions"]))
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidCorpus(
                f"{path.name}, regel {number}: geen sectie met section en questions ({error})."
            ) from error
    return found


def _texts(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise TypeError("questions moet een lijst met teksten zijn")
    return value


def assign(anchors: Sequence[Anchor], passages: Iterable[Passage]) -> list[list[int]]:
    """For each anchor the positions of the passages that its questions belong to.

    An essay passage counts when it holds at least half of the anchor or lies for at least half within it; a handbook
    section when 60 % of the anchor lies in one of its origins shorter than 4,000 characters. Where no section has that
    much, because the anchor straddles two, the section that has most of it counts.
    """
    essays: dict[str, list[tuple[Anchor, int]]] = defaultdict(list)
    handbook: dict[str, list[tuple[Anchor, int]]] = defaultdict(list)
    for position, passage in enumerate(passages):
        if passage.kind is Kind.ESSAY:
            essays[passage.source].append((passage.anchor, position))
        for origin in passage.origins:
            if origin.length < LONGEST_ORIGIN:
                handbook[origin.source].append((origin, position))
    return [sorted({*_held(a, essays[a.source]), *_explained(a, handbook[a.source])}) for a in anchors]


def mean_of_nearest(similarities: Scores, starts: NDArray[np.intp]) -> Scores:
    """For each group of questions the mean similarity of its three nearest; one that it lacks counts as 0.

    `starts` is where each group begins. Three tell a group better than one: on held-back wordings the right section is
    among the first five in 0.49 instead of 0.45.
    """
    near = similarities.copy()
    sizes = np.diff(np.append(starts, len(near)))
    total = np.zeros(len(starts), dtype=np.float32)
    for _ in range(_NEAREST):
        highest = np.maximum.reduceat(near, starts)
        total += np.maximum(highest, 0.0) / _NEAREST
        at = np.flatnonzero(near == np.repeat(highest, sizes))
        groups = np.searchsorted(starts, at, side="right")
        near[at[np.unique(groups, return_index=True)[1]]] = -1.0
    return total


def read_families(path: Path) -> list[tuple[str, ...]]:
    """Read lines of words and expressions that mean nearly the same, separated by semicolons; none without the file."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    families = [tuple(filter(None, (word.strip() for word in line.split(";")))) for line in lines]
    return [family for family in families if len(family) > 1]


def _held(anchor: Anchor, places: Iterable[tuple[Anchor, int]]) -> Iterator[int]:
    for place, position in places:
        if anchor.overlap(place) >= _SHARE_OF_PASSAGE * min(anchor.length, place.length):
            yield position


def _explained(anchor: Anchor, places: Iterable[tuple[Anchor, int]]) -> set[int]:
    shared = [(anchor.overlap(place), position) for place, position in places]
    enough = {position for share, position in shared if share >= _SHARE_OF_SECTION * anchor.length}
    most = max(shared, default=(0, -1))
    return enough or ({most[1]} if most[0] else set())
