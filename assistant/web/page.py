"""The layout of the page: Gradio Blocks, our own HTML in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import gradio as gr

from assistant.assistant import FOLLOW_UPS, Assistant
from assistant.web import render, texts
from assistant.web.events import Conversation, Visit
from index.types import Kind
from prompts import Role

FORGOTTEN_AFTER = 2 * 60 * 60
"""Seconds after which a visit that is no longer used is forgotten."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the page that change when a question is asked."""

    visit: gr.State
    earlier: gr.HTML
    current: gr.HTML
    message: gr.HTML
    question: gr.Textbox
    follow_title: gr.HTML
    follow_ups: tuple[gr.Button, ...]
    examples: gr.Column
    send: gr.Button

    @property
    def outputs(self) -> list[gr.blocks.Block]:
        """The parts in the order in which `events.Shown.updates` gives their values."""
        return [
            self.visit,
            self.earlier,
            self.current,
            self.message,
            self.question,
            self.follow_title,
            *self.follow_ups,
            self.examples,
            self.send,
        ]


def build(assistant: Assistant) -> gr.Blocks:
    """The page for one assistant."""
    conversation = Conversation(assistant)
    sources = list(assistant.index.sources.values())
    has_essays = any(source.kind is Kind.ESSAY for source in sources)
    with gr.Blocks(title=texts.NAME, analytics_enabled=False, fill_width=True) as page:
        gr.HTML(render.header(assistant.mode.value, has_essays), elem_id="top", apply_default_css=False)
        with gr.Tabs():
            with gr.Tab(texts.TAB_ASK, id="vragen"):
                visit = gr.State(Visit(), time_to_live=FORGOTTEN_AFTER)
                earlier = gr.HTML("", elem_id="gesprek", apply_default_css=False, visible=False)
                current = gr.HTML("", elem_id="antwoord", apply_default_css=False, visible=False)
                with gr.Column(elem_id="verder"):
                    follow_title = gr.HTML(_title(texts.FOLLOW_UPS_TITLE), visible=False, apply_default_css=False)
                    follow_ups = tuple(gr.Button("", visible=False, size="md") for _ in range(FOLLOW_UPS))
                with gr.Column(elem_id="voorbeelden") as examples:
                    gr.HTML(_title(texts.EXAMPLES_TITLE), apply_default_css=False)
                    starters = [gr.Button(text, size="md") for text in texts.EXAMPLES]
                message = gr.HTML("", elem_id="melding", apply_default_css=False, visible=False)
                question = gr.Textbox(
                    label=texts.QUESTION_LABEL,
                    placeholder=texts.QUESTION_PLACEHOLDER,
                    lines=1,
                    max_lines=8,
                    elem_id="vraag",
                    autofocus=True,
                )
                with gr.Row(elem_id="knoppen"):
                    send = gr.Button(texts.SEND, variant="primary", elem_id="stel", scale=0, min_width=180)
                    new = gr.Button(texts.NEW, elem_id="nieuw", scale=0, min_width=160)
                with gr.Accordion(texts.OPTIONS, open=False, elem_id="keuzes"), gr.Row():
                    role = gr.Dropdown(
                        [(texts.NO_ROLE, ""), *((role.label.capitalize(), role.value) for role in Role)],
                        value="",
                        label=texts.ROLE_LABEL,
                        info=texts.ROLE_INFO,
                        elem_id="rol",
                    )
                    within = gr.Dropdown(
                        _filters(assistant), value="", label=texts.FILTER_LABEL, info=texts.FILTER_INFO, elem_id="bron"
                    )
            with gr.Tab(texts.TAB_SOURCES, id="bronnen"):
                gr.HTML(render.library(sources), elem_id="bibliotheek", apply_default_css=False)
        parts = Parts(visit, earlier, current, message, question, follow_title, follow_ups, examples, send)
        for trigger in (send.click, question.submit):
            trigger(
                conversation.ask,
                [question, role, within, visit],
                parts.outputs,
                show_progress="hidden",
                api_visibility="private",
            )
        for button in (*follow_ups, *starters):
            button.click(
                conversation.ask,
                [button, role, within, visit],
                parts.outputs,
                show_progress="hidden",
                api_visibility="private",
            )
        new.click(conversation.restart, None, parts.outputs, show_progress="hidden", api_visibility="private")
    page.queue(default_concurrency_limit=8)
    return cast(gr.Blocks, page)


def _filters(assistant: Assistant) -> list[tuple[str, str]]:
    sources = assistant.index.sources.values()
    kinds = [kind for kind in Kind if any(source.kind is kind for source in sources)]
    singles = [source for source in sources if source.kind is not Kind.HANDBOOK]
    return [
        (texts.ALL_SOURCES, ""),
        *((texts.KINDS[kind.value], f"soort:{kind.value}") for kind in kinds),
        *((source.title, f"bron:{source.slug}") for source in singles),
    ]


def _title(text: str) -> str:
    return f'<p class="tussenkop">{text}</p>'
