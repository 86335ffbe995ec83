"""Embedding models, the one file that loads sentence-transformers for use."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np
import torch
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding

from index.errors import InvalidModel

Vectors = NDArray[np.float32]


class SentenceEmbedding(BaseEmbedding):
    """A sentence-transformers model as LlamaIndex wants it; vectors have length 1.

    The prefixes are put before every question and passage, as models such as E5 expect.
    """

    query_prefix: str = ""
    passage_prefix: str = ""
    _model: SentenceTransformer = PrivateAttr()
    _latest: tuple[bytes, Vectors] | None = PrivateAttr(default=None)

    def __init__(self, model: SentenceTransformer, name: str, query_prefix: str = "", passage_prefix: str = "") -> None:
        super().__init__(model_name=name, embed_batch_size=256)
        self.query_prefix = query_prefix
        self.passage_prefix = passage_prefix
        self._model = model

    @property
    def model(self) -> SentenceTransformer:
        """The model itself, for training and saving."""
        return self._model

    def queries(self, texts: Sequence[str]) -> Vectors:
        """The vectors of questions, one row each.

        The vector of the latest single question is kept under a hash, because one answer asks for it several times.
        """
        if len(texts) != 1:
            return self._encode([self.query_prefix + text for text in texts])
        key = blake2b(texts[0].encode("utf-8"), digest_size=16).digest()
        latest = self._latest
        if latest is None or latest[0] != key:
            self._latest = latest = (key, self._encode([self.query_prefix + texts[0]]))
        return latest[1]

    def passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of passages, one row each."""
        return self._encode([self.passage_prefix + text for text in texts])

    def _encode(self, texts: list[str]) -> Vectors:
        encoded = self._model.encode(texts, batch_size=256, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(encoded, dtype=np.float32)

    def _get_query_embedding(self, query: str) -> list[float]:
        return [float(value) for value in self.queries([query])[0]]

    def _get_text_embedding(self, text: str) -> list[float]:
        return [float(value) for value in self.passages([text])[0]]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [[float(value) for value in row] for row in self.passages(texts)]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def load(name: str, *, query_prefix: str = "", passage_prefix: str = "") -> SentenceEmbedding:
    """Load a model from a folder, or by the name under which sentence-transformers finds it.

    A folder is read without asking the network. Raises InvalidModel when no model can be loaded.
    """
    is_folder = Path(name).is_dir()
    if not is_folder and (name.startswith((".", "/", "~")) or not name.strip()):
        raise InvalidModel(f"Er is geen map '{name}' met een taalmodel; controleer OPGAVEWIJZER_EMBEDDING_MODEL.")
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    try:
        model = SentenceTransformer(name, device="cpu", local_files_only=is_folder, trust_remote_code=False)
    except Exception as error:  # sentence-transformers, transformers and safetensors each raise their own
        raise InvalidModel(
            f"Het embeddingmodel '{name}' kan niet worden geladen ({type(error).__name__}). "
            "Controleer OPGAVEWIJZER_EMBEDDING_MODEL: een map of een naam van een sentence-transformers-model."
        ) from error
    if isinstance(model[0], StaticEmbedding):
        # a table look-up of microseconds: handing it to several threads costs far more than it brings
        torch.set_num_threads(1)
    return SentenceEmbedding(model, name, query_prefix, passage_prefix)
