"""The page in a real browser: a question, its sources, the keyboard, small screens, and no other host."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, ConsoleMessage, Dialog, FloatRect, Page, expect, sync_playwright

from assistant.web import texts

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync "
    "--no-first-run"
).split()
STEPS = "Wat zijn de vijf stappen om een samenwerking in te richten?"
Scheme = Literal["light", "dark"]
KADE = "Wie stut de kade van Zandmeer?"
BEHIND = """() => {
    const colour = (part) => getComputedStyle(part).backgroundColor;
    let part = document.querySelector(".kop, .brontekst");
    while (part.parentElement && colour(part) === "rgba(0, 0, 0, 0)") part = part.parentElement;
    return colour(part);
}"""
"""The colour that stands behind the text."""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"geen browser: {CHROMIUM} ontbreekt"),
    pytest.mark.filterwarnings("ignore:.*no_silent_downcasting"),  # Gradio, at every event
]


@dataclass
class Visitor:
    """A page in a browser of its own, and everything that it asked for or complained about."""

    page: Page
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def ask(self, question: str) -> None:
        """Type a question, send it, and wait for its answer."""
        before = self.page.locator("article.antwoord:not([aria-busy])").count()
        self.page.locator("#vraag textarea").fill(question)
        self.page.locator("#stel").click()
        expect(self.page.locator("article.antwoord:not([aria-busy])")).to_have_count(before + 1)

    def said(self, message: ConsoleMessage) -> None:
        """Remember an error that the console tells."""
        if message.type == "error":
            self.complaints.append(message.text)

    def interrupted(self, dialog: Dialog) -> None:
        """Remember a window that pops up, and close it."""
        self.complaints.append(dialog.message)
        dialog.dismiss()

    def width(self) -> tuple[int, int]:
        """How wide the page is, and how wide its window."""
        widths = self.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        return int(widths[0]), int(widths[1])


@pytest.fixture(scope="module")
def address(app: FastAPI) -> Iterator[str]:
    """Where the application runs, on a free port of this machine."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        deadline = time.monotonic() + 30
        while not server.started and thread.is_alive() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert server.started
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        server.force_exit = True
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for this file; it stops with it, because its event loop runs in this thread."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


