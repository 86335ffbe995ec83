"""The answerer without a language model: it composes an answer from the brief, in Dutch Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from rapidfuzz import fuzz

from assistant.citations import reference
from assistant.shape import Shape
from assistant.types import Brief, Excerpt, Mode, Status
from index import dutch
from index.dutch import shown_text
from index.types import Kind, Source

NEXT_STEP, FOR_ROLE = "### Volgende stap", "### Voor u als"
"""What stands under these headings is advice; all that goes before answers the question."""

MORE = "### Ook hierover"
BODY: Mapping[Shape, str] = {
    Shape.DEFINITION: "### Uitleg",
    Shape.COMPARISON: "### Naast elkaar",
    Shape.LIST: "### Op een rij",
    Shape.HOW_TO: "### Aanpak",
    Shape.TROUBLE: "### Wat te doen",
    Shape.ROLE: "### Wat daarbij hoort",
    Shape.EXAMPLE: "### Uit de praktijk",
    Shape.FACT: "### Toelichting",
    Shape.OPINION: "### Om af te wegen",
}
"""What the rest of a section is called, by what the question wants."""

_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")

SAME = 90
"""A title so like the question, of 100, is not repeated."""

CLOSE = 0.03
"""Perspectives whose scores differ less than this are called close."""


class QuotingAnswerer:
    """Writes nothing of its own but headings and sentences that lead in; all else stands in a source or a model."""

    mode = Mode.QUOTES

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources

    def answer(self, brief: Brief) -> Iterator[str]:
        """The answer, block by block."""
        if brief.status is Status.REFUSED:
            yield from self._refusal(brief)
            return
        yield from _doubt(brief)
        if brief.short:
            yield "### Kort antwoord\n\n"
            yield from _perspective(brief)
            yield from _answers(brief)
            for excerpt in brief.short:
                yield _own_words(excerpt)
            yield from _counterweight(brief)
        if brief.sides or brief.body:
            yield f"{_called(brief)}\n\n"
            for excerpt in brief.sides:
                yield f"**{_title(excerpt)}** {_own_words(excerpt)}"
            for excerpt in brief.body:
                yield _own_words(excerpt)
        if brief.more:
            yield f"{MORE}\n\n"
            for excerpt in brief.more:
                yield f"**{_title(excerpt)}** {_own_words(excerpt)}"
        if brief.quotes:
            only_handbook = all(excerpt.passage.kind is Kind.HANDBOOK for excerpt in brief.quotes)
            yield "### Wat het handboek nog zegt\n\n" if only_handbook else "### Wat de bronnen zeggen\n\n"
            for excerpt in brief.quotes:
                yield f"> “{_escaped(shown_text(excerpt.text))}” [{excerpt.number}]\n>\n"
                yield f"> {_escaped(self._reference(excerpt))}\n\n"
        if brief.status is Status.ANSWERED or brief.missing:
            yield from _step(brief)
            yield from _role(brief)

    def _refusal(self, brief: Brief) -> Iterator[str]:
        yield "Hierop geven de bronnen geen antwoord. Ik verzin er ook geen.\n\n"
        if brief.nearest:
            yield "### Misschien bruikbaar\n\nDit staat er wel in en ligt nog het dichtst bij uw woorden:\n\n"
            for excerpt in brief.nearest:
                title = excerpt.passage.heading or self._sources[excerpt.passage.source].title
                yield f"- {_escaped(shown_text(title))} [{excerpt.number}]\n"
            yield "\nStel uw vraag anders, of vraag naar samenwerken rond een maatschappelijke opgave.\n"

    def _reference(self, excerpt: Excerpt) -> str:
        return reference(self._sources[excerpt.passage.source], excerpt.passage)


def _escaped(text: str) -> str:
    """Words of a source as they stand in Markdown: no marker, tag or link of ours can be read into them."""
    return re.sub(r"([\\\[\]<>*_`])", r"\\\1", text)


def _own_words(excerpt: Excerpt) -> str:
    """The handbook's Markdown as it stands, the marker after each of its blocks that does not announce the next."""
    pieces: list[str] = []
    for block in _BLANK_LINE.split(excerpt.text.strip()):
        space = "\n\n" if block.endswith("|") else " "
        pieces.append(block if block.rstrip("*_").endswith(":") else f"{block}{space}[{excerpt.number}]")
    return "\n\n".join(pieces) + "\n\n"


