"""Quotations made from essays that a generator wrote: whether each is what its kind says."""

from __future__ import annotations

import random
import re
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from evals import quotations as quoting
from evals.data import QuoteItem
from evals.errors import EmptySet
from evals.quotations import EDITED, EXACT, KNOWN_RUN, LONGEST, MADE_UP, SEED, SHORTEST, quotations

WHO = "De sluiswachter,De oude visser,Mijn buurvrouw,De havenmeester,Een jonge molenaar,De dijkgraaf,Elke schipper"
WHERE = "van Wierdam,uit het dorp,bij de haven,aan de overkant,van de vereniging,achter de dijk"
WHAT = "opent,schildert,bewaakt,herstelt,bezoekt,meet,tekent,verhuurt"
WHEN = "elke ochtend,in de winter,na de storm,op zaterdag,zonder haast,vóór het feest"
WHICH = "de kleine sluis,het houten gemaal,de brede kade,een lekke boot,de scheve toren,het natte veld"
WHY = "omdat het water stijgt,want niemand anders durft,zodat de kinderen kunnen schaatsen,om kosten te besparen"

UNREADABLE = "Zie www.sluis.example voor de tabel van alle boten die er in 2019 lagen."
SHORT = "Dat hielp."


def sentences(seed: int, count: int) -> list[str]:
    source = random.Random(seed)
    slots = [WHO, WHAT, WHEN, WHICH, WHERE, WHY]
    found: dict[str, None] = {}
    while len(found) < count:
        found[" ".join(source.choice(slot.split(",")) for slot in slots) + "."] = None
    return list(found)


def essay(seed: int, count: int = 60) -> str:
    """Paragraphs of five sentences, lines broken as on a page, some words at a hyphen."""
    written = sentences(seed, count)
    paragraphs = [" ".join(written[at : at + 5]) for at in range(0, count, 5)]
    lines = [textwrap.fill(each, 60).replace("kinderen\n", "kin-\nderen ") for each in paragraphs]
    return "\n\n".join(["Over sluizen", *lines, f"{UNREADABLE} {SHORT}"]) + "\n"


ESSAYS = {f"sluis-{number}": essay(number) for number in range(10)}


@pytest.fixture(scope="module")
def made() -> Sequence[QuoteItem]:
    return quotations(ESSAYS)


@pytest.fixture(scope="module")
def turned() -> Sequence[QuoteItem]:
    """Of the same essays in another order."""
    return quotations(dict(reversed(ESSAYS.items())))


@pytest.fixture(scope="module")
def others() -> Sequence[QuoteItem]:
    """With another seed."""
    return quotations(ESSAYS, seed=SEED + 1)


def of(made: Sequence[QuoteItem], kind: str) -> list[QuoteItem]:
    return [item for item in made if item.kind == kind]


def words(text: str) -> list[str]:
    """The words as one hears them: case, accents, punctuation and hyphens at line ends aside."""
    joined = re.sub(r"-\n(?=[a-z])", "", text).replace("€", "e")
    plain = unicodedata.normalize("NFD", joined.lower())
    bare = (re.sub(r"[^a-z0-9]", "", word) for word in plain.split())
    return [word for word in bare if word]


def runs(text: str) -> set[tuple[str, ...]]:
    """All runs of eight words."""
    row = words(text)
    return set(zip(*(row[at:] for at in range(KNOWN_RUN)), strict=False))


def heard(*texts: str) -> str:
    """The words in a row, to see whether others stand in it as whole words."""
    return f" {' '.join(words(' '.join(texts)))} "


def source_of(item: QuoteItem, essays: Mapping[str, str] = ESSAYS) -> str:
    assert item.gold is not None
    return essays[item.gold.source][item.gold.start : item.gold.end]


def test_there_are_as_many_of_each_kind_as_promised(made: Sequence[QuoteItem]) -> None:
    assert Counter(item.kind for item in made) == {"exact": EXACT, "edited": EDITED, "made_up": MADE_UP}


def test_the_same_seed_gives_the_same_quotations(made: Sequence[QuoteItem]) -> None:
    assert quotations(ESSAYS, seed=SEED) == made


@pytest.mark.parametrize(
    "kind",
    [
        "exact",
        "edited",
        "made_up",
    ],
)
def test_the_order_of_the_essays_changes_nothing(
    made: Sequence[QuoteItem], turned: Sequence[QuoteItem], kind: str
) -> None:
    assert of(turned, kind) == of(made, kind)


@pytest.mark.parametrize("kind", ["exact", "edited", "made_up"])
def test_another_seed_gives_other_quotations(made: Sequence[QuoteItem], others: Sequence[QuoteItem], kind: str) -> None:
    assert {item.text for item in of(others, kind)} != {item.text for item in of(made, kind)}


def test_every_essay_is_quoted(made: Sequence[QuoteItem]) -> None:
    assert {item.gold.source for item in made if item.gold} == ESSAYS.keys()


def test_no_two_quotations_have_the_same_id(made: Sequence[QuoteItem]) -> None:
    assert [id for id, count in Counter(item.id for item in made).items() if count > 1] == []


def test_no_place_is_quoted_twice(made: Sequence[QuoteItem]) -> None:
    places = Counter(item.gold for item in made if item.gold)
    assert len(places) == EXACT + EDITED