def visiting(
    browser: Browser, address: str, *, width: int = 1280, height: int = 900, scale: float = 1, scheme: Scheme = "light"
) -> Iterator[Visitor]:
    """A visitor with a fresh browser context, on the page."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=scale, color_scheme=scheme
    )
    context.set_default_timeout(10_000)
    visitor = Visitor(context.new_page())
    context.on("request", lambda request: visitor.asked.append(request.url))
    visitor.page.on("console", visitor.said)
    visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    visitor.page.on("dialog", visitor.interrupted)
    visitor.page.goto(address)
    visitor.page.locator("#vraag textarea").wait_for()
    yield visitor
    context.close()


@pytest.fixture(scope="module")
def reader(browser: Browser, address: str) -> Iterator[Visitor]:
    """A visitor who has asked one question; the tests that share them only read and click."""
    for visitor in visiting(browser, address):
        visitor.ask(STEPS)
        yield visitor


@pytest.fixture
def visitor(browser: Browser, address: str) -> Iterator[Visitor]:
    """A visitor who has just arrived."""
    yield from visiting(browser, address)


def test_a_question_gets_an_answer_with_sources(reader: Visitor) -> None:
    article = reader.page.locator("article.antwoord")
    expect(article).to_contain_text(STEPS)
    assert article.locator("aside.bronnen li").count() >= 2
    assert article.locator("a.verwijzing").count() >= 2


def test_the_box_is_empty_again(reader: Visitor) -> None:
    expect(reader.page.locator("#vraag textarea")).to_have_value("")


def test_the_page_is_in_dutch_and_has_a_title(reader: Visitor) -> None:
    assert reader.page.locator("html").get_attribute("lang") == "nl"
    expect(reader.page).to_have_title(re.compile("Opgavewijzer"))


@pytest.mark.parametrize("way", ["klik", "toets"])
def test_a_marker_opens_its_source_with_the_marked_words_and_moves_the_focus(reader: Visitor, way: str) -> None:
    for number in (2, 1):
        marker = reader.page.locator(f'a.verwijzing:text-is("[{number}]")').first
        if way == "klik":
            marker.click()
        else:
            marker.focus()
            reader.page.keyboard.press("Enter")
        source = reader.page.locator(str(marker.get_attribute("href")))
        expect(source.locator("details")).to_have_attribute("open", "")
        expect(source.locator("mark")).to_be_visible()
        assert source.locator("mark").inner_text().strip()
        assert reader.page.evaluate(
            "id => document.querySelector(id).contains(document.activeElement)", marker.get_attribute("href")
        )


def test_a_marker_that_was_clicked_leaves_one_source_open(reader: Visitor) -> None:
    reader.page.locator('a.verwijzing:text-is("[2]")').first.click()
    assert reader.page.locator("aside.bronnen details[open]").count() == 1


def test_a_marker_shows_that_it_has_the_focus(reader: Visitor) -> None:
    reader.page.locator("a.verwijzing").first.focus()
    reader.page.keyboard.press("Shift+Tab")
    reader.page.keyboard.press("Tab")
    style = "getComputedStyle(document.activeElement)"
    assert reader.page.evaluate("document.activeElement.className") == "verwijzing"
    assert reader.page.evaluate(f"{style}.outlineStyle") != "none"
    assert reader.page.evaluate(f"parseFloat({style}.outlineWidth)") >= 2


def test_a_source_opens_on_a_page_with_the_same_words_marked(reader: Visitor) -> None:
    reader.page.locator('a.verwijzing:text-is("[1]")').first.click()
    source = reader.page.locator("aside.bronnen li").first
    with reader.page.context.expect_page() as opened:
        source.locator("a.open").click()
    page = opened.value
    expect(page.locator("mark#citaat")).to_be_in_viewport()
    words = [re.sub(r"\W+", "", each.inner_text()) for each in (source.locator("mark"), page.locator("mark#citaat"))]
    assert words[0] == words[1] != ""
    assert page.locator("html").get_attribute("lang") == "nl"
    page.close()


def test_the_copy_button_copies_every_reference(browser: Browser, address: str) -> None:
    for visitor in visiting(browser, address):
        visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        visitor.ask(KADE)
        visitor.page.locator("button.kopieer").click()
        copied = str(visitor.page.evaluate("navigator.clipboard.readText()"))
        shown = visitor.page.locator("aside.bronnen a.open").evaluate_all("links => links.map(link => link.href)")
        assert KADE in copied and shown
        assert [link for link in shown if link not in copied] == []


def test_an_example_is_asked_by_its_button(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name=texts.EXAMPLES[1], exact=True).click()
    expect(visitor.page.locator("article.antwoord aside.bronnen li")).not_to_have_count(0)
    expect(visitor.page.locator("article.antwoord h2")).to_have_text(texts.EXAMPLES[1])


def test_a_question_can_be_sent_from_its_box(visitor: Visitor) -> None:
    visitor.page.locator("#vraag textarea").fill(KADE)
    visitor.page.locator("#vraag textarea").press("Enter")
    expect(visitor.page.locator("article.antwoord aside.bronnen li")).not_to_have_count(0)


def test_a_follow_up_keeps_the_conversation_and_a_new_one_empties_it(visitor: Visitor) -> None:
    visitor.ask(STEPS)
    visitor.ask("en voor de opdrachtnemer?")
    expect(visitor.page.locator("article.antwoord h2")).to_have_text([STEPS, "en voor de opdrachtnemer?"])
    expect(visitor.page.locator("article.antwoord").last).to_contain_text("de vijf stappen")
    visitor.page.locator("#nieuw").click()
    expect(visitor.page.locator("article.antwoord")).to_have_count(0)
    visitor.ask("en voor de opdrachtnemer?")
    expect(visitor.page.locator("article.antwoord")).not_to_contain_text("de vijf stappen om een samenwerking")


def test_a_follow_up_question_that_is_offered_can_be_clicked(visitor: Visitor) -> None:
    visitor.ask(STEPS)
    offered = visitor.page.locator("#verder button:visible").first
    question = offered.inner_text()
    offered.click()
    expect(visitor.page.locator("article.antwoord h2")).to_have_text([STEPS, question])


def test_two_visitors_do_not_see_each_other(browser: Browser, address: str, visitor: Visitor) -> None:
    visitor.ask(KADE)
    for other in visiting(browser, address):
        assert other.page.locator("article.antwoord").count() == 0
        other.ask("en voor de opdrachtnemer?")
        assert KADE not in other.page.content()


@pytest.mark.parametrize("question", ["<img src=x onerror=alert(1)>", "<script>alert(1)</script> en de kade"])
def test_markup_in_a_question_shows_as_text(visitor: Visitor, question: str) -> None:
    visitor.ask(question)
    expect(visitor.page.locator("article.antwoord h2")).to_have_text(question)
    assert visitor.page.locator("article.antwoord").locator("img, script").count() == 0
    assert visitor.complaints == []


def test_a_source_with_traps_shows_as_text(visitor: Visitor) -> None:
    visitor.ask("Wat is het wachtwoord van het hek van de kadewachter van Zandmeer?")
    expect(visitor.page.locator("aside.bronnen")).to_contain_text("nota", ignore_case=True)
    visitor.page.goto(visitor.page.url + "bronnen/nota-hek")
    expect(visitor.page.locator(".brontekst")).to_contain_text('<script>alert("kade")</script>')
    assert visitor.complaints == []


@pytest.mark.parametrize("question", ["", "   ", "🙂"])
def test_a_question_without_words_gets_a_message(visitor: Visitor, question: str) -> None:
    visitor.page.locator("#vraag textarea").fill(question)
    visitor.page.locator("#stel").click()
    expect(visitor.page.locator("[role=alert]:visible", has_text=re.compile("vraag"))).to_have_count(1)
    assert visitor.page.locator("article.antwoord").count() == 0


def test_no_request_goes_to_another_host_and_nothing_complains(visitor: Visitor, address: str) -> None:
    visitor.ask(STEPS)
    visitor.page.locator("a.verwijzing").first.click()
    visitor.page.get_by_role("tab", name=texts.TAB_SOURCES).click()
    visitor.page.locator(".bibliotheek a").first.wait_for()
    visitor.page.locator(".bibliotheek a").first.click()
    visitor.page.locator(".brontekst").wait_for()
    local = urlsplit(address).netloc
    others = [
        url for url in visitor.asked if urlsplit(url).scheme not in {"data", "blob"} and urlsplit(url).netloc != local
    ]
    assert len(visitor.asked) > 5
    assert others == []
    assert visitor.complaints == []


@pytest.mark.parametrize(("width", "scale"), [(320, 1.0), (640, 2.0), (1280, 1.0)], ids=["320 px", "200 %", "breed"])
def test_nothing_has_to_be_scrolled_sideways(browser: Browser, address: str, width: int, scale: float) -> None:
    for visitor in visiting(browser, address, width=width, scale=scale):
        page, window = visitor.width()
        assert page <= window
        visitor.ask(texts.EXAMPLES[1])
        visitor.page.locator("a.verwijzing").first.click()
        page, window = visitor.width()
        assert page <= window <= width
        box = visitor.page.locator("article.antwoord").bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width


def test_a_source_page_needs_no_scrolling_sideways_on_a_phone(browser: Browser, address: str) -> None:
    for visitor in visiting(browser, address, width=320):
        visitor.page.goto(f"{address}/bronnen/nota-hek?begin=0&eind=60")
        page, window = visitor.width()
        assert page <= window


def test_on_a_phone_the_sources_stand_under_the_answer_and_beside_it_on_a_wide_screen(
    browser: Browser, address: str, reader: Visitor
) -> None:
    def places(visitor: Visitor) -> tuple[FloatRect, FloatRect]:
        boxes = [visitor.page.locator(selector).bounding_box() for selector in (".antwoord .tekst", "aside.bronnen")]
        assert boxes[0] is not None and boxes[1] is not None
        return boxes[0], boxes[1]

    text, sources = places(reader)
    assert sources["x"] >= text["x"] + text["width"]
    for visitor in visiting(browser, address, width=390):
        visitor.ask(STEPS)
        text, sources = places(visitor)
        assert sources["y"] >= text["y"] + text["height"]


@pytest.mark.parametrize(("scheme", "low", "high"), [("dark", 0, 60), ("light", 200, 255)])
def test_the_page_follows_the_colours_of_the_system(
    browser: Browser, address: str, scheme: Scheme, low: int, high: int
) -> None:
    for visitor in visiting(browser, address, scheme=scheme):
        for path in ("/", "/bronnen/kadeboek"):
            visitor.page.goto(address + path)
            visitor.page.locator(".kop, .brontekst").first.wait_for()
            levels = [int(level) for level in re.findall(r"\d+", visitor.page.evaluate(BEHIND))[:3]]
            assert all(low <= level <= high for level in levels), (path, levels)


def test_the_page_can_be_used_with_the_keyboard_alone(visitor: Visitor) -> None:
    visitor.page.locator("#vraag textarea").focus()
    visitor.page.keyboard.type(KADE)
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.activeElement.closest('#stel') !== null")
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator("article.antwoord aside.bronnen li")).not_to_have_count(0)
