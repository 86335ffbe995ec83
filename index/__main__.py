"""`python -m index train`: train the shipped embedding model and show what it finds beside BM25."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from index import dutch
from index.build import Library, embedded_text, read_library, searched_texts
from index.errors import LibraryError
from index.fuse import fuse, ranks
from index.lexical import Scores, WordIndex
from index.questions import BankQuestion, assign, mean_of_nearest, read_families
from index.search import WEIGHTS
from index.settings import SHIPPED_MODEL, IndexSettings
from index.train import Measured, hold_back, measure, save, train
from index.types import Kind

CARD = """---
language: nl
library_name: sentence-transformers
license: eupl-1.2
tags: [sentence-transformers, static-embedding, dutch, public-administration]
---
# opgavewijzer-nl

A static sentence embedding for Dutch questions about *opgavegericht werken*: the mean of WordPiece token vectors.
Trained by `python -m index train` (seed, vocabulary and epochs stand in `index/train.py`) on {questions} questions of
the project's bank and {wordings} wordings of its practice guide, paired with {passages} passages ({essays} of them from
essays) and with each other, and on {families} families of words that mean nearly the same; no other data.
The training texts cannot be read back from it, and it knows no subject but this one.

| hit@5 on {held} held-back bank questions | essay passages | handbook sections |
| --- | --- | --- |
{rows}
"""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it went well, 2 when the reader has to do something first."""
    parser = argparse.ArgumentParser(prog="python -m index", description="Het embeddingmodel trainen.")
    commands = parser.add_subparsers(dest="command", required=True)
    trainer = commands.add_parser("train", help="train het meegeleverde Nederlandse model opnieuw")
    trainer.add_argument("--output", type=Path, default=SHIPPED_MODEL, help="map van het model")
    given = parser.parse_args(arguments)
    try:
        settings = IndexSettings.read()
        library = read_library(settings)
    except LibraryError as error:
        print(error, file=sys.stderr)
        return 2
    started = time.monotonic()
    families = read_families(settings.corpus / "families.txt") if settings.corpus else []
    kept, held = hold_back(library.bank)
    print(f"Trainen op {len(kept)} vragen, meten op {len(held)} achtergehouden vragen ...")
    measured = _measure(library, kept, held, families)
    print(table := "\n".join(_row(each) for each in measured))
    print(f"Trainen op alle {len(library.bank)} vragen ...")
    card = CARD.format(
        questions=len(library.bank),
        wordings=sum(len(passage.wordings) for passage in library.passages),
        families=len(families),
        passages=len(library.passages),
        essays=sum(passage.kind is Kind.ESSAY for passage in library.passages),
        held=len(held),
        rows=table,
    )
    save(train(library.bank, library.passages, families), given.output, card)
    size = sum(path.stat().st_size for path in given.output.rglob("*") if path.is_file())
    print(f"Model in {given.output}: {size / 1e6:.1f} MB, {time.monotonic() - started:.0f} s.")
    return 0


def _measure(
    library: Library,
    kept: Sequence[BankQuestion],
    held: Sequence[BankQuestion],
    families: Sequence[Sequence[str]],
) -> list[Measured]:
    """hit@5 of plain BM25, of each leg of the search with the kept questions only, and of the legs fused."""
    passages = library.passages
    known = replace(library, bank=tuple(kept))
    texts = searched_texts(known)
    plain = WordIndex.build([dutch.terms(embedded_text(passage)) for passage in passages])
    words = WordIndex.build([dutch.terms(text) for text in texts])
    grams = WordIndex.build([dutch.grams(text) for text in texts])
    embedding = train(kept, passages, families)
    vectors = embedding.passages([embedded_text(passage) for passage in passages])
    asked = embedding.queries([question.text for question in kept])
    belongs = assign([question.anchor for question in kept], passages)
    pairs = np.array(sorted((place, at) for at, places in enumerate(belongs) for place in places))
    places, starts = np.unique(pairs[:, 0], return_index=True)
    kinds = [np.array([passage.kind is kind for passage in passages]) for kind in (Kind.ESSAY, Kind.HANDBOOK)]

    def bank(question: str) -> Scores:
        scores = np.zeros(len(passages), dtype=np.float32)
        scores[places] = mean_of_nearest((asked @ embedding.queries([question])[0])[pairs[:, 1]], starts)
        return scores

    legs: dict[str, Callable[[str], Scores]] = {
        "words": lambda question: words.scores(dutch.terms(question)),
        "grams": lambda question: grams.scores(dutch.grams(question)),
        "meaning": lambda question: np.asarray(vectors @ embedding.queries([question])[0], dtype=np.float32),
        "bank": bank,
    }

    def fused(question: str) -> Scores:
        scores = {name: leg(question) for name, leg in legs.items()}
        total = np.zeros(len(passages), dtype=np.float32)
        for of_kind in kinds:
            total[of_kind] = fuse({name: ranks(each[of_kind]) for name, each in scores.items()}, WEIGHTS)
        return total

    rankers = {
        "BM25, passages only": lambda question: plain.scores(dutch.terms(question)),
        **legs,
        "fused": fused,
    }
    return [measure(name, ranker, held, passages) for name, ranker in rankers.items()]


def _row(measured: Measured) -> str:
    shares = ["-" if share is None else f"{share:.3f}" for share in (measured.essay, measured.handbook)]
    return f"| {measured.leg} | {' | '.join(shares)} |"


if __name__ == "__main__":
    sys.exit(main())
