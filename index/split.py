"""From source to passages: 80 to 140 words of whole sentences, never across a heading, letter for letter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.dutch import Span, sentences
from index.types import Heading, Passage, Source

SHORTEST, LONGEST = 80, 140
_AIM = (SHORTEST + LONGEST) / 2


def split(source: Source) -> list[Passage]:
    """Cut a source into passages, in order, without overlap.

    A section shorter than 80 words stays one short passage, a single sentence longer than 140 words one long one.
    """
    return [
        passage(source, start, end, path)
        for path, section in sections(source)
        for start, end in _groups(source.text, section)
    ]


def passage(source: Source, start: int, end: int, headings: tuple[str, ...]) -> Passage:
    """The passage that stands at this place of the source."""
    return Passage(
        id=f"{source.slug}:{start}-{end}",
        source=source.slug,
        kind=source.kind,
        start=start,
        end=end,
        text=source.text[start:end],
        headings=headings,
        page=source.page_at(start),
    )


def sections(source: Source) -> Iterator[tuple[tuple[str, ...], Span]]:
    """The stretches between headings, each with the path of headings that it stands under."""
    path: list[Heading] = []
    begin = _after_front_matter(source.text)
    for heading in source.headings:
        if heading.start < begin:
            continue
        yield tuple(above.title for above in path), (begin, heading.start)
        path = [above for above in path if above.level < heading.level] + [heading]
        begin = heading.end
    yield tuple(above.title for above in path), (begin, len(source.text))


def _after_front_matter(text: str) -> int:
    if not text.startswith("---\n"):
        return 0
    end = text.find("\n---\n", 3)
    return end + 5 if end > 0 else 0


def _groups(text: str, section: Span) -> Iterator[Span]:
    begin, end = section
    spans = [(begin + start, begin + stop) for start, stop in sentences(text[begin:end])]
    counts = [len(text[start:stop].split()) for start, stop in spans]
    opens = [at > 0 and "\n\n" in text[spans[at - 1][1] : spans[at][0]] for at in range(len(spans))]
    for first, last in _cut(counts, opens):
        yield spans[first][0], spans[last - 1][1]


def _cut(counts: Sequence[int], opens: Sequence[bool]) -> list[Span]:
    """Group sentences so that group sizes lie as near the middle of the range as they can (dynamic programming).

    A cut before a sentence that opens a paragraph costs less than a cut inside one.
    """
    best = [0.0] + [float("inf")] * len(counts)
    origin = [0] * (len(counts) + 1)
    for end in range(1, len(counts) + 1):
        size = 0
        for start in range(end - 1, -1, -1):
            size += counts[start]
            if size > LONGEST and start < end - 1:
                break
            cost = best[start] + ((size - _AIM) / _AIM) ** 2 + (5.0 if size < SHORTEST else 0.0)
            cost += 0.0 if start == 0 or opens[start] else 0.15
            if cost < best[end]:
                best[end], origin[end] = cost, start
    groups: list[Span] = []
    end = len(counts)
    while end:
        groups.append((origin[end], end))
        end = origin[end]
    return groups[::-1]
