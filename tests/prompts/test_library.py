"""The practice models load as they are shipped, and a damaged file is refused with its name and key."""

import dataclasses
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

import prompts
from prompts import Anchor, BadFile, MissingFile, Practice, PromptError, Role, load

ROOT = Path(__file__).parents[2]
SHIPPED = Path(prompts.__file__).parent
STEP = Path("steps/1-vraagstuk.md")
PERSPECTIVE = Path("perspectives/netwerkend.md")
RECOMMENDATION = Path("recommendations/05-creeer-doorzettingskracht.md")

# Words that a reader of the essays knows and other people do not.
JARGON = re.compile(
    r"\b(arrangement|cement|governance|leefwereld|systeemwereld|borg\w*|containment|staande organisatie\w*"
    r"|doorzettings\w+|opdrachtgever|opdrachtnemer|principaal|stewardship)\b"
)


@pytest.fixture(scope="module")
def practice() -> Practice:
    return load()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for folder in ("steps", "perspectives", "recommendations"):
        shutil.copytree(SHIPPED / folder, tmp_path / folder)
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")


def front_of(path: Path) -> dict[str, object]:
    front = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n")[1])
    assert isinstance(front, dict)
    return front


def write(path: Path, front: dict[str, object]) -> None:
    path.write_text(f"---\n{yaml.safe_dump(front, allow_unicode=True)}---\n\nTekst.\n", encoding="utf-8")


def keys_of(file: Path) -> list[tuple[Path, str]]:
    return [(file, key) for key in front_of(SHIPPED / file)]


def anchors_of(practice: Practice) -> Iterator[Anchor]:
    for step in practice.steps:
        yield from step.anchors
    for perspective in practice.perspectives:
        yield from perspective.anchors
    for recommendation in practice.recommendations:
        yield from recommendation.anchors
        for cell in recommendation.roles:
            yield from cell.anchors


def sentences_in(text: str) -> int:
    return len(re.findall(r"[.?](?:\s|$)", text))


# The models as shipped


def test_there_are_five_steps_in_order(practice: Practice) -> None:
    assert [step.number for step in practice.steps] == [1, 2, 3, 4, 5]


def test_there_are_four_perspectives_in_order(practice: Practice) -> None:
    assert [each.id for each in practice.perspectives] == ["rechtmatig", "presterend", "netwerkend", "participerend"]


def test_there_are_ten_recommendations_in_order(practice: Practice) -> None:
    assert [each.number for each in practice.recommendations] == list(range(1, 11))


def test_every_recommendation_has_advice_for_every_role(practice: Practice) -> None:
    for recommendation in practice.recommendations:
        assert [cell.role for cell in recommendation.roles] == list(Role)


def test_advice_is_found_by_role(practice: Practice) -> None:
    money = practice.recommendations[3]
    assert money.advice_for(Role.OPDRACHTNEMER).advice.startswith("U hoeft de financiering niet te regelen")


def test_every_cell_of_the_matrix_differs(practice: Practice) -> None:
    cells = [cell.advice for recommendation in practice.recommendations for cell in recommendation.roles]
    assert len(set(cells)) == 40


def test_every_question_is_a_question(practice: Practice) -> None:
    for step in practice.steps:
        for question in (step.key_question, *step.follow_up_questions):
            assert question.endswith("?")


def test_advice_is_as_short_as_agreed(practice: Practice) -> None:
    for recommendation in practice.recommendations:
        assert 2 <= sentences_in(recommendation.advice) <= 3
        for cell in recommendation.roles:
            assert 1 <= sentences_in(cell.advice) <= 2


def test_single_sentences_are_single(practice: Practice) -> None:
    for step in practice.steps:
        assert sentences_in(step.go_back) == sentences_in(step.delivers) == 1
    for perspective in practice.perspectives:
        assert sentences_in(perspective.counterweight) == 1


def test_advice_for_a_role_speaks_to_the_reader(practice: Practice) -> None:
    for recommendation in practice.recommendations:
        for cell in recommendation.roles:
            assert re.match(r"U\b", cell.advice)


def test_general_advice_and_signals_avoid_the_words_of_the_essays(practice: Practice) -> None:
    texts: list[str] = []
    for step in practice.steps:
        texts += [*step.follow_up_questions, *step.signals]
    for perspective in practice.perspectives:
        texts += perspective.signals
    for recommendation in practice.recommendations:
        texts += [recommendation.advice, *recommendation.signals]
    assert [text for text in texts if JARGON.search(text.lower())] == []


@pytest.mark.parametrize("kind", ["steps", "perspectives", "recommendations"])
def test_a_signal_belongs_to_one_model_of_its_kind(practice: Practice, kind: str) -> None:
    signals = [signal for model in getattr(practice, kind) for signal in model.signals]
    assert len(set(signals)) == len(signals)


