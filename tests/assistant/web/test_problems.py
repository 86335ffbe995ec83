"""Bad input: one Dutch sentence with the right status, and never a traceback or a path of the machine."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from fastapi import FastAPI, Query
from fastapi.testclient import TestClient

from assistant.errors import AssistantError
from assistant.web import problems
from assistant.web.problems import LARGEST_BODY, NotFound
from index.errors import InvalidRequest, StaleIndex

if TYPE_CHECKING:
    from tests.assistant.web.conftest import Raw

API = "/api/v1"
QUESTION = f"{API}/antwoorden"
ESCAPING = (
    "../../etc/passwd",
    "..%2F..%2Fetc%2Fpasswd",
    "..%5C..%5Cwindows",
    "%2Fetc%2Fpasswd",
    "kadeboek%00",
    "....//",
)
SECRETS = re.compile(r"Traceback|File \"|\.py\b|/tmp/|/home/|/root|/usr/|site-packages|root:x:0")
ENGLISH = re.compile(r"\b(?:the|not|error|found|field|input|should|must|value|was|allowed|method)\b", re.I)


class Response(Protocol):
    """What is read of a response."""

    @property
    def status_code(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def text(self) -> str: ...
    def json(self) -> Any: ...


def checked(response: Response, status: int) -> str:
    """The sentence of a problem, whose form is checked."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert set(body) == {"type", "title", "status", "detail"}
    assert body["status"] == status
    assert body["title"] and re.search(r"[.!?]$", body["detail"])
    assert not SECRETS.search(response.text)
    assert not ENGLISH.search(body["title"] + " " + re.sub(r"'[^']*'|/\S+", "", body["detail"]))
    detail: str = body["detail"]
    return detail


@pytest.mark.parametrize(
    "message",
    ["", " ", " \n\t ", "\u00a0\u2003", "\x00\x01\x1b", "\u200b\u202e\ufeff", "🙂🙂🙂", "👩‍👩‍👧", "?!...", "12345"],
    ids=[
        "leeg",
        "spatie",
        "wit",
        "hard wit",
        "besturing",
        "onzichtbaar",
        "emoji",
        "samengesteld",
        "leestekens",
        "cijfers",
    ],
)
def test_a_message_without_words_is_refused(client: TestClient, message: str) -> None:
    assert "vraag" in checked(client.post(QUESTION, json={"vraag": message}), 400)


def test_a_message_of_20000_characters_is_refused_with_its_length(client: TestClient) -> None:
    detail = checked(client.post(QUESTION, json={"vraag": "kade " * 4000}), 400)
    assert "20.000" in detail


def test_the_longest_question_is_taken(client: TestClient) -> None:
    assert client.post(QUESTION, json={"vraag": "kade " * 800}).status_code == 200


@pytest.mark.parametrize(
    "message",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<b>Wie stut de kade van Zandmeer?</b>",
        "'; DROP TABLE bronnen; --",
        "{{7*7}} ${7*7} hoe werkt dat",
        "</textarea></article><h1>hoi</h1>",
    ],
)
def test_markup_in_a_message_is_text(client: TestClient, message: str) -> None:
    response = client.post(QUESTION, json={"vraag": message})
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("application/json")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.json()["vraag"] == message
    assert message not in response.json()["antwoord"]


@pytest.mark.parametrize(
    "message", ["Hoe\x00 werkt\x07 de kade?", "\u202eWie stut de kade?", "W\u0301ie stut de kade?"]
)
def test_control_characters_among_words_do_no_harm(client: TestClient, message: str) -> None:
    assert client.post(QUESTION, json={"vraag": message}).status_code == 200


def test_half_a_character_is_no_reason_to_fail(client: TestClient) -> None:
    body = b'{"vraag": "\\ud800 wie stut de kade"}'
    response = client.post(QUESTION, content=body, headers={"Content-Type": "application/json"})
    assert response.status_code in {200, 400, 422}


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("rol", "keizer", 422),
        ("rol", "", 422),
        ("rol", 3, 422),
        ("soort", "boek", 422),
        ("soort", "handbook", 422),
        ("bron", "bestaat-niet", 400),
        ("bron", "../../etc/passwd", 400),
        ("gesprekId", "g" * 101, 422),
        ("gesprekId", 5, 422),
        ("onbekend", "x", 422),
        ("vraag", 5, 422),
        ("vraag", None, 422),
        ("vraag", ["hoe"], 422),
    ],
)
def test_a_field_that_is_wrong_is_named(client: TestClient, field: str, value: object, status: int) -> None:
    body = {"vraag": "Wie stut de kade?", field: value}
    detail = checked(client.post(QUESTION, json=body), status)
    assert f"'{field}'" in detail or f"'{value}'" in detail


