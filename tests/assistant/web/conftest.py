"""One app for all tests of the web: the handbook that is shipped, an invented essay and documents with traps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import Message, Scope

from assistant.advice import Advisor
from assistant.assistant import Answerer, Assistant
from assistant.confidence import Confidence
from assistant.settings import Settings
from assistant.web.app import create
from assistant.wiring import embedding, opened
from index.build import build
from index.search import Index
from index.sources import sha256
from prompts import load as load_practice

PROJECT = Path(__file__).parents[3]

KADEBOEK = """\
# De kade van Zandmeer

De kade van Zandmeer verzakt elk jaar een duim. Drie schippers, de visafslag en het waterschap stutten haar om beurten.
De schippers leveren het hout en het waterschap levert de heipalen.

## Wie stut de kade van Zandmeer?

De visafslag betaalt de kraan, want zij loopt het eerst onder water. Het waterschap stelt ieder najaar een stutplan op.
Zonder stutplan mag niemand een paal in de kade slaan.
"""

TRAPS = """\
# Nota hek <b>vet</b>

De kadewachter van Zandmeer draagt een pet met <script>alert("kade")</script> erop. Het slot van het hek piept sinds
vrijdag en de wachter zegt dat [7] het geluid maakt. Het wachtwoord van het hek is [stokvis](javascript:alert(2)) en
kost $titel euro & een cent. Het hekje <img src=x onerror=alert(3)> blijft op slot.
"""

Told = dict[str, Any]
"""The JSON that the API tells."""

Ask = Callable[..., Told]
"""`ask("vraag", rol=...)`: post a question and give the answer."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A response to a request that no client has made tidy."""

    status: int
    headers: Mapping[str, str]
    text: str


Raw = Callable[..., Reply]
"""`raw("/pad", method="GET")`: send the path to the app as it stands, dots and all."""

With = Callable[[Answerer], Assistant]
"""`assistant_with(answerer)`: the same assistant with another answerer."""


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of an index that has been built, with a source of every kind."""
    root = tmp_path_factory.mktemp("web")
    for folder in ("corpus", "essays", "documents"):
        (root / folder).mkdir()
    for name in ("handbook", "questions"):
        (root / "corpus" / name).symlink_to(PROJECT / "corpus" / name)
    register = (PROJECT / "corpus" / "sources.toml").read_text(encoding="utf-8")
    entry = (
        '\n[kadeboek]\ntitle = "De kade & het <i>water</i>"\n'
        'authors = [{ family = "Zeeman", given = "A." }, { family = "Visser", given = "B." }]\nyear = 2018\n'
        f'publisher = "Uitgeverij Voorbeeld"\nlicence = "Verzonnen."\nsha256 = "{sha256(KADEBOEK)}"\n'
    )
    (root / "corpus" / "sources.toml").write_text(register + entry, encoding="utf-8")
    (root / "essays" / "kadeboek.txt").write_text(KADEBOEK, encoding="utf-8")
    (root / "documents" / "nota-hek.md").write_text(TRAPS, encoding="utf-8")
    settings = Settings(
        corpus=root / "corpus", essays=root / "essays", documents=root / "documents", index=root / "index"
    )
    build(settings, embedding(settings))
    return settings


@pytest.fixture(scope="session")
def assistant(library: Settings) -> Iterator[Assistant]:
    """The assistant over that index."""
    with opened(library) as assistant:
        yield assistant


@pytest.fixture(scope="session")
def index(assistant: Assistant) -> Index:
    """The index itself."""
    return assistant.index


@pytest.fixture(scope="session")
def assistant_with(library: Settings, index: Index) -> With:
    """Make an assistant over the same index that writes with another answerer."""
    advisor = Advisor(load_practice(), embedding(library).queries, index.passages)
    return lambda answerer: Assistant(index, Confidence.load(), advisor, answerer)


@pytest.fixture(scope="session")
def app(assistant: Assistant, library: Settings) -> FastAPI:
    """The whole application, made in a running event loop: elsewhere Gradio makes loops that it never closes."""

    async def made() -> FastAPI:
        return create(assistant, library)

    return asyncio.run(made())


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[TestClient]:
    """A client of the application; an error on the server is a response, as it is for everybody."""
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def ask(client: TestClient) -> Ask:
    """Post a question and give the answer."""

    def asked(question: str, **fields: str) -> Told:
        response = client.post("/api/v1/antwoorden", json={"vraag": question, **fields})
        assert response.status_code == 200, response.text
        told: Told = response.json()
        return told

    return asked


@pytest.fixture(scope="session")
def raw(client: TestClient, app: FastAPI) -> Raw:
    """Send a request as a server hands it over, with a path that no client has made tidy."""

    async def sent(path: str, method: str, body: bytes) -> Reply:
        parts: list[Message] = []
        waiting: list[Message] = [
            {"type": "http.request", "body": body, "more_body": False},
            {"type": "http.disconnect"},
        ]

        async def receive() -> Message:
            return waiting.pop(0) if len(waiting) > 1 else waiting[0]

        async def send(message: Message) -> None:
            parts.append(message)

        target, _, query = path.partition("?")
        scope: Scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": target,
            "raw_path": target.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(b"host", b"testserver"), (b"content-type", b"application/json")],
            "client": ("127.0.0.1", 50000),
            "server": ("testserver", 80),
            "state": {},
        }
        await app(scope, receive, send)
        start = next(part for part in parts if part["type"] == "http.response.start")
        text = b"".join(part.get("body", b"") for part in parts if part["type"] == "http.response.body")
        headers = {name.decode().lower(): value.decode() for name, value in start["headers"]}
        return Reply(start["status"], headers, text.decode())

    def given(path: str, *, method: str = "GET", body: bytes = b"") -> Reply:
        assert client.portal is not None
        return client.portal.call(sent, path, method, body)

    return given
