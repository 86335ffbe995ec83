"""Sheets for strict readers, and what their grades say."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from assistant.shape import Shape
from assistant.types import Status
from evals import grades
from evals.data import BlindItem, Place, Split, Suite, path_of, read
from evals.errors import EmptySet, InvalidData
from evals.grades import FOLDER, digest, graded, read_grades, sheet
from evals.outcomes import Answered, Helped, Outcome
from evals.runs import Run

PLACE = Place(source="haven", start=0, end=50)
ANSWER = Answered(status=Status.ANSWERED, text="Bel de veerman [1].")


def blind(question: str, answerable: str = "yes") -> BlindItem:
    gold = () if answerable == "no" else (PLACE,)
    fields: dict[str, object] = {"question": question, "role": "loods", "phase": "vast", "shape": Shape.TROUBLE}
    return BlindItem.model_validate({**fields, "answerable": answerable, "gold": gold})


def run(*outcomes: Outcome) -> Run:
    return Run("nu", {}, outcomes)


def given(item: BlindItem, grade: int, reader: str = "a") -> dict[str, object]:
    return {"id": item.id, "answer": digest(ANSWER), "grade": grade, "reader": reader, "why": "Zegt wie er belt."}


@pytest.fixture
def sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for sheets, with three blind questions in dev and one in train."""
    rows: Mapping[Split, Sequence[BlindItem]] = {
        Split.DEV: [blind("De pont ligt stil."), blind("Wie vaart?", "partly"), blind("Mag dat?", "no")],
        Split.TRAIN: [blind("Het veer is weg.")],
    }
    for split, items in rows.items():
        path = path_of(Suite.BLIND, split, tmp_path)
        path.parent.mkdir()
        path.write_text("".join(f"{item.model_dump_json()}\n" for item in items), encoding="utf-8")
    monkeypatch.setattr(grades, "path_of", lambda suite, split: path_of(suite, split, tmp_path))
    folder = tmp_path / "grades"
    folder.mkdir()
    return folder


def write(folder: Path, name: str, *rows: dict[str, object]) -> Path:
    path = folder / f"{name}.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_sheet_has_who_asked_what_and_the_answer_as_printed() -> None:
    item = blind("De pont ligt stil.")
    (line,) = sheet(run(Outcome(Suite.BLIND, "whole", item, Helped(answer=ANSWER), 1.0)))
    told = json.loads(line)
    assert (told["id"], told["role"], told["text"]) == (item.id, "loods", ANSWER.text)
    assert told["answer"] == digest(ANSWER)


def test_a_run_without_blind_answers_has_no_sheet() -> None:
    with pytest.raises(EmptySet, match="blind"):
        list(sheet(run(Outcome(Suite.BLIND, "whole", blind("Wie?"), None, 1.0, "OSError: weg"))))


def test_a_digest_changes_with_the_words_and_with_the_status() -> None:
    other = Answered(status=Status.PERHAPS, text=ANSWER.text)
    assert len({digest(ANSWER), digest(other), digest(Answered(status=Status.ANSWERED, text="Wacht."))}) == 3


def test_grades_are_counted_by_whether_the_library_answers(sets: Path) -> None:
    rows = [
        given(blind("De pont ligt stil."), 2),
        given(blind("Het veer is weg."), 0),
        given(blind("Mag dat?", "no"), 1),
    ]
    write(sets, "2026-01-01-voor", *rows)
    first, second = graded(sets)
    assert (first.group, first.count, second.group, second.count) == ("beantwoordbaar", 2, "niet", 1)
    assert {each.name: each.value for each in first.scores} == {
        "helpt": 0.5,
        "deels": 0.0,
        "helpt niet": 0.5,
        "gemiddeld": 1.0,
    }


def test_sheets_come_in_the_order_of_their_dates(sets: Path) -> None:
    for name in ("2026-02-01-na", "2026-01-01-voor"):
        write(sets, name, given(blind("Wie vaart?", "partly"), 1))
    assert [each.sheet for each in graded(sets)] == ["2026-01-01-voor", "2026-02-01-na"]


def test_without_sheets_there_are_no_grades(sets: Path) -> None:
    with pytest.raises(EmptySet, match="grades"):
        graded(sets)


@pytest.mark.parametrize("change", [{"grade": 3}, {"reader": ""}, {"answer": None}, {"extra": 1}])
def test_a_grade_of_another_form_is_named_by_its_line(sets: Path, change: dict[str, object]) -> None:
    right = given(blind("De pont ligt stil."), 2)
    with pytest.raises(InvalidData, match=r"blad\.jsonl, regel 2"):
        read_grades(write(sets, "blad", right, {**right, **change}))


def test_every_committed_grade_is_of_a_question_that_is_there() -> None:
    known = {item.id for split in Split for item in read(BlindItem, path_of(Suite.BLIND, split))}
    sheets = sorted(FOLDER.glob("*.jsonl"))
    assert sheets and all(each.id in known for path in sheets for each in read_grades(path))
