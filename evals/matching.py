"""Whether a passage holds a gold place: by the characters that can be seen, not by those of the layout."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.questions import LONGEST_ORIGIN
from index.types import Anchor, Passage

_LAYOUT = re.compile(r"[-\u00ad][ \t]*\n\s*|\u00ad|\s+")


class Ruler:
    """Measures stretches of sources in visible characters: no white space, no hyphens at line ends.

    A source whose text is not there is measured in plain characters.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._counts = {slug: _counts(text) for slug, text in texts.items()}

    def length(self, place: Anchor) -> int:
        """How many visible characters a stretch has."""
        counts = self._counts.get(place.source)
        if counts is None:
            return max(0, place.length)
        return int(counts[min(place.end, len(counts) - 1)] - counts[min(place.start, len(counts) - 1)])

    def holds(self, place: Anchor, gold: Anchor) -> bool:
        """Whether a stretch holds at least half of the gold place, or lies wholly within it."""
        if place.source != gold.source or not place.overlap(gold):
            return False
        shared = self.length(Anchor(gold.source, max(place.start, gold.start), min(place.end, gold.end)))
        return shared > 0 and (2 * shared >= self.length(gold) or shared == self.length(place))

    def held(self, places: Iterable[Anchor], gold: Sequence[Anchor]) -> list[int]:
        """The positions of the gold places that one of these stretches holds."""
        stretches = list(places)
        return [at for at, each in enumerate(gold) if any(self.holds(place, each) for place in stretches)]


def essay_places(passage: Passage) -> list[Anchor]:
    """The essay places that a passage stands for: itself, or what a handbook section rests on.

    An anchor of 4,000 characters or more says too little about where something stands to count.
    """
    if not passage.origins:
        return [passage.anchor]
    return [origin for origin in passage.origins if origin.length < LONGEST_ORIGIN]


def _counts(text: str) -> NDArray[np.int32]:
    """For each offset the number of visible characters before it."""
    visible = np.ones(len(text), dtype=np.int32)
    for layout in _LAYOUT.finditer(text):
        visible[layout.start() : layout.end()] = 0
    return np.concatenate([[0], np.cumsum(visible)]).astype(np.int32)
