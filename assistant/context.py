"""From hits to a brief: which section answers, what others add to it, and which sentences of the essays bear it out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Protocol

from rapidfuzz import fuzz

from assistant import sections
from assistant.citations import checks
from assistant.extracts import Candidate, alike, extracts
from assistant.shape import Shape, compared
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


QUOTES, QUOTED_HITS, NEAREST = 3, 8, 3
LEADS, ALIKE, GUIDE, COMPARES = 8, 0.8, 0.1, 0.5
"""How many sections are ranked, and what counts beside what the search says: how much the question is like one that
the section answers, that it belongs to the practice guide, and that it compares what the question compares. Chosen on
sections that a strict reader found to help with the blind questions of train: the first helps in 0.30 (0.23 without),
wholly or in part in 0.64 (0.55)."""
MORE, MORE_NEAR = 2, 0.5
"""So many other sections add to an answer, each at least for this share as near to the question as the first."""
BORNE_OUT, UNFOUND = 3.0, 0.6
"""How much more a place counts that the answer rests on, and what such a place weighs that was not found; chosen on
train, where quotations hold a marked place in 0.20 of blind questions (0.13 at 1.4) and 0.33 of the others (0.31)."""


def pack(
    question: str,
    hits: Sequence[Hit],
    status: Status,
    advice: Advice,
    *,
    library: Library,
    supports: Supports,
    shape: Shape = Shape.FACT,
    sides: Mapping[str, Sequence[Hit]] = MappingProxyType({}),
    widen: bool = True,
) -> Brief:
    """Choose what an answer may use: the section that answers, what others add, quotations, and what carries advice.

    Numbers are given in the order in which an answer uses them; a stretch that does not check is left out. With a
    perspective among the supports, the section on it leads. `sides` are things that are compared with the hits on each,
    for when no section compares them. `widen` lets essays that the section rests on be quoted although they are not
    among the hits; leave it out where a person asked for some sources only.
    """
    brief = Brief(question, status, shape=shape, advice=advice)
    if status is Status.REFUSED:
        nearest = [hit.passage for hit in hits if hit.passage.kind is not Kind.ESSAY] or [hit.passage for hit in hits]
        return _numbered(
            replace(brief, nearest=tuple(sections.lead(passage) for passage in nearest[:NEAREST])), library.sources
        )
    ranked = _ranked(question, [hit for hit in hits if hit.passage.kind is Kind.HANDBOOK][:LEADS], library)
    first = supports.perspective or (ranked[0].passage if ranked else None)
    asked, quotable = question, _quotable(hits, first)
    if supports.perspective:
        asked = supports.perspective.heading
        grounds = set(library.grounds(supports.perspective))
        quotable = [hit for hit in quotable if hit.passage in grounds or not grounds]
    body = sections.rest(first, example_first=shape is Shape.EXAMPLE) if first else ()
    brief = replace(
        brief,
        short=(sections.lead(first),) if first else (),
        sides=tuple(_sides(sides, first, library)),
        body=body,
        more=tuple(_more(ranked, first, shape)),
        quotes=tuple(
            extracts(asked, _candidates(quotable, first if widen else None, library), library.similarities, most=QUOTES)
        ),
        counterweight=_whole(supports.counterweight) if supports.counterweight else None,
        step=sections.lead(supports.step) if supports.step else None,
        recommendation=sections.lead(supports.recommendation) if supports.recommendation else None,
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
        sides=tuple(each(brief.sides)),
        body=tuple(each(brief.body)),
        more=tuple(each(brief.more)),
        quotes=tuple(each(brief.quotes)),
        nearest=tuple(each(brief.nearest)),
        step=next(each([brief.step]), None),
        recommendation=next(each([brief.recommendation]), None),
    )


def _ranked(question: str, hits: Sequence[Hit], library: Library) -> list[Hit]:
    """Sections by how much they answer this question: what the search says, and the questions that they answer."""
    sides = set(dutch.terms(" ".join(compared(question))))
    asked = [(at, other) for at, hit in enumerate(hits) for other in hit.passage.questions or (hit.passage.heading,)]
    near = library.similarities(question, [other for _, other in asked])
    plain = dutch.fold(question)
    best = [0.0] * len(hits)
    for (at, other), likeness in zip(asked, near, strict=True):
        same = fuzz.token_set_ratio(plain, dutch.fold(other)) / 100
        best[at] = max(best[at], (likeness + same) / 2)
    scored = [
        replace(
            hit,
            score=hit.score
            + ALIKE * like
            + GUIDE * bool(hit.passage.wordings)
            + COMPARES * _compares(hit.passage, sides),
        )
        for hit, like in zip(hits, best, strict=True)
    ]
    return sorted(scored, key=lambda hit: -hit.score)


def _compares(section: Passage, sides: Set[str]) -> bool:
    """Whether the title of a section names all that is compared."""
    return bool(sides) and sides <= set(dutch.terms(section.heading))


def _more(ranked: Sequence[Hit], first: Passage | None, shape: Shape) -> Iterator[Excerpt]:
    """The leads of other sections nearly as good (for who asks for an example, theirs) that say something else."""
    if first is None:
        return
    told = [frozenset(dutch.grams(first.text))]
    for hit in ranked:
        if hit.passage == first or hit.score < MORE_NEAR * ranked[0].score:
            continue
        chosen = (sections.example(hit.passage) if shape is Shape.EXAMPLE else None) or sections.lead(hit.passage)
        grams = frozenset(dutch.grams(chosen.text))
        if any(alike(grams, other) for other in told):
            continue
        told.append(grams)
        yield chosen
        if len(told) > MORE:
            return


def _sides(sides: Mapping[str, Sequence[Hit]], first: Passage | None, library: Library) -> Iterator[Excerpt]:
    """What the best section on each thing that is compared says first; none where the first section compares them."""
    if first and _compares(first, set(dutch.terms(" ".join(sides)))):
        return
    for side, hits in sides.items():
        for hit in _ranked(f"Wat is {side}?", hits, library)[:1]:
            if hit.passage != first:
                yield sections.lead(hit.passage)


def _whole(passage: Passage) -> Excerpt:
    return Excerpt(0, passage, passage.start, passage.end)


def _quotable(hits: Sequence[Hit], first: Passage | None) -> list[Hit]:
    """Essays and own documents; the handbook too when the essays were not imported."""
    outside = [hit for hit in hits if hit.passage.kind is not Kind.HANDBOOK]
    chosen = outside or [hit for hit in hits if hit.passage != first]
    return chosen[:QUOTED_HITS]


def _candidates(hits: Sequence[Hit], first: Passage | None, library: Library) -> list[Candidate]:
    """The hits; where the first section rests on the essays, those places before hits that it does not rest on."""
    candidates = {hit.passage.id: Candidate(hit.passage, 0.4 + 0.6 * hit.score) for hit in hits}
    if first and not any(each.passage.kind is Kind.HANDBOOK for each in candidates.values()):
        for ground in library.grounds(first):
            known = candidates.get(ground.id)
            weight = BORNE_OUT * (known.weight if known else UNFOUND)
            within = tuple(place for place in first.origins if place.overlap(ground.anchor))
            candidates[ground.id] = Candidate(ground, weight, within)
    return list(candidates.values())
