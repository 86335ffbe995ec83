"""The manifest beside an index: what it was built from, so that one that no longer fits is noticed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from index.errors import DamagedIndex
from index.settings import SHIPPED_MODEL, IndexSettings
from index.sources import documents

FORMAT = 4
_FILE = "manifest.json"


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that an index follows from: the settings that shape it, and a hash of every file that it reads."""

    settings: Mapping[str, str]
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was built: from which inputs, and what came out."""

    inputs: Inputs
    passages: int
    sources: Mapping[str, str]
    questions: int
    embeddings: str
    files: Mapping[str, str]
    skipped: tuple[str, ...] = ()

    def save(self, folder: Path) -> None:
        """Write the manifest into a generation's folder."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        (folder / _FILE).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Manifest:
        """Read a manifest. Raises DamagedIndex when it is missing or cannot be read."""
        try:
            stored = json.loads((folder / _FILE).read_text(encoding="utf-8"))
            return cls(**{**stored, "inputs": Inputs(**stored["inputs"]), "skipped": tuple(stored["skipped"])})
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DamagedIndex(
                f"Het manifest van de index in {folder} is niet te lezen; draai: opgavewijzer index build"
            ) from error


def readable(generation: Path | None) -> Manifest | None:
    """The manifest of a generation, or None when it cannot be read or a file that it names is gone."""
    if generation is None:
        return None
    try:
        manifest = Manifest.load(generation)
    except DamagedIndex:
        return None
    return manifest if all((generation / name).is_file() for name in manifest.files) else None


def digests(generation: Path) -> dict[str, str]:
    """The hash of every file of a generation but Chroma's, which changes when it is opened, and the manifest."""
    paths = (path for path in generation.rglob("*") if path.is_file() and path.name != _FILE)
    names = {path.relative_to(generation).as_posix(): path for path in paths}
    return {name: _digest(path) for name, path in sorted(names.items()) if not name.startswith("chroma/")}


def inputs_of(settings: IndexSettings) -> Inputs:
    """Read the hashes of everything that an index with these settings is built from."""
    shaping = {
        "format": str(FORMAT),
        "model": _model_digest(settings.embedding_model),
        "query_prefix": settings.query_prefix,
        "passage_prefix": settings.passage_prefix,
    }
    roots = {
        "register": settings.corpus and settings.corpus / "sources.toml",
        "handbook": settings.corpus and settings.corpus / "handbook",
        "questions": settings.corpus and settings.corpus / "questions",
        "wordings": settings.corpus and settings.corpus / "wordings.jsonl",
        "essays": settings.essays if settings.corpus else None,
        "documents": settings.documents,
    }
    files: dict[str, str] = {}
    for name, root in roots.items():
        if root is None:
            continue
        shaping[name] = str(root.resolve())
        if root.is_file():
            files[name] = _digest(root)
        elif root.is_dir():
            files |= {f"{name}/{path.relative_to(root).as_posix()}": _digest(path) for path in documents(root)}
    return Inputs(shaping, files)


def changes(old: Inputs, new: Inputs) -> list[str]:
    """In Dutch, what differs between two inputs; empty when nothing does."""
    told = [f"instelling {name}" for name in _differing(old.settings, new.settings)]
    return told + [f"bestand {name}" for name in _differing(old.files, new.files)]


def _differing(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


def _model_digest(name: str) -> str:
    folder = Path(name)
    if not folder.is_dir():
        return name
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".safetensors", ".json", ".txt", ".bin", ".model"}:
            digest.update(_digest(path).encode())
    return ("meegeleverd " if folder.resolve() == SHIPPED_MODEL else f"{folder.resolve()} ") + digest.hexdigest()[:16]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