def test_an_unknown_role_is_told_which_roles_there_are(client: TestClient) -> None:
    detail = checked(client.post(QUESTION, json={"vraag": "hoe?", "rol": "keizer"}), 422)
    assert all(
        role in detail for role in ("opdrachtgever", "opdrachtnemer", "staande_organisatie", "organisatieadviseur")
    )


@pytest.mark.parametrize(
    "body", [b"", b"{", b"hallo", b"[]", b'"hoe?"', b"null", b'{"vraag": "hoe?"', b"{}", b"\xc3\xbf"]
)
def test_a_body_that_is_no_question_is_refused(client: TestClient, body: bytes) -> None:
    checked(client.post(QUESTION, content=body, headers={"Content-Type": "application/json"}), 422)


@pytest.mark.parametrize("body", [b'{"vraag": "\xff\xfe"}', b"[" * 100_000], ids=["geen UTF-8", "te diep"])
def test_a_body_that_cannot_be_read_gets_a_dutch_sentence(client: TestClient, body: bytes) -> None:
    checked(client.post(QUESTION, content=body, headers={"Content-Type": "application/json"}), 400)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 422),
        ("q=", 400),
        ("q=%20%0A", 400),
        ("q=" + "a" * 4001, 422),
        ("q=kade&aantal=-1", 422),
        ("q=kade&aantal=0", 422),
        ("q=kade&aantal=101", 422),
        ("q=kade&aantal=1000000000000000000000", 422),
        ("q=kade&aantal=veel", 422),
        ("q=kade&aantal=1.5", 422),
        ("q=kade&aantal=", 422),
        ("q=kade&soort=boek", 422),
        ("q=kade&soort=own", 422),
        ("q=kade&bron=bestaat-niet", 400),
        ("q=kade&bron=../../etc/passwd", 400),
        ("q=kade&bron=..%2F..%2Fetc%2Fpasswd", 400),
        ("q=kade&bron=", 400),
    ],
)
def test_a_search_that_cannot_be_done_is_refused(client: TestClient, query: str, status: int) -> None:
    checked(client.get(f"{API}/passages?{query}"), status)


@pytest.mark.parametrize(
    ("query", "status", "part"),
    [
        ("", 422, "tekst"),
        ("q=de+kade+van", 422, "tekst"),
        ("tekst=", 400, "leeg"),
        ("tekst=%20%0A", 400, "leeg"),
        ("tekst=%00%01%E2%80%8B", 400, "leeg"),
        ("tekst=12+13+14", 400, "geen woorden"),
        ("tekst=%F0%9F%99%82+%F0%9F%99%82+%F0%9F%99%82", 400, "geen woorden"),
        ("tekst=de+kade", 400, "minstens 3 woorden"),
        ("tekst=" + "kade+" * 800 + "k", 422, "tekst"),
    ],
)
def test_a_quotation_that_cannot_be_looked_up_is_refused(
    client: TestClient, query: str, status: int, part: str
) -> None:
    assert part in checked(client.get(f"{API}/citaten?{query}"), status)


@pytest.mark.parametrize(
    "query",
    [
        "%ff+%fe+de+kade+van",
        "<script>alert(1)</script>+de+kade",
        "'+OR+1=1+--+de+kade",
        "..%2F..%2Fetc%2Fpasswd%2Froot",
        "%00de%01+kade+van",
        "kade+" * 200,
    ],
)
def test_an_odd_quotation_is_looked_up_like_any_other(client: TestClient, query: str) -> None:
    response = client.get(f"{API}/citaten?tekst={query}")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("application/json")
    assert not SECRETS.search(response.text)


