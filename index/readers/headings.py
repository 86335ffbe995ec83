"""Headings in text that does not mark them: by numbering, and by how a line stands among others.

A heading is a short line that starts like a title, does not end like a sentence and has prose below it. Most of what
follows tells it from what looks the same: cells of a table, names on a title page, running headers, captions, and
sentences that a scan broke in two.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.readers.markdown import plain_line
from index.types import Heading

_MAX_WORDS = 14
_MAX_LENGTH = 110
_MAX_MARKED = 500
_MARKED = 3  # headings with # in a text whose headings all have it
_MAX_LINES = 3
_MAX_RUN = 3  # more short blocks in a row are a table or a list
_PAGE_GAP = 3  # blank lines at which a scanned page ends
_REPEATED = 3  # times that a line stands between the text of pages before it is furniture
_SHORT = 0.75  # of the usual line; a title leaves the rest of its line open
_BARE_LEVEL = 2

_HASHES = re.compile(r"[ ]{0,3}(#{1,6})[ \t]+(\S.*?)(?:[ \t]+#+)?[ \t]*")
_NUMBERED = re.compile(
    r"(?:hoofdstuk )?(?P<number>\d{1,2}(?:\.\d{1,2}){0,4})[.:)]?\s+(?P<words>(?:[^\W\d_]|[‘’“\"'*(]).*)", re.I
)
_CONTENTS_LINE = re.compile(r".*(?:→|\.{3,}|…|\. \. \.|\t|\s{3,})\s*\d{1,4}\W*")
_CAPTION = re.compile(r"(?:figuur|fig\.|tabel|afbeelding|grafiek|foto|bron|figure|table)(?:\s+\d|\s*:|$)", re.I)
_BULLET = re.compile(r"(?:[-–—•*▪◦·=+>]|\(?[a-z]\)|\(?\d{1,2}[.)])\s+\S")
_SENTENCE_INSIDE = re.compile(r"[.;](?:\s|$)")
_SENTENCE_END = re.compile(r"[.?!:]['’”\")\]*⁰¹²³⁴-⁹]*(?:\s|$)")
_CITED_YEAR = re.compile(r"\((?:19|20)\d\d[a-z]?[,)]")
_NOISE = re.compile(r"[{}|\\~^¢=<>_@]|\bwww\.|\b(?!en\b|of\b|om\b|in\b|op\b|te\b|de\b|we\b|ik\b|je\b)[a-z]\s[A-Z]{2}")
_EMPHASIS = re.compile(r"(\*{1,3}|_{1,3})(?=\S)(.+?)(?<=\S)\1")
_NOTE_MARKS = re.compile(r"[⁰¹²³⁴-⁹*\]]+$")
_PARTICLE = re.compile(
    "aan|als|bij|dan|dat|de|deze|die|dit|door|een|en|het|hun|in|je|maar|met|naar|of|om|ook|op|over|te|tot|uit|van|voor|"
    "waar|we|zo|and|the|to|den|der|ten|ter",
    re.I,
)
# Parts of a publication that are a heading wherever they stand alone on a line.
_PART = re.compile(
    "voorwoord|woord vooraf|inhoud|inhoudsopgave|(?:management)?samenvatting|summary|nawoord|dankwoord|colofon|"
    r"literatuur(?:lijst)?|bronnen(?:lijst)?|referenties|noten|eindnoten|bijlagen?(?: (?:\d+|[a-z]))?",
    re.I,
)
_QUOTES = "‘’“”\"'*("
_GENERIC_TITLES = frozenset(
    ("anonymous", "untitled", "naamloos", "word document", "document", "document1", "pdf", "titel", "title")
)
_FILE_NAME = re.compile(r"\.(?:docx?|pdf|indd|pptx?|rtf|odt|tmp|html?|txt|xlsx?)\b|^microsoft\b", re.I)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line without the white space around it: `text` begins at offset `start`."""

    start: int
    text: str
    indented: bool = False

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class _Title:
    """A line, or a few, that could be a heading; `number` is its numbering and `rest` what follows in its block."""

    lines: tuple[_Line, ...]
    text: str
    number: str = ""
    rest: tuple[_Line, ...] = ()

    def at(self, level: int) -> Heading:
        return Heading(self.lines[0].start, self.lines[-1].end, level, self.text)


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines without a blank line between them, with the number of blank lines after them.

    `flows_on` tells that its sentence goes on in the next block: a page ended, or a scan put a blank line in it.
    """

    lines: tuple[_Line, ...]
    gap: int
    text: str
    title: _Title | None = None
    flows_on: bool = False

    @classmethod
    def of(cls, lines: Sequence[_Line], gap: int) -> _Block:
        return cls(tuple(lines), gap, " ".join(line.text for line in lines))


def find(text: str, *, pages: Sequence[int] = ()) -> tuple[Heading, ...]:
    """The headings of a text. With the offsets of `pages` the text is a PDF's: it has few blank lines."""
    lines = tuple(_lines(text))
    marked = tuple(_marked(lines))
    if len(marked) >= _MARKED:
        return _joined(marked)  # who marks headings with # marks them all
    blocks = _without_furniture(tuple(_blocks(lines, frozenset(pages))), pages)
    width = _usual_width(blocks)
    titled = [_with_title(blocks, place, width) for place in range(len(blocks))]
    titles = list(_chosen(titled))
    if pages:
        known = {line for title in titles for line in title.lines}
        titles += (title for title in _titles_inside(blocks, width) if not known.intersection(title.lines))
    if not pages and not any(title.number and not title.rest for title in titles):
        titles = [title for title in titles if not title.number]  # all on top of their text: items of a list
    return _levelled(titles, marked)


