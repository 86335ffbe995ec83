"""The index folder: generations side by side, one of them current, and one process that owns them all.

lock                    held for as long as a process uses the folder
current                 the name of the generation in use; replacing this file is the last act of a build
generations/<name>/     everything of one build
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from index.errors import InvalidSettings, LockedIndex, MissingIndex


class IndexFolder:
    """The folder while this process owns it; use as a context manager or call `release`.

    Raises LockedIndex at once when another process owns it, InvalidSettings when it cannot be a folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        try:
            root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InvalidSettings(
                f"{root} kan geen map voor de index zijn ({error.strerror}); kies een andere."
            ) from error
        self._lock = FileLock(root / "lock", thread_local=False)
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise LockedIndex(
                f"De index in {root} is in gebruik door een ander proces (proces {self._owner()}), bijvoorbeeld "
                "'opgavewijzer serve'. Stop dat proces, of stel uw vraag via het adres waarop het draait."
            ) from error
        (root / "owner").write_text(str(os.getpid()), encoding="utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def release(self) -> None:
        """Give the folder back."""
        self._lock.release()

    def current(self) -> Path | None:
        """The generation in use, or None when nothing was built."""
        try:
            name = (self.root / "current").read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        folder = self._generations / name
        return folder if name and folder.is_dir() else None

    def require_current(self) -> Path:
        """The generation in use. Raises MissingIndex when there is none."""
        folder = self.current()
        if folder is None:
            raise MissingIndex(f"Er is nog geen index in {self.root}; draai: opgavewijzer index build")
        return folder

    def begin(self) -> Path:
        """An empty folder for a new generation; what an interrupted build left behind is removed."""
        self.sweep()
        numbers = [int(folder.name) for folder in self._generations.glob("[0-9]*")]
        folder = self._generations / f"{max(numbers, default=0) + 1:06d}"
        folder.mkdir(parents=True)
        return folder

    def switch(self, generation: Path) -> None:
        """Make a finished generation the current one, in one step that cannot half happen."""
        draft = self.root / "current.new"
        with draft.open("w", encoding="utf-8") as file:
            file.write(generation.name)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.root / "current")

    def sweep(self) -> None:
        """Remove every generation but the current one."""
        current = self.current()
        for folder in self._generations.glob("*"):
            if folder != current:
                shutil.rmtree(folder, ignore_errors=True)

    @property
    def _generations(self) -> Path:
        return self.root / "generations"

    def _owner(self) -> str:
        try:
            return (self.root / "owner").read_text(encoding="utf-8")
        except OSError:
            return "onbekend"
