"""What happens when somebody does something on the page; all that a visitor has is in their `Visit`."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from assistant.assistant import FOLLOW_UPS, Assistant
from assistant.errors import AssistantError
from assistant.types import Answer, Question, Turn
from assistant.web import render, texts
from assistant.web.conversations import TURNS
from index.errors import LibraryError
from index.types import Kind
from prompts import Role

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Visit:
    """One visitor's conversation: the turns for the assistant, and the answers as they stand on the page."""

    turns: tuple[Turn, ...] = ()
    articles: tuple[str, ...] = ()
    asked: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything that changes on the page after a question.

    `question` is what the box is to hold; None leaves it alone, because somebody may be typing the next one.
    """

    visit: Visit
    earlier: str
    current: str
    message: str = ""
    question: str | None = None
    follow_ups: tuple[str, ...] = ()
    busy: bool = False

    def updates(self) -> tuple[Any, ...]:
        """The new values of the page's parts, in the order of `page.Parts.outputs`."""
        buttons = [
            gr.update(value=text, visible=True) if text else gr.update(value="", visible=False)
            for text in (*self.follow_ups, *("",) * FOLLOW_UPS)[:FOLLOW_UPS]
        ]
        return (
            self.visit,
            _html(self.earlier),
            _html(self.current),
            _html(render.message(self.message)),
            gr.update() if self.question is None else self.question,
            gr.update(visible=bool(self.follow_ups)),
            *buttons,
            gr.update(visible=not self.current and not self.earlier),
            gr.update(interactive=not self.busy),
        )


class Conversation:
    """The page's events over one assistant; it remembers nobody."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def ask(self, text: str, role: str, source: str, visit: Visit) -> Iterator[tuple[Any, ...]]:
        """Answer a question, showing the words as they come."""
        number = visit.asked + 1
        earlier = "".join(visit.articles[:-1]) if visit.asked else ""
        before = Shown(visit, earlier, visit.articles[-1] if visit.articles else "")
        done = "".join(visit.articles)
        try:
            written = ""
            box: str | None = ""
            for piece in self._assistant.ask(_question(text, role, source), visit.turns):
                if isinstance(piece, Answer):
                    yield _finished(piece, visit, number).updates()
                    return
                written += piece.text
                current = render.draft(text, written, number)
                yield Shown(visit, done, current, question=box, busy=True).updates()
                box = None
        except (AssistantError, LibraryError) as error:
            yield replace(before, message=str(error), question=text[:4000]).updates()
        except Exception:
            _log.exception("answering failed")
            yield replace(before, message=texts.FAILED, question=text[:4000]).updates()

    def restart(self) -> tuple[Any, ...]:
        """Forget the conversation."""
        return Shown(Visit(), "", "", question="").updates()


def _html(value: str) -> Any:
    return gr.update(value=value, visible=bool(value))


def _finished(answer: Answer, visit: Visit, number: int) -> Shown:
    article = render.answer(answer, number)
    articles = (*visit.articles, article)[-TURNS:]
    after = Visit((*visit.turns, answer.turn)[-TURNS:], articles, number)
    return Shown(after, "".join(articles[:-1]), article, follow_ups=answer.follow_ups)


def _question(text: str, role: str, source: str) -> Question:
    kinds = tuple(kind for kind in Kind if source == f"soort:{kind.value}")
    sources = (source.removeprefix("bron:"),) if source.startswith("bron:") else ()
    return Question(text or "", Role(role) if role else None, kinds, sources)