def test_the_text_below_the_front_matter_is_kept(practice: Practice) -> None:
    assert practice.steps[0].text.startswith("## Waarom deze stap?")


def test_a_role_has_a_label_for_a_dutch_sentence() -> None:
    assert [role.label for role in Role] == [
        "opdrachtgever",
        "opdrachtnemer",
        "staande organisatie",
        "organisatieadviseur",
    ]


def test_a_model_cannot_be_changed(practice: Practice) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        practice.steps[0].title = "Iets anders"  # type: ignore[misc]


def test_loading_twice_gives_the_same(practice: Practice) -> None:
    assert load() == practice


def test_every_anchor_lies_within_its_essay(practice: Practice) -> None:
    folder = Path(os.environ.get("OPGAVEWIJZER_ESSAYS", ROOT / "corpus" / "essays"))
    if not any(folder.glob("*.txt")):
        pytest.skip(f"no essays in {folder}; run `make essays SRC=dir` or set OPGAVEWIJZER_ESSAYS")
    essays = {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.txt")}
    for anchor in anchors_of(practice):
        stretch = essays[anchor.source][anchor.start : anchor.end]
        assert len(stretch) == anchor.end - anchor.start
        assert stretch == stretch.strip()


# Another folder


def test_a_copy_elsewhere_loads_the_same(copy: Path, practice: Practice) -> None:
    assert load(copy) == practice


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(copy: Path, practice: Practice) -> None:
    content = (copy / STEP).read_text(encoding="utf-8")
    (copy / STEP).write_text(content, encoding="utf-8-sig", newline="\r\n")
    assert load(copy) == practice


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingFile, match=r"de map .*/steps ontbreekt"):
        load(tmp_path)


@pytest.mark.parametrize(("file", "named"), [(STEP, "1"), (PERSPECTIVE, "netwerkend"), (RECOMMENDATION, "5")])
def test_a_missing_file_is_named(copy: Path, file: Path, named: str) -> None:
    (copy / file).unlink()
    with pytest.raises(MissingFile, match=f"/{file.parent} heeft 0 bestanden voor '{named}'"):
        load(copy)


def test_two_files_with_one_number_are_refused(copy: Path) -> None:
    shutil.copy(copy / STEP, copy / "steps" / "1-nog-een-keer.md")
    with pytest.raises(MissingFile, match="heeft 2 bestanden voor '1'"):
        load(copy)


def test_a_sixth_step_is_refused(copy: Path) -> None:
    write(copy / "steps" / "6-nog-een.md", front_of(copy / STEP) | {"number": 6})
    with pytest.raises(MissingFile, match="een bestand voor '6'"):
        load(copy)


# Front matter


@pytest.mark.parametrize(("file", "key"), [*keys_of(STEP), *keys_of(PERSPECTIVE), *keys_of(RECOMMENDATION)])
def test_a_missing_key_is_named_with_its_file(copy: Path, file: Path, key: str) -> None:
    front = front_of(copy / file)
    del front[key]
    write(copy / file, front)
    with pytest.raises(BadFile, match=f"{file}: '{key}' ontbreekt"):
        load(copy)


@pytest.mark.parametrize(("file", "key"), [*keys_of(STEP), *keys_of(PERSPECTIVE), *keys_of(RECOMMENDATION)])
def test_an_empty_value_is_named_with_its_file_and_key(copy: Path, file: Path, key: str) -> None:
    write(copy / file, front_of(copy / file) | {key: None})
    with pytest.raises(BadFile, match=f"{file}: '{key}' is None; maak"):
        load(copy)


@pytest.mark.parametrize("file", [STEP, PERSPECTIVE, RECOMMENDATION])
def test_an_unknown_key_is_named_with_its_file(copy: Path, file: Path) -> None:
    write(copy / file, front_of(copy / file) | {"kleur": "rood"})
    with pytest.raises(BadFile, match=f"{file}: 'kleur' is geen bekende sleutel"):
        load(copy)


def test_a_key_that_stands_twice_is_named(copy: Path) -> None:
    change(copy / STEP, "title: Het vraagstuk", "title: Het vraagstuk\ntitle: Een ander")
    with pytest.raises(BadFile, match=f"{STEP}: 'title' staat twee keer"):
        load(copy)


def test_a_text_that_yaml_reads_as_a_number_is_refused(copy: Path) -> None:
    change(copy / STEP, "title: Het vraagstuk", "title: 1")
    with pytest.raises(BadFile, match=f"{STEP}: 'title' is 1; maak er een tekst van"):
        load(copy)


def test_a_list_item_that_yaml_reads_as_a_mapping_is_refused(copy: Path) -> None:
    change(copy / STEP, "- Bedoelen we wel hetzelfde?", "- Bedoelen we: hetzelfde?")
    with pytest.raises(BadFile, match=f"{STEP}: 'signals' bevat {{'Bedoelen we': 'hetzelfde\\?'}}"):
        load(copy)


