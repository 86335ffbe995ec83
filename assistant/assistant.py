"""The whole way from question to answer, on one screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from assistant.advice import Advisor
from assistant.asked import missing
from assistant.citations import QuoteFinder, resolve
from assistant.confidence import Confidence
from assistant.context import Supports, pack
from assistant.conversation import Standalone, standalone, whole
from assistant.sections import read_on
from assistant.shape import compared, shape
from assistant.types import Advice, Answer, Brief, Delta, Mode, Question, Status, Turn
from index.search import Index
from index.types import Hit, Kind

HITS, SIDE_HITS = 40, 5
FOLLOW_UPS = 3

SMALL_TALK = {
    "groet": "Goedendag! Waar kan ik u mee helpen? Stel gerust een vraag over samenwerken aan een opgave.",
    "dank": "Graag gedaan. Heeft u nog een vraag, stel hem gerust.",
    "afscheid": "Tot ziens, en veel succes met uw opgave.",
    "wie": (
        "Ik ben Opgavewijzer, een geautomatiseerde assistent. Ik zoek antwoorden op praktijkvragen over opgavegericht "
        "werken en laat bij elk antwoord zien waar het staat. Wat niet in de bronnen staat, verzin ik niet."
    ),
}


class Answerer(Protocol):
    """Turns a brief into text, piece by piece, with `[n]` for excerpt n."""

    mode: Mode

    def answer(self, brief: Brief) -> Iterator[str]:
        """The pieces of the answer's text."""
        ...


class Assistant:
    """Answers practice questions; it keeps nothing of a visitor."""

    def __init__(self, index: Index, confidence: Confidence, advisor: Advisor, answerer: Answerer) -> None:
        self.index = index
        self.quotes = QuoteFinder(index)
        self.practice = advisor.practice
        self.mode = answerer.mode
        self._confidence = confidence
        self._advisor = advisor
        self._answerer = answerer

    def ask(self, question: Question, history: Sequence[Turn] = ()) -> Iterator[Delta | Answer]:
        """Answer one question: pieces of text as they come, the finished answer last.

        Raises InvalidQuestion for a message that is no question, InvalidRequest for an unknown source.
        """
        asked = standalone(question, history)
        turn = Turn(whole(question.text), asked.text, asked.topic, asked.own_role)
        if asked.small_talk:
            yield from _talk(asked, turn)
            return
        found = self.index.search(asked.text, limit=HITS, kinds=question.kinds, sources=question.sources)
        status = self._confidence.judge(found.evidence) if found.hits else Status.REFUSED
        absent = missing(asked.text, found.hits) if status is Status.ANSWERED else ""
        status = Status.PERHAPS if absent else status
        advice = self._advisor.advise(asked.text, found.hits, asked.role)
        is_free = not question.kinds and not question.sources
        supports = self._supports(advice) if is_free else Supports()
        brief = pack(
            asked.text,
            found.hits,
            status,
            advice,
            library=self.index,
            supports=supports,
            shape=shape(asked.text),
            sides=self._sides(asked.text) if is_free else {},
            widen=is_free,
        )
        brief = replace(brief, missing=absent)
        text = ""
        for piece in self._answerer.answer(brief):
            text += piece
            yield Delta(piece)
        resolved, citations = resolve(text, brief.excerpts, self.index)
        refused = status is Status.REFUSED
        yield Answer(
            turn=turn,
            status=status,
            mode=self.mode,
            text=resolved.strip(),
            citations=citations,
            advice=Advice(role=asked.role) if refused else advice,
            follow_ups=() if refused else tuple(_follow_ups(found.hits, brief)),
        )

    def advise(self, question: Question, history: Sequence[Turn] = ()) -> Advice:
        """What the practice models say of a question, whether or not the library answers it.

        Raises InvalidQuestion for a message that is no question, InvalidRequest for an unknown source.
        """
        asked = standalone(question, history)
        found = self.index.search(asked.text, limit=HITS, kinds=question.kinds, sources=question.sources)
        return self._advisor.advise(asked.text, found.hits, asked.role)

    def _sides(self, question: str) -> dict[str, Sequence[Hit]]:
        """For each thing that is compared, the sections that say what it is."""
        return {
            side: self.index.search(f"Wat is {side}?", limit=SIDE_HITS, kinds=[Kind.HANDBOOK]).hits
            for side in compared(question)
        }

    def _supports(self, advice: Advice) -> Supports:
        step = self._advisor.support(advice.steps[0].item.anchors[:1])
        perspective = counterweight = recommendation = None
        if advice.asks_perspective and advice.tells_situation:
            anchors = advice.perspectives[0].item.anchors
            perspective, counterweight = self._advisor.support(anchors[:1]), self._advisor.support(anchors[1:2])
        if advice.role:
            recommendation = self._advisor.support(advice.recommendations[0].item.advice_for(advice.role).anchors)
        return Supports(step, recommendation, perspective, counterweight)


def finish(pieces: Iterator[Delta | Answer]) -> Answer:
    """The finished answer of an `ask`, its pieces left aside."""
    for piece in pieces:
        if isinstance(piece, Answer):
            return piece
    raise RuntimeError("an answer ended without its last piece")


def _talk(asked: Standalone, turn: Turn) -> Iterator[Delta | Answer]:
    text = SMALL_TALK[asked.small_talk]
    yield Delta(text)
    yield Answer(turn=turn, status=Status.ANSWERED, mode=Mode.QUOTES, text=text)


def _follow_ups(hits: Sequence[Hit], brief: Brief) -> Iterator[str]:
    """Titles that ask: of the sections that add to the answer, of those to read on, and of others that were found."""
    told = {excerpt.passage.heading for excerpt in brief.short}
    added = [excerpt.passage.heading for excerpt in brief.more]
    named = [title for excerpt in brief.short for title in read_on(excerpt.passage)]
    found = [hit.passage.heading for hit in hits if hit.passage.kind is Kind.HANDBOOK]
    asking = [title for title in (*added, *named, *found) if title.endswith("?") and title not in told]
    yield from list(dict.fromkeys(asking))[:FOLLOW_UPS]
