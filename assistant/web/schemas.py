"""The JSON of the API: Dutch nouns in camelCase, made from the assistant's values."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from assistant.citations import address, names, reference
from assistant.conversation import LONGEST
from assistant.types import Answer, Citation, Lookup, Match, Mode, Presence, Status
from index.types import Anchor, Hit, Kind, Passage, Source
from prompts import Perspective, Recommendation, Role, Step


class Soort(StrEnum):
    """The kinds of sources, by their Dutch names."""

    ESSAY = "essay"
    HANDBOEK = "handboek"
    EIGEN = "eigen"

    @property
    def kind(self) -> Kind:
        """The kind as the library knows it."""
        return _KINDS[self]

    @classmethod
    def of(cls, kind: Kind) -> Soort:
        """The Dutch name of a kind."""
        return next(soort for soort, known in _KINDS.items() if known is kind)


_KINDS = {Soort.ESSAY: Kind.ESSAY, Soort.HANDBOEK: Kind.HANDBOOK, Soort.EIGEN: Kind.OWN}


class Schema(BaseModel):
    """All schemas: camelCase outside, snake_case inside, unknown fields refused."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


class Vraag(Schema):
    """A question to the assistant."""

    vraag: str = Field(description=f"De vraag, hoogstens {LONGEST} tekens.")
    gesprek_id: str | None = Field(default=None, max_length=100, description="Het id uit een eerder antwoord.")
    rol: Role | None = None
    soort: Soort | None = None
    bron: str | None = Field(default=None, max_length=200, description="De slug van een bron.")


class Plaats(Schema):
    """A place in a source."""

    bron: str
    begin: int
    eind: int

    @classmethod
    def of(cls, anchor: Anchor) -> Self:
        """The place of an anchor."""
        return cls(bron=anchor.source, begin=anchor.start, eind=anchor.end)


class _Tekst(Schema):
    id: str
    bron: str
    soort: Soort
    titel: str
    auteurs: str
    jaar: int | None
    sectie: list[str]
    pagina: int | None
    begin: int
    eind: int
    tekst: str
    herkomst: list[Plaats]


class PassageUit(_Tekst):
    """A passage that was found, with its score."""

    score: float

    @classmethod
    def of(cls, hit: Hit, source: Source) -> Self:
        """The passage of a hit."""
        passage = hit.passage
        place = (passage.id, passage.start, passage.end, passage.text)
        return cls.model_validate({**_told(source, passage, *place), "score": round(hit.score, 6)})


class Citaat(_Tekst):
    """A checked citation: `tekst` stands at `begin` to `eind` of the source's text."""

    nummer: int
    verwijzing: str
    url: str

    @classmethod
    def of(cls, citation: Citation) -> Self:
        """The citation as the API gives it."""
        place = (citation.id, citation.start, citation.end, citation.text)
        return cls.model_validate(
            {
                **_told(citation.source, citation.passage, *place),
                "nummer": citation.number,
                "verwijzing": reference(citation.source, citation.passage),
                "url": address(citation.source.slug, citation.start, citation.end),
            }
        )


class Stap(Schema):
    """A step of the five-step model that fits."""

    nummer: int
    titel: str
    kernvraag: str
    vervolgvragen: list[str]
    score: float

    @classmethod
    def of(cls, step: Step, score: float) -> Self:
        """The step with its score."""
        return cls(
            nummer=step.number,
            titel=step.title,
            kernvraag=step.key_question,
            vervolgvragen=list(step.follow_up_questions),
            score=score,
        )


class Perspectief(Schema):
    """A perspective on steering."""

    id: str
    naam: str
    score: float

    @classmethod
    def of(cls, perspective: Perspective, score: float) -> Self:
        """The perspective with its score."""
        return cls(id=perspective.id, naam=perspective.name, score=score)


class Aanbeveling(Schema):
    """A recommendation, with the advice for the role when there is one."""

    nummer: int
    titel: str
    advies: str
    rol: Role | None
    score: float

    @classmethod
    def of(cls, recommendation: Recommendation, score: float, role: Role | None) -> Self:
        """The recommendation with its score."""
        advice = recommendation.advice_for(role).advice if role else recommendation.advice
        return cls(nummer=recommendation.number, titel=recommendation.title, advies=advice, rol=role, score=score)