def sensible_title(title: str) -> str:
    """A title from a file's properties, unless a program put a file name or a placeholder there."""
    title = " ".join(title.replace("\0", "").split())
    letters = sum(character.isalpha() for character in title)
    if letters < 3 or title.lower().strip("()") in _GENERIC_TITLES or _FILE_NAME.search(title):
        return ""
    return title


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    for raw in text.split("\n"):
        line = raw.strip()
        yield _Line(start + raw.index(line[0]) if line else start, line, raw[:1].isspace())
        start += len(raw) + 1


def _marked(lines: Sequence[_Line]) -> Iterator[Heading]:
    """Lines that begin with # and a space."""
    for line in lines:
        found = _HASHES.fullmatch(line.text) if len(line.text) <= _MAX_MARKED else None
        title = plain_line(found[2]) if found else ""
        if found and title:
            yield Heading(line.start, line.end, len(found[1]), title)


def _joined(headings: Sequence[Heading]) -> tuple[Heading, ...]:
    """A heading that is a bare number and the one after it are one heading."""
    joined: list[Heading] = []
    for heading in headings:
        last = joined[-1] if joined else None
        if last and re.fullmatch(r"\d+\.?", last.title) and heading.start - last.end < 10:
            joined[-1] = replace(last, end=heading.end, title=f"{last.title} {heading.title}")
        else:
            joined.append(heading)
    return tuple(joined)


def _blocks(lines: Sequence[_Line], pages: frozenset[int]) -> Iterator[_Block]:
    """Lines between blank lines; a line set in by a space also begins a block: a form feed or a new paragraph."""
    held: list[_Line] = []
    gap = 0
    for line in lines:
        if not line.text:
            gap += 1
            continue
        if held and (gap or (line.indented and not held[-1].indented) or line.start in pages):
            yield _Block.of(held, gap)
            held = []
        held.append(line)
        gap = 0
    if held:
        yield _Block.of(held, gap)


def _without_furniture(blocks: Sequence[_Block], pages: Sequence[int]) -> tuple[_Block, ...]:
    """Leave out page numbers, and running headers: lines that keep returning in the midst of sentences."""
    lone: Counter[str] = Counter()
    torn: Counter[str] = Counter()
    for place, block in enumerate(blocks):
        if len(block.lines) == 1:
            lone[_bare(block.text)] += 1
            torn[_bare(block.text)] += _is_torn(blocks, place)
    running = {line for line, count in lone.items() if count >= _REPEATED and torn[line]}
    if pages:
        edges = Counter(_bare(line.text) for block in blocks for line in {block.lines[0], block.lines[-1]})
        running |= {line for line, count in edges.items() if count >= _REPEATED}
    kept = []
    for block in blocks:
        lines = tuple(line for line in block.lines if not (pages and _bare(line.text) in running))
        alone = len(block.lines) == 1
        if lines and _bare(block.text) and not (alone and any(_bare(block.text) in line for line in running)):
            kept.append(block if lines == block.lines else _Block.of(lines, block.gap))
    return tuple(kept)