@pytest.mark.parametrize(
    ("file", "key", "least", "most"),
    [
        (STEP, "follow_up_questions", 4, 8),
        (STEP, "signals", 6, 12),
        (STEP, "pitfalls", 2, 4),
        (PERSPECTIVE, "signals", 8, 15),
        (RECOMMENDATION, "signals", 6, 12),
    ],
)
def test_a_list_has_its_bounds(copy: Path, file: Path, key: str, least: int, most: int) -> None:
    for count in (least, most):
        write(copy / file, front_of(copy / file) | {key: [f"regel {number}" for number in range(count)]})
        load(copy)
    for count in (least - 1, most + 1):
        write(copy / file, front_of(copy / file) | {key: [f"regel {number}" for number in range(count)]})
        with pytest.raises(BadFile, match=f"{file}: '{key}' heeft {count} regels; maak er {least} tot {most} van"):
            load(copy)


def test_a_list_item_that_stands_twice_is_refused(copy: Path) -> None:
    change(copy / STEP, "- Bedoelen we wel hetzelfde?", "- We vergaderen veel en schieten niets op.")
    with pytest.raises(BadFile, match=f"{STEP}: 'signals' bevat .* twee keer"):
        load(copy)


def test_a_number_follows_the_file_name(copy: Path) -> None:
    change(copy / STEP, "number: 1", "number: 2")
    with pytest.raises(BadFile, match=f"{STEP}: 'number' is 2; maak het gelijk aan de bestandsnaam: 1"):
        load(copy)


def test_a_file_name_begins_with_its_number(copy: Path) -> None:
    (copy / STEP).rename(copy / "steps" / "vraagstuk.md")
    with pytest.raises(BadFile, match=r"steps/vraagstuk\.md: de naam begint niet met een nummer"):
        load(copy)


def test_an_id_follows_the_file_name(copy: Path) -> None:
    change(copy / PERSPECTIVE, "id: netwerkend", "id: presterend")
    with pytest.raises(BadFile, match=f"{PERSPECTIVE}: 'id' is 'presterend'"):
        load(copy)


@pytest.mark.parametrize(
    "anchor",
    [
        "39151-39973",
        "leren-van-doen",
        "leren-van-doen 39151",
        "leren-van-doen 39973-39151",
        "leren-van-doen 39151-39151",
        "Leren van doen 39151-39973",
        "../leren 1-2",
    ],
)
def test_a_bad_anchor_is_named_with_its_file(copy: Path, anchor: str) -> None:
    change(copy / STEP, "leren-van-doen 39151-39973", anchor)
    with pytest.raises(BadFile, match=f"{STEP}: 'anchors' bevat '{re.escape(anchor)}'"):
        load(copy)


def test_a_missing_role_is_named(copy: Path) -> None:
    change(copy / RECOMMENDATION, "  organisatieadviseur:", "  adviseur:")
    with pytest.raises(BadFile, match=rf"{RECOMMENDATION}: 'roles\.organisatieadviseur' ontbreekt"):
        load(copy)


def test_an_unknown_role_is_named(copy: Path) -> None:
    change(copy / RECOMMENDATION, "signals:", "  burger:\n    advice: U doet mee.\nsignals:")
    with pytest.raises(BadFile, match=rf"{RECOMMENDATION}: 'roles\.burger' is geen bekende sleutel"):
        load(copy)


def test_a_cell_without_advice_is_named(copy: Path) -> None:
    change(copy / RECOMMENDATION, "    advice: U bent", "    tip: U bent")
    with pytest.raises(BadFile, match=rf"{RECOMMENDATION}: 'roles\.opdrachtgever\.advice' ontbreekt"):
        load(copy)


# Whole files


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ("", " heeft geen kop"),
        ("Alleen tekst.\n", " heeft geen kop"),
        ("---\nnumber: 1\n", " heeft geen kop"),
        ("---\nnumber: 1\n---\n \n", " heeft geen tekst onder de kop"),
        ("---\nnumber: [1\n---\nTekst.\n", ": de kop is geen geldige YAML"),
        ("---\n- 1\n---\nTekst.\n", r": de kop is \[1\]"),
        ("---\n!!python/object:os.system {}\n---\nTekst.\n", ": de kop is geen geldige YAML"),
    ],
)
def test_a_file_of_another_form_is_refused(copy: Path, content: str, wrong: str) -> None:
    (copy / STEP).write_text(content, encoding="utf-8")
    with pytest.raises(BadFile, match=f"{STEP}{wrong}"):
        load(copy)


def test_a_file_that_is_no_text_is_refused(copy: Path) -> None:
    (copy / STEP).write_bytes(b"---\n\xff\xfe")
    with pytest.raises(BadFile, match=f"{STEP} is niet te lezen"):
        load(copy)


def test_every_error_is_a_prompt_error() -> None:
    assert issubclass(BadFile, PromptError) and issubclass(MissingFile, PromptError)
