"""From hits to a brief: which stretches of which passages an answer may use, chosen per sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from rapidfuzz import fuzz

from assistant.citations import checks
from assistant.types import Advice, Brief, Excerpt, Status
from index import dutch
from index.types import Hit, Kind, Passage, Source


class Library(Protocol):
    """What packing needs of an index."""

    sources: Mapping[str, Source]

    def similarities(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """The similarity of a question to each of some texts."""
        ...

    def grounds(self, section: Passage) -> Sequence[Passage]:
        """The essay passages that a section rests on."""
        ...


@dataclass(frozen=True, slots=True)
class Supports:
    """The handbook sections that carry what is advised; none where a person asked for other sources only."""

    step: Passage | None = None
    recommendation: Passage | None = None
    perspective: Passage | None = None
    counterweight: Passage | None = None


LEAD_WORDS, LIST_WORDS = 45, 170
FEWEST_WORDS, MOST_WORDS = 7, 60
QUOTES, QUOTED_HITS, NEAREST = 3, 8, 3
TOO_ALIKE = 0.5
READ_CLOSELY = 3
"""Of each passage only so many sentences, the nearest in meaning, are compared letter by letter."""
LEADS, TITLE_WEIGHT = 3, 0.5
BORNE_OUT = 1.4
LEAST_NEAR = 0.6
"""A third or later quotation must score at least this share of the first."""

_WHOLE = re.compile(r"^[\"'“‘(\[*_]*[A-ZÀ-Þ0-9].*[.!?…][\"'”’)\]*_]*$", re.S)
_LEANING = re.compile(
    r"(?:dat|dit|deze|die|daar\w*|hier\w*|ook|maar|en|of|want|dus|toch|zo|bovendien|echter|ten (?:tweede|derde)|"
    r"daarnaast|vervolgens|tegelijk\w*|het|ze|zij|hij|dan|vandaar|andersom|omgekeerd|niet alleen)\b"
)
_BLOCK = re.compile(r"\S.*?(?=\n[ \t]*\n|\n[ \t]*(?:[-*•|]|\d{1,2}[.)])\s?|\Z)", re.S)
_ITEM = re.compile(r"(?:[-*•|]|\d{1,2}[.)])\s?")
_ADDRESS = re.compile(r"https?://|www\.|@|\(\d{4}\)\.")


@dataclass(frozen=True, slots=True)
class _Candidate:
    passage: Passage
    start: int
    end: int
    score: float

    @property
    def grams(self) -> frozenset[str]:
        return frozenset(
            dutch.grams(self.passage.text[self.start - self.passage.start : self.end - self.passage.start])
        )


def pack(
    question: str,
    hits: Sequence[Hit],
    status: Status,
    advice: Advice,
    *,
    library: Library,
    supports: Supports,
    widen: bool = True,
) -> Brief:
    """Choose what an answer may use: a lead from the handbook, quotations, and what carries the advice.

    Numbers are given in the order in which an answer uses them; a stretch that does not check is left out. With a
    perspective among the supports, the section on it is the lead. `widen` lets essays that the lead rests on be quoted
    although they are not among the hits; leave it out where a person asked for some sources only.
    """
    brief = Brief(question, status, advice=advice)
    if status is Status.REFUSED:
        nearest = [hit.passage for hit in hits if hit.passage.kind is not Kind.ESSAY] or [hit.passage for hit in hits]
        return _numbered(
            replace(brief, nearest=tuple(_lead(passage) for passage in nearest[:NEAREST])), library.sources
        )
    sections = [hit for hit in hits if hit.passage.kind is Kind.HANDBOOK][:LEADS]
    lead = supports.perspective or _best_section(question, sections, library)
    asked, quotable = question, _quotable(hits, lead)
    if supports.perspective:
        asked = supports.perspective.heading
        grounds = set(library.grounds(supports.perspective))
        quotable = [hit for hit in quotable if hit.passage in grounds or not grounds]
    brief = replace(
        brief,
        short=(_lead(lead),) if lead else (),
        quotes=tuple(_quotes(asked, quotable, lead if widen else None, library)),
        counterweight=_whole(supports.counterweight) if supports.counterweight else None,
        step=_lead(supports.step) if supports.step else None,
        recommendation=_lead(supports.recommendation) if supports.recommendation else None,
    )
    return _numbered(brief, library.sources)


def _numbered(brief: Brief, sources: Mapping[str, Source]) -> Brief:
    numbers: dict[tuple[str, int, int], int] = {}

    def each(excerpts: Iterable[Excerpt | None]) -> Iterator[Excerpt]:
        for excerpt in excerpts:
            if excerpt is not None and checks(excerpt, sources):
                place = (excerpt.passage.id, excerpt.start, excerpt.end)
                yield replace(excerpt, number=numbers.setdefault(place, len(numbers) + 1))

    return replace(
        brief,
        short=tuple(each(brief.short)),
        counterweight=next(each([brief.counterweight]), None),
        quotes=tuple(each(brief.quotes)),
        nearest=tuple(each(brief.nearest)),
        step=next(each([brief.step]), None),
        recommendation=next(each([brief.recommendation]), None),
    )


def _best_section(question: str, hits: Sequence[Hit], library: Library) -> Passage | None:
    """The section among the best whose title, itself a question, is most like the question."""
    titles = [hit.passage.heading for hit in hits]
    alike = [fuzz.token_set_ratio(dutch.fold(question), dutch.fold(title)) / 100 for title in titles]
    scores = [
        hit.score + TITLE_WEIGHT * (near + like) / 2
        for hit, near, like in zip(hits, library.similarities(question, titles), alike, strict=True)
    ]
    return max(zip(scores, hits, strict=True), key=lambda each: each[0])[1].passage if hits else None


def _lead(passage: Passage) -> Excerpt:
    """The first sentences of a section, with the whole list or table that they announce.

    A long list is left out with its announcement where another sentence stands before it.
    """
    text = passage.text
    blocks = [(block.start(), block.end()) for block in _BLOCK.finditer(text)]
    start, stop = blocks[0]
    ends = [start + until for _, until in dutch.sentences(text[start:stop])]
    end = max((at for at in ends if len(text[start:at].split()) <= LEAD_WORDS), default=ends[0])
    if end == stop and _announces(text[start:stop]):
        listed = list(_listed(text, blocks[1:]))
        if listed and (len(text[: listed[-1]].split()) <= LIST_WORDS):
            end = listed[-1]
        elif len(ends) > 1:
            end = ends[-2]
        elif listed:
            end = listed[-1]
    return Excerpt(0, passage, passage.start, passage.start + end)


def _announces(text: str) -> bool:
    return text.rstrip(" *_").endswith(":")


def _listed(text: str, blocks: Sequence[dutch.Span]) -> Iterator[int]:
    """Where each item ends of the list or table that these blocks begin with."""
    for start, stop in blocks:
        if not _ITEM.match(text, start):
            return
        yield stop


def _whole(passage: Passage) -> Excerpt:
    return Excerpt(0, passage, passage.start, passage.end)


def _quotable(hits: Sequence[Hit], lead: Passage | None) -> list[Hit]:
    """Essays and own documents; the handbook too when the essays were not imported."""
    outside = [hit for hit in hits if hit.passage.kind is not Kind.HANDBOOK]
    chosen = outside or [hit for hit in hits if hit.passage != lead]
    return chosen[:QUOTED_HITS]


def _quotes(question: str, hits: Sequence[Hit], lead: Passage | None, library: Library) -> Iterator[Excerpt]:
    """The best sentence of each of the best passages, widened until it can be read by itself, all unlike each other.

    A passage that the lead rests on goes before one that it does not, so that quotations bear out the short answer.
    """
    passages = {hit.passage.id: hit.passage for hit in hits}
    weights = {hit.passage.id: 0.4 + 0.6 * hit.score for hit in hits}
    if lead and not any(passage.kind is Kind.HANDBOOK for passage in passages.values()):
        for ground in library.grounds(lead):
            passages[ground.id] = ground
            weights[ground.id] = BORNE_OUT * weights.get(ground.id, 0.6)
    usable = [(passage, *sentence) for passage in passages.values() for sentence in _read(passage.text)]
    asked = frozenset(dutch.grams(question))
    texts = [text for _, _, _, text in usable]
    near = sorted(zip(library.similarities(question, texts), range(len(texts)), strict=True), reverse=True)
    read: Counter[str] = Counter()
    best: dict[str, _Candidate] = {}
    for likeness, at in near:
        passage, start, end, text = usable[at]
        read[passage.id] += 1
        if read[passage.id] > READ_CLOSELY:
            continue
        shared = len(asked.intersection(dutch.grams(text))) / len(asked) if asked else 0.0
        score = (0.6 * likeness + 0.4 * shared) * weights[passage.id]
        if passage.id not in best or score > best[passage.id].score:
            best[passage.id] = _Candidate(passage, passage.start + start, passage.start + end, score)
    taken: list[frozenset[str]] = []
    ordered = sorted(best.values(), key=lambda each: -each.score)
    for candidate in ordered:
        if len(taken) >= 2 and candidate.score < LEAST_NEAR * ordered[0].score:
            return
        wide = _widened(candidate)
        grams = wide.grams
        if any(len(grams & other) > TOO_ALIKE * min(len(grams), len(other)) for other in taken):
            continue
        taken.append(grams)
        yield Excerpt(0, wide.passage, wide.start, wide.end)
        if len(taken) == QUOTES:
            return


@lru_cache(maxsize=4096)
def _read(text: str) -> tuple[tuple[int, int, str], ...]:
    """The sentences of a passage that can be quoted, each with the text that is compared with a question."""
    spans = dutch.sentences(text)
    return tuple((start, end, dutch.search_text(text[start:end])) for start, end in spans if _usable(text[start:end]))


def _usable(sentence: str) -> bool:
    size = len(sentence.split())
    return FEWEST_WORDS <= size <= MOST_WORDS and bool(_WHOLE.match(sentence)) and not _ADDRESS.search(sentence)


def _widened(candidate: _Candidate) -> _Candidate:
    """With the sentence before one that leans on it, and the one after a very short one: three at most."""
    passage = candidate.passage
    spans = [(passage.start + start, passage.start + end) for start, end in dutch.sentences(passage.text)]
    first = last = next(at for at, (start, _) in enumerate(spans) if start == candidate.start)

    def text(at: int) -> str:
        return passage.text[spans[at][0] - passage.start : spans[at][1] - passage.start]

    if first and _LEANING.match(dutch.fold(text(first)).lstrip(" \"'“‘(*_")) and _WHOLE.match(text(first - 1)):
        first -= 1
    words = sum(len(text(at).split()) for at in range(first, last + 1))
    if words < 2 * FEWEST_WORDS and last + 1 < len(spans) and _usable(text(last + 1)):
        last += 1
    return replace(candidate, start=spans[first][0], end=spans[last][1])
