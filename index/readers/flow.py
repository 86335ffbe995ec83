"""Text put together from blocks: who writes asks for a separator, and the strongest one asked for is used."""

from __future__ import annotations

from index.types import Heading

CELL, LINE, BLOCK = "\t", "\n", "\n\n"
_STRENGTH = {"": 0, " ": 1, CELL: 2, LINE: 3, BLOCK: 4}


class Flow:
    """Collects text and headings in reading order."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._separator = ""
        self._headings: list[Heading] = []

    @property
    def text(self) -> str:
        """What has been written so far; without separators at the ends."""
        return "".join(self._pieces)

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The headings written so far."""
        return tuple(self._headings)

    def separate(self, separator: str) -> None:
        """Ask that at least this separator comes before what is written next."""
        if self._length and _STRENGTH[separator] > _STRENGTH[self._separator]:
            self._separator = separator

    def write(self, text: str) -> None:
        """Write text that is no mere separator."""
        if text:
            self._pieces += (self._separator, text)
            self._length += len(self._separator) + len(text)
            self._separator = ""

    def open_heading(self) -> int:
        """Where a heading that is written next would begin."""
        return self._length + len(self._separator)

    def close_heading(self, start: int, level: int) -> None:
        """What was written since `start` is a heading, if it was anything."""
        title = " ".join(self._since(start).split())
        if title:
            self._headings.append(Heading(start, self._length, level, title))

    def _since(self, start: int) -> str:
        pieces: list[str] = []
        missing = self._length - start
        for piece in reversed(self._pieces):
            if missing <= 0:
                break
            pieces.append(piece)
            missing -= len(piece)
        return "".join(reversed(pieces))
