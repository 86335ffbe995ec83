"""The wording of a quotation: its letters without layout, where they stand in a text, and what two wordings differ in.

White space, hyphens, quotation marks, markup, footnote marks, and what stands before the first and after the last word
are no part of a wording. All pure.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from index import dutch

CLOSING = frozenset(".!?…")
"""Marks that a citation takes along when the quotation ends with the same."""

ROUGHLY_ALIKE = 0.6
_EDGE = 25
_MARKS = "¹²³⁰⁴-⁹"
_BREAK = r"(?:[-\u00ad][ \t]*\n\s*|\u00ad\s*|['’])?"
_STARTED = re.compile(rf"[^\W_{_MARKS}]{_BREAK}\Z")
_GOES_ON = re.compile(rf"(?!-\s*(?:en|of|tot|noch|als)\b){_BREAK}[^\W_{_MARKS}]")
_WORD = re.compile(rf"[^\W_{_MARKS}]+(?:[-\u00ad]\s*\n\s*[^\W_{_MARKS}]+|\u00ad[^\W_{_MARKS}]+)*")
_BROKEN = re.compile(r"(?<=[a-zà-ÿ])(?:- |\u00ad ?)(?=[a-zà-ÿ])(?!(?:en|of|tot|noch|als)\b)")
_TYPOGRAPHY = re.compile(r"[\u00ad\u2010-\u2014\"'“”‘’„‚«»`´-]")


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters and digits that a reader of a text sees, folded, and the offset in the text at which each stands."""

    letters: str
    offsets: Sequence[int]

    @classmethod
    def of(cls, text: str) -> Letters:
        """The letters of a text."""
        folded = [_folded(character) for character in text]
        for start, end in dutch.layout(text):
            folded[start:end] = [""] * (end - start)
        return cls("".join(folded), array("l", (at for at, letters in enumerate(folded) for _ in letters)))

    def find(self, given: str) -> Iterator[tuple[int, int]]:
        """The places, as offsets in the text, that have all letters of what is given in a row."""
        wanted = Letters.of(given).letters
        at = self.letters.find(wanted) if wanted else -1
        while at >= 0:
            yield self.offsets[at], self.offsets[at + len(wanted) - 1] + 1
            at = self.letters.find(wanted, at + 1)

    def between(self, start: int, end: int) -> str:
        """The letters that stand between two offsets of the text."""
        return self.letters[bisect_left(self.offsets, start) : bisect_left(self.offsets, end)]


def words(text: str) -> list[str]:
    """The words of a text as printed, the punctuation between them with the word that it follows.

    What stands before the first word and after the last is left out, and so is what has no letter or digit.
    """
    printed = dutch.shown_text(_BROKEN.sub("", text))
    found = list(_WORD.finditer(printed))
    return [word for word in printed[found[0].start() : found[-1].end()].split() if _WORD.search(word)] if found else []


def count(text: str) -> int:
    """How many words a text has."""
    return len(_WORD.findall(dutch.shown_text(text)))


def are_whole(text: str, start: int, end: int) -> bool:
    """Whether a stretch begins and ends where words do; a line-end hyphen or apostrophe does not end a word."""
    return not (_STARTED.search(text, max(0, start - _EDGE), start) or _GOES_ON.match(text, end))


def nearest(given: str, text: str, letters: Letters, start: int, end: int) -> tuple[int, int] | None:
    """The place between two offsets of a text that is most like what is given, in whole words.

    None when nothing there is like it. `letters` are those of the text.
    """
    first, last = bisect_left(letters.offsets, start), bisect_left(letters.offsets, end)
    wanted = Letters.of(given).letters
    found = fuzz.partial_ratio_alignment(wanted, letters.letters[first:last], score_cutoff=100 * ROUGHLY_ALIKE)
    if found is None or found.dest_end <= found.dest_start:
        return None
    rough = letters.offsets[first + found.dest_start], letters.offsets[first + found.dest_end - 1] + 1
    begin = text.rfind(" ", 0, max(0, rough[0] - _EDGE)) + 1
    around = list(_WORD.finditer(text, begin, min(len(text), rough[1] + 2 * _EDGE)))
    begins = [word.start() for word in around if abs(word.start() - rough[0]) <= _EDGE]
    ends = [word.end() for word in around if abs(word.end() - rough[1]) <= _EDGE]
    places = [
        place for place in ((b, e) for b in begins for e in ends) if place[0] < place[1] and are_whole(text, *place)
    ]
    return max(places, key=lambda place: Indel.normalized_similarity(wanted, letters.between(*place)), default=None)


def likeness(given: str, source: str) -> float:
    """How alike the letters of two texts are, in order: 1 when they are the same, 0 when they share none."""
    return float(Indel.normalized_similarity(Letters.of(given).letters, Letters.of(source).letters))


def differences(given: str, source: str) -> Iterator[tuple[str, str]]:
    """Word by word, what was given and what the source has in its place; nothing when the wording is the same."""
    ours, theirs = words(given), words(source)
    steps = Indel.opcodes([_bare(word) for word in ours], [_bare(word) for word in theirs])
    for differs, group in groupby(steps, key=lambda step: step.tag != "equal"):
        changed = list(group)
        if differs:
            yield (
                " ".join(ours[changed[0].src_start : changed[-1].src_end]),
                " ".join(theirs[changed[0].dest_start : changed[-1].dest_end]),
            )


def _bare(word: str) -> str:
    return _TYPOGRAPHY.sub("", dutch.search_text(word))


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    """The letters and digits that a character stands for: none, one, or several for a ligature.

    A euro sign counts as the é for which text recognition mistakes it.
    """
    if character == "€":
        return "e"
    return "".join(letter for letter in dutch.fold(dutch.search_text(character)) if letter.isalnum())
