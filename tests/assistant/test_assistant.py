"""The whole way from question to answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from assistant.assistant import SMALL_TALK, Assistant, finish
from assistant.citations import MARKER
from assistant.errors import InvalidQuestion
from assistant.settings import Settings
from assistant.types import Advice, Answer, Brief, Delta, Mode, Presence, Question, Status, Turn
from assistant.wiring import embedding, opened
from index.build import build
from index.dutch import shown_text
from index.errors import InvalidRequest
from index.types import Kind
from prompts import Practice, Role

if TYPE_CHECKING:
    from tests.assistant.conftest import NewAssistant

COSTS = "Wie betaalt mee aan een gedeeld zwembad?"
TRUST = "Hoe leert een groep dorpen elkaar vertrouwen?"
STORM = "Hoe verdelen molenaars het werk bij storm?"
NONSENSE = "Xqzjw vlorp grumbelfnak?"
SITUATION = "Zes dorpen betalen samen het zwembad. Geen dorp kon een ander dwingen. Welk perspectief past?"


class Script:
    """An answerer that plays a script and remembers what it was given."""

    mode = Mode.MODEL

    def __init__(self, *pieces: str) -> None:
        self._pieces = pieces
        self.briefs: list[Brief] = []

    def answer(self, brief: Brief) -> Iterator[str]:
        self.briefs.append(brief)
        yield from self._pieces


@pytest.fixture
def assistant(new_assistant: NewAssistant) -> Assistant:
    return new_assistant()


def ask(assistant: Assistant, text: str, history: Sequence[Turn] = ()) -> Answer:
    return finish(assistant.ask(Question(text), history))


def require_checked(answer: Answer) -> None:
    """Every marker has its citation, and every citation stands in its source."""
    for citation in answer.citations:
        assert citation.source.text[citation.start : citation.end] == citation.text != ""
    used = dict.fromkeys(int(number) for number in MARKER.findall(answer.text))
    assert list(used) == [citation.number for citation in answer.citations] == list(range(1, len(used) + 1))


@pytest.mark.parametrize("question", [COSTS, TRUST, STORM, SITUATION, NONSENSE, "zwembad xqzjw", "<b>Wie</b> betaalt?"])
@pytest.mark.parametrize("role", [None, Role.OPDRACHTNEMER])
def test_every_citation_of_an_answer_checks(assistant: Assistant, question: str, role: Role | None) -> None:
    require_checked(finish(assistant.ask(Question(question, role))))


def test_an_answer_to_a_known_question_has_all_its_parts(assistant: Assistant) -> None:
    answer = finish(assistant.ask(Question(COSTS, Role.OPDRACHTNEMER)))
    titles = [line.removeprefix("### ") for line in answer.text.splitlines() if line.startswith("#")]
    assert titles == [
        "Kort antwoord",
        "Ook hierover",
        "Wat de bronnen zeggen",
        "Volgende stap",
        "Voor u als opdrachtnemer",
    ]


def test_a_known_question_is_answered_from_the_section_about_it(assistant: Assistant) -> None:
    answer = ask(assistant, COSTS)
    assert (answer.status, answer.mode) == (Status.ANSWERED, Mode.QUOTES)
    assert answer.citations[0].text.startswith("De dorpen delen de kosten van het zwembad naar gebruik.")


def test_a_section_is_cited_with_the_essay_places_it_rests_on(assistant: Assistant) -> None:
    origin = ask(assistant, COSTS).citations[0].origins[0]
    assert (origin.anchor.source, origin.publication.title, origin.imported) == ("zwembad", "Zwembad", True)


def test_the_answer_comes_last_and_once(assistant: Assistant) -> None:
    kinds = [type(piece) for piece in assistant.ask(Question(COSTS))]
    assert kinds == [Delta] * (len(kinds) - 1) + [Answer] and len(kinds) > 1


def test_the_pieces_together_are_the_text_before_its_markers_are_numbered(new_assistant: NewAssistant) -> None:
    script = Script("Samen [2] ", "en eerlijk [1], zegt", " niemand [99].\n")
    *pieces, answer = new_assistant(script).ask(Question(COSTS))
    told = "".join(piece.text for piece in pieces if isinstance(piece, Delta))
    assert told == "Samen [2] en eerlijk [1], zegt niemand [99].\n"
    assert isinstance(answer, Answer) and answer.text == "Samen [1] en eerlijk [2], zegt niemand."


@pytest.mark.parametrize("question", [COSTS, SITUATION, NONSENSE])
def test_quotations_come_with_their_final_numbers(assistant: Assistant, question: str) -> None:
    *pieces, answer = assistant.ask(Question(question))
    told = "".join(piece.text for piece in pieces if isinstance(piece, Delta))
    assert isinstance(answer, Answer) and told.strip() == answer.text


def test_a_script_gets_no_more_citations_than_it_uses(new_assistant: NewAssistant) -> None:
    answer = ask(new_assistant(Script("Niets te zeggen.")), COSTS)
    assert (answer.citations, answer.mode) == ((), Mode.MODEL)


def test_nonsense_is_refused(assistant: Assistant) -> None:
    answer = ask(assistant, NONSENSE)
    assert answer.status is Status.REFUSED and answer.text.startswith("Hierop geven de bronnen geen antwoord.")


def test_a_refusal_gives_no_advice_and_no_follow_ups(assistant: Assistant) -> None:
    answer = finish(assistant.ask(Question(NONSENSE, Role.OPDRACHTGEVER)))
    assert (answer.advice.steps, answer.advice.role, answer.follow_ups) == ((), Role.OPDRACHTGEVER, ())


def test_an_answerer_cannot_overrule_a_refusal(new_assistant: NewAssistant) -> None:
    script = Script("Natuurlijk weet ik dat! [1]")
    assert ask(new_assistant(script), NONSENSE).status is script.briefs[0].status is Status.REFUSED


def test_a_half_known_question_is_answered_with_doubt(assistant: Assistant) -> None:
    answer = ask(assistant, "zwembad kantine kosten xqzjw")
    assert answer.status is Status.PERHAPS and answer.text.startswith("Ik weet niet zeker")


def test_an_amount_that_is_not_there_is_named_as_missing(assistant: Assistant) -> None:
    answer = ask(assistant, "Hoeveel gereedschap leent het waterschap?")
    assert answer.status is Status.PERHAPS and answer.text.startswith("Het getal waar u naar vraagt")


def test_an_amount_that_is_there_is_not_missing(assistant: Assistant) -> None:
    assert ask(assistant, "Hoeveel dorpen betalen de verwarming van het water?").status is Status.ANSWERED


def test_a_follow_up_is_answered_about_what_went_before(assistant: Assistant) -> None:
    first = ask(assistant, COSTS)
    second = ask(assistant, "waarom?", [first.turn])
    assert second.turn.standalone == "waarom? (over: Wie betaalt mee aan een gedeeld zwembad)"
    assert second.citations[0].source.slug == first.citations[0].source.slug


def test_without_history_a_follow_up_is_about_nothing(assistant: Assistant) -> None:
    assert ask(assistant, "waarom?").turn.standalone == "waarom?"


def test_a_turn_remembers_the_question_as_typed(assistant: Assistant) -> None:
    first = ask(assistant, COSTS)
    turn = ask(assistant, "en voor de opdrachtnemer?", [first.turn]).turn
    assert (turn.question, turn.role) == ("en voor de opdrachtnemer?", None)


def test_a_recognised_role_brings_its_recommendation(assistant: Assistant) -> None:
    assert "### Voor u als opdrachtgever" in ask(assistant, f"Ik ben opdrachtgever. {COSTS}").text


def test_two_conversations_through_one_assistant_do_not_touch(assistant: Assistant) -> None:
    alone = [list(assistant.ask(Question(COSTS))), list(assistant.ask(Question(STORM, Role.OPDRACHTGEVER)))]
    both = zip_longest(assistant.ask(Question(COSTS)), assistant.ask(Question(STORM, Role.OPDRACHTGEVER)))
    together = [[piece for piece in pieces if piece is not None] for pieces in zip(*both, strict=True)]
    assert together == alone


def test_an_earlier_conversation_leaves_nothing_behind(assistant: Assistant) -> None:
    before = ask(assistant, "waarom?")
    ask(assistant, f"Ik ben opdrachtgever. {COSTS}")
    assert ask(assistant, "waarom?") == before


def test_a_situation_gets_the_perspective_that_fits(assistant: Assistant) -> None:
    text = ask(assistant, SITUATION).text
    assert "**netwerkende overheid**" in text and "Leg ook vast wie betaalt. [2]" in text


def test_a_perspective_without_a_situation_gets_a_question_back(assistant: Assistant) -> None:
    assert "hangt af van uw situatie" in ask(assistant, "Welk perspectief past bij een zwembad van dorpen?").text


def test_only_the_source_that_was_asked_for_is_cited(assistant: Assistant) -> None:
    answer = finish(assistant.ask(Question(COSTS, Role.OPDRACHTNEMER, sources=("molens",))))
    assert {citation.source.slug for citation in answer.citations} == {"molens"}


@pytest.mark.parametrize("kind", [Kind.ESSAY, Kind.HANDBOOK])
def test_only_the_kind_that_was_asked_for_is_cited(assistant: Assistant, kind: Kind) -> None:
    answer = finish(assistant.ask(Question(COSTS, Role.OPDRACHTNEMER, kinds=(kind,))))
    assert {citation.source.kind for citation in answer.citations} == {kind}


def test_what_the_lead_rests_on_is_not_cited_when_other_sources_were_asked_for(assistant: Assistant) -> None:
    wanted = ("handboek-water-en-wind", "molens")
    answer = finish(assistant.ask(Question(COSTS, sources=wanted)))
    assert {citation.source.slug for citation in answer.citations} == set(wanted)


def test_a_restricted_question_gets_no_step(assistant: Assistant) -> None:
    answer = finish(assistant.ask(Question(COSTS, Role.OPDRACHTNEMER, kinds=(Kind.ESSAY,))))
    assert "### Volgende stap" not in answer.text and "### Voor u als" not in answer.text


def test_a_kind_without_passages_is_a_refusal(assistant: Assistant) -> None:
    answer = finish(assistant.ask(Question(COSTS, kinds=(Kind.OWN,))))
    assert (answer.status, answer.citations) == (Status.REFUSED, ())


def test_follow_ups_are_other_titles_that_ask(assistant: Assistant) -> None:
    answer = ask(assistant, COSTS)
    assert answer.follow_ups and COSTS not in answer.follow_ups and len(answer.follow_ups) <= 3
    assert all(title.endswith("?") for title in answer.follow_ups)


@pytest.mark.parametrize(
    ("message", "kind"), [("hallo", "groet"), ("dank u", "dank"), ("doei", "afscheid"), ("help", "wie")]
)
def test_small_talk_gets_a_friendly_line_without_citations(assistant: Assistant, message: str, kind: str) -> None:
    first, answer = assistant.ask(Question(message))
    assert first == Delta(SMALL_TALK[kind])
    assert isinstance(answer, Answer) and (answer.text, answer.citations) == (SMALL_TALK[kind], ())


def test_a_question_with_thanks_is_answered(assistant: Assistant) -> None:
    assert ask(assistant, "Dank, maar wie betaalt het zwembad?").citations


@pytest.mark.parametrize("message", ["", " \n ", "🎉", "\x00", "a" * 20_000])
def test_a_message_that_is_no_question_is_refused(assistant: Assistant, message: str) -> None:
    with pytest.raises(InvalidQuestion):
        ask(assistant, message)


def test_an_unknown_source_is_refused(assistant: Assistant) -> None:
    with pytest.raises(InvalidRequest, match="tunnel"):
        finish(assistant.ask(Question(COSTS, sources=("tunnel",))))


def test_markup_in_a_question_is_not_repeated(assistant: Assistant) -> None:
    assert "<script>" not in ask(assistant, "<script>alert(1)</script> Wie betaalt het zwembad?").text


def test_the_same_question_gets_the_same_answer(assistant: Assistant) -> None:
    assert ask(assistant, COSTS) == ask(assistant, COSTS)


def told(advice: Advice) -> tuple[set[int], set[str], set[int]]:
    """The numbers and ids of the practice models in some advice."""
    return (
        {each.item.number for each in advice.steps},
        {each.item.id for each in advice.perspectives},
        {each.item.number for each in advice.recommendations},
    )


@pytest.mark.parametrize("question", [COSTS, SITUATION, NONSENSE])
def test_advice_names_every_practice_model(assistant: Assistant, practice: Practice, question: str) -> None:
    assert told(assistant.advise(Question(question))) == (
        {step.number for step in practice.steps},
        {perspective.id for perspective in practice.perspectives},
        {recommendation.number for recommendation in practice.recommendations},
    )


def test_advice_is_given_where_the_answer_is_a_refusal(assistant: Assistant) -> None:
    question = Question(NONSENSE, kinds=(Kind.OWN,))
    assert finish(assistant.ask(question)).status is Status.REFUSED
    assert all(told(assistant.advise(question)))


@pytest.mark.parametrize("question", [COSTS, SITUATION])
def test_advice_is_that_of_the_answer_where_there_is_one(assistant: Assistant, question: str) -> None:
    asked = Question(question, Role.OPDRACHTNEMER)
    assert assistant.advise(asked) == finish(assistant.ask(asked)).advice


def test_advice_stands_best_first(assistant: Assistant) -> None:
    advice = assistant.advise(Question(COSTS))
    for scored in (advice.steps, advice.perspectives, advice.recommendations):
        scores = [each.score for each in scored]
        assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("question", "role"),
    [
        (Question(NONSENSE), None),
        (Question(NONSENSE, Role.OPDRACHTGEVER), Role.OPDRACHTGEVER),
        (Question("Ik ben opdrachtnemer. Wie betaalt?"), Role.OPDRACHTNEMER),
    ],
    ids=["none", "chosen", "stated"],
)
def test_advice_is_for_the_role_of_who_asks(assistant: Assistant, question: Question, role: Role | None) -> None:
    assert assistant.advise(question).role is role


def test_advice_on_a_follow_up_is_about_what_went_before(assistant: Assistant) -> None:
    history = [ask(assistant, COSTS).turn]
    whole = Question("waarom? (over: Wie betaalt mee aan een gedeeld zwembad)")
    assert assistant.advise(Question("waarom?"), history) == assistant.advise(whole)


@pytest.mark.parametrize("message", ["", " \n ", "🎉", "\x00", "a" * 20_000])
def test_no_advice_is_given_on_a_message_that_is_no_question(assistant: Assistant, message: str) -> None:
    with pytest.raises(InvalidQuestion):
        assistant.advise(Question(message))


def test_no_advice_is_given_from_an_unknown_source(assistant: Assistant) -> None:
    with pytest.raises(InvalidRequest, match="tunnel"):
        assistant.advise(Question(COSTS, sources=("tunnel",)))


@pytest.mark.parametrize("slug", ["zwembad", "molens", "handboek-water-en-wind"])
def test_every_passage_of_the_library_is_found_as_a_quotation(assistant: Assistant, slug: str) -> None:
    passages = [passage for passage in assistant.index.passages if passage.source == slug]
    found = [assistant.quotes.find(shown_text(passage.text)) for passage in passages]
    assert {lookup.presence for lookup in found} == {Presence.LITERAL}
    assert [lookup.matches[0].citation.id for lookup in found] == [passage.id for passage in passages]


def test_a_misquotation_is_found_through_the_index(assistant: Assistant) -> None:
    lookup = assistant.quotes.find("De sportvereniging maakt de kleedkamers iedere zaterdag schoon")
    assert lookup.presence is Presence.NEAR
    assert lookup.matches[0].citation.text == "De sportvereniging maakt de kleedkamers elke zaterdag schoon"


def test_a_quotation_that_nobody_wrote_is_not_found_through_the_index(assistant: Assistant) -> None:
    assert assistant.quotes.find("Het zwembad van Duinrode zingt iedere nacht").presence is Presence.ABSENT


def test_a_quotation_of_the_handbook_tells_the_essay_places_it_rests_on(assistant: Assistant) -> None:
    citation = assistant.quotes.find("delen de kosten van het zwembad naar gebruik").matches[0].citation
    assert [origin.anchor.source for origin in citation.origins] == ["zwembad"]


def test_an_answer_that_never_ends_is_noticed() -> None:
    with pytest.raises(RuntimeError):
        finish(iter([Delta("nog niet klaar")]))


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The assistant as it is shipped, over the committed handbook."""
    settings = replace_index(Settings(essays=None, documents=None), tmp_path_factory.mktemp("shipped"))
    build(settings, embedding(settings))
    with opened(settings) as assistant:
        yield assistant


