"""The vectors of all sentences and titles, made at the build, so that choosing a quotation costs no model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index import dutch
from index.embedding import Vectors
from index.types import Passage

Keys = NDArray[np.uint64]


class SentenceVectors:
    """Vectors of texts that the library knows, found by a hash of the text; the arrays are mapped, not read."""

    def __init__(self, keys: Keys, vectors: Vectors) -> None:
        self._keys = keys
        self._vectors = vectors

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        return cls(np.load(folder / "keys.npy"), np.asarray(np.load(folder / "vectors.npy", mmap_mode="r")))

    def rows(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """The row of each text, -1 where it is not known."""
        wanted = np.array([_key(text) for text in texts], dtype=np.uint64)
        at = np.searchsorted(self._keys, wanted)
        at[at == len(self._keys)] = 0
        known = self._keys[at] == wanted if len(self._keys) else np.zeros(len(texts), dtype=bool)
        return np.where(known, at, -1).astype(np.int64)

    def vectors(self, rows: NDArray[np.int64]) -> Vectors:
        """The vectors in these rows."""
        return np.asarray(self._vectors[rows], dtype=np.float32)


def texts_of(passages: Iterable[Passage]) -> list[str]:
    """The titles, wordings and sentences of passages as they are compared with a question, each once."""
    return list(dict.fromkeys(text for passage in passages for text in _texts(passage)))


def save(folder: Path, texts: Sequence[str], vectors: Vectors) -> None:
    """Write the vectors of texts, ordered by the hash of the text."""
    folder.mkdir(exist_ok=True)
    keys = np.array([_key(text) for text in texts], dtype=np.uint64)
    order = np.argsort(keys)
    np.save(folder / "keys.npy", keys[order])
    np.save(folder / "vectors.npy", vectors[order] if len(order) else vectors)


def _texts(passage: Passage) -> Iterator[str]:
    if passage.heading:
        yield passage.heading
    yield from passage.wordings
    for start, end in dutch.sentences(passage.text):
        yield dutch.search_text(passage.text[start:end])


def _key(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8"), digest_size=8).digest())
