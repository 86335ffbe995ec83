"""The question bank: questions that people ask, anchored to essay places, and the passages that each belongs to."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.errors import InvalidCorpus
from index.types import Anchor, Kind, Passage

LONGEST_ORIGIN = 4_000
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
                asked = [str(question) for question in entry["questions"]]
            except (ValueError, KeyError, TypeError) as error:
                raise InvalidCorpus(f"{path.name}, regel {number}: geen vraag met start, end en questions ({error}).") from error
            questions.extend(BankQuestion(question, anchor) for question in asked)
    return questions


def assign(anchors: Sequence[Anchor], passages: Iterable[Passage]) -> list[list[int]]:
    """For each anchor the positions of the passages that its questions belong to.

    An essay passage counts when it holds at least half of the anchor or lies for at least half within it; a handbook
    section when 60 % of the anchor lies in one of its origins shorter than 4,000 characters.
    """
    places: dict[str, list[tuple[Anchor, Kind, int]]] = defaultdict(list)
    for position, passage in enumerate(passages):
        if passage.kind is Kind.ESSAY:
            places[passage.source].append((passage.anchor, passage.kind, position))
        for origin in passage.origins:
            if origin.length < LONGEST_ORIGIN:
                places[origin.source].append((origin, Kind.HANDBOOK, position))
    return [sorted({p for place, kind, p in places[a.source] if _belongs(a, place, kind)}) for a in anchors]


def _belongs(anchor: Anchor, place: Anchor, kind: Kind) -> bool:
    shared = anchor.overlap(place)
    if kind is Kind.HANDBOOK:
        return shared >= _SHARE_OF_SECTION * anchor.length
    return shared >= _SHARE_OF_PASSAGE * anchor.length or shared >= _SHARE_OF_PASSAGE * place.length
