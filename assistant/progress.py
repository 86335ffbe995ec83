"""Progress of long work, for whoever waits at a terminal."""

from __future__ import annotations

import sys
from typing import NoReturn

from tqdm import tqdm


class Bar:
    """A progress bar on stderr, one line per stage."""

    def __init__(self) -> None:
        self._stage = ""
        self._bar: tqdm[NoReturn] | None = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show how much of a stage is done."""
        bar = self._bar
        if stage != self._stage or bar is None:
            self.close()
            self._stage = stage
            seldom = 0.1 if sys.stderr.isatty() else 60.0  # a log is no screen
            self._bar = bar = tqdm(total=total, desc=f"{stage:22}", unit="", file=sys.stderr, mininterval=seldom)
        bar.update(done - bar.n)

    def close(self) -> None:
        """End the bar that is shown."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
