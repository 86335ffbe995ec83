"""How much a word belongs to the library rather than to everyday Dutch; the one file that knows wordfreq."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Self

from wordfreq import word_frequency

from index.dutch import STOP_WORDS, fold, stem

RAREST = 1e-8
"""The everyday frequency of a word that wordfreq does not know."""
UNKNOWN = 1e-7
"""At or below this a word that does not occur here tells nothing."""
SMOOTHING = 50
LOWEST, HIGHEST = -2.0, 6.0

_WORD = re.compile(r"[^\W\d_]{2,}")


class Vocabulary:
    """The words of passages and bank questions with their counts, compared with general Dutch (Speer, 2022)."""

    def __init__(self, counts: Counter[str]) -> None:
        self._counts = counts
        self._total = counts.total()

    @classmethod
    def build(cls, texts: Iterable[str]) -> Self:
        """Count the words of the texts that are searched."""
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(stem(fold(word)) for word in _words(text))
        return cls(counts)

    def specificity(self, text: str) -> list[float]:
        """For each word that carries meaning the log of how much more often it occurs here than in everyday Dutch.

        Counted by stem, from -2 (an everyday word that is never used here) to 6, lowest first; 0 for a word that
        stands in neither, such as a typing error.
        """
        scores: list[float] = []
        for word in _words(text):
            everyday, count = _everyday(word), self._counts[stem(fold(word))]
            here = (count + SMOOTHING * everyday) / (self._total + SMOOTHING)
            unknown = not count and everyday <= UNKNOWN
            scores.append(0.0 if unknown else max(LOWEST, min(HIGHEST, math.log(here / everyday))))
        return sorted(scores)

    def save(self, path: Path) -> None:
        """Write the counts."""
        path.write_text(json.dumps(self._counts, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read counts that `save` wrote."""
        return cls(Counter(json.loads(path.read_text(encoding="utf-8"))))


def _words(text: str) -> Sequence[str]:
    return [word for word in _WORD.findall(text.lower()) if fold(word) not in STOP_WORDS]


@lru_cache(maxsize=65536)
def _everyday(word: str) -> float:
    return max(float(word_frequency(word, "nl")), RAREST)
