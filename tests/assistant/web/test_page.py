"""The layout of the page: the parts that the tests of a browser and the style count on."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from assistant.assistant import Assistant
from assistant.web import page, texts
from assistant.web.events import Conversation, Visit
from prompts import Role


@pytest.fixture(scope="module")
def blocks(assistant: Assistant) -> gr.Blocks:
    """The page, made in a running event loop: elsewhere Gradio makes loops that it never closes."""

    async def made() -> gr.Blocks:
        return page.build(assistant)

    return asyncio.run(made())


def part(blocks: gr.Blocks, id: str) -> Any:
    """The one part with this id."""
    found = [block for block in blocks.blocks.values() if getattr(block, "elem_id", None) == id]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("id", ["vraag", "stel", "nieuw", "rol", "bron"])
def test_a_part_that_others_count_on_is_there(blocks: gr.Blocks, id: str) -> None:
    assert part(blocks, id)


def test_no_two_parts_have_the_same_id(blocks: gr.Blocks) -> None:
    ids = [block.elem_id for block in blocks.blocks.values() if getattr(block, "elem_id", None)]
    assert len(ids) == len(set(ids))


def test_the_question_box_has_a_label(blocks: gr.Blocks) -> None:
    assert part(blocks, "vraag").label and part(blocks, "vraag").show_label


def test_every_role_of_the_design_can_be_chosen_or_none(blocks: gr.Blocks) -> None:
    assert {value for _, value in part(blocks, "rol").choices} == {"", *(role.value for role in Role)}


def test_no_role_and_all_sources_are_chosen_at_first(blocks: gr.Blocks) -> None:
    assert (part(blocks, "rol").value, part(blocks, "bron").value) == ("", "")


def test_every_choice_of_sources_can_be_asked_with(blocks: gr.Blocks, assistant: Assistant) -> None:
    conversation = Conversation(assistant)
    for _, value in part(blocks, "bron").choices:
        last = list(conversation.ask("Wie stut de kade van Zandmeer?", "", value, Visit()))[-1]
        assert 'role="alert"' not in str(last), value


def test_the_choices_of_sources_name_each_essay_and_document(blocks: gr.Blocks) -> None:
    labels = " ".join(label for label, _ in part(blocks, "bron").choices)
    assert "De kade & het <i>water</i>" in labels and "hek" in labels.lower()


@pytest.mark.parametrize("example", texts.EXAMPLES)
def test_an_example_is_a_button_and_is_answered(blocks: gr.Blocks, assistant: Assistant, example: str) -> None:
    buttons = [block for block in blocks.blocks.values() if isinstance(block, gr.Button) and block.value == example]
    assert len(buttons) == 1
    last = list(Conversation(assistant).ask(example, "", "", Visit()))[-1]
    assert "status-beantwoord" in str(last)


def test_the_examples_are_questions_of_the_practice_guide() -> None:
    chapters = (Path(__file__).parents[3] / "corpus" / "handbook" / "praktijk").glob("*.md")
    titles = {line.removeprefix("## ") for path in chapters for line in path.read_text("utf-8").splitlines()}
    assert [each for each in texts.EXAMPLES if each not in titles and "sturingsperspectief" not in each] == []


def test_an_update_has_a_value_for_every_part(blocks: gr.Blocks, assistant: Assistant) -> None:
    update = Conversation(assistant).restart()
    asking = [each for each in blocks.fns.values() if each.fn is not None]
    assert asking and {len(each.outputs) for each in asking} == {len(update)}


def test_the_events_of_the_page_are_private(blocks: gr.Blocks) -> None:
    assert {str(each.api_visibility) for each in blocks.fns.values()} <= {"private", "undocumented"}


def test_the_state_of_the_page_begins_empty(blocks: gr.Blocks) -> None:
    states = [block for block in blocks.blocks.values() if isinstance(block, gr.State)]
    assert [state.value for state in states] == [Visit()]


def test_building_the_page_twice_gives_pages_that_share_no_part(blocks: gr.Blocks, assistant: Assistant) -> None:
    async def made() -> gr.Blocks:
        return page.build(assistant)

    other = asyncio.run(made())
    assert {id(block) for block in blocks.blocks.values()}.isdisjoint(id(block) for block in other.blocks.values())
