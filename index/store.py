"""The vector store, the one file that knows Chroma: passages by meaning, in one folder that one process owns."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, cast

import chromadb
import numpy as np
from chromadb.api.client import Client
from chromadb.config import Settings
from chromadb.errors import ChromaError
from llama_index.core.schema import BaseNode
from llama_index.vector_stores.chroma import ChromaVectorStore
from numpy.typing import NDArray

from index.errors import DamagedIndex
from index.types import Kind

_COLLECTION = "passages"


class BatchedChromaStore(ChromaVectorStore):
    """LlamaIndex's Chroma store, adding no more nodes at a time than this Chroma accepts."""

    batch_size: int = 1000

    def add(self, nodes: Sequence[BaseNode], **kwargs: Any) -> list[str]:
        """Add nodes with their embeddings; gives their ids."""
        added: list[str] = []
        for batch in _batched(nodes, self.batch_size):
            added.extend(super().add(batch, **kwargs))
        return added


class VectorStore:
    """One Chroma collection of passage vectors, compared by cosine."""

    def __init__(self, folder: Path) -> None:
        settings = Settings(anonymized_telemetry=False, allow_reset=False)
        try:
            self._client = cast(Client, chromadb.PersistentClient(str(folder), settings=settings))
            self._collection = self._client.get_or_create_collection(_COLLECTION, metadata={"hnsw:space": "cosine"})
        except (ChromaError, ValueError, OSError) as error:
            raise DamagedIndex(
                f"De index in {folder} is beschadigd ({error}); draai: opgavewijzer index build"
            ) from error

    def close(self) -> None:
        """Let go of the folder."""
        self._client.close()

    @property
    def llama(self) -> BatchedChromaStore:
        """The store as LlamaIndex's pipeline fills it."""
        size = min(1000, self._client.get_max_batch_size())
        # its __init__ takes more than the fields that pydantic's signature shows
        return BatchedChromaStore(chroma_collection=self._collection, batch_size=size)  # type: ignore[call-arg]

    def __len__(self) -> int:
        return int(self._collection.count())

    def nearest(
        self, vector: NDArray[np.float32], limit: int, *, kinds: Sequence[Kind] = (), sources: Sequence[str] = ()
    ) -> list[tuple[str, float]]:
        """The ids of the nearest passages with their cosine similarity, best first."""
        found = self._collection.query(
            query_embeddings=[vector.tolist()],
            n_results=limit,
            where=_where(kinds, sources),
            include=["distances"],
        )
        distances = (found["distances"] or [[]])[0]
        return [(id, 1.0 - distance) for id, distance in zip(found["ids"][0], distances, strict=True)]

    def digest(self) -> str:
        """A hash of all ids and vectors, the same for the same content in any order of adding."""
        stored = self._collection.get(include=["embeddings"])
        vectors = np.asarray(stored["embeddings"], dtype=np.float32)
        digest = hashlib.sha256()
        for position in sorted(range(len(stored["ids"])), key=lambda at: stored["ids"][at]):
            digest.update(stored["ids"][position].encode())
            digest.update(vectors[position].tobytes())
        return digest.hexdigest()


def _where(kinds: Sequence[Kind], sources: Sequence[str]) -> Any:
    conditions: list[dict[str, dict[str, list[str]]]] = []
    if kinds:
        conditions.append({"kind": {"$in": [kind.value for kind in kinds]}})
    if sources:
        conditions.append({"source": {"$in": list(sources)}})
    return {"$and": conditions} if len(conditions) > 1 else (conditions[0] if conditions else None)


def _batched(nodes: Sequence[BaseNode], size: int) -> Iterator[list[BaseNode]]:
    remaining = iter(nodes)
    while batch := list(islice(remaining, size)):
        yield batch
