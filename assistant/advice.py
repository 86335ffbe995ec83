"""What the practice models say of a question: perspective, step and recommendation, from their signals and anchors."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.types import Advice, Item, Scored
from index import dutch
from index.types import Anchor, Hit, Passage
from prompts import Anchor as PracticeAnchor
from prompts import Practice, Role

Embed = Callable[[Sequence[str]], NDArray[np.float32]]

_PERSPECTIVE = re.compile(r"\b(?:sturings)?perspectie(?:f|ven)\b|\bstur(?:en|ing)\b|\bmanier van sturen\b|\bstijl\b")
_CHOICE = re.compile(r"\b(?:welke?|wat|hoe|past?|passend|kies|kiezen|beste?|geschikt)\b")
_SITUATION_TERMS = 6
_HITS = 6
_OVERLAP_SHARE = 0.35


@dataclass(frozen=True, slots=True)
class _Model:
    """A practice model as the advisor compares it: the vectors of its phrases, and the places it rests on."""

    vectors: NDArray[np.float32]
    anchors: tuple[Anchor, ...]


class Advisor:
    """Ranks the practice models for a question.

    A score is the similarity of the question to the model's two nearest phrases (title, key question, signals), and
    for a third part how much of the best hits rests on the same essay places.
    """

    def __init__(self, practice: Practice, embed: Embed, passages: Sequence[Passage]) -> None:
        self.practice = practice
        self._embed = embed
        self._supports: dict[tuple[PracticeAnchor, ...], Passage | None] = {}
        self._sections = [passage for passage in passages if passage.origins]
        self._steps = [
            self._model([s.title, s.key_question, *s.follow_up_questions, *s.signals], s.anchors)
            for s in practice.steps
        ]
        self._perspectives = [
            self._model([p.title, p.relation_to_society, p.cement, *p.signals], p.anchors)
            for p in practice.perspectives
        ]
        self._recommendations = [
            self._model([r.title, r.advice, *r.signals], r.anchors) for r in practice.recommendations
        ]

    def advise(self, question: str, hits: Sequence[Hit], role: Role | None) -> Advice:
        """Rank steps, perspectives and recommendations for a question and what was found for it."""
        told = situation(question)
        plain = dutch.fold(question)
        asks = bool(_PERSPECTIVE.search(plain) and _CHOICE.search(plain))
        vector = self._embed([dutch.search_text(question)])[0]
        told_vector = self._embed([dutch.search_text(told)])[0] if asks and told else vector
        return Advice(
            steps=_ranked(self.practice.steps, self._steps, vector, hits),
            perspectives=_ranked(self.practice.perspectives, self._perspectives, told_vector, ()),
            recommendations=_ranked(self.practice.recommendations, self._recommendations, vector, hits),
            role=role,
            asks_perspective=asks,
            tells_situation=len(set(dutch.terms(told))) >= _SITUATION_TERMS,
        )

    def support(self, anchors: Sequence[PracticeAnchor]) -> Passage | None:
        """The handbook section that rests most on these places, to cite what a model says."""
        key = tuple(anchors)
        if key not in self._supports:
            self._supports[key] = self._find_support(key)
        return self._supports[key]

    def _find_support(self, anchors: Sequence[PracticeAnchor]) -> Passage | None:
        places = [Anchor(anchor.source, anchor.start, anchor.end) for anchor in anchors]
        best, best_share = None, 0.0
        for passage in self._sections:
            shared = sum(origin.overlap(place) for origin in passage.origins for place in places)
            size = sum(origin.length for origin in passage.origins)
            share = shared / (size + sum(place.length for place in places) - shared) if shared else 0.0
            if share > best_share:
                best, best_share = passage, share
        return best

    def _model(self, phrases: Sequence[str], anchors: Sequence[PracticeAnchor]) -> _Model:
        places = tuple(Anchor(anchor.source, anchor.start, anchor.end) for anchor in anchors)
        return _Model(self._embed(list(phrases)), places)


def situation(question: str) -> str:
    """What somebody tells of their situation: the message without the sentence that asks.

    Where that is the only sentence, without the clause that asks.
    """
    pieces = [question[start:end] for start, end in dutch.sentences(question)]
    told = [piece for piece in pieces if not (piece.endswith("?") and _asks(piece))]
    return " ".join(told or [clause for clause in re.split(r"(?<=[,;]) ", question) if not _asks(clause)])


def _asks(text: str) -> bool:
    return bool(_PERSPECTIVE.search(dutch.fold(text)))


def _ranked(
    items: Sequence[Item], models: Sequence[_Model], vector: NDArray[np.float32], hits: Sequence[Hit]
) -> tuple[Scored[Item], ...]:
    similar = [float(np.sort(model.vectors @ vector)[-2:].mean()) for model in models]
    overlaps = [_overlap(model.anchors, hits[:_HITS]) for model in models]
    scores = [
        (1 - _OVERLAP_SHARE) * max(similarity, 0.0) + _OVERLAP_SHARE * overlap if hits else max(similarity, 0.0)
        for similarity, overlap in zip(similar, overlaps, strict=True)
    ]
    scored = [Scored(item, round(min(score, 1.0), 4)) for item, score in zip(items, scores, strict=True)]
    return tuple(sorted(scored, key=lambda each: -each.score))


def _overlap(anchors: tuple[Anchor, ...], hits: Sequence[Hit]) -> float:
    """The share of the hits, weighted by 1/rank, that rests for at least half on these places."""
    total = sum(1 / rank for rank in range(1, len(hits) + 1))
    found = sum(_rests_on(hit.passage, anchors) / rank for rank, hit in enumerate(hits, start=1))
    return found / total if total else 0.0


def _rests_on(passage: Passage, anchors: tuple[Anchor, ...]) -> bool:
    places = passage.origins or (passage.anchor,)
    shared = sum(place.overlap(anchor) for place in places for anchor in anchors)
    return 2 * shared >= sum(place.length for place in places)
