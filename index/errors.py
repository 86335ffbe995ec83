"""What can go wrong in the library: one root, messages in Dutch that say what to do.

LibraryError
├── UnreadableDocument    a file that cannot become a source; a build lists it and goes on
├── InvalidCorpus         our own register, handbook or question bank holds a mistake
├── InvalidSettings       a setting that does not exist or cannot have this value
├── InvalidModel          no sentence-transformers model can be loaded from the name or path given
├── InvalidRequest        an empty question, an unknown kind or source
└── IndexUnavailable
    ├── MissingIndex      nothing has been built yet
    ├── StaleIndex        built from other settings than those asked for
    ├── DamagedIndex      the files do not agree with their manifest
    └── LockedIndex       another process owns the folder
"""

from __future__ import annotations

from pathlib import Path


class LibraryError(Exception):
    """The root of all errors that `index` raises on purpose; the message is a Dutch sentence for the reader."""


class UnreadableDocument(LibraryError):
    """A document from which no text can be read."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path.name}: {reason}")
        self.path = path
        self.reason = reason


class InvalidCorpus(LibraryError):
    """The register, the handbook or the question bank breaks its own rules."""


class InvalidSettings(LibraryError):
    """A setting that does not exist, or a value that it cannot have."""


class InvalidModel(LibraryError):
    """The embedding model cannot be loaded."""


class InvalidRequest(LibraryError):
    """A search that cannot be carried out as asked."""


class IndexUnavailable(LibraryError):
    """There is no index that can be used."""


class MissingIndex(IndexUnavailable):
    """No index has been built in this folder."""


class StaleIndex(IndexUnavailable):
    """The index was built with other settings or by another version."""


class DamagedIndex(IndexUnavailable):
    """The index does not agree with its manifest."""


class LockedIndex(IndexUnavailable):
    """Another process uses the index folder."""
