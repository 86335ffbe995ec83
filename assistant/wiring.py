"""Which implementations are used: the one place that puts the program together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from assistant.advice import Advisor
from assistant.assistant import Assistant
from assistant.confidence import Confidence
from assistant.quotes import QuotingAnswerer
from assistant.settings import Settings
from index.embedding import SentenceEmbedding, load
from index.search import Index
from prompts import load as load_practice


def embedding(settings: Settings) -> SentenceEmbedding:
    """The embedding model that the settings ask for. Raises InvalidModel."""
    return load(settings.embedding_model, query_prefix=settings.query_prefix, passage_prefix=settings.passage_prefix)


@contextmanager
def opened(settings: Settings) -> Iterator[Assistant]:
    """An assistant over the current index, which is closed afterwards. Raises what `Index.open` raises."""
    model = embedding(settings)
    with Index.open(settings, model) as index:
        yield assembled(index, model)


def assembled(index: Index, model: SentenceEmbedding) -> Assistant:
    """The assistant over an open index, which embeds with this model."""
    advisor = Advisor(load_practice(), model.queries, index.passages)
    return Assistant(index, Confidence.load(), advisor, QuotingAnswerer(index.sources))
