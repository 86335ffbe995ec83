"""The application as a whole: headers, the pages of the sources, and what a browser gets at /."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup, Tag
from fastapi.testclient import TestClient

from index.search import Index

if TYPE_CHECKING:
    from tests.assistant.web.conftest import Ask, Raw, Reply

API = "/api/v1"
OWN = ("testserver", "127.0.0.1", "localhost", "www.w3.org")
"""Hosts that may be named: our own, and the name space of SVG, which nobody visits."""


@pytest.fixture(scope="module")
def shell(raw: Raw) -> Reply:
    """The first page, as a server sends it."""
    return raw("/")


def hosts(text: str) -> set[str]:
    """The hosts that a text names in an address."""
    return set(re.findall(r"(?:https?:)?//([a-z0-9-]+(?:\.[a-z0-9-]+)+)", text.replace("\\/", "/"))) - set(OWN)


def test_the_page_is_there(shell: Reply) -> None:
    assert shell.status == 200
    assert shell.headers["content-type"].startswith("text/html")


def test_the_page_is_there_for_a_client_that_asks_for_debug_messages(client: TestClient) -> None:
    assert client.get("/").status_code == 200


def test_the_page_is_in_dutch(shell: Reply) -> None:
    html = BeautifulSoup(shell.text, "html.parser").find("html")
    assert isinstance(html, Tag) and html["lang"] == "nl"


def test_the_length_of_the_page_is_what_it_says(shell: Reply) -> None:
    assert int(shell.headers["content-length"]) == len(shell.text.encode())


def test_the_page_loads_nothing_from_another_host(shell: Reply) -> None:
    page = BeautifulSoup(shell.text, "html.parser")
    loaded = [str(tag.get("src") or tag.get("href") or "") for tag in page.select("script, link, img, iframe")]
    assert loaded and [address for address in loaded if hosts(address)] == []


def test_the_page_names_no_other_host_in_its_head(shell: Reply) -> None:
    head = BeautifulSoup(shell.text, "html.parser").find("head")
    assert isinstance(head, Tag)
    assert [tag for tag in head.select("meta, link, base") if hosts(str(tag))] == []


def test_the_page_has_no_tags_for_social_media(shell: Reply) -> None:
    page = BeautifulSoup(shell.text, "html.parser")
    named = {str(tag.get("property") or tag.get("name") or "") for tag in page.select("meta")}
    assert [name for name in named if name.startswith(("og:", "twitter:"))] == []


def test_the_page_can_be_read_on_a_phone(shell: Reply) -> None:
    viewport = BeautifulSoup(shell.text, "html.parser").find("meta", attrs={"name": "viewport"})
    assert isinstance(viewport, Tag) and "width=device-width" in str(viewport["content"])
    assert "user-scalable=no" not in str(viewport["content"])


def test_nothing_is_measured_about_visitors(client: TestClient) -> None:
    assert client.get("/config").json()["analytics_enabled"] is False


def test_the_page_holds_nothing_that_a_visitor_asked(ask: Ask, raw: Raw, client: TestClient) -> None:
    ask("Wat vindt tante Sjoukje van de kade van Zandmeer?")
    assert "Sjoukje" not in raw("/").text + client.get("/config").text


def test_the_pages_events_are_no_second_api(client: TestClient) -> None:
    told = client.get("/gradio_api/info").json()
    assert told["named_endpoints"] == {} and told["unnamed_endpoints"] == {}


@pytest.mark.parametrize("path", [f"{API}/gezondheid", "/bronnen/kadeboek", f"{API}/bronnen/weg", "/bronnen/weg"])
def test_every_response_keeps_a_browser_from_guessing(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "same-origin"


def test_openapi_is_at_its_address_and_nowhere_else(client: TestClient) -> None:
    assert client.get(f"{API}/openapi.json").json()["openapi"].startswith("3.")
    assert client.get("/docs").status_code == client.get("/redoc").status_code == 404


def test_a_source_page_shows_the_whole_text(client: TestClient, index: Index) -> None:
    for slug in ("kadeboek", "nota-hek"):
        text = BeautifulSoup(client.get(f"/bronnen/{slug}").text, "html.parser").select_one(".brontekst")
        assert text is not None and text.get_text() == index.sources[slug].text


def test_a_source_page_runs_nothing_of_its_source(client: TestClient) -> None:
    for slug in ("kadeboek", "nota-hek"):
        page = BeautifulSoup(client.get(f"/bronnen/{slug}?begin=0&eind=40").text, "html.parser")
        assert page.select("script, img, [onerror], [href^=javascript]") == []


def test_a_source_page_marks_the_place_of_its_address(client: TestClient, index: Index) -> None:
    page = BeautifulSoup(client.get("/bronnen/kadeboek?begin=30&eind=90").text, "html.parser")
    marked = page.select("mark")
    assert "".join(tag.get_text() for tag in marked) == index.sources["kadeboek"].text[30:90]
    assert [tag for tag in marked if tag.get("id") == "citaat"] == marked[:1]


def test_a_source_page_carries_its_own_look(client: TestClient) -> None:
    page = BeautifulSoup(client.get("/bronnen/kadeboek").text, "html.parser")
    assert page.select("link") == [] and ".brontekst" in "".join(str(style) for style in page.select("style"))


def test_a_source_page_leads_back(client: TestClient) -> None:
    assert BeautifulSoup(client.get("/bronnen/kadeboek").text, "html.parser").select('a[href="/"]')