def _title(excerpt: Excerpt) -> str:
    return _escaped(shown_text(excerpt.passage.heading))


def _doubt(brief: Brief) -> Iterator[str]:
    """What is not in what was found, and what it does cover, before the answer goes on."""
    covers = f"Het dichtst bij komt: *{_title(brief.short[0])}*" if brief.short else "Dit komt er het dichtst bij."
    if brief.missing:
        yield f"Het {brief.missing} waar u naar vraagt, staat niet in wat ik vond. {covers}\n\n"
    elif brief.status is Status.PERHAPS:
        yield f"Ik weet niet zeker of de bronnen precies uw vraag beantwoorden. {covers}\n\n"


def _called(brief: Brief) -> str:
    """What the rest is called; a choice that no section sets side by side is weighed."""
    chooses = brief.shape is Shape.COMPARISON and not brief.sides
    sets_apart = any("verschil" in excerpt.passage.heading.lower() for excerpt in brief.short)
    return BODY[Shape.OPINION if chooses and not sets_apart else brief.shape]


def _answers(brief: Brief) -> Iterator[str]:
    """Which question is answered, where that is not the one that was asked; a doubtful answer has said so already."""
    title = brief.short[0].passage.heading
    asked, answered = (" ".join(dutch.words(text)) for text in (brief.question, title))
    if brief.status is Status.ANSWERED and title.endswith("?") and fuzz.token_set_ratio(asked, answered) < SAME:
        yield f"**{_title(brief.short[0])}**\n\n"


def _perspective(brief: Brief) -> Iterator[str]:
    """Who asks for a perspective gets the one that fits the situation, or is asked for the situation."""
    if not brief.advice.asks_perspective or not brief.advice.perspectives:
        return
    if not brief.advice.tells_situation:
        yield (
            "Welk perspectief past, hangt af van uw situatie. Schrijf in twee of drie zinnen wie er meedoen, wat u bij "
            "elkaar houdt en wat er stokt. Bijvoorbeeld: *Vijf gemeenten en een woningcorporatie willen ouderen langer "
            "thuis laten wonen, maar niemand kan de ander iets opleggen. Welk perspectief past hier?*\n\n"
        )
        return
    best, next_best = brief.advice.perspectives[:2]
    first, second = best.item, next_best.item
    if best.score - next_best.score < CLOSE:
        ranked = f"liggen de **{first.name.lower()}** en de **{second.name.lower()}** dicht bij elkaar"
    else:
        ranked = f"past de blik van de **{first.name.lower()}** het best; daarna die van de **{second.name.lower()}**"
    yield f"Op uw woorden af {ranked}. Dit is een eerste inschatting; bespreek haar met uw partners.\n\n"


def _counterweight(brief: Brief) -> Iterator[str]:
    if brief.counterweight:
        yield f"{brief.advice.perspectives[0].item.counterweight} [{brief.counterweight.number}]\n\n"


def _step(brief: Brief) -> Iterator[str]:
    if not brief.advice.steps or brief.step is None:
        return
    step = brief.advice.steps[0].item
    yield f"{NEXT_STEP}\n\nStap {step.number} van 5, *{step.title}*. "
    yield f"Vraag uzelf en elkaar: {step.key_question} [{brief.step.number}]\n\n"


def _role(brief: Brief) -> Iterator[str]:
    if brief.advice.role is None or not brief.advice.recommendations or brief.recommendation is None:
        return
    recommendation = brief.advice.recommendations[0].item
    yield f"{FOR_ROLE} {brief.advice.role.label}\n\nAanbeveling {recommendation.number}, *{recommendation.title}*: "
    yield f"{recommendation.advice_for(brief.advice.role).advice} [{brief.recommendation.number}]\n\n"
