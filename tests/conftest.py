"""What the tests share: a tiny embedding model, a small corpus of invented texts, and the essays where they are."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from index.dutch import fold
from index.embedding import SentenceEmbedding, load
from index.settings import IndexSettings
from index.sources import sha256

ESSAYS = Path(os.environ.get("OPGAVEWIJZER_ESSAYS", Path(__file__).parents[1] / "corpus" / "essays"))

HAVENBOEK = """\
# De haven van Zandmeer

De haven van Zandmeer slibt elk voorjaar dicht. Vissers, de jachtclub en de gemeente baggeren samen. De kosten worden \
verdeeld naar het aantal ligplaatsen.

## Wie betaalt het baggeren?

De jachtclub betaalt de helft van het baggeren, want zij heeft de meeste ligplaatsen. De gemeente legt de rest bij uit \
de toeristenbelasting. Elk najaar rekenen zij samen af in het havenkantoor.

## Hoe ging het met de vuurtoren?

De vuurtoren kreeg een nieuwe lamp, nadat twee winters op rij de oude was uitgevallen. Vrijwilligers schilderden de \
trap. De wachter geeft nu rondleidingen aan schoolklassen.
"""

BOSATLAS = """\
# Het bos van Hoogveen

Het bos van Hoogveen is van drie eigenaren. De boswachter kapt in de winter dennen om ruimte te geven aan eiken. \
Omwonenden mogen het takkenhout meenemen.

## Wat doen bewoners tegen brand?

Bewoners houden in droge zomers de brandgangen vrij van struiken. De brandweer oefent er elke lente met de buurt. Bij \
code rood gaat het bospad dicht.
"""

HANDBOOK = """\
---
title: Haven en bos
---

# Haven en bos

## Wie betaalt voor een gedeelde haven?
<!-- bronnen: havenboek 182-470 -->

Wie het meeste gebruikt, draagt het meeste bij: de watersporters nemen de helft voor hun rekening.

## Hoe blijft een bos veilig?
<!-- bronnen: bosatlas 180-420; havenboek 470-700 -->

Door met de buurt paden open te houden en samen te oefenen voordat het droog wordt.
"""

QUESTIONS: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "havenboek": (
        ("De jachtclub betaalt de helft van het baggeren", ("Wie draait op voor het uitdiepen?", "Wat kost slib?")),
        ("De vuurtoren kreeg een nieuwe lamp", ("Waarom kwam er ander licht op de kust?",)),
    ),
    "bosatlas": (("Bewoners houden in droge zomers de brandgangen vrij", ("Hoe voorkom je vlammen in het woud?",)),),
}


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


Command = Callable[..., Ran]
"""`run("search", "vraag", "--json")`"""

SmallCorpus = Callable[..., IndexSettings]
"""`small_corpus(essays={...}, handbook={...}, documents={...})`: write these files and give settings for them."""


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a sentence-transformers model with random vectors: texts are alike when they share word pieces."""
    asked = [question for entries in QUESTIONS.values() for _, questions in entries for question in questions]
    words = re.findall(r"\w+", fold(" ".join([HAVENBOEK, BOSATLAS, HANDBOOK, *asked])))
    letters = sorted(set("".join(words)))
    # listed here: the trainer of `tokenizers` gives another vocabulary every time
    pieces = dict.fromkeys(["[UNK]", *letters, *(f"##{letter}" for letter in letters), *sorted(words)])
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.WordPiece(vocab=vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    module = StaticEmbedding(tokenizer, embedding_dim=64)
    torch.nn.init.normal_(module.embedding.weight, generator=torch.Generator().manual_seed(7))
    folder = tmp_path_factory.mktemp("model")
    SentenceTransformer(modules=[module], device="cpu").save_pretrained(str(folder), create_model_card=False)
    return folder


@pytest.fixture(scope="session")
def embedding(tiny_model: Path) -> SentenceEmbedding:
    """The tiny model, loaded."""
    return load(str(tiny_model))


@pytest.fixture
def small_corpus(tmp_path: Path, tiny_model: Path) -> SmallCorpus:
    """Write a tiny corpus under `tmp_path` (again, to change it) and give the settings to build it with."""

    def written(
        *,
        essays: Mapping[str, str] | None = None,
        handbook: Mapping[str, str] | None = None,
        documents: Mapping[str, str | bytes] | None = None,
    ) -> IndexSettings:
        texts = {"havenboek": HAVENBOEK, "bosatlas": BOSATLAS} if essays is None else essays
        corpus, imported = tmp_path / "corpus", tmp_path / "essays"
        _rewrite(imported, {f"{slug}.txt": text for slug, text in texts.items()})
        _rewrite(corpus / "handbook", {"haven-en-bos.md": HANDBOOK} if handbook is None else handbook)
        _rewrite(corpus / "questions", {f"{slug}.jsonl": _asked(slug, text) for slug, text in texts.items()})
        (corpus / "sources.toml").write_text(_register(texts), encoding="utf-8")
        if documents is not None:
            _rewrite(tmp_path / "documents", documents)
        return IndexSettings(
            corpus=corpus,
            essays=imported,
            documents=None if documents is None else tmp_path / "documents",
            index=tmp_path / "index",
            embedding_model=str(tiny_model),
        )

    return written


@pytest.fixture(scope="session")
def essays() -> Path:
    """The folder with the five essays, which are not in the repository."""
    if not any(ESSAYS.glob("*.txt")):
        pytest.skip(f"geen essays in {ESSAYS}: zet OPGAVEWIJZER_ESSAYS of draai make essays SRC=map")
    return ESSAYS


def _rewrite(folder: Path, files: Mapping[str, str | bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.name not in files:
            path.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


def _register(texts: Mapping[str, str]) -> str:
    tables = [
        f'[{slug}]\ntitle = "{slug.title()}"\nauthors = [{{ family = "Zeeman", given = "A." }}]\nyear = 2019\n'
        f'publisher = "Uitgeverij Voorbeeld"\nlicence = "Verzonnen."\nsha256 = "{sha256(text)}"\n'
        for slug, text in texts.items()
    ]
    return "\n".join(["[handbook]\nyear = 2026\n", *tables])


def _asked(slug: str, text: str) -> str:
    rows = []
    for words, questions in QUESTIONS.get(slug, ()):
        if (start := text.find(words)) >= 0:
            rows.append({"start": start, "end": start + len(words), "questions": questions})
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture
def program(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[[Callable[[list[str]], int], str], Command]:
    """Run a program in a folder of its own, with no setting in the environment but those that a test sets."""

    def of(main: Callable[[list[str]], int], folder: str) -> Command:
        for name in [name for name in os.environ if name.startswith("OPGAVEWIJZER_")]:
            monkeypatch.delenv(name)
        (tmp_path / folder).mkdir(exist_ok=True)
        monkeypatch.chdir(tmp_path / folder)

        def ran(*arguments: str | Path) -> Ran:
            capsys.readouterr()
            try:
                code = main([str(argument) for argument in arguments])
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else 1
            printed = capsys.readouterr()
            return Ran(code, printed.out, printed.err)

        return ran

    return of
