"""The HTTP API under /api/v1, after the Dutch API Design Rules."""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.responses import JSONResponse, Response, StreamingResponse

from assistant import version
from assistant.assistant import Assistant, finish
from assistant.conversation import clean
from assistant.errors import AssistantError
from assistant.types import Answer, Delta, Question
from assistant.web.conversations import Conversations
from assistant.web.problems import API, NotFound
from assistant.web.schemas import (
    Antwoord,
    Bron,
    BronMetInhoud,
    Bronnen,
    Gezondheid,
    Passages,
    PassageUit,
    Soort,
    Tekst,
    Vindplaatsen,
    Vraag,
)
from assistant.web.texts import FAILED
from index.errors import LibraryError
from index.types import Source

_log = logging.getLogger(__name__)

EVENT_STREAM = "text/event-stream"


def router(assistant: Assistant, conversations: Conversations) -> APIRouter:
    """The routes over one assistant."""
    routes = APIRouter(prefix=API)
    index = assistant.index

    def source_of(slug: str) -> Source:
        if slug not in index.sources:
            raise NotFound(f"De bron '{slug[:80]}' bestaat niet; zie /api/v1/bronnen voor de bronnen die er zijn.")
        return index.sources[slug]

    @routes.post("/antwoorden", response_model=Antwoord, summary="Stel een vraag")
    def answer(asked: Vraag, accept: Annotated[str, Header()] = "application/json") -> Response:
        question = Question(
            asked.vraag,
            asked.rol,
            (asked.soort.kind,) if asked.soort else (),
            (asked.bron,) if asked.bron is not None else (),
        )
        started = time.perf_counter()
        pieces = assistant.ask(question, conversations.turns(asked.gesprek_id))

        def told(given: Answer) -> Antwoord:
            conversation = conversations.add(asked.gesprek_id, given.turn)
            milliseconds = 1000 * (time.perf_counter() - started)
            return Antwoord.of(
                given, id=secrets.token_urlsafe(12), conversation=conversation, milliseconds=milliseconds
            )

        if EVENT_STREAM not in accept:
            return JSONResponse(told(finish(pieces)).model_dump(mode="json", by_alias=True))
        first = next(pieces)

        def events() -> Iterator[str]:
            try:
                for piece in _chain(first, pieces):
                    if isinstance(piece, Delta):
                        yield _event("stuk", json.dumps({"tekst": piece.text}, ensure_ascii=False))
                    else:
                        yield _event("antwoord", told(piece).model_dump_json(by_alias=True))
            except (AssistantError, LibraryError) as error:
                yield _event("fout", json.dumps({"detail": str(error)}, ensure_ascii=False))
            except Exception:
                _log.exception("an answer broke off")
                yield _event("fout", json.dumps({"detail": FAILED}, ensure_ascii=False))

        return StreamingResponse(events(), media_type=EVENT_STREAM, headers={"Cache-Control": "no-store"})

    @routes.get("/passages", summary="Zoek passages")
    def passages(
        q: Annotated[str, Query(description="De vraag of zoekwoorden.", max_length=4000)],
        aantal: Annotated[int, Query(ge=1, le=100)] = 10,
        soort: Soort | None = None,
        bron: str | None = None,
    ) -> Passages:
        found = index.search(
            clean(q), limit=aantal, kinds=(soort.kind,) if soort else (), sources=(bron,) if bron is not None else ()
        )
        return Passages(passages=[PassageUit.of(hit, index.sources[hit.passage.source]) for hit in found.hits])

    @routes.get("/citaten", summary="Zoek op waar woorden staan die iemand aanhaalt")
    def quotations(
        tekst: Annotated[str, Query(description="De aangehaalde woorden: minstens drie.", max_length=4000)],
    ) -> Vindplaatsen:
        return Vindplaatsen.of(assistant.quotes.find(tekst))

    @routes.get("/bronnen", summary="Het register")
    def sources() -> Bronnen:
        return Bronnen(bronnen=[Bron.of(source) for source in index.sources.values()])

    @routes.get("/bronnen/{slug}", summary="Eén bron met inhoudsopgave")
    def source(slug: str) -> BronMetInhoud:
        return BronMetInhoud.of(source_of(slug))

    @routes.get("/bronnen/{slug}/tekst", summary="De tekst waarnaar plaatsen verwijzen")
    def text(
        slug: str, begin: Annotated[int, Query(ge=0)] = 0, eind: Annotated[int | None, Query(ge=0)] = None
    ) -> Tekst:
        whole = source_of(slug).text
        end = len(whole) if eind is None else eind
        if not begin <= end <= len(whole):
            raise AssistantError(f"De plaats {begin}-{end} ligt niet in deze bron; zij heeft {len(whole)} tekens.")
        return Tekst(bron=slug, begin=begin, eind=end, tekst=whole[begin:end])

    @routes.get("/gezondheid", summary="Of de dienst kan antwoorden")
    def health() -> Gezondheid:
        return Gezondheid(
            status="gereed",
            versie=version(),
            modus=assistant.mode,
            bronnen=len(index.sources),
            passages=len(index.passages),
            vragen=index.manifest.questions,
            gesprekken=len(conversations),
        )

    return routes


def _chain(first: Delta | Answer, rest: Iterator[Delta | Answer]) -> Iterator[Delta | Answer]:
    yield first
    yield from rest


def _event(name: str, data: str) -> str:
    return f"event: {name}\ndata: {data}\n\n"
