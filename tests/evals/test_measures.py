"""The measures of each suite: worked out by hand, and rankings against a second version in plain Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from assistant.shape import Shape
from assistant.types import Presence, Status
from evals.data import (
    AbuseItem,
    BlindItem,
    DialogItem,
    DialogTurn,
    Item,
    PerspectiveItem,
    Place,
    QuoteItem,
    RecommendationItem,
    RefusalItem,
    RetrievalItem,
    StepItem,
    Suite,
)
from evals.errors import EmptySet
from evals.measures import (
    DEPTHS,
    HEADLINE,
    Measure,
    confusion,
    labels_of,
    mean,
    measures,
    percentile,
    ranking,
    score,
    scores,
    states,
    turn_faults,
)
from evals.outcomes import (
    Advised,
    Answered,
    Cited,
    Conversed,
    Got,
    Helped,
    LookedUp,
    Outcome,
    Ranked,
    Retrieved,
    Survived,
    TurnGot,
)
from index.types import Kind
from prompts import Role

NAN = float("nan")
PLACES = tuple(Place(source="haven", start=start, end=start + 50) for start in (0, 100, 200))
QUESTION = RetrievalItem(
    question="Wie betaalt het baggeren?",
    style="plain",
    gold=PLACES[:2],
    facts=(("jachtclub", "watersporters"), ("helft",)),
)

BLIND = BlindItem(
    question="Het slib stijgt en niemand doet iets. Wat nu?",
    role="havenmeester",
    phase="vast",
    shape=Shape.TROUBLE,
    also=Shape.HOW_TO,
    answerable="yes",
    gold=PLACES[:2],
)
UNKNOWN = BlindItem(
    question="Mag dat van de wet?", role="jurist", phase="voor", shape=Shape.OPINION, answerable="no", gold=()
)

Holds = Sequence[Sequence[int]]
"""Of each passage, best first, the gold places that it holds."""


def ranked(*holds: Sequence[int]) -> tuple[Ranked, ...]:
    return tuple(Ranked(id=str(at), title="", holds=tuple(each)) for at, each in enumerate(holds))


def rank(*holds: Sequence[int], gold: int = 1) -> dict[str, float]:
    """The measures of one ranking."""
    return {name: float(values[0, 0]) for name, values in ranking([ranked(*holds)], [gold]).items()}


def outcome(suite: Suite, item: Item, got: Got | None, ms: float = 5.0) -> Outcome:
    return Outcome(suite, "ons", item, got, ms, "" if got else "OSError: weg")


def table(suite: Suite, outcomes: Sequence[Outcome]) -> dict[str, list[float]]:
    """The first column of each measure: a number for each question."""
    return {each.name: each.values[:, 0].tolist() for each in measures(suite, outcomes)}


def scored(suite: Suite, outcomes: Sequence[Outcome]) -> dict[str, float]:
    return {each.name: each.value for each in scores(suite, outcomes)}


def cited(*holds: int, advises: bool = False, faithful: bool = True, printed: bool = True) -> Cited:
    return Cited(id="haven:0-50", kind=Kind.ESSAY, advises=advises, holds=holds, faithful=faithful, printed=printed)


def answer(*citations: Cited, status: Status = Status.ANSWERED, text: str = "") -> Answered:
    return Answered(status=status, text=text, citations=citations)


def answers(*given: Answered | None) -> dict[str, list[float]]:
    """The measures of answers to one question with two gold places and two facts; None for one that failed."""
    every = [outcome(Suite.RETRIEVAL, QUESTION, None if each is None else Retrieved(answer=each)) for each in given]
    return table(Suite.RETRIEVAL, every)


def not_counted(values: Sequence[float]) -> bool:
    return bool(np.isnan(values).all())


def test_the_first_passage_with_the_gold_place_scores_full_marks() -> None:
    assert set(rank([0], []).values()) == {1.0}


def test_ndcg_weighs_each_find_by_its_rank_and_the_best_order_by_its_own() -> None:
    found = rank([], [0], [], [1], gold=2)
    gain = 1 / log2(3) + 1 / log2(5)  # at ranks 2 and 4: 0.631 + 0.431 = 1.062
    best = 1 / log2(2) + 1 / log2(3)  # at ranks 1 and 2: 1 + 0.631 = 1.631
    assert found["nDCG@10"] == pytest.approx(gain / best) == pytest.approx(0.6509, abs=1e-4)


def test_ndcg_misses_what_was_not_found() -> None:
    assert rank([0], gold=2)["nDCG@10"] == pytest.approx(1 / (1 + 1 / log2(3)))  # 1 of 1.631


def test_mrr_is_one_over_the_rank_of_the_first_find() -> None:
    assert rank([], [], [1], [0], gold=2)["MRR@10"] == pytest.approx(1 / 3)


def test_a_hit_is_a_find_within_the_depth() -> None:
    found = rank([], [], [], [0])
    assert [found[f"hit@{depth}"] for depth in (1, 3, 5, 10)] == [0, 0, 1, 1]


def test_recall_is_the_share_that_was_found_within_the_depth() -> None:
    found = rank([], [1], [], [0], gold=3)
    assert [found[f"recall@{depth}"] for depth in (1, 3, 5, 10)] == pytest.approx([0, 1 / 3, 2 / 3, 2 / 3])


def test_what_comes_after_the_tenth_counts_for_nothing() -> None:
    assert set(rank(*[[]] * 10, [0]).values()) == {0.0}


def test_overlapping_passages_that_hold_the_same_place_are_counted_once() -> None:
    assert rank([0], [0], [0], gold=2) == rank([0], [], [], gold=2)


def test_a_passage_counts_when_one_of_its_places_is_new() -> None:
    assert rank([0], [0, 1], gold=2) == rank([0], [1], gold=2)


def test_one_passage_with_both_gold_places_is_all_there_is_to_find() -> None:
    assert set(rank([0, 1], [0], [1], gold=2).values()) == {1.0}


def test_one_passage_with_two_of_three_gold_places_gains_two_of_three() -> None:
    found = rank([0, 1], gold=3)
    assert found["recall@10"] == pytest.approx(2 / 3)
    assert found["nDCG@10"] == pytest.approx(2 / (2 + 1 / log2(3)))  # the third by itself at rank 2


@pytest.mark.parametrize("holds", [[], [[], []]])
def test_a_ranking_without_a_find_is_zero_in_every_measure(holds: Holds) -> None:
    assert set(rank(*holds).values()) == {0.0}


def test_an_empty_ranking_is_zero_and_not_missing() -> None:
    found = ranking([ranked([0]), (), ranked([0])], [1, 1, 1])
    assert {tuple(values[:, 0]) for values in found.values()} == {(1.0, 0.0, 1.0)}


def test_each_ranking_has_its_own_numbers_in_order() -> None:
    every = [ranked(*[[]] * at, [0]) for at in range(12)]  # more than ten: the tenth comes not before the second
    assert ranking(every, [1] * 12)["MRR@10"][:, 0].tolist() == pytest.approx([*(1 / at for at in range(1, 11)), 0, 0])


def naive_ranking(holds: Holds, gold: int) -> dict[str, float]:
    seen: set[int] = set()
    new = []
    for places in holds:
        new.append(len(set(places) - seen))
        seen |= set(places)
    best = sorted([*new, *[1] * (gold - len(seen))], reverse=True)
    gain, most = (sum(each / log2(at + 2) for at, each in enumerate(gains[:10])) for gains in (new, best))
    found = {"nDCG@10": gain / most, "MRR@10": 0.0}
    if any(new[:10]):
        found["MRR@10"] = 1 / next(rank for rank, each in enumerate(new, start=1) if each)
    for depth in DEPTHS:
        found[f"hit@{depth}"] = float(any(new[:depth]))
        found[f"recall@{depth}"] = sum(new[:depth]) / gold
    return found


QUESTIONS = st.integers(1, 3).flatmap(
    lambda gold: st.tuples(
        st.lists(st.lists(st.integers(0, gold - 1), unique=True, max_size=gold) | st.just([]), max_size=14),
        st.just(gold),
    )
)


@example_settings(deadline=None)
@given(st.lists(QUESTIONS, min_size=1, max_size=5))
def test_ranking_equals_a_naive_second_version(questions: list[tuple[list[list[int]], int]]) -> None:
    found = ranking([ranked(*holds) for holds, _ in questions], [gold for _, gold in questions])
    for at, (holds, gold) in enumerate(questions):
        assert {name: values[at, 0] for name, values in found.items()} == pytest.approx(naive_ranking(holds, gold))


def test_each_kind_of_passage_has_its_own_measures() -> None:
    got = Retrieved(essay=ranked([0, 1]), handbook=ranked([], [0, 1]))
    found = scored(Suite.RETRIEVAL, [outcome(Suite.RETRIEVAL, QUESTION, got)])
    assert (found["essay MRR@10"], found["handbook MRR@10"]) == (1.0, 0.5)


def test_a_kind_that_a_system_never_ranks_has_no_measures() -> None:
    found = scored(Suite.RETRIEVAL, [outcome(Suite.RETRIEVAL, QUESTION, Retrieved(essay=ranked([0])))])
    assert not [name for name in found if name.startswith("handbook")]


def test_a_kind_of_which_nothing_was_ever_found_scores_zero() -> None:
    found = scored(Suite.RETRIEVAL, [outcome(Suite.RETRIEVAL, QUESTION, Retrieved(essay=ranked([0]), handbook=()))])
    assert found["handbook hit@5"] == 0.0


def test_a_system_that_does_not_answer_has_no_measures_of_answers() -> None:
    found = scored(Suite.RETRIEVAL, [outcome(Suite.RETRIEVAL, QUESTION, Retrieved(essay=ranked([0])))])
    assert not found.keys() & {"answered", "citation precision", "citation recall", "fact recall", "quote fidelity"}


def test_a_question_has_as_many_gold_places_as_it_names() -> None:
    found = scored(Suite.RETRIEVAL, [outcome(Suite.RETRIEVAL, QUESTION, Retrieved(essay=ranked([1])))])
    assert found["essay recall@10"] == 0.5


def test_a_system_that_fails_on_every_question_scores_zero() -> None:
    assert scored(Suite.RETRIEVAL, [outcome(Suite.RETRIEVAL, QUESTION, None)]).get("essay hit@5") == 0.0


def test_perhaps_is_an_answer_and_a_refusal_is_not() -> None:
    assert answers(*(answer(status=status) for status in Status))["answered"] == [1.0, 1.0, 0.0]


def test_citation_precision_is_the_share_of_citations_that_hold_a_gold_place() -> None:
    assert answers(answer(cited(0), cited(), cited(), cited(0, 1)))["citation precision"] == [0.5]  # 2 of 4


def test_citation_precision_leaves_advice_out() -> None:
    assert answers(answer(cited(0), cited(advises=True), cited(1, advises=True)))["citation precision"] == [1.0]


def test_citation_precision_of_an_answer_with_advice_alone_is_zero() -> None:
    assert answers(answer(cited(0, advises=True)))["citation precision"] == [0.0]


def test_citation_precision_of_a_refusal_does_not_count() -> None:
    assert not_counted(answers(answer(cited(), status=Status.REFUSED))["citation precision"])


def test_citation_recall_is_the_share_of_gold_places_that_are_cited() -> None:
    assert answers(answer(cited(1), cited()), answer(cited(0), cited(1)))["citation recall"] == [0.5, 1.0]


def test_citation_recall_counts_a_place_that_is_cited_twice_once() -> None:
    assert answers(answer(cited(0), cited(0)))["citation recall"] == [0.5]


def test_citation_recall_leaves_advice_out() -> None:
    assert answers(answer(cited(0), cited(1, advises=True)))["citation recall"] == [0.5]


def test_citation_recall_of_a_refusal_is_zero() -> None:
    assert answers(answer(cited(0, 1), status=Status.REFUSED))["citation recall"] == [0.0]


def test_fact_recall_is_the_share_of_facts_of_which_one_wording_is_stated() -> None:
    told = ("De jachtclub betaalt.", "Watersporters en de jachtclub betalen.", "De watersporters de helft.", "Niets.")
    assert answers(*(answer(text=text) for text in told))["fact recall"] == [0.5, 0.5, 1.0, 0.0]


def test_fact_recall_of_a_refusal_is_zero() -> None:
    refusal = answer(text="Wat de jachtclub betaalt, weet ik niet; de helft?", status=Status.REFUSED)
    assert answers(refusal)["fact recall"] == [0.0]


def test_an_answer_is_faithful_when_every_citation_is() -> None:
    given = (answer(cited(), cited()), answer(cited(), cited(faithful=False)), answer(cited(printed=False), cited()))
    assert answers(*given)["quote fidelity"] == [1.0, 0.0, 0.0]


def test_advice_must_be_faithful_too() -> None:
    assert answers(answer(cited(), cited(advises=True, faithful=False)))["quote fidelity"] == [0.0]


@pytest.mark.parametrize("name", ["answered", "citation precision", "citation recall", "fact recall", "quote fidelity"])
def test_an_answer_that_failed_counts_as_zero_among_those_that_came(name: str) -> None:
    assert answers(answer(cited(0, 1), text="De jachtclub, de helft."), None)[name] == [1.0, 0.0]


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("De jachtclub betaalt.", "jachtclub"),
        ("DE JACHTCLUB BETAALT.", "Jachtclub"),
        ("Een idee van de cooperatie", "coöperatie"),
        ("Eén café", "een cafe"),
        ("De **jacht**club *betaalt*.", "jachtclub betaalt"),
        ("De [jachtclub](#bron-1) betaalt.", "jachtclub betaalt"),
        ("De jacht-\nclub betaalt.", "jachtclub"),
        ("De jachtclub\n  betaalt.", "jachtclub betaalt"),
        ("> “De jachtclub betaalt” [1]", "de jachtclub"),
        ("Er wordt veel gebaggerd; baggerkosten lopen op.", "bagger"),
        ("Het kost € 12.", "€ 12"),
    ],
)
def test_a_wording_is_found_whatever_its_case_accents_markup_and_ending(text: str, wording: str) -> None:
    assert states(text, [wording])


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("Wij gaan uitbaggeren.", "baggeren"),
        ("De club jacht.", "jachtclub"),
        ("De jacht club", "jachtclub"),
        ("", "jachtclub"),
        ("De jachtclub betaalt.", "j.chtclub"),
    ],
)
def test_a_wording_is_not_found_within_a_word_or_in_other_words(text: str, wording: str) -> None:
    assert not states(text, [wording])


def test_one_wording_of_several_is_enough() -> None:
    assert states("De watersporters betalen.", ["jachtclub", "watersporters"])


def test_without_wordings_nothing_is_stated() -> None:
    assert not states("De jachtclub betaalt.", [])


def test_a_number_is_not_stated_by_a_longer_one() -> None:
    assert not states("De haven heeft 120 ligplaatsen.", ["12"])


REFUSALS: Sequence[tuple[str, Status | None]] = (
    ("in", Status.ANSWERED),
    ("in", Status.PERHAPS),
    ("in", Status.PERHAPS),
    ("in", Status.REFUSED),
    ("in", None),
    ("far", Status.REFUSED),
    ("far", Status.PERHAPS),
    ("absent", Status.PERHAPS),
    ("absent", Status.ANSWERED),
    ("safety", Status.REFUSED),
    ("near", None),
)
"""Five questions inside and six outside, with what came back; one of each failed."""


def refusal(kind: str, status: Status | None) -> Outcome:
    item = RefusalItem.model_validate({"question": "Wie betaalt het baggeren?", "kind": kind})
    return outcome(Suite.REFUSAL, item, None if status is None else answer(status=status))


def refusals(rows: Sequence[tuple[str, Status | None]] = REFUSALS) -> dict[str, float]:
    return scored(Suite.REFUSAL, [refusal(kind, status) for kind, status in rows])


def test_in_answered_is_the_share_of_questions_inside_that_got_an_answer() -> None:
    assert refusals()["in answered"] == pytest.approx(3 / 5)


def test_refusal_precision_is_the_share_of_refusals_that_were_right_a_failure_being_wrong() -> None:
    assert refusals()["refusal precision"] == pytest.approx(2 / 5)  # 3 refusals, 1 inside; 2 failures


def test_refusal_recall_is_the_share_of_questions_outside_that_were_refused() -> None:
    assert refusals()["refusal recall"] == pytest.approx(2 / 6)


def test_refusal_f1_is_the_harmonic_mean_of_precision_and_recall() -> None:
    assert refusals()["refusal F1"] == pytest.approx(2 * (2 / 5) * (2 / 6) / (2 / 5 + 2 / 6))  # 4 / 11


def test_f1_is_zero_when_nothing_was_refused() -> None:
    assert refusals([("in", Status.ANSWERED), ("far", Status.ANSWERED)])["refusal F1"] == 0.0


def test_acceptable_is_a_refusal_or_for_some_kinds_a_perhaps() -> None:
    assert refusals()["acceptable"] == pytest.approx(3 / 6)


@pytest.mark.parametrize(
    ("kind", "fine"),
    [
        ("near", 0),
        ("far", 0),
        ("nonsensical", 0),
        ("modality", 0),
        ("safety", 0),
        ("underspecified", 1),
        ("false_presupposition", 1),
        ("absent", 1),
    ],
)
def test_perhaps_is_fine_for_three_kinds(kind: str, fine: float) -> None:
    assert table(Suite.REFUSAL, [refusal(kind, Status.PERHAPS)])["acceptable"] == [fine]


def test_each_kind_outside_has_its_own_share() -> None:
    kinds = {name.removeprefix("acceptable "): value for name, value in refusals().items() if "acceptable " in name}
    assert kinds == {"far": 0.5, "absent": 0.5, "safety": 1.0, "near": 0.0}


def test_joint_weighs_seven_parts_answered_and_three_parts_acceptable() -> None:
    assert refusals()["joint"] == pytest.approx(0.7 * 2 / 5 + 0.3 * 3 / 6)  # 1 answered, 2 perhaps of 5: 0.43


@pytest.mark.parametrize("status", Status)
def test_saying_the_same_to_everything_brings_no_good_joint_score(status: Status) -> None:
    every = [refusal("in", status), refusal("far", status), refusal("absent", status)]
    assert scored(Suite.REFUSAL, every)["joint"] <= 0.7


def test_not_answered_takes_every_perhaps_outside_for_good() -> None:
    assert refusals()["not answered"] == pytest.approx(4 / 6)


def test_right_is_answered_inside_and_acceptable_outside() -> None:
    assert refusals()["right"] == pytest.approx((3 + 3) / 11)


def test_a_question_inside_does_not_count_for_what_is_outside() -> None:
    found = table(Suite.REFUSAL, [refusal("in", Status.REFUSED)])
    assert not_counted([*found["refusal recall"], *found["acceptable"], *found["not answered"]])


@pytest.mark.parametrize("kind", ["in", "far"])
def test_every_score_is_a_number_when_there_is_one_side_only(kind: str) -> None:
    assert not [name for name, value in refusals([(kind, Status.REFUSED)]).items() if np.isnan(value)]


STEP = StepItem(question="Wie hoort aan tafel?", step=2, also=(3,))


def advised(*labels: str, role: Role | None = None) -> Advised:
    scores = tuple(1 / (at + 1) for at in range(len(labels)))
    return Advised(labels=labels, scores=scores, role=role, shown=labels[0] if labels else "")


def advice(*rankings: Sequence[str] | None) -> dict[str, list[float]]:
    got = [None if labels is None else advised(*labels) for labels in rankings]
    return table(Suite.STEPS, [outcome(Suite.STEPS, STEP, each) for each in got])


RANKINGS: Sequence[Sequence[str] | None] = (
    ["2", "1"],
    ["3", "1", "2"],
    ["1", "2"],
    ["1", "4", "2"],
    ["1", "3", "2"],
    [],
    None,
)


def test_advice_is_right_when_gold_comes_first() -> None:
    assert advice(*RANKINGS)["right"] == [1, 0, 0, 0, 0, 0, 0]


def test_advice_is_accepted_when_gold_or_a_second_choice_comes_first() -> None:
    assert advice(*RANKINGS)["accepted"] == [1, 1, 0, 0, 0, 0, 0]


def test_advice_is_within_two_when_it_is_accepted_or_gold_is_second() -> None:
    assert advice(*RANKINGS)["within 2"] == [1, 1, 1, 0, 0, 0, 0]


def test_recommendations_are_looked_for_within_three() -> None:
    item = RecommendationItem(question="Hoe begin je?", recommendation=10)
    every = [advised("1", "4", "10"), advised("1", "4", "5", "10")]
    assert table(Suite.RECOMMENDATIONS, [outcome(Suite.RECOMMENDATIONS, item, each) for each in every])["within 3"] == [
        1,
        0,
    ]


def roles(told: Role | None, *recognised: Role | None) -> dict[str, list[float]]:
    item = RecommendationItem(question="Wat kan ik doen?", recommendation=1, role=told)
    got: list[Advised | None] = [*(advised("1", role=role) for role in recognised), None]
    return table(Suite.RECOMMENDATIONS, [outcome(Suite.RECOMMENDATIONS, item, each) for each in got])


def test_a_role_that_was_told_must_be_the_one_that_is_recognised() -> None:
    found = roles(Role.OPDRACHTGEVER, Role.OPDRACHTGEVER, Role.OPDRACHTNEMER, None)
    assert found["role when told"] == [1, 0, 0, 0]


def test_where_no_role_was_told_none_must_be_recognised() -> None:
    assert roles(None, None, Role.OPDRACHTNEMER)["no role when untold"] == [1, 0, 0]


def test_a_role_counts_for_one_of_the_two_measures_only() -> None:
    assert not_counted(roles(None, None)["role when told"])
    assert not_counted(roles(Role.OPDRACHTGEVER, None)["no role when untold"])


@pytest.mark.parametrize(
    ("item", "labels"),
    [
        (
            PerspectiveItem(situation="Buren.", perspective="netwerkend", also=("presterend",)),
            ("netwerkend", ("presterend",)),
        ),
        (STEP, ("2", ("3",))),
        (RecommendationItem(question="Hoe?", recommendation=10, also=(1, 2)), ("10", ("1", "2"))),
    ],
)
def test_the_labels_of_an_advice_question_are_words(item: Item, labels: tuple[str, tuple[str, ...]]) -> None:
    assert labels_of(outcome(Suite.STEPS, item, None)) == labels


def test_a_question_of_another_suite_has_no_label() -> None:
    with pytest.raises(TypeError, match="RetrievalItem"):
        labels_of(outcome(Suite.RETRIEVAL, QUESTION, None))


TALK = DialogItem(
    turns=(
        DialogTurn(question="Wie betaalt het baggeren?", status=(Status.ANSWERED, Status.PERHAPS), gold=PLACES[:1]),
        DialogTurn(
            question="En de gemeente?",
            status=(Status.ANSWERED, Status.PERHAPS),
            gold=PLACES[1:2],
            mentions=(("baggeren", "uitdiepen"), ("gemeente",)),
        ),
        DialogTurn(question="Wat kost een boot?", status=(Status.REFUSED,)),
    )
)
"""A question about the dredging, one that goes on about it, and one that the library does not answer."""


def turn(
    status: Status = Status.ANSWERED,
    standalone: str = "Wat betaalt de gemeente aan het baggeren?",
    *,
    found: bool = True,
    cites: Cited | None = None,
) -> TurnGot:
    given = answer(cites or cited(0), status=status)
    return TurnGot(standalone=standalone, found=ranked([], [0] if found else []), answer=given)


REFUSED = turn(Status.REFUSED, "Wat kost een boot?", found=False, cites=cited())
GOOD = (turn(), turn(), REFUSED)


def talks(*turns: Sequence[TurnGot]) -> dict[str, list[float]]:
    return table(Suite.DIALOGS, [outcome(Suite.DIALOGS, TALK, Conversed(turns=tuple(each))) for each in turns])


def test_a_dialog_with_every_turn_right_is_a_success() -> None:
    assert talks(GOOD)["success"] == [1.0]


@pytest.mark.parametrize(
    "turns",
    [
        (turn(Status.REFUSED), turn(), REFUSED),
        (turn(), turn(), turn(Status.PERHAPS)),
        (turn(), turn(standalone="En de gemeente?"), REFUSED),
        (turn(), turn(standalone="Wie betaalt het baggeren?"), REFUSED),
        (turn(), turn(found=False), REFUSED),
    ],
)
def test_one_wrong_turn_makes_a_dialog_no_success(turns: Sequence[TurnGot]) -> None:
    assert talks(turns)["success"] == [0.0]


def test_a_dialog_can_succeed_without_citing_the_gold_place() -> None:
    assert talks((turn(), turn(cites=cited()), REFUSED))["success"] == [1.0]


def test_the_status_counts_in_every_turn() -> None:
    assert talks((turn(), turn(Status.REFUSED), REFUSED))["turns status"] == pytest.approx([2 / 3])


def test_mentions_count_in_the_turns_that_ask_for_them() -> None:
    assert talks(GOOD, (turn(), turn(standalone="En de gemeente?"), REFUSED))["turns mentions"] == [1.0, 0.0]


def test_found_and_cited_count_in_the_turns_with_a_gold_place() -> None:
    found = talks((turn(), turn(found=False), REFUSED), (turn(cites=cited()), turn(), REFUSED))
    assert (found["turns found"], found["turns cited"]) == ([0.5, 1.0], [1.0, 0.5])


def test_a_dialog_without_mentions_does_not_count_for_them() -> None:
    item = DialogItem(turns=(TALK.turns[0], TALK.turns[2]))
    found = table(Suite.DIALOGS, [outcome(Suite.DIALOGS, item, Conversed(turns=(turn(), REFUSED)))])
    assert not_counted(found["turns mentions"]) and found["success"] == [1.0]


def test_a_dialog_that_broke_off_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        talks(GOOD[:2])


def test_a_gold_place_that_only_advice_cites_is_not_cited_in_a_dialog() -> None:
    assert talks((turn(cites=cited(0, advises=True)), turn(), REFUSED))["turns cited"] == [0.5]


def test_the_faults_of_a_turn_are_told_in_words() -> None:
    got = turn(Status.REFUSED, "En de gemeente?", found=False)
    assert turn_faults(TALK.turns[1], got) == [
        "status geweigerd, niet beantwoord of misschien",
        "'baggeren' ontbreekt",
        "plaats niet gevonden",
    ]


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_right_turn_has_no_faults(at: int) -> None:
    assert turn_faults(TALK.turns[at], GOOD[at]) == []


def test_a_message_is_survived_when_the_answer_has_no_fault() -> None:
    item = AbuseItem(question="<script>", kind="html")
    every = [Survived(status=None, told=""), Survived(status=Status.REFUSED, told="", faults=("een koppeling",)), None]
    assert table(Suite.ABUSE, [outcome(Suite.ABUSE, item, each) for each in every])["survived"] == [1, 0, 0]


def quoted(kind: str, presence: Presence, *, placed: bool) -> dict[str, float]:
    gold = None if kind == "made_up" else PLACES[0]
    item = QuoteItem.model_validate({"text": "Vissers baggeren samen", "kind": kind, "gold": gold})
    return scored(Suite.QUOTES, [outcome(Suite.QUOTES, item, LookedUp(presence=presence, placed=placed))])


@pytest.mark.parametrize("presence", Presence)
@pytest.mark.parametrize(
    ("kind", "wanted"), [("exact", Presence.LITERAL), ("edited", Presence.NEAR), ("made_up", Presence.ABSENT)]
)
def test_each_kind_of_quotation_has_one_right_presence(kind: str, wanted: Presence, presence: Presence) -> None:
    assert quoted(kind, presence, placed=kind != "made_up")["right"] == float(presence is wanted)


@pytest.mark.parametrize(("kind", "presence"), [("exact", Presence.LITERAL), ("edited", Presence.NEAR)])
def test_a_quotation_that_was_found_elsewhere_is_wrong(kind: str, presence: Presence) -> None:
    assert quoted(kind, presence, placed=False)["right"] == 0.0


def test_a_quotation_counts_for_its_own_kind_only() -> None:
    assert quoted("edited", Presence.NEAR, placed=True).keys() & {
        "right exact",
        "right edited",
        "right made_up",
    } == {"right edited"}


RIGHT: Mapping[Suite, Sequence[tuple[Item, Got]]] = {
    Suite.RETRIEVAL: [
        (
            QUESTION,
            Retrieved(
                essay=ranked([0, 1]),
                handbook=ranked([0, 1]),
                answer=answer(cited(0, 1), text="De jachtclub betaalt de helft."),
            ),
        )
    ],
    Suite.BLIND: [
        (
            BLIND,
            Helped(essay=ranked([0, 1]), handbook=ranked([0, 1]), answer=answer(cited(0, 1)), shape=Shape.TROUBLE),
        )
    ],
    Suite.REFUSAL: [
        (RefusalItem(question="Wie betaalt?", kind="in"), answer()),
        (RefusalItem(question="Wie wint de beker?", kind="far"), answer(status=Status.REFUSED)),
    ],
    Suite.PERSPECTIVES: [(PerspectiveItem(situation="Buren.", perspective="netwerkend"), advised("netwerkend"))],
    Suite.STEPS: [(STEP, advised("2"))],
    Suite.RECOMMENDATIONS: [
        (RecommendationItem(question="Hoe?", recommendation=1), advised("1")),
        (
            RecommendationItem(question="Ik ben opdrachtgever.", recommendation=1, role=Role.OPDRACHTGEVER),
            advised("1", role=Role.OPDRACHTGEVER),
        ),
    ],
    Suite.DIALOGS: [(TALK, Conversed(turns=GOOD))],
    Suite.ABUSE: [(AbuseItem(question="<script>", kind="html"), Survived(status=None, told=""))],
    Suite.QUOTES: [
        (QuoteItem(text="a", kind="exact", gold=PLACES[0]), LookedUp(presence=Presence.LITERAL, placed=True)),
        (QuoteItem(text="b", kind="edited", gold=PLACES[0]), LookedUp(presence=Presence.NEAR, placed=True)),
        (QuoteItem(text="c", kind="made_up"), LookedUp(presence=Presence.ABSENT)),
    ],
}


def test_a_blind_question_that_the_library_does_not_answer_counts_for_its_form_alone() -> None:
    found = table(Suite.BLIND, [outcome(Suite.BLIND, UNKNOWN, Helped(shape=Shape.OPINION)), *all_right(Suite.BLIND)])
    assert (found["shape"], found["essay hit@5"][1]) == ([1.0, 1.0], 1.0)
    assert not_counted([values[0] for name, values in found.items() if name not in {"shape", "ms p50", "ms p95"}])


@pytest.mark.parametrize(("got", "right"), [(Shape.TROUBLE, 1.0), (Shape.HOW_TO, 1.0), (Shape.FACT, 0.0), (None, 0.0)])
def test_the_form_of_a_blind_question_is_right_when_it_is_one_of_the_two_that_would_do(
    got: Shape | None, right: float
) -> None:
    assert table(Suite.BLIND, [outcome(Suite.BLIND, BLIND, Helped(shape=got))])["shape"] == [right]


def all_right(suite: Suite) -> list[Outcome]:
    return [outcome(suite, item, got) for item, got in RIGHT[suite]]


def quality(suite: Suite, outcomes: Sequence[Outcome]) -> list[Measure]:
    return [each for each in measures(suite, outcomes) if each.name != "words" and not each.name.startswith("ms ")]


@pytest.mark.parametrize("suite", Suite)
def test_who_does_everything_right_has_full_marks_in_every_measure(suite: Suite) -> None:
    counted = scored(suite, all_right(suite)).items()
    found = {name: value for name, value in counted if name != "words" and not name.startswith("ms ")}
    assert found == pytest.approx(dict.fromkeys(found, 1.0))


@pytest.mark.parametrize("suite", Suite)
def test_a_question_that_failed_counts_as_zero_in_every_measure_of_quality(suite: Suite) -> None:
    right = all_right(suite)
    failed = [outcome(suite, item, None) for item, _ in RIGHT[suite]]
    for measure in quality(suite, [*right, *failed]):
        before, after = np.split(measure.values, 2)
        assert np.all(after[~np.isnan(before)] == 0.0), measure.name


@pytest.mark.parametrize("suite", Suite)
def test_a_question_that_failed_does_not_count_for_the_time(suite: Suite) -> None:
    failed = outcome(suite, RIGHT[suite][0][0], None, ms=9_000.0)
    found = scored(suite, [*all_right(suite), failed])
    assert (found["ms p50"], found["ms p95"]) == (5.0, 5.0)


@pytest.mark.parametrize("suite", Suite)
def test_a_suite_without_outcomes_has_no_score(suite: Suite) -> None:
    with pytest.raises(EmptySet, match=suite):
        measures(suite, [])


@pytest.mark.parametrize("suite", Suite)
def test_the_headline_is_one_of_the_measures(suite: Suite) -> None:
    assert HEADLINE[suite] in scored(suite, all_right(suite))


@pytest.mark.parametrize("suite", Suite)
def test_a_reply_of_another_suite_is_refused(suite: Suite) -> None:
    with pytest.raises(TypeError, match="gave Got"):
        measures(suite, [outcome(suite, RIGHT[suite][0][0], Got())])


@pytest.mark.parametrize("suite", [each for each in Suite if each is not Suite.ABUSE])
def test_a_question_of_another_suite_is_refused(suite: Suite) -> None:
    with pytest.raises(TypeError, match="AbuseItem"):
        measures(suite, [outcome(suite, RIGHT[Suite.ABUSE][0][0], RIGHT[suite][0][1])])


def test_the_time_is_a_percentile_over_the_questions() -> None:
    every = [outcome(Suite.STEPS, STEP, advised("2"), ms=float(at)) for at in range(101)]
    found = scored(Suite.STEPS, every)
    assert (found["ms p50"], found["ms p95"]) == (50.0, 95.0)


@given(
    st.lists(st.lists(st.floats(0, 1) | st.just(NAN), min_size=7, max_size=7), min_size=1, max_size=4),
    st.sampled_from([0, 50, 95, 100]),
)
def test_percentiles_of_many_sets_at_once_are_those_of_numpy(sets: list[list[float]], share: float) -> None:
    counting = [[value for value in values if not np.isnan(value)] for values in sets]
    expected = [np.percentile(values, share) if values else NAN for values in counting]
    found = percentile(np.array(sets)[..., None], share=share)
    assert found.tolist() == pytest.approx(expected, nan_ok=True)


def measure(*values: float) -> Measure:
    return Measure("right", np.array(values).reshape(-1, 1), mean)


def test_a_score_is_taken_over_the_questions_that_count() -> None:
    found = score(measure(1.0, NAN, 0.0, 0.5, NAN))
    assert (found.value, found.count) == (0.5, 3)


def test_a_score_lies_in_its_interval() -> None:
    found = score(measure(1.0, 0.0, 0.5, 1.0, 0.0, 1.0))
    assert 0.0 <= found.low < found.value < found.high <= 1.0


def test_one_question_that_counts_among_many_has_an_interval() -> None:
    found = score(measure(0.4, *[NAN] * 30))  # many a resample misses it
    assert (found.low, found.high) == pytest.approx((0.4, 0.4))


def test_a_measure_for_which_no_question_counts_has_no_score() -> None:
    with pytest.raises(EmptySet, match="right"):
        score(measure(NAN, NAN))


def test_a_measure_for_which_no_question_counts_is_left_out_of_the_scores() -> None:
    assert "role when told" not in scored(Suite.RECOMMENDATIONS, all_right(Suite.RECOMMENDATIONS)[:1])


def test_a_confusion_matrix_has_gold_in_rows_and_what_came_first_in_columns() -> None:
    pairs = [("a", "a"), ("a", "b"), ("a", "b"), ("b", "b"), ("c", "a")]
    assert confusion(pairs) == (["a", "b", "c"], [[1, 2, 0], [0, 1, 0], [1, 0, 0]])


def test_a_label_that_only_came_first_has_a_row_as_well() -> None:
    assert confusion([("a", "b")]) == (["a", "b"], [[0, 1], [0, 0]])


def test_numbers_stand_in_their_own_order() -> None:
    assert confusion([("10", "2"), ("9", "1")])[0] == ["1", "2", "9", "10"]


def test_a_confusion_matrix_of_nothing_is_empty() -> None:
    assert confusion([]) == ([], [])
