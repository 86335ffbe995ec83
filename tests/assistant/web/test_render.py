"""The HTML of the page: everything that somebody wrote stays text, markers are links, and places are marked exactly."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given
from hypothesis import strategies as st

from assistant.assistant import Assistant, finish
from assistant.types import Answer, Citation, Mode, Origin, Question, Status, Turn
from assistant.web import render
from index.search import Index
from index.sources import Publication
from index.types import Anchor, Author, Heading, Kind, Passage, Source

TEXT = (
    "Het pontje\n\n"
    'De veerman <script>alert("pont")</script> roept & zwaait. Op maandag vaart de pont tweemaal.\n\n'
    "De kaartjes\n\n"
    "Een kaartje kost <b>twee</b> knopen. Wie [7] knopen heeft, mag &amp; blijft varen. Kinderen roeien mee."
)
HEADINGS = (
    Heading(0, 10, 1, "Het pontje"),
    Heading(TEXT.index("De kaartjes"), TEXT.index("De kaartjes") + 11, 2, "De <i>kaartjes</i>"),
)
SOURCE = Source(
    slug="pontboek",
    kind=Kind.ESSAY,
    title="Het pontje & de <i>kade</i>",
    text=TEXT,
    sha256="0" * 64,
    authors=(Author("O'Veer <x>", "D."),),
    year=2016,
    publisher="Uitgeverij Voorbeeld",
    licence="Verzonnen & vrij <b>hoor</b>.",
    headings=HEADINGS,
)
QUESTION = 'Vaart de <pont> op maandag & "dinsdag"?'


def passage(words: str) -> Passage:
    """The paragraph that holds these words, with a heading that has a trap in it."""
    start = max(at for at in (12, TEXT.index("Een kaartje")) if at <= TEXT.index(words))
    end = TEXT.find("\n", start) if "\n" in TEXT[start:] else len(TEXT)
    return Passage(f"pontboek:{start}", "pontboek", Kind.ESSAY, start, end, TEXT[start:end], ("Het <b>pontje</b>",))


def cited(number: int, words: str, origins: tuple[Origin, ...] = ()) -> Citation:
    start = TEXT.index(words)
    return Citation(number, SOURCE, passage(words), start, start + len(words), words, origins)


MONDAY = "Op maandag vaart de pont tweemaal."
BUTTONS = "Kinderen roeien mee."
CITATIONS = (cited(1, MONDAY), cited(2, BUTTONS))


def answered(
    text: str = "### Kort antwoord\n\nTweemaal. [1] Voor knopen [2], zie ook [1].",
    *,
    citations: tuple[Citation, ...] = CITATIONS,
    status: Status = Status.ANSWERED,
    question: str = QUESTION,
    standalone: str | None = None,
) -> Answer:
    turn = Turn(question, question if standalone is None else standalone, question)
    return Answer(turn, status, Mode.QUOTES, text, citations)


def soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def one(html: str | BeautifulSoup, selector: str) -> Tag:
    """The one element that a selector finds."""
    found = (soup(html) if isinstance(html, str) else html).select(selector)
    assert len(found) == 1, found
    return found[0]


# an answer


def test_an_answer_is_an_article_with_its_sources() -> None:
    html = render.answer(answered(), 1)
    assert one(html, "article.antwoord aside.bronnen")


def test_the_question_stands_above_its_answer_as_text() -> None:
    article = one(render.answer(answered(), 1), "article.antwoord")
    assert QUESTION in article.get_text()
    assert article.find("pont") is None


@pytest.mark.parametrize(
    "question",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '"><svg onload=alert(1)>',
        "</textarea><script>alert(1)</script>",
        "</article></aside><h1>hoi</h1>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "[1] [klik](javascript:alert(1)) hoe dan?",
    ],
)
def test_a_question_stays_text(question: str) -> None:
    for html in (render.answer(answered(question=question), 1), render.draft(question, "Even [1].", 1)):
        page = soup(html)
        heading = page.select_one("h2")
        assert heading is not None and heading.get_text() == question
        assert page.select("script, img, svg, h1") == []
        assert len(page.select("article")) == 1


def test_what_the_question_was_read_as_is_told_as_text() -> None:
    html = render.answer(answered(question="en dan?", standalone="en dan? (over: <i>pont</i>)"), 1)
    assert "(over: <i>pont</i>)" in soup(html).get_text()


def test_a_question_that_stood_alone_is_told_once() -> None:
    copy = soup(render.answer(answered(), 1))
    for area in copy.select("textarea"):
        area.decompose()
    assert copy.get_text().count(QUESTION) == 1


def test_a_marker_is_a_link_to_its_source_in_the_same_article() -> None:
    page = soup(render.answer(answered(), 4))
    markers = page.select("a.verwijzing")
    assert [marker.get_text() for marker in markers] == ["[1]", "[2]", "[1]"]
    for marker in markers:
        source = page.find(id=str(marker["href"]).removeprefix("#"))
        assert isinstance(source, Tag) and source.name == "li"
        assert marker.get_text() in source.get_text()


def test_a_marker_leads_to_the_source_with_its_words() -> None:
    page = soup(render.answer(answered(), 1))
    marked = {}
    for marker in page.select("a.verwijzing"):
        source = page.find(id=str(marker["href"]).removeprefix("#"))
        assert isinstance(source, Tag)
        marked[marker.get_text()] = one(str(source), "mark").get_text()
    assert marked == {"[1]": MONDAY, "[2]": BUTTONS}


def test_a_marker_says_what_it_is_to_who_does_not_see_it() -> None:
    labels = {str(marker["aria-label"]) for marker in soup(render.answer(answered(), 1)).select("a.verwijzing")}
    assert len(labels) == 2 and all(any(number in label for number in "12") for label in labels)


def test_two_answers_on_one_page_share_no_id() -> None:
    ids = [str(tag["id"]) for number in (1, 2) for tag in soup(render.answer(answered(), number)).select("[id]")]
    assert len(ids) > 6 and len(ids) == len(set(ids))


def test_every_label_that_an_answer_refers_to_is_there() -> None:
    page = soup(render.answer(answered(), 3))
    assert [tag for tag in page.select("[aria-labelledby]") if page.find(id=str(tag["aria-labelledby"])) is None] == []


def test_the_marked_words_stand_in_their_context() -> None:
    context = one(render.answer(answered(citations=CITATIONS[:1]), 1), "aside.bronnen blockquote")
    assert context.get_text().split() == passage(MONDAY).text.split()


def test_a_script_in_a_source_stays_text() -> None:
    page = soup(render.answer(answered(), 1))
    assert page.find("script") is None
    assert '<script>alert("pont")</script>' in one(page, "#bron-1-1 blockquote").get_text()


def test_title_section_and_author_stay_text() -> None:
    panel = one(render.answer(answered(citations=CITATIONS[:1]), 1), "aside.bronnen")
    assert panel.select("i, x, b") == []
    assert all(words in panel.get_text() for words in (SOURCE.title, "Het <b>pontje</b>", "O'Veer <x>"))


def test_a_source_can_be_opened_at_its_place() -> None:
    start = TEXT.index(MONDAY)
    links = [str(link["href"]) for link in soup(render.answer(answered(citations=CITATIONS[:1]), 1)).select("aside a")]
    assert f"/bronnen/pontboek?begin={start}&eind={start + len(MONDAY)}#citaat" in links


def test_a_page_number_is_told() -> None:
    page = Passage("p", "pontboek", Kind.ESSAY, 12, 40, TEXT[12:40], (), 73)
    citation = Citation(1, SOURCE, page, 12, 40, TEXT[12:40])
    assert "73" in one(render.answer(answered(citations=(citation,)), 1), "aside.bronnen").get_text()


def test_an_origin_that_was_imported_is_a_link_and_another_is_text() -> None:
    work = Publication("roeiboek", "Het <b>roeiboek</b>", "0" * 64, (Author("Roei", "E."),), 2015)
    origins = (Origin(Anchor("roeiboek", 3, 9), work, True), Origin(Anchor("roeiboek", 30, 90), work, False))
    panel = one(render.answer(answered(citations=(cited(1, MONDAY, origins),)), 1), "aside.bronnen")
    links = [str(link["href"]) for link in panel.select("a") if "roeiboek" in str(link["href"])]
    assert links == ["/bronnen/roeiboek?begin=3&eind=9#citaat"]
    assert panel.get_text().count("Het <b>roeiboek</b>") == 2


def test_html_in_an_answer_stays_text() -> None:
    page = soup(render.answer(answered("Let op <script>alert(1)</script> en <img src=x onerror=alert(2)> [1]"), 1))
    assert page.select("script, img") == []


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,hoi", "vbscript:x"])
def test_a_link_in_an_answer_runs_nothing(link: str) -> None:
    page = soup(render.answer(answered(f"Zie [hier]({link}) en [1]"), 1))
    assert [a for a in page.select("a") if str(a["href"]).startswith(link.split(":")[0])] == []


def test_no_picture_is_fetched_from_elsewhere() -> None:
    page = soup(
        render.answer(answered("![plaat](https://voorbeeld.invalid/p.png) en <https://voorbeeld.invalid> [1]"), 1)
    )
    assert page.select("img, [src]") == []


def test_an_escaped_marker_is_no_link() -> None:
    page = soup(render.answer(answered("Wie \\[7\\] knopen heeft. [1]"), 1))
    assert [marker.get_text() for marker in page.select("a.verwijzing")] == ["[1]"]
    assert "[7] knopen" in page.get_text()


def test_private_use_characters_of_a_source_make_no_marker() -> None:
    page = soup(render.answer(answered("De bel luidt \ue0009\ue001 keer. [1]"), 1))
    assert [marker.get_text() for marker in page.select("a.verwijzing")] == ["[1]"]


def test_markdown_becomes_headings_lists_and_quotations() -> None:
    page = soup(
        render.answer(answered("### Kop\n\n- een\n- twee [1]\n\n> “woorden” [2]\n\n| a | b |\n| - | - |\n| c | d |"), 1)
    )
    for tag in page.select("aside"):
        tag.decompose()
    assert (
        len(page.select(".tekst h3")) == len(page.select(".tekst blockquote")) == len(page.select(".tekst table")) == 1
    )
    assert len(page.select(".tekst li")) == 2


@pytest.mark.parametrize("status", Status)
def test_a_status_has_words_and_a_class_of_its_own(status: Status) -> None:
    told = one(render.answer(answered(status=status), 1), f".status-{status.value}")
    assert told.get_text().strip()


def test_the_three_statuses_are_told_in_different_words() -> None:
    told = {one(render.answer(answered(status=status), 1), f".status-{status.value}").get_text() for status in Status}
    assert len(told) == 3


def test_small_talk_has_neither_status_nor_sources() -> None:
    page = soup(render.answer(answered("Graag gedaan.", citations=()), 1))
    assert page.select("aside, .status, textarea") == []
    assert "Graag gedaan." in page.get_text()


def test_a_refusal_without_sources_says_so() -> None:
    page = render.answer(answered("Dat weet ik niet.", citations=(), status=Status.REFUSED), 1)
    assert one(page, "aside.bronnen p").get_text().strip()


def test_a_draft_is_busy_and_has_no_sources() -> None:
    page = soup(render.draft(QUESTION, "### Kort\n\nTweemaal", 1))
    assert one(page, "article.antwoord")["aria-busy"] == "true"
    assert page.select("aside.bronnen") == []


def test_a_finished_answer_is_not_busy() -> None:
    assert "aria-busy" not in one(render.answer(answered(), 1), "article.antwoord").attrs


def test_a_draft_without_a_word_says_that_it_searches() -> None:
    assert one(render.draft(QUESTION, "", 1), "article .tekst").get_text().strip()


def test_a_draft_and_its_answer_have_the_same_place_on_the_page() -> None:
    ids = {str(one(html, "article")["id"]) for html in (render.draft(QUESTION, "a", 5), render.answer(answered(), 5))}
    assert len(ids) == 1


# copied text


def test_copied_text_holds_every_reference_with_quotation_and_address() -> None:
    copied = render.copied(answered())
    assert "O'Veer <x> (2016)" in copied
    for citation in CITATIONS:
        assert f"[{citation.number}]" in copied
        assert f"/bronnen/pontboek?begin={citation.start}&eind={citation.end}#citaat" in copied
    assert f"“{MONDAY}”" in copied


def test_copied_text_holds_question_and_answer() -> None:
    copied = render.copied(answered())
    assert copied.startswith(QUESTION) and "Tweemaal." in copied


def test_the_page_carries_the_copied_text_letter_for_letter() -> None:
    answer = answered()
    assert one(render.answer(answer, 1), "textarea.kopie").get_text() == render.copied(answer)


@pytest.mark.parametrize(
    "question", ["Wat is het wachtwoord van het hek van de kadewachter?", "Wie stut de kade van Zandmeer?"]
)
def test_a_real_answer_with_traps_in_its_sources_runs_nothing(assistant: Assistant, question: str) -> None:
    for number, source in enumerate(("nota-hek", "kadeboek"), start=1):
        answer = finish(assistant.ask(Question(question, sources=(source,))))
        page = soup(render.answer(answer, number))
        assert answer.citations
        assert page.select("script, img, [onerror], [href^=javascript]") == []
        assert len(page.select("aside.bronnen mark")) == len(answer.citations)


# messages, the library, the header


def test_a_message_is_an_alert_and_stays_text() -> None:
    told = one(render.message("Dit kan <b>niet</b>."), "[role=alert]")
    assert told.get_text() == "Dit kan <b>niet</b>." and told.find("b") is None


def test_no_message_is_nothing() -> None:
    assert render.message("") == ""


def test_the_header_says_that_nobody_of_flesh_and_blood_answers() -> None:
    assert "geautomatiseerd" in soup(render.header("citaten", True)).get_text()


def test_the_header_says_it_when_the_essays_are_missing() -> None:
    with_essays, without = (soup(render.header("citaten", has)).get_text() for has in (True, False))
    assert len(without) > len(with_essays)


@pytest.mark.parametrize("mode", Mode)
def test_the_header_says_which_mode_answers(mode: Mode) -> None:
    other = next(each for each in Mode if each is not mode)
    assert render.header(mode.value, True) != render.header(other.value, True)


def test_the_library_lists_every_source_with_its_address(index: Index) -> None:
    links = [str(link["href"]) for link in soup(render.library(list(index.sources.values()))).select("a")]
    assert sorted(links) == sorted(f"/bronnen/{slug}" for slug in index.sources)


def test_titles_in_the_library_stay_text() -> None:
    page = soup(render.library([SOURCE]))
    assert page.find("i") is None and SOURCE.title in page.get_text()


# the page of a source


def place_of(html: str) -> str:
    return "".join(tag.get_text() for tag in soup(html).select("mark"))


def test_a_source_page_shows_the_whole_text_letter_for_letter() -> None:
    assert one(render.source_page(SOURCE, None, None, ""), ".brontekst").get_text() == TEXT


def test_a_source_page_without_a_place_marks_nothing() -> None:
    assert soup(render.source_page(SOURCE, None, None, "")).find("mark") is None
    assert soup(render.source_page(SOURCE, 3, None, "")).find("mark") is None


def test_a_source_page_marks_the_exact_place() -> None:
    start = TEXT.index("<b>twee</b>")
    html = render.source_page(SOURCE, start, start + 11, "")
    assert one(html, "mark#citaat").get_text() == "<b>twee</b>"


def test_a_place_at_the_very_end_is_marked() -> None:
    html = render.source_page(SOURCE, len(TEXT) - 4, len(TEXT), "")
    assert one(html, "mark#citaat").get_text() == TEXT[-4:]


def test_a_place_across_a_heading_is_marked_whole() -> None:
    start, end = TEXT.index("tweemaal"), TEXT.index("knopen")
    html = render.source_page(SOURCE, start, end, "")
    assert place_of(html) == TEXT[start:end]
    assert len(soup(html).select("mark#citaat")) == 1


def test_what_a_source_page_tells_stays_text() -> None:
    page = soup(render.source_page(SOURCE, 3, 9, ""))
    assert page.select("script, b, i, x") == []
    assert SOURCE.licence in page.get_text() and SOURCE.title in one(page, "h1").get_text()


def test_a_source_page_is_dutch_and_asks_nothing_of_other_hosts() -> None:
    html = render.source_page(SOURCE, 3, 9, "body {}")
    assert one(html, "html")["lang"] == "nl"
    assert soup(html).select("script, link, [src]") == []
    assert "http://" not in html and "https://" not in html


def test_the_contents_of_a_source_page_lead_to_its_headings() -> None:
    page = soup(render.source_page(SOURCE, None, None, ""))
    targets = [page.find(id=str(link["href"])[1:]) for link in page.select("nav a")]
    assert [target.get_text() for target in targets if isinstance(target, Tag)] == ["Het pontje", "De kaartjes"]


def test_a_dollar_in_a_source_is_no_variable() -> None:
    source = Source("s", Kind.OWN, "Kost $text $$", "Dat kost $title euro.", "0" * 64)
    page = soup(render.source_page(source, None, None, ""))
    assert one(page, ".brontekst").get_text() == source.text and one(page, "h1").get_text() == source.title


def test_a_problem_page_stays_text_and_is_dutch() -> None:
    page = soup(render.problem_page("Weg", "De bron <script>alert(1)</script> is er niet.", ""))
    assert one(page, "html")["lang"] == "nl"
    assert page.find("script") is None and "<script>alert(1)</script>" in page.get_text()


TEXTS = st.text(
    st.sampled_from("ab <>&\"'/\n$[]#é🙂") | st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60
)


@given(TEXTS, st.data())
def test_any_place_of_any_text_is_marked_exactly(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    head = data.draw(st.integers(0, len(text) - 1))
    headings = (Heading(head, data.draw(st.integers(head + 1, len(text))), 1, "kop"),)
    html = render.source_page(Source("s", Kind.OWN, "t", text, "0" * 64, headings=headings), start, end, "")
    assert one(html, ".brontekst").get_text() == text
    assert place_of(html) == text[start:end]


@given(TEXTS)
def test_no_words_of_a_visitor_make_an_element(text: str) -> None:
    kept = {"article", "div", "h2", "h3", "p", "aside", "button", "textarea"}
    page = soup(render.answer(answered("Zo.", citations=(), status=Status.REFUSED, question=text), 1))
    assert {tag.name for tag in page.find_all()} <= kept
    heading = page.select_one("h2")
    assert heading is not None and heading.get_text() == text


def test_the_notes_of_a_handbook_chapter_stand_apart_and_stay_letter_for_letter() -> None:
    text = "---\ntitle: Haven\n---\n\n# Haven\n\n## Wie?\n<!-- bronnen: kadeboek 1-2 -->\n\nDe dorpen."
    chapter = Source("handboek-haven", Kind.HANDBOOK, "Haven", text, "")
    page = soup(render.source_page(chapter, 0, 5, ""))
    assert len(page.select(".noot")) == 2 and page.select_one(".brontekst").get_text() == text  # type: ignore[union-attr]
