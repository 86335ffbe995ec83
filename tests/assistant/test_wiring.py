"""The one place that puts the program together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.assistant import finish
from assistant.types import Mode, Question
from assistant.wiring import embedding, opened
from index.errors import InvalidModel, MissingIndex

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.settings import Settings


def test_an_opened_assistant_answers_with_quotations(small_library: Settings) -> None:
    with opened(small_library) as assistant:
        answer = finish(assistant.ask(Question("Wie betaalt mee aan een gedeeld zwembad?")))
    assert answer.mode is Mode.QUOTES and answer.citations


def test_an_opened_assistant_knows_the_shipped_practice_models(small_library: Settings) -> None:
    with opened(small_library) as assistant:
        assert (len(assistant.practice.steps), len(assistant.practice.recommendations)) == (5, 10)


def test_the_index_is_closed_afterwards(small_library: Settings) -> None:
    with opened(small_library):
        pass
    with opened(small_library) as again:
        assert again.index.passages


def test_the_index_is_closed_after_an_error(small_library: Settings) -> None:
    with pytest.raises(ZeroDivisionError), opened(small_library):
        raise ZeroDivisionError
    with opened(small_library) as again:
        assert again.index.passages


def test_without_an_index_nothing_opens(small_library: Settings, tmp_path: Path) -> None:
    elsewhere = small_library.model_copy(update={"index": tmp_path / "nergens"})
    with pytest.raises(MissingIndex), opened(elsewhere):
        pass


def test_a_model_that_is_not_there_is_refused(small_library: Settings, tmp_path: Path) -> None:
    with pytest.raises(InvalidModel):
        embedding(small_library.model_copy(update={"embedding_model": str(tmp_path / "geen-model")}))


def test_the_prefixes_reach_the_model(small_library: Settings) -> None:
    model = embedding(small_library.model_copy(update={"query_prefix": "vraag: ", "passage_prefix": "tekst: "}))
    assert (model.query_prefix, model.passage_prefix) == ("vraag: ", "tekst: ")
