"""Runs: a folder with a manifest and one line per question. Measures are computed from it, at any later time."""

from __future__ import annotations

import json
import platform
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Self

from assistant.confidence import SHIPPED as CONFIDENCE
from assistant.settings import Settings
from evals.asking import Judge, ask
from evals.conditions import WORK, Condition, Workbench, workbench
from evals.data import SCHEMAS, Item, Split, Suite, digest, path_of, read
from evals.errors import EmptySet, InvalidData, Unavailable, UnknownRun
from evals.matching import Ruler
from evals.outcomes import Outcome, line, read_outcomes
from evals.quotations import SEED, quotations
from index.handbook import PREFIX
from index.settings import PROJECT
from index.sources import documents

FOLDER = WORK / "runs"
_NAME = re.compile(r"[\w.-]{1,80}")
_PACKAGES = (
    "bm25s",
    "chromadb",
    "llama-index-core",
    "numpy",
    "PyStemmer",
    "rapidfuzz",
    "sentence-transformers",
    "torch",
    "wordfreq",
    "ir-measures",
)

Progress = Callable[[str, int, int], None]
"""Told what is being measured, how many questions of it are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: its name, its manifest, and its outcomes."""

    name: str
    manifest: Mapping[str, Any]
    outcomes: tuple[Outcome, ...]

    @classmethod
    def load(cls, name: str, folder: Path = FOLDER) -> Self:
        """Read a run by its name, or the folder it is in. Raises UnknownRun, InvalidData."""
        path = folder / name if (folder / name).is_dir() else Path(name)
        try:
            manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
            outcomes = tuple(read_outcomes(path / "outcomes.jsonl"))
        except (OSError, ValueError) as error:
            known = ", ".join(finished(folder)) or "geen"
            raise UnknownRun(f"Er is geen voltooide meting '{name}'; er zijn: {known}.") from error
        return cls(path.name, manifest, outcomes)

    def of(self, suite: Suite, condition: str) -> list[Outcome]:
        """The outcomes of one suite under one condition."""
        return [each for each in self.outcomes if each.suite is suite and each.condition == condition]

    @property
    def measured(self) -> list[tuple[str, Suite]]:
        """The pairs of condition and suite that the run holds, in order."""
        return list(dict.fromkeys((each.condition, each.suite) for each in self.outcomes))


def finished(folder: Path = FOLDER) -> list[str]:
    """The names of the finished runs, oldest first."""
    manifests = sorted(folder.glob("*/manifest.json"), key=lambda path: path.stat().st_mtime)
    return [path.parent.name for path in manifests]


def measure(
    settings: Settings,
    conditions: Mapping[str, Condition],
    suites: Sequence[Suite],
    *,
    name: str = "",
    split: Split = Split.DEV,
    folder: Path = FOLDER,
    progress: Progress = lambda told, done, total: None,
) -> Run:
    """Ask every question of these suites under these conditions and write the run down; all suites when none is given.

    A condition that cannot be run here is listed in the manifest with the reason. Raises InvalidData for a name that
    cannot be a folder or a question set that is not of the form, EmptySet when nothing could be measured.
    """
    started = time.monotonic()
    name = name or f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{split}"
    if not _NAME.fullmatch(name) or name.startswith("."):
        raise InvalidData(f"'{name}' kan geen naam van een meting zijn; gebruik letters, cijfers, punt en streepje.")
    path = folder / f".{name}"
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    judge = _judge(settings)
    skipped: dict[str, str] = {}
    outcomes: list[Outcome] = []
    with workbench(settings) as bench, (path / "outcomes.jsonl").open("w", encoding="utf-8") as file:
        for told, condition in conditions.items():
            for outcome in _outcomes(bench, told, condition, suites, split, judge, skipped, progress):
                outcomes.append(outcome)
                file.write(line(outcome) + "\n")
        inputs = bench.inputs()
    if not outcomes:
        shutil.rmtree(path)
        raise EmptySet("Er is niets gemeten: " + "; ".join(f"{told}: {why}" for told, why in skipped.items()))
    used = {each.suite for each in outcomes} - {Suite.QUOTES}
    manifest = {
        "name": name,
        "created": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "split": split,
        "commit": _git("rev-parse", "HEAD"),
        "changed": bool(_git("status", "--porcelain", "--untracked-files=no")),
        "python": platform.python_version(),
        "packages": {package: _version(package) for package in _PACKAGES},
        "settings": {
            "query_prefix": settings.query_prefix,
            "passage_prefix": settings.passage_prefix,
            "confidence": digest(CONFIDENCE),
            "quotes_seed": SEED,
        },
        "inputs": inputs,
        "data": {suite: digest(path_of(suite, split)) for suite in sorted(used)},
        "conditions": {told: each.model_dump(mode="json") for told, each in conditions.items()},
        "skipped": skipped,
        "seconds": round(time.monotonic() - started, 1),
    }
    (path / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(folder / name, ignore_errors=True)
    path.rename(folder / name)
    return Run(name, manifest, tuple(outcomes))


def _outcomes(
    bench: Workbench,
    name: str,
    condition: Condition,
    suites: Sequence[Suite],
    split: Split,
    judge: Judge,
    skipped: dict[str, str],
    progress: Progress,
) -> list[Outcome]:
    wanted = [suite for suite in condition.measured if not suites or suite in suites]
    if not wanted:
        return []
    try:
        system = bench.open(condition)
    except Unavailable as error:
        skipped[name] = str(error)
        return []
    outcomes: list[Outcome] = []
    for suite in wanted:
        try:
            items = _items(suite, split, judge)
        except Unavailable as error:
            skipped[f"{name} {suite}"] = str(error)
            continue
        for done, item in enumerate(items):
            progress(f"{name} {suite}", done, len(items))
            outcomes.append(ask(suite, system, name, item, judge))
        progress(f"{name} {suite}", len(items), len(items))
    return outcomes


def _items(suite: Suite, split: Split, judge: Judge) -> Sequence[Item]:
    if suite is Suite.QUOTES:
        essays = {slug: text for slug, text in judge.texts.items() if not slug.startswith(PREFIX)}
        try:
            return quotations(essays, seed=SEED + (split is Split.TRAIN))
        except EmptySet as error:
            raise Unavailable(str(error)) from error
    return read(SCHEMAS[suite], path_of(suite, split))


def _judge(settings: Settings) -> Judge:
    """The judge reads the texts from the files themselves, not from the index that it judges."""
    texts: dict[str, str] = {}
    if settings.essays and settings.essays.is_dir():
        texts |= {path.stem: path.read_text(encoding="utf-8-sig") for path in settings.essays.glob("*.txt")}
    if settings.corpus:
        chapters = [path for path in documents(settings.corpus / "handbook") if path.suffix == ".md"]
        texts |= {PREFIX + path.stem: path.read_text(encoding="utf-8-sig") for path in chapters}
    return Judge(texts, Ruler(texts))


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=PROJECT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
