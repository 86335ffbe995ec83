"""All settings of the program: those of the library, and those of the assistant and its web server."""

from __future__ import annotations

from pydantic import Field

from index.settings import IndexSettings


class Settings(IndexSettings):
    """Settings read once where the program starts and passed down in parts."""

    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=0, le=65535)
    conversations: int = Field(default=1000, ge=1)
    conversation_minutes: int = Field(default=120, ge=1)
