"""The word indexes, the one file that knows bm25s: BM25 scores of every document for a list of tokens."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import bm25s
import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]


class WordIndex:
    """BM25 (Robertson and Zaragoza, 2009; Lucene's variant) over documents that are lists of tokens."""

    def __init__(self, bm25: bm25s.BM25 | None, size: int) -> None:
        self._bm25 = bm25
        self._size = size

    @classmethod
    def build(cls, documents: Sequence[Sequence[str]]) -> Self:
        """Index documents by their tokens; the position in the sequence is the document's number."""
        if not any(documents):
            return cls(None, len(documents))
        bm25 = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        bm25.index([list(document) for document in documents], show_progress=False)
        return cls(bm25, len(documents))

    def scores(self, tokens: Sequence[str]) -> Scores:
        """The score of each document, 0 where no token occurs."""
        known = [] if self._bm25 is None else [token for token in tokens if token in self._bm25.vocab_dict]
        if not known or self._bm25 is None:
            return np.zeros(self._size, dtype=np.float32)
        return np.asarray(self._bm25.get_scores(known), dtype=np.float32)

    def coverage(self, tokens: Sequence[str], documents: Sequence[int] | None = None) -> float:
        """The share of the tokens, weighted by rarity (Robertson's idf), that occurs in these documents, or in any."""
        total = found = 0.0
        wanted = np.asarray(documents if documents is not None else (), dtype=np.int32)
        for token in set(tokens):
            holding = self._holding(token)
            weight = math.log(1 + (self._size - len(holding) + 0.5) / (len(holding) + 0.5))
            total += weight
            found += weight * (len(holding) > 0 if documents is None else _meet(holding, wanted))
        return found / total if total else 0.0

    def _holding(self, token: str) -> NDArray[np.int32]:
        if self._bm25 is None or token not in self._bm25.vocab_dict:
            return np.zeros(0, dtype=np.int32)
        number, starts = self._bm25.vocab_dict[token], self._bm25.scores["indptr"]
        return np.asarray(self._bm25.scores["indices"][starts[number] : starts[number + 1]], dtype=np.int32)

    def save(self, folder: Path) -> None:
        """Write the index into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "size").write_text(str(self._size), encoding="utf-8")
        if self._bm25 is not None:
            self._bm25.save(str(folder), show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read an index that `save` wrote; its arrays are mapped, not copied into memory."""
        size = int((folder / "size").read_text(encoding="utf-8"))
        if not (folder / "params.index.json").exists():
            return cls(None, size)
        bm25 = bm25s.BM25.load(str(folder), mmap=True)
        # a plain view of the mapped memory: numpy's memmap class costs microseconds at every slice
        bm25.scores |= {name: np.asarray(bm25.scores[name]) for name in ("data", "indices", "indptr")}
        return cls(bm25, size)


def _meet(ordered: NDArray[np.int32], wanted: NDArray[np.int32]) -> bool:
    """Whether two sets of numbers share one; the first is in increasing order, as bm25s keeps its postings."""
    if not len(ordered):
        return False
    at = ordered.searchsorted(wanted)
    at[at == len(ordered)] = 0
    return bool((ordered[at] == wanted).any())
