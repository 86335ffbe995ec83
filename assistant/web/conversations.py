"""Conversations of the API: turns by an unguessable id, bounded in number, length and age."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from assistant.types import Turn

TURNS = 20
"""How many turns of one conversation are remembered, in the API and on the page."""


class Conversations:
    """Keeps the latest turns of the latest conversations; an id that is unknown or too old starts a new one."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, tuple[Turn, ...]]] = OrderedDict()
        self._lock = threading.Lock()

    def turns(self, id: str | None) -> tuple[Turn, ...]:
        """The turns of a conversation; none when it is unknown or too old."""
        with self._lock:
            self._forget()
            return self._kept[id][1] if id is not None and id in self._kept else ()

    def add(self, id: str | None, turn: Turn) -> str:
        """Add a turn and give the id of the conversation: a new one when the given one is not known."""
        with self._lock:
            self._forget()
            known = id if id is not None and id in self._kept else secrets.token_urlsafe(18)
            turns = self._kept.pop(known, (0.0, ()))[1]
            self._kept[known] = (self._clock(), (*turns, turn)[-TURNS:])
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            return known

    def __len__(self) -> int:
        return len(self._kept)

    def _forget(self) -> None:
        oldest = self._clock() - self._seconds
        while self._kept and next(iter(self._kept.values()))[0] < oldest:
            self._kept.popitem(last=False)