@pytest.mark.parametrize("query", ["%00%01", "%F0%9F%99%82", "%ff%fe", "<script>alert(1)</script>", "' OR 1=1 --"])
def test_an_odd_search_finds_something_or_nothing(client: TestClient, query: str) -> None:
    response = client.get(f"{API}/passages?q={query}")
    assert response.status_code in {200, 400}
    assert not SECRETS.search(response.text)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("begin=5&eind=2", 400),
        ("begin=0&eind=999999", 400),
        ("begin=999999", 400),
        ("begin=-1", 422),
        ("eind=-1", 422),
        ("begin=x", 422),
        ("eind=1e3", 422),
        ("begin=99999999999999999999999999", 400),
    ],
)
def test_a_place_outside_the_text_is_refused(client: TestClient, query: str, status: int) -> None:
    checked(client.get(f"{API}/bronnen/kadeboek/tekst?{query}"), status)


@pytest.mark.parametrize(
    "query", ["begin=5&eind=2", "begin=5&eind=5", "begin=0&eind=999999", "begin=-1", "begin=x&eind=2"]
)
def test_a_page_of_a_place_outside_the_text_is_a_dutch_page(client: TestClient, query: str) -> None:
    response = client.get(f"/bronnen/kadeboek?{query}")
    assert response.status_code in {400, 422}
    assert '<html lang="nl"' in response.text and "<mark" not in response.text
    assert not SECRETS.search(response.text)


@pytest.mark.parametrize("slug", [*ESCAPING, "bestaat-niet", "a" * 3000, "KADEBOEK", "<script>"])
def test_an_unknown_source_is_not_found(raw: Raw, slug: str) -> None:
    for path in (f"{API}/bronnen/{slug}", f"{API}/bronnen/{slug}/tekst"):
        reply = raw(path)
        assert (reply.status, reply.headers["content-type"]) == (404, "application/problem+json")
        assert not SECRETS.search(reply.text)


@pytest.mark.parametrize("slug", [each for each in ESCAPING if each.startswith("..%")])
def test_an_escaping_slug_is_not_found_through_a_client(client: TestClient, slug: str) -> None:
    for path in (f"{API}/bronnen/{slug}", f"{API}/bronnen/{slug}/tekst"):
        checked(client.get(path), 404)


@pytest.mark.parametrize("slug", ["bestaat-niet", "..%5C..%5Cwindows", "kadeboek%00"])
def test_a_page_of_an_unknown_source_is_a_dutch_page(client: TestClient, slug: str) -> None:
    response = client.get(f"/bronnen/{slug}")
    assert response.status_code == 404
    assert '<html lang="nl"' in response.text


@pytest.mark.parametrize("path", ["/bronnen/../../etc/passwd", "/bronnen/..%2F..%2Fetc%2Fpasswd", "/../etc/passwd"])
def test_no_path_leads_to_a_file_of_the_machine(raw: Raw, path: str) -> None:
    reply = raw(path)
    assert reply.status == 404
    assert not SECRETS.search(reply.text)


@pytest.mark.parametrize("path", ["/bestaat-niet", "/bronnen", "/bronnen/a/b", "/docs", API])
def test_an_unknown_address_outside_the_api_gets_a_dutch_sentence(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert not ENGLISH.search(re.sub(r"<style>.*?</style>", "", response.text, flags=re.S))


def test_no_file_of_the_machine_can_be_fetched_through_gradio(client: TestClient) -> None:
    for path in ("/gradio_api/file=/etc/passwd", "/file=/etc/passwd", "/gradio_api/file/etc/passwd"):
        assert client.get(path).status_code in {403, 404}


def test_nobody_can_leave_files_on_the_machine(client: TestClient) -> None:
    response = client.post("/gradio_api/upload", files={"files": ("vol.txt", b"x" * (LARGEST_BODY + 1))})
    assert response.status_code in {400, 403, 404, 405, 413}


@pytest.mark.parametrize("path", ["bestaat-niet", "antwoorden/5", "bronnen/kadeboek/tekst/meer", "%2e%2e", "<script>"])
def test_an_unknown_address_of_the_api_is_a_problem(client: TestClient, path: str) -> None:
    assert "openapi.json" in checked(client.get(f"{API}/{path}"), 404)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "antwoorden"),
        ("PUT", "antwoorden"),
        ("DELETE", "antwoorden"),
        ("POST", "passages"),
        ("POST", "citaten"),
        ("POST", "gezondheid"),
        ("DELETE", "bronnen/kadeboek"),
        ("PUT", "bronnen/kadeboek/tekst"),
    ],
)
def test_a_wrong_method_is_a_problem(client: TestClient, method: str, path: str) -> None:
    checked(client.request(method, f"{API}/{path}"), 405)


