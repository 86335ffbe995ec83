"""Conditions: the lines of `conditions.toml`, and the systems that they open."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from pydantic import Field, ValidationError, model_validator

from assistant.assistant import Assistant
from assistant.settings import Settings
from assistant.wiring import assembled, embedding
from evals.data import HERE, Schema, Suite
from evals.errors import InvalidData, Unavailable
from index import dutch
from index.build import build
from index.embedding import SentenceEmbedding
from index.lexical import Scores, WordIndex
from index.search import NEAREST, WEIGHTS, Index
from index.sources import sha256
from index.types import Kind, Passage

FILE = HERE / "conditions.toml"
WORK = Path(".opgavewijzer") / "evals"
RANKED = (Kind.ESSAY, Kind.HANDBOOK)

Leg = Literal["words", "grams", "meaning", "bank"]


class Condition(Schema):
    """What to measure and on which suites, as `conditions.toml` explains."""

    system: Literal["whole", "bm25", "starter"] = "whole"
    legs: tuple[Leg, ...] = Field(default=("words", "grams", "meaning", "bank"), min_length=1)
    essays: bool = True
    bank: bool = True
    dutch: bool = True
    chunk: int | None = Field(default=None, ge=64)
    suites: tuple[Suite, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> Condition:
        if self.system != "whole" and set(self.suites) - {Suite.RETRIEVAL}:
            raise ValueError("only the whole can do more than retrieval")
        if not self.essays and Suite.QUOTES in self.suites:
            raise ValueError("quotes are made from the essays")
        if not self.essays and self.system == "starter":
            raise ValueError("the tutorial knows nothing but the essays")
        return self

    @property
    def measured(self) -> tuple[Suite, ...]:
        """The suites that this condition is measured on."""
        if self.suites:
            return self.suites
        if self.system != "whole":
            return (Suite.RETRIEVAL,)
        return tuple(suite for suite in Suite if self.essays or suite is not Suite.QUOTES)


def read_conditions(path: Path = FILE) -> dict[str, Condition]:
    """Read the conditions by name. Raises InvalidData naming the one that is not of the form."""
    try:
        lines = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidData(f"{path.name} is niet te lezen: {error}") from error
    conditions: dict[str, Condition] = {}
    for name, line in lines.items():
        try:
            conditions[name] = Condition.model_validate(line)
        except ValidationError as error:
            fault = error.errors()[0]
            raise InvalidData(f"{path.name}, {name}: {'.'.join(map(str, fault['loc']))} {fault['msg']}") from error
    return conditions


class Ranker(Protocol):
    """Anything that ranks passages for a question."""

    def rank(self, question: str, limit: int) -> Mapping[Kind, Sequence[Passage]]:
        """The best passages of each kind that the system has, best first."""
        ...


@dataclass(frozen=True, slots=True)
class System:
    """What a condition opens: a ranker, and the assistant where there is one."""

    ranker: Ranker
    assistant: Assistant | None = None


class Workbench:
    """Opens systems for conditions; indexes are built in a folder of their own, brought up to date, and shared."""

    def __init__(self, settings: Settings, stack: ExitStack, folder: Path = WORK) -> None:
        self._settings = settings
        self._stack = stack
        self._folder = folder
        self._model: SentenceEmbedding | None = None
        self._assistants: dict[tuple[bool, bool], Assistant] = {}

    def open(self, condition: Condition) -> System:
        """The system of a condition. Raises Unavailable when it needs what is not there."""
        assistant = self.assistant(essays=condition.essays, bank=condition.bank)
        if condition.system == "bm25":
            return System(WordRanker(assistant.index.passages, stemmed=condition.dutch))
        if condition.system == "starter":
            from evals.starter import StarterRanker

            essays = [source for source in assistant.index.sources.values() if source.kind is Kind.ESSAY]
            return System(StarterRanker.open(essays, condition.chunk, self._folder))
        if set(condition.legs) == set(WEIGHTS):
            return System(IndexRanker(assistant.index), assistant)
        index = assistant.index.weighing({leg: WEIGHTS[leg] for leg in condition.legs})
        return System(IndexRanker(index), assembled(index, self._embedding()))

    def _embedding(self) -> SentenceEmbedding:
        if self._model is None:
            self._model = embedding(self._settings)
        return self._model

    def assistant(self, *, essays: bool = True, bank: bool = True) -> Assistant:
        """The assistant over the whole library, or over one without the essays or the question bank.

        Raises Unavailable when the essays are wanted and were not imported.
        """
        if (essays, bank) not in self._assistants:
            settings = self._of_index(essays, bank)
            build(settings, self._embedding())
            index = self._stack.enter_context(Index.open(settings, self._embedding()))
            self._assistants[essays, bank] = assembled(index, self._embedding())
        return self._assistants[essays, bank]

    def inputs(self) -> dict[str, dict[str, str]]:
        """For each index that was used the hash of all files that it was built from, and that of the model."""
        return {
            _name(*key): {
                "files": sha256(repr(sorted(assistant.index.manifest.inputs.files.items()))),
                "model": assistant.index.manifest.inputs.settings["model"].split()[-1],
            }
            for key, assistant in self._assistants.items()
        }

    def _of_index(self, essays: bool, bank: bool) -> Settings:
        if essays and not essays_imported(self._settings):
            raise Unavailable("de essays zijn er niet; neem ze over met 'make essays SRC=map'")
        return self._settings.model_copy(
            update={
                "corpus": self._settings.corpus if bank else self._without_bank(),
                "essays": self._settings.essays if essays else None,
                "documents": None,
                "index": self._folder / _name(essays, bank),
            }
        )

    def _without_bank(self) -> Path | None:
        """A copy of the corpus that has the register and the handbook only."""
        if self._settings.corpus is None:
            return None
        copy = self._folder / "corpus-no-bank"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir(parents=True)
        shutil.copyfile(self._settings.corpus / "sources.toml", copy / "sources.toml")
        shutil.copytree(self._settings.corpus / "handbook", copy / "handbook")
        return copy


def _name(essays: bool, bank: bool) -> str:
    return f"index-{'essays' if essays else 'handbook'}{'' if bank else '-no-bank'}"


def essays_imported(settings: Settings) -> bool:
    """Whether there are essays to index."""
    return bool(settings.essays and settings.essays.is_dir() and any(settings.essays.glob("*.txt")))


@contextmanager
def workbench(settings: Settings, folder: Path = WORK) -> Iterator[Workbench]:
    """A workbench whose indexes are closed afterwards."""
    with ExitStack() as stack:
        yield Workbench(settings, stack, folder)


@dataclass(frozen=True, slots=True)
class IndexRanker:
    """Our own search, of all kinds at once."""

    index: Index

    def rank(self, question: str, limit: int) -> Mapping[Kind, Sequence[Passage]]:
        """The best passages of each kind that the index has, best first."""
        found: dict[Kind, list[Passage]] = {source.kind: [] for source in self.index.sources.values()}
        for hit in self.index.search(question, limit=NEAREST).hits:
            if len(found[hit.passage.kind]) < limit:
                found[hit.passage.kind].append(hit.passage)
        return found


class WordRanker:
    """BM25 over our passages and nothing else: no bank, no grams; with Dutch stems or words as they stand."""

    def __init__(self, passages: Sequence[Passage], *, stemmed: bool = True) -> None:
        self._tokens = dutch.terms if stemmed else dutch.words
        self._indexes: dict[Kind, tuple[list[Passage], WordIndex]] = {}
        for kind in dict.fromkeys(passage.kind for passage in passages):
            of_kind = [passage for passage in passages if passage.kind is kind]
            texts = [dutch.search_text(" ".join([*passage.headings, passage.text])) for passage in of_kind]
            self._indexes[kind] = of_kind, WordIndex.build([self._tokens(text) for text in texts])

    def rank(self, question: str, limit: int) -> Mapping[Kind, Sequence[Passage]]:
        """The best passages of each kind, best first."""
        tokens = self._tokens(question)
        return {kind: _best(passages, words.scores(tokens), limit) for kind, (passages, words) in self._indexes.items()}


def _best(passages: Sequence[Passage], scores: Scores, limit: int) -> list[Passage]:
    return [passages[int(at)] for at in np.argsort(-scores, kind="stable")[:limit] if scores[at] > 0]


def chosen(conditions: Mapping[str, Condition], names: Sequence[str]) -> dict[str, Condition]:
    """The conditions with these names, all when none is given. Raises InvalidData for an unknown name."""
    if unknown := [name for name in names if name not in conditions]:
        raise InvalidData(f"De conditie '{unknown[0]}' bestaat niet; bekend zijn: {', '.join(conditions)}.")
    return {name: conditions[name] for name in names} if names else dict(conditions)
