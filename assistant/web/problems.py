"""Errors on their way out: one Dutch sentence as problem+json (RFC 9457), or as a page for a browser."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.errors import AssistantError
from assistant.web.render import problem_page
from assistant.web.schemas import Probleem
from index.errors import InvalidRequest, LibraryError

API = "/api/v1"
LARGEST_BODY = 1_000_000

_TITLES = {
    400: "Deze vraag kan niet",
    404: "Niet gevonden",
    405: "Dat kan hier niet",
    413: "Te groot",
    422: "De invoer klopt niet",
    500: "Er ging iets mis",
}
_DETAILS = {
    400: "Het bericht is niet te lezen; stuur JSON in UTF-8.",
    404: "Dit adres bestaat niet; kijk in /api/v1/openapi.json welke adressen er zijn.",
    405: "Dit adres kent deze methode niet; kijk in /api/v1/openapi.json.",
    413: "Het bericht is te groot; stuur hoogstens 1 MB.",
    500: "Er ging iets mis. Probeer het nog eens; blijft het misgaan, vertel het dan uw beheerder.",
}
_FAULTS = {
    "missing": "ontbreekt",
    "string_type": "moet tekst zijn",
    "int_parsing": "moet een geheel getal zijn",
    "int_type": "moet een geheel getal zijn",
    "enum": "bestaat niet; kies uit {expected}",
    "extra_forbidden": "is geen bekend veld",
    "greater_than_equal": "moet minstens {ge} zijn",
    "less_than_equal": "mag hoogstens {le} zijn",
    "string_too_long": "mag hoogstens {max_length} tekens hebben",
    "json_invalid": "is geen geldige JSON",
    "model_attributes_type": "moet een JSON-object zijn",
}
_log = logging.getLogger(__name__)


class NotFound(Exception):
    """A thing that an address names and that is not there; the message is a Dutch sentence."""


def install(app: FastAPI, style: str) -> None:
    """Let the app answer every error with a sentence."""

    def told(request: Request, status: int, detail: str) -> Response:
        if request.url.path.startswith("/bronnen/"):
            return HTMLResponse(problem_page(_TITLES[status], detail, style), status)
        return problem(status, detail)

    @app.exception_handler(NotFound)
    async def not_found(request: Request, error: NotFound) -> Response:
        return told(request, 404, str(error))

    @app.exception_handler(AssistantError)
    async def assistant_error(request: Request, error: AssistantError) -> Response:
        return told(request, 400, str(error))

    @app.exception_handler(LibraryError)
    async def library_error(request: Request, error: LibraryError) -> Response:
        return told(request, 400 if isinstance(error, InvalidRequest) else 500, str(error))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        return told(request, 422, " ".join(_sentence(fault) for fault in error.errors()))

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> Response:
        status = error.status_code if error.status_code in _TITLES else 500
        return told(request, status, _DETAILS.get(status, _DETAILS[500]))

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> Response:
        _log.error("a request failed", exc_info=error)
        return told(request, 500, _DETAILS[500])

    app.add_middleware(BodyLimit)


def unknown_address(style: str) -> HTMLResponse:
    """The page for an address outside the API that does not exist."""
    return HTMLResponse(
        problem_page(_TITLES[404], "Dit adres bestaat niet; begin op de pagina met vragen.", style), 404
    )


def problem(status: int, detail: str) -> JSONResponse:
    """A problem+json response."""
    body = Probleem(title=_TITLES.get(status, _TITLES[500]), status=status, detail=detail)
    return JSONResponse(body.model_dump(by_alias=True), status, media_type="application/problem+json")


class BodyLimit:
    """Refuses a request to the API whose body is larger than 1 MB, before it is read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 413."""
        if scope["type"] != "http" or not scope["path"].startswith(API):
            await self._app(scope, receive, send)
            return
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if length.isdigit() and int(length) > LARGEST_BODY:
            await problem(413, _DETAILS[413])(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > LARGEST_BODY:
                raise HTTPException(413)
            return message

        await self._app(scope, counted, send)


def _sentence(fault: Mapping[str, Any]) -> str:
    names = [str(part) for part in fault["loc"] if part not in {"body", "query", "path"}]
    name = names[-1] if names and fault["type"] != "json_invalid" else "bericht"
    pattern = _FAULTS.get(fault["type"], "heeft een waarde die niet kan")
    context = {key: str(value).replace(" or ", " of ") for key, value in fault.get("ctx", {}).items()}
    if fault["type"] == "enum":
        context["expected"] = context["expected"].replace("'", "")
    return f"Het veld '{name}' {pattern.format_map(context)}." if name != "bericht" else f"Het bericht {pattern}."
