"""What happens on the page: drafts and then the answer, sentences for errors, and visits that do not touch."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup

from assistant.assistant import Assistant
from assistant.types import Brief, Mode
from assistant.web.conversations import TURNS
from assistant.web.events import Conversation, Visit
from index.types import Kind

if TYPE_CHECKING:
    from tests.assistant.web.conftest import With

STEPS = "Wat zijn de vijf stappen om een samenwerking in te richten?"
KADE = "Wie stut de kade van Zandmeer?"
FOLLOW_UP = "en voor de opdrachtnemer?"
Update = tuple[Any, ...]


@pytest.fixture(scope="module")
def conversation(assistant: Assistant) -> Conversation:
    return Conversation(assistant)


def ask(conversation: Conversation, question: str, visit: Visit, *, role: str = "", source: str = "") -> list[Update]:
    return list(conversation.ask(question, role, source, visit))


def visit_of(update: Update) -> Visit:
    return next(part for part in update if isinstance(part, Visit))


def strings(update: Update) -> list[str]:
    """Every text that an update puts somewhere on the page."""
    values = [part.get("value") if isinstance(part, dict) else part for part in update]
    return [value for value in values if isinstance(value, str)]


def shown(update: Update) -> BeautifulSoup:
    """The HTML of an update."""
    return BeautifulSoup("".join(text for text in strings(update) if text.startswith("<")), "html.parser")


def alerts(update: Update) -> list[str]:
    return [tag.get_text() for tag in shown(update).select("[role=alert]")]


def articles(update: Update) -> list[str]:
    return [str(article["id"]) for article in shown(update).select("article.antwoord")]


def questions(update: Update) -> list[str]:
    return [tag.get_text() for tag in shown(update).select("article.antwoord h2")]


# an answer as it comes


def test_an_answer_comes_as_drafts_and_then_as_the_answer(conversation: Conversation) -> None:
    *drafts, last = ask(conversation, STEPS, Visit())
    assert drafts and all(shown(draft).select("article[aria-busy=true]") for draft in drafts)
    assert not shown(last).select("[aria-busy]")
    assert shown(last).select("article.antwoord aside.bronnen mark")


def test_a_draft_has_no_sources_yet(conversation: Conversation) -> None:
    drafts = ask(conversation, STEPS, Visit())[:-1]
    assert [draft for draft in drafts if shown(draft).select("aside.bronnen")] == []


def test_every_draft_goes_on_from_the_one_before(conversation: Conversation) -> None:
    texts = [" ".join(shown(draft).get_text().split()) for draft in ask(conversation, STEPS, Visit())[:-1]]
    assert len(texts) > 2
    assert all(len(later) > len(earlier) for earlier, later in pairwise(texts))


def test_the_box_is_empty_after_an_answer(conversation: Conversation) -> None:
    assert STEPS not in strings(ask(conversation, STEPS, Visit())[-1])


def test_every_update_has_as_many_parts(conversation: Conversation) -> None:
    updates = [*ask(conversation, STEPS, Visit()), *ask(conversation, "", Visit()), conversation.restart()]
    assert len({len(update) for update in updates}) == 1


def test_follow_up_questions_are_offered(conversation: Conversation) -> None:
    last = ask(conversation, STEPS, Visit())[-1]
    assert [text for text in strings(last) if text.endswith("?") and not text.startswith("<")]


def test_a_second_answer_stands_under_the_first(conversation: Conversation) -> None:
    visit = visit_of(ask(conversation, STEPS, Visit())[-1])
    last = ask(conversation, KADE, visit)[-1]
    assert questions(last) == [STEPS, KADE]
    assert len(set(articles(last))) == 2


def test_earlier_answers_stay_while_the_next_is_written(conversation: Conversation) -> None:
    visit = visit_of(ask(conversation, STEPS, Visit())[-1])
    for update in ask(conversation, KADE, visit):
        assert questions(update)[0] == STEPS


def test_a_visit_is_changed_by_a_finished_answer_only(conversation: Conversation) -> None:
    *drafts, last = ask(conversation, STEPS, Visit())
    assert all(visit_of(draft) == Visit() for draft in drafts)
    assert [turn.question for turn in visit_of(last).turns] == [STEPS]


def test_a_visit_that_was_given_is_never_changed(conversation: Conversation) -> None:
    visit = visit_of(ask(conversation, STEPS, Visit())[-1])
    before = (visit.turns, visit.articles, visit.asked)
    ask(conversation, KADE, visit)
    assert (visit.turns, visit.articles, visit.asked) == before


def test_a_follow_up_is_read_with_the_turns_before_it(conversation: Conversation) -> None:
    visit = visit_of(ask(conversation, STEPS, Visit())[-1])
    after = visit_of(ask(conversation, FOLLOW_UP, visit)[-1])
    assert "stappen" in after.turns[-1].standalone


def test_a_visit_is_bounded(conversation: Conversation) -> None:
    visit = Visit()
    for _ in range(TURNS + 3):
        visit = visit_of(ask(conversation, "Dank je wel!", visit)[-1])
    assert len(visit.turns) == len(visit.articles) == TURNS


def test_ids_stay_different_when_the_oldest_answer_has_gone(conversation: Conversation) -> None:
    visit = Visit()
    for _ in range(TURNS + 3):
        visit = visit_of(ask(conversation, "Dank je wel!", visit)[-1])
    ids = articles(ask(conversation, "Hallo", visit)[-1])
    assert len(ids) == len(set(ids)) == TURNS


# errors


@pytest.mark.parametrize("message", ["", "   ", "🙂", "\x00\x01", "?!"])
def test_a_message_that_is_no_question_gets_a_sentence(conversation: Conversation, message: str) -> None:
    updates = ask(conversation, message, Visit())
    assert len(updates) == 1
    assert len(alerts(updates[0])) == 1 and alerts(updates[0])[0].endswith(".")
    assert visit_of(updates[0]) == Visit()


def test_an_error_keeps_the_question_in_its_box(conversation: Conversation) -> None:
    assert "🙂 🙂" in strings(ask(conversation, "🙂 🙂", Visit())[-1])


def test_a_message_that_is_too_long_keeps_its_beginning(conversation: Conversation) -> None:
    long = "kade " * 4000
    last = ask(conversation, long, Visit())[-1]
    assert alerts(last) and any(text and long.startswith(text) for text in strings(last))


def test_an_error_leaves_the_answers_on_the_page(conversation: Conversation) -> None:
    visit = visit_of(ask(conversation, KADE, visit_of(ask(conversation, STEPS, Visit())[-1]))[-1])
    last = ask(conversation, "   ", visit)[-1]
    assert questions(last) == [STEPS, KADE] and alerts(last)


def test_the_message_goes_with_the_next_answer(conversation: Conversation) -> None:
    visit = visit_of(ask(conversation, "  ", Visit())[-1])
    assert [update for update in ask(conversation, KADE, visit) if alerts(update)] == []


@pytest.mark.parametrize(("role", "source"), [("keizer", ""), ("", "bron:bestaat-niet"), ("", "bron:../../etc/passwd")])
def test_a_choice_that_does_not_exist_gets_a_sentence(conversation: Conversation, role: str, source: str) -> None:
    last = ask(conversation, KADE, Visit(), role=role, source=source)[-1]
    assert len(alerts(last)) == 1 and KADE in strings(last)


class Broken:
    """An answerer that fails after its first words."""

    mode = Mode.QUOTES

    def answer(self, brief: Brief) -> Iterator[str]:
        yield "Ik begin "
        raise RuntimeError("geheime oorzaak in /srv/kelder")


def test_a_failure_half_way_says_a_sentence_and_keeps_the_question(
    assistant_with: With, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        last = ask(Conversation(assistant_with(Broken())), KADE, Visit())[-1]
    assert len(alerts(last)) == 1 and "kelder" not in str(last)
    assert KADE in strings(last)
    assert visit_of(last) == Visit() and not shown(last).select("article")


def test_a_failure_is_logged_without_the_words_of_the_visitor(
    assistant_with: With, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        ask(Conversation(assistant_with(Broken())), KADE, Visit())
    assert "kelder" in caplog.text and KADE not in caplog.text


def test_words_of_a_visitor_are_not_logged(conversation: Conversation, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        ask(conversation, "Wat doet de stokvisbrigade van Zandmeer?", Visit())
    assert "stokvisbrigade" not in caplog.text


# restart


def test_restart_forgets_everything(conversation: Conversation) -> None:
    update = conversation.restart()
    assert visit_of(update) == Visit()
    assert [text for text in strings(update) if text] == []


def test_after_a_restart_a_follow_up_stands_alone(conversation: Conversation) -> None:
    ask(conversation, STEPS, Visit())
    after = visit_of(ask(conversation, FOLLOW_UP, visit_of(conversation.restart()))[-1])
    assert "stappen" not in after.turns[-1].standalone


# visits


def test_two_visits_do_not_touch(conversation: Conversation) -> None:
    one = visit_of(ask(conversation, STEPS, Visit())[-1])
    other = visit_of(ask(conversation, KADE, Visit())[-1])
    one = visit_of(ask(conversation, FOLLOW_UP, one)[-1])
    other = visit_of(ask(conversation, FOLLOW_UP, other)[-1])
    assert "kade" not in one.turns[-1].standalone.lower() and "stappen" in one.turns[-1].standalone
    assert "stappen" not in other.turns[-1].standalone and "kade" in other.turns[-1].standalone.lower()


def test_visits_that_are_answered_in_turns_get_the_answers_that_they_get_alone(conversation: Conversation) -> None:
    alone = [ask(conversation, question, Visit())[-1] for question in (STEPS, KADE)]
    streams = [conversation.ask(question, "", "", Visit()) for question in (STEPS, KADE)]
    last: list[Update] = [(), ()]
    running = {0, 1}
    while running:
        for number in sorted(running):
            try:
                last[number] = next(streams[number])
            except StopIteration:
                running.discard(number)
    assert [strings(update) for update in last] == [strings(update) for update in alone]


def test_nothing_of_a_visitor_stays_in_the_conversation(conversation: Conversation) -> None:
    before = dict(vars(conversation))
    ask(conversation, STEPS, Visit())
    assert vars(conversation) == before


def test_the_words_of_one_visit_are_nowhere_on_the_page_of_another(conversation: Conversation) -> None:
    ask(conversation, "Mijn buurman Barend heeft de kade van Zandmeer omver gereden, en nu?", Visit())
    for update in ask(conversation, KADE, Visit()):
        assert "Barend" not in str(update)


# choices


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_limits_the_sources(conversation: Conversation, assistant: Assistant, kind: Kind) -> None:
    last = ask(conversation, KADE, Visit(), source=f"soort:{kind.value}")[-1]
    slugs = {str(link["href"]).split("/")[2].split("?")[0] for link in shown(last).select("aside a.open")}
    assert {assistant.index.sources[slug].kind for slug in slugs} == {kind}


def test_one_source_limits_the_sources(conversation: Conversation) -> None:
    last = ask(conversation, KADE, Visit(), source="bron:nota-hek")[-1]
    links = [str(link["href"]) for link in shown(last).select("aside a.open")]
    assert links and all("/bronnen/nota-hek?" in link for link in links)


def test_a_role_is_remembered_for_the_next_question(conversation: Conversation) -> None:
    visit = visit_of(ask(conversation, STEPS, Visit(), role="opdrachtgever")[-1])
    assert visit.turns[-1].role is not None and visit.turns[-1].role.value == "opdrachtgever"
