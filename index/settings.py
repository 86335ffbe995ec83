"""The library's settings, from arguments, `OPGAVEWIJZER_*` variables and a `.env` file, in that order."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from index.errors import InvalidSettings

PROJECT = Path(__file__).resolve().parent.parent
SHIPPED_MODEL = Path(__file__).resolve().parent / "model"


PREFIX = "OPGAVEWIJZER_"
_FAULTS = {
    "int_parsing": "moet een geheel getal zijn",
    "greater_than_equal": "moet minstens {ge} zijn",
    "less_than_equal": "mag hoogstens {le} zijn",
    "extra_forbidden": "is geen bekende instelling",
}


def _optional(path: object) -> object:
    return None if path is None or str(path).strip().lower() in {"", "none", "geen"} else Path(str(path)).expanduser()


OptionalFolder = Annotated[Path | None, BeforeValidator(_optional)]


class IndexSettings(BaseSettings):
    """Where the texts and the index are, and how they are searched; frozen, an unknown key is refused."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="forbid", frozen=True)

    corpus: OptionalFolder = PROJECT / "corpus"
    essays: OptionalFolder = PROJECT / "corpus" / "essays"
    documents: OptionalFolder = None
    index: Path = PROJECT / ".opgavewijzer" / "index"
    embedding_model: str = str(SHIPPED_MODEL)
    query_prefix: str = ""
    passage_prefix: str = ""

    @classmethod
    def read(cls, **given: object) -> Self:
        """Read the settings; what is given goes before the environment, and None counts as not given.

        Raises InvalidSettings naming each unknown name or wrong value.
        """
        unknown = [
            name
            for name in os.environ
            if name.startswith(PREFIX) and name[len(PREFIX) :].lower() not in cls.model_fields
        ]
        if unknown:
            known = ", ".join(PREFIX + name.upper() for name in cls.model_fields)
            raise InvalidSettings(f"De instelling {unknown[0]} bestaat niet; bekend zijn: {known}.")
        try:
            return cls(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
        except ValidationError as error:
            faults = "; ".join(_fault(dict(fault)) for fault in error.errors())
            raise InvalidSettings(f"De instellingen kloppen niet: {faults}. Zie de tabel in de README.") from error


def _fault(fault: Mapping[str, Any]) -> str:
    name = PREFIX + ".".join(map(str, fault["loc"])).upper().removeprefix(PREFIX)
    told = _FAULTS.get(fault["type"], "heeft een waarde die niet kan").format_map(fault.get("ctx", {}))
    return f"{name} {told} (nu: {fault['input']!r})"