def test_patch_is_a_wrong_method_like_any_other(client: TestClient) -> None:
    checked(client.patch(f"{API}/antwoorden"), 405)


def pieces(size: int) -> Iterator[bytes]:
    """A body that does not tell its length."""
    yield b'{"vraag": "'
    for _ in range(size // 50_000):
        yield b"k" * 50_000
    yield b'"}'


def test_a_body_that_says_to_be_too_large_is_refused(client: TestClient) -> None:
    checked(client.post(QUESTION, content=b"x" * (LARGEST_BODY + 1)), 413)


def test_a_body_without_a_length_that_is_too_large_is_refused(client: TestClient) -> None:
    request = client.build_request(
        "POST", QUESTION, content=pieces(2_000_000), headers={"Content-Type": "application/json"}
    )
    assert "content-length" not in request.headers
    checked(client.send(request), 413)


def test_a_large_body_that_is_allowed_is_read(client: TestClient) -> None:
    checked(client.post(QUESTION, content=pieces(900_000), headers={"Content-Type": "application/json"}), 400)


def test_a_length_that_is_no_number_does_no_harm(client: TestClient) -> None:
    response = client.post(QUESTION, json={"vraag": "hoe?"}, headers={"Content-Length": "veel"})
    assert response.status_code in {200, 400, 422}


def test_after_bad_messages_good_ones_are_answered(client: TestClient) -> None:
    for body in (b"", b"{", b"x" * (LARGEST_BODY + 1)):
        client.post(QUESTION, content=body)
    assert client.post(QUESTION, json={"vraag": "Wie stut de kade van Zandmeer?"}).status_code == 200


# the handlers by themselves, over an app whose routes fail on purpose


@pytest.fixture(scope="module")
def failing() -> TestClient:
    app = FastAPI()
    problems.install(app, "")
    raised: dict[str, Exception] = {
        "weg": NotFound("Dit is er niet."),
        "vraag": AssistantError("Deze vraag kan niet."),
        "zoek": InvalidRequest("Zo kan er niet gezocht worden."),
        "index": StaleIndex("De index past niet meer."),
        "kapot": ZeroDivisionError("geheim in /srv/kelder/motor.py"),
    }

    @app.get(API + "/{name}")
    def fail(name: str, getal: int = Query(default=1, le=3)) -> None:
        raise raised[name]

    @app.get("/bronnen/{name}")
    def fail_as_page(name: str) -> None:
        raise raised[name]

    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("name", "status", "detail"),
    [
        ("weg", 404, "Dit is er niet."),
        ("vraag", 400, "Deze vraag kan niet."),
        ("zoek", 400, "Zo kan er niet gezocht worden."),
        ("index", 500, "De index past niet meer."),
    ],
)
def test_an_error_of_ours_tells_its_own_sentence(failing: TestClient, name: str, status: int, detail: str) -> None:
    assert checked(failing.get(f"{API}/{name}"), status) == detail


def test_an_error_that_nobody_foresaw_keeps_its_cause_to_itself(failing: TestClient) -> None:
    response = failing.get(f"{API}/kapot")
    checked(response, 500)
    assert "kelder" not in response.text and "ZeroDivision" not in response.text


def test_an_error_that_nobody_foresaw_is_in_the_log(failing: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        failing.get(f"{API}/kapot")
    assert any(record.exc_info for record in caplog.records)


def test_a_browser_gets_a_page_instead(failing: TestClient) -> None:
    response = failing.get("/bronnen/weg")
    assert response.headers["content-type"].startswith("text/html")
    assert "Dit is er niet." in response.text and '<html lang="nl"' in response.text


def test_several_faults_are_all_told(client: TestClient) -> None:
    detail = checked(client.post(QUESTION, json={"rol": "keizer", "soort": "boek"}), 422)
    assert all(f"'{name}'" in detail for name in ("vraag", "rol", "soort"))
