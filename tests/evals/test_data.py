"""The question sets: that every one reads, holds what was promised, and that a bad line is named."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

import pytest
from rapidfuzz import fuzz, process

from evals.data import (
    SCHEMAS,
    AbuseItem,
    BlindItem,
    DialogItem,
    Item,
    PerspectiveItem,
    Place,
    QuoteItem,
    RecommendationItem,
    RefusalItem,
    RetrievalItem,
    Split,
    StepItem,
    Suite,
    digest,
    path_of,
    read,
)
from evals.errors import EmptySet, InvalidData
from evals.measures import states
from index.sources import read_register
from index.types import Anchor
from prompts import Role
from prompts.library import PERSPECTIVES

PROJECT = Path(__file__).resolve().parents[2]
COMMITTED = [suite for suite in Suite if suite is not Suite.QUOTES]
ESSAYS = {
    "binnenstebuiten",
    "grenzeloos-verzameld",
    "leerlijn-energie-klimaat-ruimte",
    "leren-van-doen",
    "vragen-over-slim",
}

GOOD = '{"question": "Wie baggert?", "style": "plain", "gold": [GOLD], "facts": [["de jachtclub"]]}'.replace(
    "GOLD", '{"source": "havenboek", "start": 3, "end": 9}'
)
OTHER = GOOD.replace("Wie baggert?", "Wie schildert de trap?")


def dev(schema: type[Any], suite: Suite) -> list[Any]:
    return read(schema, path_of(suite, Split.DEV))


def kinds(schema: type[Item], field: str) -> set[str]:
    return set(get_args(schema.model_fields[field].annotation))


def written(folder: Path, *lines: str) -> Path:
    path = path_of(Suite.RETRIEVAL, Split.DEV, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{each}\n" for each in lines), encoding="utf-8")
    return path


def golds(items: Sequence[Item]) -> list[Place]:
    of_retrieval = [place for item in items if isinstance(item, RetrievalItem | BlindItem) for place in item.gold]
    turns = [turn for item in items if isinstance(item, DialogItem) for turn in item.turns]
    return of_retrieval + [place for turn in turns for place in turn.gold]


def wording(item: Item) -> str:
    """What the item asks, as far as two authors could have come to the same: of a conversation its first message."""
    asked = item.turns[0].question if isinstance(item, DialogItem) else item.asked
    return asked.casefold()


# What is committed


@pytest.mark.parametrize("split", Split)
@pytest.mark.parametrize("suite", COMMITTED)
def test_every_committed_set_reads(suite: Suite, split: Split) -> None:
    path = path_of(suite, split)
    assert len(read(SCHEMAS[suite], path)) == len(path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize(
    ("suite", "least"),
    [
        (Suite.RETRIEVAL, 300),
        (Suite.BLIND, 150),
        (Suite.PERSPECTIVES, 160),
        (Suite.STEPS, 100),
        (Suite.RECOMMENDATIONS, 160),
        (Suite.DIALOGS, 50),
        (Suite.ABUSE, 60),
    ],
)
def test_dev_has_enough_questions(suite: Suite, least: int) -> None:
    assert len(dev(SCHEMAS[suite], suite)) >= least


@pytest.mark.parametrize(
    ("style", "share"), [("plain", 0.45), ("other_words", 0.30), ("keywords", 0.10), ("typos", 0.10), ("english", 0.05)]
)
def test_every_style_has_its_share_of_the_retrieval_questions(style: str, share: float) -> None:
    styles = [item.style for item in dev(RetrievalItem, Suite.RETRIEVAL)]
    assert styles.count(style) / len(styles) == pytest.approx(share, abs=0.02)


def test_retrieval_asks_about_all_five_essays() -> None:
    assert {place.source for place in golds(dev(RetrievalItem, Suite.RETRIEVAL))} == ESSAYS


def test_refusal_has_enough_questions_out_of_scope() -> None:
    assert sum(item.kind != "in" for item in dev(RefusalItem, Suite.REFUSAL)) >= 150


@pytest.mark.parametrize("split", Split)
def test_refusal_has_every_kind(split: Split) -> None:
    items = read(RefusalItem, path_of(Suite.REFUSAL, split))
    assert {item.kind for item in items} == kinds(RefusalItem, "kind")


def test_every_perspective_has_at_least_forty_situations() -> None:
    counts = Counter(item.perspective for item in dev(PerspectiveItem, Suite.PERSPECTIVES))
    assert {perspective for perspective, count in counts.items() if count >= 40} == set(PERSPECTIVES)


def test_every_step_is_asked_about() -> None:
    assert {item.step for item in dev(StepItem, Suite.STEPS)} == {1, 2, 3, 4, 5}


def test_every_recommendation_is_asked_about() -> None:
    items = dev(RecommendationItem, Suite.RECOMMENDATIONS)
    assert {item.recommendation for item in items} == set(range(1, 11))


def test_recommendations_are_asked_by_every_role_and_by_none() -> None:
    assert {item.role for item in dev(RecommendationItem, Suite.RECOMMENDATIONS)} == {None, *Role}


def test_abuse_has_every_kind() -> None:
    assert {item.kind for item in dev(AbuseItem, Suite.ABUSE)} == kinds(AbuseItem, "kind")


@pytest.mark.parametrize("split", Split)
def test_a_second_choice_is_a_known_perspective_other_than_the_first(split: Split) -> None:
    items = read(PerspectiveItem, path_of(Suite.PERSPECTIVES, split))
    assert [item for item in items if not {*item.also} <= {*PERSPECTIVES} - {item.perspective}] == []


@pytest.mark.parametrize("split", Split)
def test_a_second_choice_is_a_known_step_other_than_the_first(split: Split) -> None:
    items = read(StepItem, path_of(Suite.STEPS, split))
    assert [item for item in items if not {*item.also} <= {*range(1, 6)} - {item.step}] == []


@pytest.mark.parametrize("split", Split)
def test_a_second_choice_is_a_known_recommendation_other_than_the_first(split: Split) -> None:
    items = read(RecommendationItem, path_of(Suite.RECOMMENDATIONS, split))
    assert [item for item in items if not {*item.also} <= {*range(1, 11)} - {item.recommendation}] == []


@pytest.mark.parametrize("suite", COMMITTED)
def test_no_question_is_both_in_train_and_in_dev(suite: Suite) -> None:
    train, reported = ({wording(item) for item in read(SCHEMAS[suite], path_of(suite, split))} for split in Split)
    assert train & reported == set()


@pytest.mark.parametrize("suite", COMMITTED)
def test_no_question_of_train_is_nearly_one_of_dev(suite: Suite) -> None:
    train, reported = (
        [item.asked.casefold() for item in read(SCHEMAS[suite], path_of(suite, split))] for split in Split
    )
    longer = [asked for asked in train if len(asked) > 8]
    near = [(asked, process.extractOne(asked, reported, scorer=fuzz.ratio)) for asked in longer]
    assert [(asked, found[0]) for asked, found in near if found[1] >= 80] == []


@pytest.mark.parametrize("split", Split)
@pytest.mark.parametrize("suite", COMMITTED)
def test_no_set_asks_the_same_twice(suite: Suite, split: Split) -> None:
    counts = Counter(item.asked.casefold() for item in read(SCHEMAS[suite], path_of(suite, split)))
    assert [asked for asked, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("split", Split)
@pytest.mark.parametrize("suite", [Suite.RETRIEVAL, Suite.BLIND, Suite.DIALOGS])
def test_gold_lies_in_registered_publications(suite: Suite, split: Split) -> None:
    known = read_register(PROJECT / "corpus" / "sources.toml").publications
    assert {place.source for place in golds(read(SCHEMAS[suite], path_of(suite, split)))} <= known.keys()


@pytest.mark.parametrize("split", Split)
@pytest.mark.parametrize("suite", [Suite.RETRIEVAL, Suite.BLIND, Suite.DIALOGS])
def test_gold_lies_within_its_essay(essays: Path, suite: Suite, split: Split) -> None:
    texts = imported(essays)
    places = golds(read(SCHEMAS[suite], path_of(suite, split)))
    assert [place for place in places if place.end > len(texts[place.source])] == []


@pytest.mark.parametrize("split", Split)
@pytest.mark.parametrize("suite", [Suite.RETRIEVAL, Suite.BLIND, Suite.DIALOGS])
def test_gold_neither_begins_nor_ends_with_white_space(essays: Path, suite: Suite, split: Split) -> None:
    texts = imported(essays)
    stretches = [
        texts[each.source][each.start : each.end] for each in golds(read(SCHEMAS[suite], path_of(suite, split)))
    ]
    assert [stretch for stretch in stretches if stretch != stretch.strip()] == []


@pytest.mark.parametrize(
    "split",
    [
        Split.TRAIN,
        Split.DEV,
    ],
)
def test_gold_states_every_fact_in_one_of_its_wordings(essays: Path, split: Split) -> None:
    texts = imported(essays)
    items = read(RetrievalItem, path_of(Suite.RETRIEVAL, split))
    stated = {item.id: "\n\n".join(texts[each.source][each.start : each.end] for each in item.gold) for item in items}
    assert [(item.asked, fact) for item in items for fact in item.facts if not states(stated[item.id], fact)] == []


def imported(folder: Path) -> dict[str, str]:
    texts = {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.txt")}
    if missing := ESSAYS - texts.keys():
        pytest.skip(f"niet overgenomen: {', '.join(sorted(missing))}")
    return texts


# Reading


def test_questions_are_read_in_their_order(tmp_path: Path) -> None:
    items = read(RetrievalItem, written(tmp_path, OTHER, GOOD))
    assert [item.question for item in items] == ["Wie schildert de trap?", "Wie baggert?"]


def test_a_place_is_an_anchor_of_the_library(tmp_path: Path) -> None:
    assert read(RetrievalItem, written(tmp_path, GOOD))[0].gold[0].anchor == Anchor("havenboek", 3, 9)


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ('"style"', '"hint": "slib", "style"'),
        ('"plain"', '"verbose"'),
        ('"Wie schildert de trap?"', '""'),
        ('"Wie schildert de trap?"', "null"),
        ('"start": 3, "end": 9', '"start": 9, "end": 3'),
        ('"start": 3, "end": 9', '"start": 3, "end": 3'),
        ('"start": 3', '"start": -3'),
        ('"source": "havenboek"', '"source": ""'),
        ('[{"source": "havenboek", "start": 3, "end": 9}]', "[]"),
        ('[["de jachtclub"]]', "[]"),
        ('[["de jachtclub"]]', "[[]]"),
        (', "facts": [["de jachtclub"]]', ""),
        ("}", ""),
        (OTHER, ""),
        (OTHER, "[]"),
        (OTHER, GOOD),
    ],
)
def test_a_line_that_is_not_of_the_form_is_named(tmp_path: Path, good: str, bad: str) -> None:
    assert OTHER.count(good) == 1 or good == "}"
    with pytest.raises(InvalidData, match=r"dev/retrieval\.jsonl, regel 2: "):
        read(RetrievalItem, written(tmp_path, GOOD, OTHER.replace(good, bad)))


def test_the_field_that_is_wrong_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidData, match=r"regel 1: gold\.0\.start"):
        read(RetrievalItem, written(tmp_path, GOOD.replace('"start": 3', '"start": "begin"')))


def test_a_question_with_another_style_is_refused_as_asked_before(tmp_path: Path) -> None:
    with pytest.raises(InvalidData, match="regel 2"):
        read(RetrievalItem, written(tmp_path, GOOD, GOOD.replace("plain", "keywords")))


@pytest.mark.parametrize(
    ("schema", "bad"),
    [
        (RefusalItem, '{"question": "Wie?", "kind": "ver weg"}'),
        (RefusalItem, '{"question": "Wie?"}'),
        (PerspectiveItem, '{"situation": "Zes dorpen.", "perspective": "dwingend"}'),
        (StepItem, '{"question": "Wie?", "step": 6}'),
        (RecommendationItem, '{"question": "Wie?", "recommendation": 0}'),
        (RecommendationItem, '{"question": "Wie?", "recommendation": 1, "role": "visser"}'),
        (DialogItem, '{"turns": [{"question": "Wie?", "status": ["beantwoord"]}]}'),
        (DialogItem, '{"turns": [{"question": "Wie?", "status": []}, {"question": "Wat?", "status": ["misschien"]}]}'),
        (DialogItem, '{"turns": [{"question": "Wie?", "status": ["ja"]}, {"question": "Wat?", "status": ["nee"]}]}'),
        (AbuseItem, '{"question": "Wie?", "kind": "boos"}'),
        (AbuseItem, '{"question": "Wie?", "kind": "long", "repeat": 0}'),
        (QuoteItem, '{"text": "", "kind": "exact"}'),
    ],
)
def test_every_suite_has_a_form(tmp_path: Path, schema: type[Item], bad: str) -> None:
    with pytest.raises(InvalidData, match="regel 1"):
        read(schema, written(tmp_path, bad))


def test_a_file_without_questions_is_an_empty_set(tmp_path: Path) -> None:
    with pytest.raises(EmptySet, match=r"dev/retrieval\.jsonl"):
        read(RetrievalItem, written(tmp_path))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidData, match=r"retrieval\.jsonl"):
        read(RetrievalItem, path_of(Suite.RETRIEVAL, Split.DEV, tmp_path))


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    path.write_bytes(GOOD.replace("Wie", "Coöperatie: wie").encode("latin-1"))
    with pytest.raises(InvalidData, match=r"retrieval\.jsonl"):
        read(RetrievalItem, path)


def test_a_message_may_be_empty_only_where_it_is_abuse(tmp_path: Path) -> None:
    assert read(AbuseItem, written(tmp_path, '{"question": "", "kind": "empty"}'))[0].asked == ""


def test_a_long_message_is_repeated() -> None:
    assert AbuseItem(question="haven ", kind="long", repeat=3).asked == "haven haven haven "


# Ids and lines


@pytest.mark.parametrize("answerable", ["yes", "partly", "no"])
def test_a_blind_question_has_gold_when_it_can_be_answered_and_not_otherwise(answerable: str) -> None:
    place = {"source": "havenboek", "start": 3, "end": 9}
    fields = {"question": "Wie?", "role": "loods", "phase": "voor", "shape": "role", "answerable": answerable}
    gold = [] if answerable == "no" else [place]
    assert BlindItem.model_validate({**fields, "gold": gold}).answerable == answerable
    with pytest.raises(ValueError, match="gold places"):
        BlindItem.model_validate({**fields, "gold": [] if gold else [place]})


def test_blind_questions_come_from_many_roles_in_every_phase() -> None:
    items: list[BlindItem] = dev(BlindItem, Suite.BLIND)
    assert len({item.role for item in items}) >= 20 and {item.phase for item in items} == kinds(BlindItem, "phase")


def test_ids_do_not_depend_on_the_order_of_the_lines(tmp_path: Path) -> None:
    first = {item.question: item.id for item in read(RetrievalItem, written(tmp_path, GOOD, OTHER))}
    assert {item.question: item.id for item in read(RetrievalItem, written(tmp_path, OTHER, GOOD))} == first


def test_ids_do_not_depend_on_the_order_of_the_keys(tmp_path: Path) -> None:
    turned = json.dumps(dict(reversed(json.loads(GOOD).items())))
    assert read(RetrievalItem, written(tmp_path, turned))[0].id == read(RetrievalItem, written(tmp_path, GOOD))[0].id


def test_a_question_that_was_changed_has_another_id() -> None:
    ids = {StepItem(question=question, step=step).id for question in ("Wie?", "Wat?") for step in (1, 2)}
    assert len(ids) == 4


@pytest.mark.parametrize("suite", COMMITTED)
def test_an_item_reads_back_from_its_line(tmp_path: Path, suite: Suite) -> None:
    items = dev(SCHEMAS[suite], suite)
    assert read(SCHEMAS[suite], written(tmp_path, *(item.model_dump_json() for item in items))) == items


@pytest.mark.parametrize("separator", ["\n", "\r", "\x0b"])
def test_an_item_with_a_line_separator_reads_back(tmp_path: Path, separator: str) -> None:
    item = AbuseItem(question=f"Wie{separator}baggert?", kind="format")
    assert read(AbuseItem, written(tmp_path, item.model_dump_json())) == [item]


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029"])
def test_an_item_with_a_separator_that_json_leaves_alone_reads_back(tmp_path: Path, separator: str) -> None:
    item = AbuseItem(question=f"Wie{separator}baggert?", kind="format")
    assert read(AbuseItem, written(tmp_path, item.model_dump_json())) == [item]


def test_a_changed_set_has_another_digest(tmp_path: Path) -> None:
    before = digest(written(tmp_path, GOOD))
    assert digest(written(tmp_path, OTHER)) != before == digest(written(tmp_path, GOOD))
