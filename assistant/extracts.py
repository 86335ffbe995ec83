"""Which sentences of which passages an answer quotes: near the question, unlike each other, readable by themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.types import Excerpt
from index import dutch
from index.types import Anchor, Passage

FEWEST_WORDS, MOST_WORDS = 7, 60
TOO_ALIKE = 0.5
READ_CLOSELY = 3
"""Of each passage only so many sentences, the nearest in meaning, are compared letter by letter."""
LEAST_NEAR = 0.6
"""A third or later quotation must score at least this share of the first."""

Similarities = Callable[[str, Sequence[str]], Sequence[float]]

_WHOLE = re.compile(r"^[\"'“‘(\[*_]*[A-ZÀ-Þ0-9].*[.!?…][\"'”’)\]*_]*$", re.S)
_LEANING = re.compile(
    r"(?:dat|dit|deze|die|daar\w*|hier\w*|ook|maar|en|of|want|dus|toch|zo|bovendien|echter|ten (?:tweede|derde)|"
    r"daarnaast|vervolgens|tegelijk\w*|het|ze|zij|hij|dan|vandaar|andersom|omgekeerd|niet alleen)\b"
)
_ADDRESS = re.compile(r"https?://|www\.|@|\(\d{4}\)\.")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may be quoted, how much its sentences weigh, and the places to keep within (all when none)."""

    passage: Passage
    weight: float
    within: tuple[Anchor, ...] = ()

    def allows(self, start: int, end: int) -> bool:
        """Whether a sentence of the passage may be quoted: at least half of it lies in one of the places."""
        place = Anchor(self.passage.source, self.passage.start + start, self.passage.start + end)
        return not self.within or any(2 * place.overlap(each) >= place.length for each in self.within)


@dataclass(frozen=True, slots=True)
class _Sentence:
    passage: Passage
    start: int
    end: int
    score: float

    @property
    def grams(self) -> frozenset[str]:
        return frozenset(dutch.grams(self.excerpt.text))

    @property
    def excerpt(self) -> Excerpt:
        return Excerpt(0, self.passage, self.start, self.end)


def extracts(question: str, candidates: Sequence[Candidate], similarities: Similarities, *, most: int) -> list[Excerpt]:
    """The best sentence of each of the best passages, widened until it can be read by itself, all unlike each other."""
    taken: list[_Sentence] = []
    ordered = sorted(_best(question, candidates, similarities).values(), key=lambda each: -each.score)
    for sentence in ordered:
        if len(taken) == most or (len(taken) >= 2 and sentence.score < LEAST_NEAR * ordered[0].score):
            break
        wide = _widened(sentence)
        if not any(alike(wide.grams, other.grams) for other in taken):
            taken.append(wide)
    return [each.excerpt for each in taken]


def alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two texts, as character runs, say so much of the same that one of them is enough."""
    return len(one & other) > TOO_ALIKE * min(len(one), len(other))


def _best(question: str, candidates: Sequence[Candidate], similarities: Similarities) -> Mapping[str, _Sentence]:
    """The best sentence of each passage, by its id."""
    usable = [
        (each, start, end, text)
        for each in candidates
        for start, end, text in _read(each.passage.text)
        if each.allows(start, end)
    ]
    asked = frozenset(dutch.grams(question))
    near = zip(similarities(question, [text for *_, text in usable]), range(len(usable)), strict=True)
    read: Counter[str] = Counter()
    best: dict[str, _Sentence] = {}
    for likeness, at in sorted(near, reverse=True):
        candidate, start, end, text = usable[at]
        passage = candidate.passage
        read[passage.id] += 1
        if read[passage.id] > READ_CLOSELY:
            continue
        shared = len(asked.intersection(dutch.grams(text))) / len(asked) if asked else 0.0
        score = (0.6 * likeness + 0.4 * shared) * candidate.weight
        if passage.id not in best or score > best[passage.id].score:
            best[passage.id] = _Sentence(passage, passage.start + start, passage.start + end, score)
    return best


@lru_cache(maxsize=4096)
def _read(text: str) -> tuple[tuple[int, int, str], ...]:
    """The sentences of a passage that can be quoted, each with the text that is compared with a question."""
    spans = dutch.sentences(text)
    return tuple((start, end, dutch.search_text(text[start:end])) for start, end in spans if _usable(text[start:end]))


def _usable(sentence: str) -> bool:
    size = len(sentence.split())
    return FEWEST_WORDS <= size <= MOST_WORDS and bool(_WHOLE.match(sentence)) and not _ADDRESS.search(sentence)


def _widened(sentence: _Sentence) -> _Sentence:
    """With the sentence before one that leans on it, and the one after a very short one: three at most."""
    passage = sentence.passage
    spans = [(passage.start + start, passage.start + end) for start, end in dutch.sentences(passage.text)]
    first = last = next(at for at, (start, _) in enumerate(spans) if start == sentence.start)

    def text(at: int) -> str:
        return passage.text[spans[at][0] - passage.start : spans[at][1] - passage.start]

    if first and _LEANING.match(dutch.fold(text(first)).lstrip(" \"'“‘(*_")) and _WHOLE.match(text(first - 1)):
        first -= 1
    words = sum(len(text(at).split()) for at in range(first, last + 1))
    if words < 2 * FEWEST_WORDS and last + 1 < len(spans) and _usable(text(last + 1)):
        last += 1
    return replace(sentence, start=spans[first][0], end=spans[last][1])
