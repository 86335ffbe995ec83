"""From question to answer with citations."""

from __future__ import annotations

from importlib.metadata import version as _version


def version() -> str:
    """The version of the program."""
    return _version("opgavewijzer")
