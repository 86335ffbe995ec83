"""The store of conversations: who gets which turns, and how many are kept for how long."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.types import Turn
from assistant.web.conversations import TURNS, Conversations


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def conversations(clock: Clock) -> Conversations:
    """Three conversations at most, for sixty seconds."""
    return Conversations(3, 60, clock)


def turn(text: str) -> Turn:
    return Turn(text, text, text)


def test_a_conversation_gives_its_turns_in_order(conversations: Conversations) -> None:
    id = conversations.add(None, turn("een"))
    conversations.add(id, turn("twee"))
    assert [each.question for each in conversations.turns(id)] == ["een", "twee"]


def test_a_known_id_stays_the_id(conversations: Conversations) -> None:
    id = conversations.add(None, turn("een"))
    assert conversations.add(id, turn("twee")) == id


def test_no_id_gives_no_turns(conversations: Conversations) -> None:
    conversations.add(None, turn("een"))
    assert conversations.turns(None) == ()


def test_an_unknown_id_gives_no_turns(conversations: Conversations) -> None:
    conversations.add(None, turn("een"))
    assert conversations.turns("geraden") == ()


def test_an_unknown_id_is_never_taken_over(conversations: Conversations) -> None:
    assert conversations.add("geraden", turn("een")) != "geraden"
    assert conversations.turns("geraden") == ()


def test_an_empty_id_is_not_an_id(conversations: Conversations) -> None:
    assert conversations.add("", turn("een"))
    assert conversations.turns("") == ()


def test_ids_hold_at_least_128_bits_and_differ(conversations: Conversations) -> None:
    ids = {conversations.add(None, turn("een")) for _ in range(200)}
    assert len(ids) == 200
    assert min(map(len, ids)) >= 22  # 22 characters of base64 are 132 bits


def test_an_id_does_not_follow_from_the_one_before(conversations: Conversations) -> None:
    first, second = conversations.add(None, turn("een")), conversations.add(None, turn("een"))
    assert sum(one == other for one, other in zip(first, second, strict=True)) < len(first) / 2


def test_the_number_of_conversations_is_bounded(conversations: Conversations) -> None:
    for number in range(10):
        conversations.add(None, turn(str(number)))
    assert len(conversations) == 3


def test_the_conversation_unused_for_longest_goes_first(conversations: Conversations) -> None:
    first, second, third = (conversations.add(None, turn(text)) for text in ("een", "twee", "drie"))
    conversations.add(first, turn("nog een"))
    conversations.add(None, turn("vier"))
    assert conversations.turns(second) == ()
    assert conversations.turns(first) and conversations.turns(third)


def test_a_conversation_is_forgotten_after_its_time(conversations: Conversations, clock: Clock) -> None:
    id = conversations.add(None, turn("een"))
    clock.now += 61
    assert conversations.turns(id) == ()


def test_a_conversation_is_kept_within_its_time(conversations: Conversations, clock: Clock) -> None:
    id = conversations.add(None, turn("een"))
    clock.now += 59
    assert conversations.turns(id)


def test_every_turn_begins_the_time_anew(conversations: Conversations, clock: Clock) -> None:
    id = conversations.add(None, turn("een"))
    clock.now += 50
    conversations.add(id, turn("twee"))
    clock.now += 50
    assert len(conversations.turns(id)) == 2


def test_a_conversation_that_is_too_old_gets_a_new_id(conversations: Conversations, clock: Clock) -> None:
    id = conversations.add(None, turn("een"))
    clock.now += 61
    assert conversations.add(id, turn("twee")) != id


def test_old_conversations_leave_no_trace(conversations: Conversations, clock: Clock) -> None:
    conversations.add(None, turn("een"))
    clock.now += 61
    conversations.add(None, turn("twee"))
    assert len(conversations) == 1


def test_the_length_of_a_conversation_is_bounded(conversations: Conversations) -> None:
    id = conversations.add(None, turn("0"))
    for number in range(1, TURNS + 5):
        conversations.add(id, turn(str(number)))
    assert [each.question for each in conversations.turns(id)] == [str(number) for number in range(5, TURNS + 5)]


def test_two_conversations_do_not_touch(conversations: Conversations) -> None:
    one, other = conversations.add(None, turn("een")), conversations.add(None, turn("ander"))
    conversations.add(one, turn("twee"))
    assert [each.question for each in conversations.turns(other)] == ["ander"]


def test_turns_that_come_at_the_same_time_are_all_kept() -> None:
    conversations = Conversations(1000, 60, lambda: 0.0)
    id = conversations.add(None, turn("eerst"))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: conversations.add(id, turn(str(number))), range(TURNS - 1)))
        list(pool.map(lambda number: conversations.add(None, turn(str(number))), range(100)))
    assert {each.question for each in conversations.turns(id)} == {"eerst", *map(str, range(TURNS - 1))}
    assert len(conversations) == 101
