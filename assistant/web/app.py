"""The web application: the API, the pages of the sources, and the Gradio page at /."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import gradio as gr
from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant import version
from assistant.assistant import Assistant
from assistant.errors import AssistantError
from assistant.settings import Settings
from assistant.web import page, problems, render
from assistant.web.api import router
from assistant.web.conversations import Conversations
from assistant.web.problems import API, NotFound
from assistant.web.texts import NAME
from assistant.web.theme import theme

HERE = Path(__file__).resolve().parent

_LANGUAGE = re.compile(rb"(<html[^>]*?\blang=\")[a-z-]+(\")", re.S)
_SOCIAL = re.compile(rb"<meta\s+(?:property|name)=\"(?:og|twitter):[^>]*?>", re.S)


def create(assistant: Assistant, settings: Settings) -> FastAPI:
    """The whole application over one assistant."""
    style = (HERE / "style.css").read_text(encoding="utf-8")
    script = (HERE / "page.js").read_text(encoding="utf-8")
    app = FastAPI(
        title="Opgavewijzer",
        description="Antwoorden met nagekeken citaten over opgavegericht werken.",
        version=version(),
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    problems.install(app, style)
    conversations = Conversations(settings.conversations, 60.0 * settings.conversation_minutes)
    api = router(assistant, conversations)
    app.include_router(api)

    @app.middleware("http")
    async def headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        is_gradio = response.headers.get("content-type") == "application/json"
        if response.status_code == 404 and is_gradio and not request.url.path.startswith("/gradio_api"):
            response = problems.unknown_address(style)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        if request.url.path.startswith(API):
            response.headers["API-Version"] = version()
        return response

    @app.get("/bronnen/{slug}", response_class=HTMLResponse, include_in_schema=False)
    def source_page(
        slug: str, begin: Annotated[int | None, Query(ge=0)] = None, eind: Annotated[int | None, Query(ge=0)] = None
    ) -> HTMLResponse:
        if slug not in assistant.index.sources:
            raise NotFound(f"De bron ‘{slug[:80]}’ is er niet. Kijk op de pagina onder Bronnen wat er wel is.")
        source = assistant.index.sources[slug]
        if begin is not None and eind is not None and not begin < eind <= len(source.text):
            raise AssistantError(
                f"De plaats {begin}-{eind} ligt niet in deze bron; zij heeft {len(source.text)} tekens."
            )
        return HTMLResponse(render.source_page(source, begin, eind, style))

    @app.api_route(API + "/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False)
    def nothing_here(rest: str, request: Request) -> Response:
        if any(route.matches(request.scope)[0] is Match.PARTIAL for route in api.routes):
            raise HTTPException(405)
        raise NotFound(f"Het adres {API}/{rest[:80]} bestaat niet; kijk in {API}/openapi.json welke er zijn.")

    logging.getLogger("httpx").setLevel(logging.WARNING)
    gr.mount_gradio_app(
        app,
        page.build(assistant),
        path="/",
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        show_error=False,
        max_file_size="1kb",
        theme=theme(),
        css=style,
        head=f"<script>{script}</script>",
    )
    app.add_middleware(DutchShell)
    return app


class DutchShell:
    """Gradio's page says that it is English and names pictures elsewhere; this mends its first lines on the way out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, the page at / with its language and title set and its social-media tags taken out."""
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        start: Message = {}
        body = b""

        async def mended(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            if message["type"] != "http.response.body":
                await send(message)
                return
            body += message.get("body", b"")
            if not message.get("more_body"):
                page_bytes = _mended(body)
                kept = [pair for pair in start["headers"] if pair[0].lower() != b"content-length"]
                length = (b"content-length", str(len(page_bytes)).encode())
                await send({**start, "headers": [*kept, length]})
                await send({"type": "http.response.body", "body": page_bytes})

        await self._app(scope, receive, mended)


def _mended(body: bytes) -> bytes:
    titled = body.replace(b"<head>", f"<head><title>{NAME}</title>".encode(), 1)
    return _SOCIAL.sub(b"", _LANGUAGE.sub(rb"\1nl\2", titled, count=1))