def test_exact_quotations_stand_in_their_place(made: Sequence[QuoteItem]) -> None:
    assert [item.text for item in of(made, "exact") if words(item.text) != words(source_of(item))] == []


def test_exact_quotations_come_with_and_without_line_ends(made: Sequence[QuoteItem]) -> None:
    assert {"\n" in item.text for item in of(made, "exact") if "\n" in source_of(item)} == {True, False}


def test_some_exact_quotations_stand_between_quotation_marks(made: Sequence[QuoteItem]) -> None:
    assert 0 < sum(item.text.startswith("“") and item.text.endswith("”") for item in of(made, "exact")) < EXACT


def test_quotations_are_whole_sentences(made: Sequence[QuoteItem]) -> None:
    wholes = [source_of(item) for item in made if item.gold]
    assert [each for each in wholes if not (each[0].isupper() and each.endswith("."))] == []


def test_one_or_two_sentences_are_quoted(made: Sequence[QuoteItem]) -> None:
    assert {source_of(item).count(".") for item in made if item.gold} == {1, 2}


def test_quotations_are_neither_short_nor_long(made: Sequence[QuoteItem]) -> None:
    counts = [len(source_of(item).split()) for item in made if item.gold]
    assert SHORTEST <= min(counts) <= max(counts) <= LONGEST


def test_quotations_stay_within_a_paragraph(made: Sequence[QuoteItem]) -> None:
    assert [item for item in made if item.gold and "\n\n" in source_of(item)] == []


def test_addresses_are_not_quoted(made: Sequence[QuoteItem]) -> None:
    assert [item for item in made if item.gold and "www" in source_of(item)] == []


def test_edited_quotations_do_not_stand_there_word_for_word(made: Sequence[QuoteItem]) -> None:
    everything = heard(*ESSAYS.values())
    assert [item.text for item in of(made, "edited") if heard(item.text) in everything] == []


def test_an_edit_that_changes_nothing_is_not_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quoting, "MADE_UP", 0)
    repeated = {"water": "\n\n".join(["Water " + "water " * 8 + "water."] * (EXACT + EDITED))}
    edited = of(quotations(repeated), "edited")
    assert [item.text for item in edited if words(item.text) == words(source_of(item, repeated))] == []


def test_edited_quotations_keep_most_words_of_their_place(made: Sequence[QuoteItem]) -> None:
    def kept(item: QuoteItem) -> float:
        source = Counter(words(source_of(item)))
        return (source & Counter(words(item.text))).total() / source.total()

    assert min(kept(item) for item in of(made, "edited")) >= 0.75


def test_made_up_quotations_come_from_nowhere(made: Sequence[QuoteItem]) -> None:
    assert {item.gold for item in of(made, "made_up")} == {None}


def test_made_up_quotations_share_no_run_of_eight_words_with_the_essays(made: Sequence[QuoteItem]) -> None:
    known = set().union(*(runs(text) for text in ESSAYS.values()))
    assert [item.text for item in of(made, "made_up") if runs(item.text) & known] == []


def test_made_up_quotations_are_in_the_words_of_the_essays(made: Sequence[QuoteItem]) -> None:
    known = {word for text in ESSAYS.values() for word in words(text)}
    assert [item.text for item in of(made, "made_up") if not known.issuperset(words(item.text))] == []


def test_made_up_quotations_read_as_sentences(made: Sequence[QuoteItem]) -> None:
    made_up = [item.text for item in of(made, "made_up")]
    assert [text for text in made_up if not (text[0].isupper() and re.search(r"\w\.$", text))] == []


@pytest.mark.parametrize(
    "essays",
    [
        {},
        {"sluizen": ""},
        {"sluizen": essay(1, 200)},
        {"sluizen": "\n\n".join([SHORT] * 1000)},
        {"sluizen": "\n\n".join([UNREADABLE] * 1000)},
    ],
    ids=["none", "empty", "little", "short sentences", "addresses"],
)
def test_too_little_text_is_an_empty_set(essays: Mapping[str, str]) -> None:
    with pytest.raises(EmptySet, match="make essays"):
        quotations(essays)


# The essays themselves


@pytest.fixture(scope="module")
def texts(essays: Path) -> Mapping[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(essays.glob("*.txt"))}


@pytest.fixture(scope="module")
def real(texts: Mapping[str, str]) -> Sequence[QuoteItem]:
    return quotations(texts)


def test_exact_quotations_of_the_essays_stand_in_their_place(
    real: Sequence[QuoteItem], texts: Mapping[str, str]
) -> None:
    exact = of(real, "exact")
    assert [item.text for item in exact if "".join(words(item.text)) != "".join(words(source_of(item, texts)))] == []


def test_edited_quotations_of_the_essays_do_not_stand_there(
    real: Sequence[QuoteItem], texts: Mapping[str, str]
) -> None:
    everything = heard(*texts.values())
    assert [item.text for item in of(real, "edited") if heard(item.text) in everything] == []


def test_made_up_quotations_share_no_run_of_eight_words_with_the_imported_essays(
    real: Sequence[QuoteItem], texts: Mapping[str, str]
) -> None:
    known = set().union(*(runs(text) for text in texts.values()))
    assert [item.text for item in of(real, "made_up") if runs(item.text) & known] == []


def test_no_two_quotations_of_the_essays_have_the_same_id(real: Sequence[QuoteItem]) -> None:
    assert [id for id, count in Counter(item.id for item in real).items() if count > 1] == []