class Antwoord(Schema):
    """An answer: Markdown with [n] for citation n."""

    id: str
    gesprek_id: str
    vraag: str
    zelfstandige_vraag: str
    status: Status
    antwoord: str
    citaten: list[Citaat]
    stappen: list[Stap]
    perspectieven: list[Perspectief]
    aanbevelingen: list[Aanbeveling]
    vervolgvragen: list[str]
    rol: Role | None
    modus: Mode
    duur_ms: float

    @classmethod
    def of(cls, answer: Answer, *, id: str, conversation: str, milliseconds: float) -> Self:
        """The answer as the API gives it."""
        advice = answer.advice
        return cls(
            id=id,
            gesprek_id=conversation,
            vraag=answer.turn.question,
            zelfstandige_vraag=answer.turn.standalone,
            status=answer.status,
            antwoord=answer.text,
            citaten=[Citaat.of(citation) for citation in answer.citations],
            stappen=[Stap.of(each.item, each.score) for each in advice.steps],
            perspectieven=[Perspectief.of(each.item, each.score) for each in advice.perspectives],
            aanbevelingen=[Aanbeveling.of(each.item, each.score, advice.role) for each in advice.recommendations],
            vervolgvragen=list(answer.follow_ups),
            rol=advice.role,
            modus=answer.mode,
            duur_ms=round(milliseconds, 2),
        )


class Verschil(Schema):
    """Words of a quotation that the source does not have, and the words that it has there; one may be empty."""

    gegeven: str
    bron: str


class Vindplaats(Citaat):
    """A place that holds a quotation: how alike the words are (0 to 1), and what differs."""

    gelijkenis: float
    verschillen: list[Verschil]

    @classmethod
    def at(cls, match: Match) -> Self:
        """The place of a match."""
        differences = [Verschil(gegeven=each.given, bron=each.source) for each in match.differences]
        return cls.model_validate(
            {
                **Citaat.of(match.citation).model_dump(),
                "gelijkenis": match.likeness,
                "verschillen": differences,
            }
        )


class Vindplaatsen(Schema):
    """Whether the library holds a quotation, and where; best first."""

    gevonden: Presence
    citaten: list[Vindplaats]

    @classmethod
    def of(cls, lookup: Lookup) -> Self:
        """What was found, as the API gives it."""
        return cls(gevonden=lookup.presence, citaten=[Vindplaats.at(match) for match in lookup.matches])


class Passages(Schema):
    """Passages, best first."""

    passages: list[PassageUit]


class Kop(Schema):
    """A heading of a source."""

    titel: str
    niveau: int
    begin: int


class Bron(Schema):
    """What the register says of a source."""

    slug: str
    soort: Soort
    titel: str
    ondertitel: str
    auteurs: str
    jaar: int | None
    uitgever: str
    rechten: str
    sha256: str
    tekens: int
    verwijzing: str
    url: str

    @classmethod
    def of(cls, source: Source) -> Self:
        """The source as the API gives it."""
        return cls.model_validate(_register(source))


class BronMetInhoud(Bron):
    """A source with its headings."""

    koppen: list[Kop]

    @classmethod
    def of(cls, source: Source) -> Self:
        """The source with its table of contents."""
        heads = [Kop(titel=head.title, niveau=head.level, begin=head.start) for head in source.headings]
        return cls.model_validate({**_register(source), "koppen": heads})


class Bronnen(Schema):
    """The library."""

    bronnen: list[Bron]


class Tekst(Schema):
    """A stretch of a source, letter for letter."""

    bron: str
    begin: int
    eind: int
    tekst: str


class Gezondheid(Schema):
    """Whether the service can answer."""

    status: str
    versie: str
    modus: Mode
    bronnen: int
    passages: int
    vragen: int
    gesprekken: int


class Probleem(Schema):
    """An error after RFC 9457, as the Dutch API Design Rules ask."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


def _told(source: Source, passage: Passage, id: str, start: int, end: int, text: str) -> dict[str, object]:
    return {
        "id": id,
        "bron": source.slug,
        "soort": Soort.of(source.kind),
        "titel": source.title,
        "auteurs": names(source.authors),
        "jaar": source.year,
        "sectie": list(passage.headings),
        "pagina": passage.page,
        "begin": start,
        "eind": end,
        "tekst": text,
        "herkomst": [Plaats.of(origin) for origin in passage.origins],
    }


def _register(source: Source) -> dict[str, object]:
    return {
        "slug": source.slug,
        "soort": Soort.of(source.kind),
        "titel": source.title,
        "ondertitel": source.subtitle,
        "auteurs": names(source.authors),
        "jaar": source.year,
        "uitgever": source.publisher,
        "rechten": source.licence,
        "sha256": source.sha256,
        "tekens": len(source.text),
        "verwijzing": reference(source),
        "url": f"/bronnen/{source.slug}",
    }