def _bare(line: str) -> str:
    """A line without its digits, marks and capitals; empty for a page number."""
    return " ".join(re.sub(r"[\W\d_]+", " ", line).lower().split())


def _is_torn(blocks: Sequence[_Block], place: int) -> bool:
    """Whether a block stands in the midst of a sentence."""
    before = blocks[place - 1].text if place else ""
    after = blocks[place + 1].text if place + 1 < len(blocks) else ""
    return bool(before and _is_unfinished(before)) or after[:1].islower()


def _is_unfinished(text: str) -> bool:
    """Whether prose stops before its sentence does."""
    return len(text.split()) >= 12 and not _SENTENCE_END.search(text[-6:] + " ") and not _BULLET.match(text)


def _usual_width(blocks: Sequence[_Block]) -> int:
    """The length of a full line of prose, at most that of a line on paper."""
    lengths = sorted(len(line.text) for block in blocks if len(block.lines) >= 3 for line in block.lines[:-1])
    return min(100, lengths[len(lengths) * 9 // 10]) if lengths else 100


def _with_title(blocks: Sequence[_Block], place: int, width: int) -> _Block:
    """The block with the title that it is, or begins with, if there is one."""
    block = blocks[place]
    flows_on = place + 1 < len(blocks) and blocks[place + 1].text[0].islower()
    if any(_is_contents(line.text) for line in block.lines):
        return block
    whole = len(block.lines) <= _MAX_LINES and all(_continues(*pair) for pair in pairwise(block.lines))
    title = None
    if whole and not flows_on:
        title = _as_title(block.lines, ())
    elif not whole and _stands_out(block.lines, width):
        title = _as_title(block.lines[:1], block.lines[1:])
    if title and not title.number and not _is_part(title):
        before = blocks[place - 1] if place else None
        interrupts = before is not None and before.gap < _PAGE_GAP and _is_unfinished(before.text)
        orphan = whole and block.gap >= _PAGE_GAP and len(title.text.split()) == 1
        if interrupts or orphan:
            title = None
    return replace(block, title=title, flows_on=flows_on and not title)


def _continues(line: _Line, following: _Line) -> bool:
    """Whether a title runs on to the next line."""
    return line.text.endswith("-") or following.text[:1].islower()


def _stands_out(lines: Sequence[_Line], width: int) -> bool:
    """Whether the first line stops short although the prose below it would have filled it."""
    if len(lines) < 2 or len(lines[0].text) > _SHORT * width:
        return False
    rest = " ".join(line.text for line in lines[1:])
    full = bool(_NUMBERED.match(lines[0].text)) and len(lines[1].text) > _SHORT * width
    return (full or _has_sentence(rest)) and (rest[0].isupper() or rest[0] in _QUOTES)


def _as_title(lines: tuple[_Line, ...], rest: tuple[_Line, ...]) -> _Title | None:
    """The lines as a title, if their words allow it."""
    if sum(len(line.text) for line in lines) > 2 * _MAX_LENGTH:
        return None
    joined = re.sub(r"(?<=[a-z])- (?=[a-z])", "", " ".join(line.text for line in lines))
    text = " ".join(_NOTE_MARKS.sub("", _EMPHASIS.sub(r"\2", joined)).split())
    numbered = _NUMBERED.fullmatch(text)
    words = numbered["words"] if numbered else text
    if not _reads_as_title(words) or _is_contents(text) or _CAPTION.match(words):
        return None
    if not numbered and (_BULLET.match(text) or text[0].isdigit()):
        return None
    return _Title(lines, text, numbered["number"] if numbered else "", rest)


def _reads_as_title(words: str) -> bool:
    """Short, begun with a capital, not ended as a sentence is, and without the marks of noise."""
    first = words.lstrip(_QUOTES)[:1]
    tokens = words.split()
    if not first.isupper() or len(tokens) > _MAX_WORDS or len(words) > _MAX_LENGTH:
        return False
    if words[-1] in ".,;:-–—&/+" or _PARTICLE.fullmatch(tokens[-1]) or words.count("(") > words.count(")"):
        return False
    if sum(character.isalpha() for character in words) < max(3, 0.6 * len(words.replace(" ", ""))):
        return False
    if not any(len(token) > 3 for token in tokens) or _is_names(words):
        return False
    return not (_SENTENCE_INSIDE.search(words) or _CITED_YEAR.search(words) or _NOISE.search(words))


def _is_contents(line: str) -> bool:
    """Whether a line of a table of contents: a title and the number of its page."""
    return len(line) <= 2 * _MAX_LENGTH and bool(_CONTENTS_LINE.fullmatch(line))


def _is_names(words: str) -> bool:
    """Whether the words are names of people with commas between them."""
    tokens = [token for token in words.split() if not _PARTICLE.fullmatch(token)]
    return "," in words and all(token.lstrip(_QUOTES)[:1].isupper() for token in tokens)


def _has_sentence(text: str) -> bool:
    return len(text.split()) >= 8 and bool(_SENTENCE_END.search(text))


def _is_content(block: _Block) -> bool:
    """Whether a block is what stands below a heading: prose or a list."""
    if block.title:
        return bool(block.title.rest)
    if any(_BULLET.match(line.text) or _is_contents(line.text) for line in block.lines):
        return True
    count = len(block.text.split())
    return _has_sentence(block.text) or count >= 25 or (block.flows_on and count >= 6)


def _runs(blocks: Sequence[_Block]) -> Iterator[tuple[int, int]]:
    """Stretches of blocks that are no content, cut where a page ends."""
    begin = 0
    for place, block in enumerate(blocks):
        if _is_content(block):
            yield begin, place
            begin = place + 1
        elif block.gap >= _PAGE_GAP:
            yield begin, place + 1
            begin = place + 1
    yield begin, len(blocks)


def _chosen(blocks: Sequence[_Block]) -> Iterator[_Title]:
    """The titles that have content below them; of many short blocks in a row only the one that leads them."""
    yield from (block.title for block in blocks if block.title and block.title.rest)
    for begin, end in _runs(blocks):
        for place in range(begin, end):
            title = blocks[place].title
            if title and (_is_part(title) or _heads(blocks, begin, place, end)):
                yield title


def _heads(blocks: Sequence[_Block], begin: int, place: int, end: int) -> bool:
    """Whether the title at `place` of a run stands above something of its own."""
    title = blocks[place].title
    following = blocks[place + 1] if place + 1 < len(blocks) else None
    if title is None or following is None:
        return False
    if title.number:
        item = _NUMBERED.match(following.text)
        if item and not item["number"].startswith(f"{title.number}."):
            return False
    elif any(block.text.endswith(":") for block in blocks[max(0, begin - 1) : place]):
        return False
    if place == begin and end - begin > _MAX_RUN:
        return True
    ends_in_content = end < len(blocks) and _is_content(blocks[end])
    near = end - begin <= _MAX_RUN or bool(title.number)
    return ends_in_content and near and all(block.title for block in blocks[place:end])


def _is_part(title: _Title) -> bool:
    return bool(_PART.fullmatch(title.text))


def _titles_inside(blocks: Sequence[_Block], width: int) -> Iterator[_Title]:
    """Titles in the midst of a block, as in a PDF whose blank lines were lost: short lines between full ones."""
    for block in blocks:
        for place in range(1, len(block.lines) - 1):
            before, line, after = block.lines[place - 1 : place + 2]
            if len(line.text) > _SHORT * width or _is_unfinished_line(before.text):
                continue
            title = _as_title((line,), block.lines[place + 1 :])
            if (
                title
                and (title.number or len(after.text) >= _SHORT * width)
                and _stands_out(block.lines[place:], width)
            ):
                yield title


def _is_unfinished_line(line: str) -> bool:
    return not _SENTENCE_END.search(line[-6:] + " ") and not _as_title((_Line(0, line),), ())


def _levelled(titles: Sequence[_Title], marked: Sequence[Heading]) -> tuple[Heading, ...]:
    """Levels by numbering; a bare heading is one deeper than the last marked or numbered one."""
    level = _BARE_LEVEL
    found: list[Heading] = []
    todo: list[_Title | Heading] = [*titles, *marked]
    for title in sorted(todo, key=lambda item: item.start if isinstance(item, Heading) else item.lines[0].start):
        if isinstance(title, Heading):
            level = title.level + 1
            found.append(title)
        elif title.number or _is_part(title):
            depth = title.number.count(".") + 1 if title.number else 1
            level = depth + 1
            found.append(title.at(depth))
        else:
            found.append(title.at(level))
    return tuple(found)
