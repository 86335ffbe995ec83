"""The HTML of the page, the one place that escapes: answers, their sources, and a source with a place marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from itertools import pairwise
from string import Template

from markdown_it import MarkdownIt

from assistant.citations import MARKER, address, names, reference
from assistant.types import Answer, Citation, Origin, Status
from assistant.web import texts
from index.dutch import shown_text
from index.types import Heading, Kind, Source

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table").disable(["image", "autolink"])
_NOTE = re.compile(r"\A---\n.*?\n---\n|<!--.*?-->", re.S)
_PLACEHOLDER = re.compile("\ue000(\\d{1,3})\ue001")


def answer(given: Answer, number: int) -> str:
    """A finished answer as an article, with its sources beside it."""
    turn = given.turn
    read_as = ""
    if turn.standalone != turn.question.strip() and given.citations:
        read_as = f'<p class="gelezen">{texts.READ_AS}: {escape(turn.standalone)}</p>'
    is_talk = given.status is Status.ANSWERED and not given.citations
    status = "" if is_talk else _status(given.status)
    sources = "" if is_talk else _sources(given.citations, number)
    body = _markdown(given.text, number)
    copy = "" if is_talk else _copy(given)
    return _article(number, turn.question, f'{status}{read_as}<div class="tekst">{body}</div>{copy}', sources)


def draft(question: str, text: str, number: int) -> str:
    """An answer that is being written."""
    body = _markdown(text, number) if text else f'<p class="bezig">{texts.WORKING}</p>'
    return _article(number, question, f'<div class="tekst">{body}</div>', "", busy=True)


def message(text: str) -> str:
    """A sentence about something that went wrong."""
    return f'<p class="melding" role="alert">{escape(text)}</p>' if text else ""


def header(mode: str, has_essays: bool) -> str:
    """The top of the page: name, what it does, who answers."""
    without = "" if has_essays else f'<p class="let-op">{texts.WITHOUT_ESSAYS}</p>'
    return (
        f'<header class="kop"><p class="naam" role="heading" aria-level="1">{texts.NAME}</p>'
        f'<p class="ondertitel">{texts.SUBTITLE}</p>'
        f'<p class="modus"><strong>{escape(texts.MODES[mode])}.</strong> {texts.AUTOMATED}</p>{without}</header>'
    )


def library(sources: Sequence[Source]) -> str:
    """The register as a list: essays first, then the handbook, then own documents."""
    groups: list[str] = []
    for kind in Kind:
        of_kind = [source for source in sources if source.kind is kind]
        if of_kind:
            items = "".join(
                f'<li><a href="/bronnen/{source.slug}">{escape(source.title)}</a>'
                f'<span class="verwijzing-tekst">{escape(_about(source))}</span></li>'
                for source in of_kind
            )
            groups.append(f"<h2>{texts.KINDS[kind.value]} ({len(of_kind)})</h2><ul>{items}</ul>")
    return f'<div class="bibliotheek"><p>{texts.SOURCES_INTRO}</p>{"".join(groups)}</div>'


def source_page(source: Source, start: int | None, end: int | None, style: str) -> str:
    """A source as a page of its own, with one place marked when it is asked for."""
    place = (start, end) if start is not None and end is not None else None
    toc = "".join(
        f'<li class="niveau-{min(head.level, 3)}"><a href="#kop-{head.start}">{escape(head.title)}</a></li>'
        for head in source.headings
    )
    licence = f"<p>{texts.ABOUT_LICENCE}: {escape(source.licence)}</p>" if source.licence else ""
    cited = f'<p class="gelezen">{texts.CITED}</p>' if place else ""
    return _SOURCE_PAGE.substitute(
        title=escape(source.title),
        name=texts.NAME,
        style=style,
        back=texts.BACK,
        kind=texts.KINDS[source.kind.value],
        reference=escape(reference(source)),
        licence=licence,
        cited=cited,
        contents=texts.CONTENTS,
        toc=f"<ol>{toc}</ol>" if toc else f"<p>{texts.NO_TEXT}</p>",
        text=_marked_text(source, place),
    )


def problem_page(title: str, detail: str, style: str) -> str:
    """A page that says what could not be found."""
    return _PROBLEM_PAGE.substitute(
        title=escape(title), detail=escape(detail), style=style, name=texts.NAME, back=texts.BACK
    )


def copied(given: Answer) -> str:
    """An answer as text to paste: the words, then each reference with its verbatim quotation and address."""
    lines = [given.turn.question.strip(), "", given.text, ""]
    for citation in given.citations:
        told = reference(citation.source, citation.passage)
        lines += [
            f"[{citation.number}] {told}",
            f"    “{shown_text(citation.text)}”",
            f"    {address(citation.source.slug, citation.start, citation.end)}",
        ]
    return "\n".join(lines)


def _article(number: int, question: str, body: str, sources: str, *, busy: bool = False) -> str:
    waiting = ' aria-busy="true"' if busy else ""
    return (
        f'<article class="antwoord" id="antwoord-{number}" aria-labelledby="vraag-{number}"{waiting}>'
        f'<div class="inhoud"><h2 class="vraag" id="vraag-{number}">{escape(question)}</h2>{body}</div>'
        f"{sources}</article>"
    )


def _status(status: Status) -> str:
    return f'<p class="status status-{status.value}">{texts.STATUS[status]}</p>'


def _copy(given: Answer) -> str:
    return (
        f'<p class="knoppen"><button type="button" class="kopieer" data-gekopieerd="{texts.COPIED}">{texts.COPY}'
        f'</button></p><textarea class="kopie" hidden readonly aria-hidden="true">{escape(copied(given))}</textarea>'
    )


def _markdown(text: str, number: int) -> str:
    """Markdown to HTML; a marker becomes a link to its source (held in private-use characters meanwhile)."""
    plain = text.replace("\ue000", "").replace("\ue001", "")
    held = MARKER.sub(lambda marker: f" \ue000{marker[1]}\ue001", plain)
    rendered = str(_MARKDOWN.render(held))
    return _PLACEHOLDER.sub(lambda mark: _marker(int(mark[1]), number), rendered)


def _marker(citation: int, number: int) -> str:
    label = texts.MARKER.format(number=citation)
    return f'<a class="verwijzing" href="#bron-{number}-{citation}" aria-label="{label}">[{citation}]</a>'


def _sources(citations: Sequence[Citation], number: int) -> str:
    items = "".join(_source(citation, number) for citation in citations)
    body = f"<ol>{items}</ol>" if items else f"<p>{texts.NO_SOURCES}</p>"
    return (
        f'<aside class="bronnen" aria-labelledby="bronnen-{number}">'
        f'<h3 id="bronnen-{number}">{texts.SOURCES_TITLE}</h3>{body}</aside>'
    )


def _source(citation: Citation, number: int) -> str:
    passage, source = citation.passage, citation.source
    before = shown_text(passage.text[: citation.start - passage.start])
    after = shown_text(passage.text[citation.end - passage.start :])
    context = f"{escape(before)} <mark>{escape(shown_text(citation.text))}</mark> {escape(after)}".strip()
    origins = "; ".join(_origin(origin) for origin in citation.origins)
    rests = f'<p class="herkomst">{texts.RESTS_ON}: {origins}</p>' if origins else ""
    path = " › ".join(passage.headings)
    place = f"{texts.PAGE} {passage.page}, " if passage.page else ""
    under = f'<p class="plaats">{texts.SECTION}: {place}{escape(path)}</p>' if path or place else ""
    url = escape(address(source.slug, citation.start, citation.end))
    opened = " open" if citation.number == 1 else ""
    return (
        f'<li id="bron-{number}-{citation.number}" value="{citation.number}"><details{opened}>'
        f'<summary><span class="nummer">[{citation.number}]</span> {escape(source.title)}'
        f' <span class="soort">{texts.KINDS[source.kind.value]}</span></summary>'
        f'{under}<blockquote class="passage">{context}</blockquote>'
        f'<p class="verwijzing-tekst">{escape(reference(source, passage))}</p>{rests}'
        f'<p><a class="open" href="{url}" target="_blank" rel="noopener">{texts.OPEN_SOURCE}</a></p></details></li>'
    )


def _origin(origin: Origin) -> str:
    anchor = origin.anchor
    told = f"{escape(reference(origin.publication))}, {texts.CHARACTERS} {anchor.start}-{anchor.end}"
    if not origin.imported:
        return told
    url = escape(address(anchor.source, anchor.start, anchor.end))
    return f'<a href="{url}" target="_blank" rel="noopener">{told}</a>'


def _about(source: Source) -> str:
    parts = (names(source.authors), str(source.year or ""), source.publisher if source.kind is Kind.ESSAY else "")
    return ", ".join(filter(None, parts))


def _marked_text(source: Source, place: tuple[int, int] | None) -> str:
    """The verbatim text, with the place, the headings and the handbook's notes in elements of their own."""
    heads = {head.start: head for head in source.headings}
    notes = {note.start(): note.end() for note in _NOTE.finditer(source.text)} if source.kind is Kind.HANDBOOK else {}
    ends = (*notes.values(), *(head.end for head in source.headings))
    pieces: list[str] = []
    for start, end in pairwise(sorted({0, len(source.text), *(place or ()), *heads, *notes, *ends})):
        piece = escape(source.text[start:end])
        if place and place[0] <= start < place[1]:
            id = ' id="citaat"' if start == place[0] else ""
            piece = f"<mark{id}>{piece}</mark>"
        if start in notes:
            piece = f'<span class="noot">{piece}</span>'
        pieces.append(_headed(piece, heads.get(start)))
    return "".join(pieces)


def _headed(piece: str, head: Heading | None) -> str:
    return f'<strong class="kopje" id="kop-{head.start}">{piece}</strong>' if head else piece


_SOURCE_PAGE = Template("""<!doctype html>
<html lang="nl" class="los">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title - $name</title><style>$style</style></head>
<body class="bronpagina"><p class="terug"><a href="/">$back</a></p>
<main><header><p class="soort">$kind</p><h1>$title</h1><p class="verwijzing-tekst">$reference</p>$licence$cited</header>
<nav aria-label="$contents"><details><summary>$contents</summary>$toc</details></nav>
<div class="brontekst">$text</div></main></body></html>
""")

_PROBLEM_PAGE = Template("""<!doctype html>
<html lang="nl" class="los">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title - $name</title><style>$style</style></head>
<body class="bronpagina"><p class="terug"><a href="/">$back</a></p>
<main><h1>$title</h1><p>$detail</p></main></body></html>
""")
