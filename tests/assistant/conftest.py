"""What the tests of the assistant share: a shelf of invented sources, invented models of practice, a small library."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.advice import Advisor
from assistant.assistant import Answerer, Assistant
from assistant.confidence import Confidence
from assistant.quotes import QuotingAnswerer
from assistant.settings import Settings
from index.build import build
from index.dutch import terms
from index.embedding import SentenceEmbedding
from index.search import Index
from index.sources import Publication, sha256
from index.types import Anchor, Author, Hit, Kind, Passage, Source
from prompts import Anchor as PracticeAnchor
from prompts import Perspective, Practice, Recommendation, Role, RoleAdvice, Step

ZWEMBAD = """\
# Het zwembad van Duinrode

Het zwembad van Duinrode dreigde te sluiten. Zes dorpen betalen nu samen de verwarming van het water. Geen dorp kon \
een ander dwingen om mee te doen.

## Wie draagt de kosten?

Ieder dorp draagt bij naar het aantal kinderen dat zwemles krijgt. De sportvereniging maakt de kleedkamers elke \
zaterdag schoon. Zo bleef de toegangsprijs voor gezinnen met kinderen laag.

## Hoe kwamen de dorpen tot elkaar?

De dorpsraden dronken een winter lang koffie in de kantine. Een gepensioneerde badmeester zat de gesprekken voor en \
schreef iedere afspraak op. Pas toen het ijs smolt, durfden zij over geld te praten.
"""

MOLENS = """\
# De molens van Rietveen

De molens van Rietveen malen weer sinds de molenaars hun kennis delen. Leerlingen lopen een jaar lang mee met een \
ervaren molenaar. Het waterschap leent hun het gereedschap uit.

## Waarom draaien molens samen beter?

Een molen alleen houdt de polder niet droog. De molenaars spreken daarom iedere ochtend af wie er maalt en wie er \
rust. Bij storm beslist de oudste molenaar voor allemaal.
"""


def between(text: str, first: str, last: str) -> tuple[int, int]:
    """Where the stretch from the first to the last words begins and ends."""
    return text.index(first), text.index(last) + len(last)


KOSTEN = between(ZWEMBAD, "Ieder dorp", "kinderen laag.")
KOFFIE = between(ZWEMBAD, "De dorpsraden", "te praten.")
MALEN = between(MOLENS, "Een molen alleen", "voor allemaal.")

HANDBOOK = f"""\
---
title: Water en wind
---

# Water en wind

## Wie betaalt mee aan een gedeeld zwembad?
<!-- bronnen: zwembad {KOSTEN[0]}-{KOSTEN[1]} -->

De dorpen delen de kosten van het zwembad naar gebruik. Wie veel zwemlessen afneemt, betaalt het meest.

## Hoe leert een groep dorpen elkaar vertrouwen?
<!-- bronnen: zwembad {KOFFIE[0]}-{KOFFIE[1]} -->

Begin met kennismaken en praat pas later over geld:

- laat een buitenstaander voorzitten;
- schrijf iedere afspraak op;
- neem er een winter de tijd voor.

Daarna past elk perspectief.

## Hoe verdelen molenaars het werk?
<!-- bronnen: molens {MALEN[0]}-{MALEN[1]} -->

