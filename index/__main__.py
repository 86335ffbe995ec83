"""`python -m index train`: train the shipped embedding model and show what it finds beside BM25."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import dutch
from index.build import Library, embedded_text, read_library, searched_texts
from index.embedding import SHIPPED_MODEL
from index.errors import LibraryError
from index.lexical import WordIndex
from index.questions import BankQuestion
from index.settings import IndexSettings
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
the project's bank, paired with {passages} passages ({essays} of them from essays) and with each other; no other data.
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
        library = read_library(IndexSettings.read())
    except LibraryError as error:
        print(error, file=sys.stderr)
        return 2
    started = time.monotonic()
    kept, held = hold_back(library.bank)
    print(f"Trainen op {len(kept)} vragen, meten op {len(held)} achtergehouden vragen ...")
    measured = _measure(library, kept, held)
    print(table := "\n".join(_row(each) for each in measured))
    print(f"Trainen op alle {len(library.bank)} vragen ...")
    card = CARD.format(
        questions=len(library.bank),
        passages=len(library.passages),
        essays=sum(passage.kind is Kind.ESSAY for passage in library.passages),
        held=len(held),
        rows=table,
    )
    save(train(library.bank, library.passages), given.output, card)
    size = sum(path.stat().st_size for path in given.output.rglob("*") if path.is_file())
    print(f"Model in {given.output}: {size / 1e6:.1f} MB, {time.monotonic() - started:.0f} s.")
    return 0


def _measure(library: Library, kept: Sequence[BankQuestion], held: Sequence[BankQuestion]) -> list[Measured]:
    passages = library.passages
    plain = WordIndex.build([dutch.terms(embedded_text(passage)) for passage in passages])
    asked = WordIndex.build([dutch.terms(text) for text in searched_texts(Library((), passages, tuple(kept)))])
    embedding = train(kept, passages)
    vectors = embedding.passages([embedded_text(passage) for passage in passages])

    def meaning(question: str) -> NDArray[np.float32]:
        return np.asarray(vectors @ embedding.queries([question])[0], dtype=np.float32)

    return [
        measure("BM25, passages", lambda question: plain.scores(dutch.terms(question)), held, passages),
        measure("BM25, passages and bank", lambda question: asked.scores(dutch.terms(question)), held, passages),
        measure("this model", meaning, held, passages),
    ]


def _row(measured: Measured) -> str:
    shares = ["-" if share is None else f"{share:.3f}" for share in (measured.essay, measured.handbook)]
    return f"| {measured.leg} | {' | '.join(shares)} |"


if __name__ == "__main__":
    sys.exit(main())
