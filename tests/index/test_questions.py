"""The question bank, and the passages to which a question belongs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import InvalidCorpus
from index.questions import BankQuestion, assign, mean_of_nearest, read_bank, read_families, read_wordings
from index.types import Anchor, Kind, Passage


def essay(start: int, end: int, *, source: str = "havenboek", kind: Kind = Kind.ESSAY) -> Passage:
    return Passage(f"{source}:{start}-{end}", source, kind, start, end, "")


def section(*origins: tuple[int, int], source: str = "havenboek") -> Passage:
    return Passage("s", "handboek-a", Kind.HANDBOOK, 0, 9, "", origins=tuple(Anchor(source, *each) for each in origins))


def belongs(anchor: tuple[int, int], *passages: Passage) -> list[int]:
    return assign([Anchor("havenboek", *anchor)], passages)[0]


def test_read_bank_gives_each_question_with_its_anchor(tmp_path: Path) -> None:
    (tmp_path / "havenboek.jsonl").write_text(
        '{"start": 3, "end": 9, "questions": ["Wie?", "Wat?"]}\n\n', encoding="utf-8"
    )
    anchor = Anchor("havenboek", 3, 9)
    assert read_bank(tmp_path) == [BankQuestion("Wie?", anchor), BankQuestion("Wat?", anchor)]


def test_a_folder_without_questions_is_an_empty_bank(tmp_path: Path) -> None:
    assert read_bank(tmp_path) == []


@pytest.mark.parametrize(
    "line",
    [
        "geen json",
        '{"start": 3, "end": 9}',
        '{"start": "x", "end": 9, "questions": ["a"]}',
        "[1, 2]",
        '{"questions": 3}',
    ],
)
def test_a_line_that_cannot_be_read_is_named_by_file_and_number(tmp_path: Path, line: str) -> None:
    good = '{"start": 3, "end": 9, "questions": ["Wie?"]}'
    (tmp_path / "havenboek.jsonl").write_text(f"{good}\n{line}\n", encoding="utf-8")
    with pytest.raises(InvalidCorpus, match=r"havenboek\.jsonl, regel 2"):
        read_bank(tmp_path)


def test_a_stretch_that_ends_before_it_begins_is_refused(tmp_path: Path) -> None:
    (tmp_path / "havenboek.jsonl").write_text('{"start": 9, "end": 9, "questions": ["Wie?"]}\n', encoding="utf-8")
    with pytest.raises(InvalidCorpus, match=r"havenboek\.jsonl, regel 1"):
        read_bank(tmp_path)


def test_questions_that_are_no_list_are_refused(tmp_path: Path) -> None:
    (tmp_path / "havenboek.jsonl").write_text('{"start": 3, "end": 9, "questions": "Wie?"}\n', encoding="utf-8")
    with pytest.raises(InvalidCorpus, match=r"havenboek\.jsonl, regel 1"):
        read_bank(tmp_path)


def test_wordings_are_read_by_the_title_of_their_section(tmp_path: Path) -> None:
    path = tmp_path / "wordings.jsonl"
    path.write_text('{"section": "Wie vaart er?", "questions": ["wie zit er op de boot", "Wie?"]}\n', encoding="utf-8")
    assert read_wordings(path) == {"Wie vaart er?": ("wie zit er op de boot", "Wie?")}


def test_without_a_file_there_are_no_wordings(tmp_path: Path) -> None:
    assert read_wordings(tmp_path / "wordings.jsonl") == {}


@pytest.mark.parametrize(
    "line",
    [
        "geen json",
        '{"questions": ["Wie?"]}',
        '{"section": 3, "questions": ["Wie?"]}',
        '{"section": "Wie?", "questions": "Wie?"}',
        '{"section": "Eerst?", "questions": []}',
    ],
    ids=["no json", "no section", "no title", "no list", "twice"],
)
def test_a_line_of_wordings_that_cannot_be_read_is_named_by_number(tmp_path: Path, line: str) -> None:
    path = tmp_path / "wordings.jsonl"
    path.write_text('{"section": "Eerst?", "questions": ["Wie eerst?"]}\n' + line, encoding="utf-8")
    with pytest.raises(InvalidCorpus, match=r"wordings\.jsonl, regel 2"):
        read_wordings(path)


def test_families_are_words_between_semicolons(tmp_path: Path) -> None:
    path = tmp_path / "families.txt"
    path.write_text("boot; schip ; schuit\n\nalleen\nvaren; zeilen;\n", encoding="utf-8")
    assert read_families(path) == [("boot", "schip", "schuit"), ("varen", "zeilen")]
    assert read_families(tmp_path / "geen.txt") == []


def test_a_group_is_as_near_as_its_three_nearest_questions() -> None:
    near = np.array([0.9, 0.1, 0.6, 0.3, 0.9, -0.5], dtype=np.float32)
    found = mean_of_nearest(near, np.array([0, 4, 5]))
    assert found.tolist() == pytest.approx([(0.9 + 0.6 + 0.3) / 3, 0.9 / 3, 0.0])


@given(
    st.lists(st.lists(st.sampled_from([-0.25, 0.0, 0.25, 0.5, 1.0]), min_size=1, max_size=6), min_size=1, max_size=5)
)
def test_the_mean_of_the_nearest_is_that_of_sorting(groups: list[list[float]]) -> None:
    starts = np.cumsum([0, *map(len, groups)])[:-1]
    found = mean_of_nearest(np.array([each for group in groups for each in group], dtype=np.float32), starts)
    expected = [sum(max(each, 0.0) for each in sorted(group)[-3:]) / 3 for group in groups]
    assert found.tolist() == pytest.approx(expected)


def test_a_passage_that_holds_half_of_the_anchor_counts() -> None:
    assert belongs((100, 200), essay(0, 150), essay(151, 400)) == [0]


def test_a_passage_that_holds_less_than_half_of_the_anchor_does_not_count() -> None:
    assert belongs((100, 200), essay(0, 149)) == []


def test_a_passage_that_lies_for_half_within_a_long_anchor_counts() -> None:
    assert belongs((100, 900), essay(50, 150), essay(49, 149), essay(200, 300)) == [0, 2]


def test_a_passage_of_another_essay_does_not_count() -> None:
    assert belongs((100, 200), essay(100, 200, source="bosatlas")) == []


def test_an_own_document_does_not_count() -> None:
    assert belongs((100, 200), essay(100, 200, kind=Kind.OWN)) == []


def test_a_section_counts_when_60_percent_of_the_anchor_lies_in_one_origin() -> None:
    assert belongs((100, 200), section((0, 160)), section((0, 159))) == [0]


def test_two_origins_of_a_section_do_not_add_up() -> None:
    assert belongs((100, 200), section((100, 150), (150, 200)), section((100, 160))) == [1]


def test_an_origin_of_4000_characters_does_not_count() -> None:
    assert belongs((100, 200), section((0, 4000))) == []


def test_an_origin_just_shorter_than_4000_characters_counts() -> None:
    assert belongs((100, 200), section((0, 3999))) == [0]


def test_where_no_section_has_60_percent_the_one_that_has_most_counts() -> None:
    assert belongs((100, 200), section((0, 145)), section((145, 300)), section((190, 300))) == [1]


def test_a_section_that_shares_nothing_never_counts() -> None:
    assert belongs((100, 200), section((200, 300)), section((0, 100))) == []


def test_a_question_belongs_to_essay_passages_and_sections_at_once() -> None:
    assert belongs((100, 200), section((0, 300)), essay(0, 300), section((400, 500))) == [0, 1]


def test_every_anchor_gets_its_own_answer_in_order() -> None:
    anchors = [Anchor("havenboek", 0, 10), Anchor("bosatlas", 0, 10), Anchor("elders", 0, 10)]
    assert assign(anchors, [essay(0, 20, source="bosatlas"), essay(0, 20)]) == [[1], [0], []]


@given(st.integers(0, 50), st.integers(1, 50), st.lists(st.tuples(st.integers(0, 90), st.integers(1, 60)), max_size=6))
def test_essay_passages_count_as_the_rule_says_letter_by_letter(
    start: int, length: int, places: list[tuple[int, int]]
) -> None:
    anchor = set(range(start, start + length))
    stretches = [set(range(at, at + size)) for at, size in places]
    expected = [
        position
        for position, held in enumerate(stretches)
        if len(held & anchor) * 2 >= len(anchor) or len(held & anchor) * 2 >= len(held)
    ]
    assert belongs((start, start + length), *(essay(at, at + size) for at, size in places)) == expected