Zij overleggen iedere ochtend. Bij storm beslist de oudste molenaar.
"""

QUESTIONS: Mapping[str, Sequence[tuple[tuple[int, int], str]]] = {
    "zwembad": [(KOSTEN, "Hoe splits je de rekening van een badhuis?"), (KOFFIE, "Hoe groeit er een band?")],
    "molens": [(MALEN, "Wie is de baas bij noodweer?")],
}


def hashed(texts: Sequence[str]) -> NDArray[np.float32]:
    """Vectors of length 1: texts are alike when they share stems."""
    vectors = np.zeros((len(texts), 512), dtype=np.float32)
    for row, text in zip(vectors, texts, strict=True):
        for term in terms(text):
            row[int.from_bytes(blake2b(term.encode(), digest_size=4).digest()) % 512] += 1
        row /= max(1.0, float(np.linalg.norm(row)))
    return vectors


@dataclass
class Shelf:
    """A library in memory: sources that a test puts on it, their passages, and what a section rests on."""

    sources: Mapping[str, Source] = field(default_factory=dict)
    publications: Mapping[str, Publication] = field(default_factory=dict)
    rests_on: dict[str, list[Passage]] = field(default_factory=dict)

    def add(self, slug: str, text: str, kind: Kind = Kind.ESSAY) -> Source:
        """Put a source on the shelf."""
        source = Source(
            slug, kind, slug.replace("-", " ").title(), text, sha256(text), authors=(Author("Zeeman", "A."),), year=2019
        )
        self.sources = {**self.sources, slug: source}
        return source

    def passage(self, slug: str, text: str, *, kind: Kind = Kind.ESSAY, heading: str = "") -> Passage:
        """A source that is one passage between two lines that are none."""
        source = self.add(slug, f"Vooraf.\n\n{text}\n\nTot slot.", kind)
        start, end = between(source.text, text, text)
        headings = (heading,) if heading else ()
        return Passage(f"{slug}:{start}-{end}", slug, kind, start, end, text, headings)

    def section(self, slug: str, heading: str, text: str, *, origins: Sequence[Anchor] = ()) -> Passage:
        """A section of the handbook."""
        passage = self.passage(slug, text, kind=Kind.HANDBOOK, heading=heading)
        return replace(passage, origins=tuple(origins))

    def hits(self, *passages: Passage) -> list[Hit]:
        """Hits on these passages, best first."""
        return [Hit(passage, 1 - rank / 20) for rank, passage in enumerate(passages)]

    def similarities(self, question: str, texts: Sequence[str]) -> list[float]:
        """How many stems each text shares with the question."""
        asked = hashed([question])[0]
        return [float(asked @ vector) for vector in hashed(texts)] if texts else []

    def grounds(self, section: Passage) -> list[Passage]:
        """The passages that the test said a section rests on."""
        return self.rests_on.get(section.id, [])


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture(scope="session")
def new_shelf() -> type[Shelf]:
    """To make a shelf that lives longer than one test."""
    return Shelf


@pytest.fixture(scope="session")
def practice() -> Practice:
    """Two steps, three perspectives and two recommendations about swimming pools and windmills."""

    def places(slug: str, *spans: tuple[int, int]) -> tuple[PracticeAnchor, ...]:
        return tuple(PracticeAnchor(slug, *span) for span in spans)

    def step(number: int, title: str, question: str, signal: str, anchors: tuple[PracticeAnchor, ...]) -> Step:
        return Step(number, title, question, (), (signal,), (), "", "", anchors, "")

    def perspective(id: str, signal: str, counterweight: str, anchors: tuple[PracticeAnchor, ...]) -> Perspective:
        name = f"{id.title()}e overheid"
        return Perspective(id, id, name, (), "", "", "", "", "", (signal,), counterweight, anchors, "")

    def recommendation(number: int, title: str, signal: str, anchors: tuple[PracticeAnchor, ...]) -> Recommendation:
        cells = tuple(RoleAdvice(role, f"Raad {number} voor de {role.label}.", anchors) for role in Role)
        return Recommendation(number, title, f"Doe {title.lower()}.", cells, (signal,), anchors, "")

    kosten, koffie, malen = places("zwembad", KOSTEN), places("zwembad", KOFFIE), places("molens", MALEN)
    return Practice(
        steps=(
            step(1, "Kennismaken", "Wie zit er aan tafel?", "De dorpen kennen elkaar niet.", koffie),
            step(2, "Verdelen", "Wie betaalt welk deel?", "Er is ruzie over de kosten van het zwembad.", kosten),
        ),
        perspectives=(
            perspective(
                "netwerkend",
                "Zes dorpen kunnen elkaar niet dwingen.",
                "Leg ook vast wie betaalt.",
                (*koffie, *kosten),
            ),
            perspective("rechtmatig", "Een vergunning ontbreekt en de regels knellen.", "Praat ook eens.", kosten),
            perspective("presterend", "De molenaar haalt zijn streefgetal voor malen niet.", "Rust ook eens.", malen),
        ),
        recommendations=(
            recommendation(1, "Eerst koffie", "De dorpsraden wantrouwen elkaar.", koffie),
            recommendation(2, "Eerlijk delen", "De kosten van het zwembad zijn scheef verdeeld.", kosten),
        ),
    )


@pytest.fixture(scope="session")
def small_library(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path, embedding: SentenceEmbedding) -> Settings:
    """The settings of a library that was built of two invented essays and a chapter of the handbook."""
    settings = written_library(tmp_path_factory.mktemp("library"), tiny_model)
    build(settings, embedding)
    return settings


@pytest.fixture(scope="module")
def small_index(small_library: Settings, embedding: SentenceEmbedding) -> Iterator[Index]:
    """The small library, open; nothing changes it."""
    index = Index.open(small_library, embedding)
    yield index
    index.close()


def written_library(folder: Path, model: Path) -> Settings:
    """Write the texts above under a folder and give the settings to build them with."""
    corpus, imported = folder / "corpus", folder / "essays"
    for path in (corpus / "handbook", corpus / "questions", imported):
        path.mkdir(parents=True)
    (corpus / "handbook" / "water-en-wind.md").write_text(HANDBOOK, encoding="utf-8")
    register = ["[handbook]\nyear = 2026\n"]
    for slug, text in {"zwembad": ZWEMBAD, "molens": MOLENS}.items():
        (imported / f"{slug}.txt").write_text(text, encoding="utf-8")
        rows = [{"start": start, "end": end, "questions": [asked]} for (start, end), asked in QUESTIONS[slug]]
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (corpus / "questions" / f"{slug}.jsonl").write_text(lines, encoding="utf-8")
        register.append(
            f'[{slug}]\ntitle = "{slug.title()}"\nauthors = [{{ family = "Zeeman", given = "A." }}]\nyear = 2019\n'
            f'publisher = "Uitgeverij Voorbeeld"\nlicence = "Verzonnen."\nsha256 = "{sha256(text)}"\n'
        )
    (corpus / "sources.toml").write_text("\n".join(register), encoding="utf-8")
    return Settings(corpus=corpus, essays=imported, documents=None, index=folder / "index", embedding_model=str(model))


NewAssistant = Callable[..., Assistant]
"""`new_assistant(answerer)`: an assistant over the small library; without an argument it quotes."""


@pytest.fixture
def new_assistant(small_index: Index, practice: Practice) -> NewAssistant:
    """It answers when all words of a question are known to the library, and refuses when none is."""
    confidence = Confidence({"known_terms": 8.0}, -4.0, perhaps=0.3, answered=0.7)
    advisor = Advisor(practice, hashed, small_index.passages)

    def made(answerer: Answerer | None = None) -> Assistant:
        return Assistant(small_index, confidence, advisor, answerer or QuotingAnswerer(small_index.sources))

    return made