def replace_index(settings: Settings, folder: Path) -> Settings:
    return settings.model_copy(update={"index": folder})


def bank_questions(count: int) -> list[str]:
    """Some questions of the committed bank, the same every time."""
    folder = Path(__file__).parents[2] / "corpus" / "questions"
    lines = [line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
    return Random(5).sample([question for line in lines for question in json.loads(line)["questions"]], count)


@pytest.mark.slow
def test_every_citation_of_sixty_bank_questions_checks(shipped: Assistant) -> None:
    answers = [ask(shipped, question) for question in bank_questions(60)]
    for answer in answers:
        require_checked(answer)
    assert all(answer.citations for answer in answers)


@pytest.mark.slow
def test_the_shipped_assistant_answers_most_bank_questions(shipped: Assistant) -> None:
    refused = [question for question in bank_questions(60) if ask(shipped, question).status is Status.REFUSED]
    assert len(refused) <= 6


@pytest.mark.slow
def test_the_shipped_assistant_cites_nothing_in_a_greeting(shipped: Assistant) -> None:
    assert ask(shipped, "hallo").citations == ()


@pytest.mark.slow
@pytest.mark.parametrize("question", ["Hoe bak ik een appeltaart?", "Wie won de Tour de France?", NONSENSE])
def test_the_shipped_assistant_refuses_what_is_about_something_else(shipped: Assistant, question: str) -> None:
    assert ask(shipped, question).status is Status.REFUSED


@pytest.mark.slow
def test_the_shipped_assistant_gives_the_step_and_the_role(shipped: Assistant) -> None:
    question = Question("Hoe begin ik met het vraagstuk van een opgave?", Role.OPDRACHTNEMER)
    text = finish(shipped.ask(question)).text
    assert "### Volgende stap" in text and "### Voor u als opdrachtnemer" in text
