"""The handbook: sections with anchors, and the mistakes that are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import InvalidCorpus, UnreadableDocument
from index.handbook import read_chapter, split_chapter
from index.types import Anchor, Kind, Passage, Source

CHAPTER = """\
---
title: Varen en delen
---

# Varen en delen

Een inleiding zonder plaats.

## Wie vaart er?
<!-- bronnen: havenboek 10-250; bos-atlas-2 7-9 -->

Iedereen vaart.

Ook wie geen boot heeft.

## Wie deelt er?
<!-- bronnen: havenboek 300-400 -->
Niemand deelt.
"""


def chapter(folder: Path, text: str) -> Source:
    path = folder / "varen.md"
    path.write_text(text, encoding="utf-8")
    return read_chapter(path, 2026)


def passages(folder: Path, text: str = CHAPTER) -> list[Passage]:
    return split_chapter(chapter(folder, text))


def test_a_chapter_is_a_source_of_the_handbook(tmp_path: Path) -> None:
    source = chapter(tmp_path, CHAPTER)
    assert (source.slug, source.kind, source.title, source.year) == (
        "handboek-varen",
        Kind.HANDBOOK,
        "Varen en delen",
        2026,
    )


def test_each_section_is_one_passage_of_its_text_alone(tmp_path: Path) -> None:
    assert [each.text for each in passages(tmp_path)] == [
        "Iedereen vaart.\n\nOok wie geen boot heeft.",
        "Niemand deelt.",
    ]


def test_the_passages_of_a_chapter_are_verbatim(tmp_path: Path) -> None:
    text = chapter(tmp_path, CHAPTER).text
    assert all(text[each.start : each.end] == each.text for each in passages(tmp_path))


def test_a_section_names_the_places_it_rests_on(tmp_path: Path) -> None:
    assert passages(tmp_path)[0].origins == (Anchor("havenboek", 10, 250), Anchor("bos-atlas-2", 7, 9))


def test_a_section_may_tell_how_else_people_ask_it(tmp_path: Path) -> None:
    worded = CHAPTER.replace("7-9 -->\n", "7-9 -->\n<!-- ook: wie zit er op zee; Wie vaart? -->\n")
    first, second = passages(tmp_path, worded)
    assert first.wordings == ("wie zit er op zee", "Wie vaart?") and second.wordings == ()
    assert first.text == passages(tmp_path)[0].text and first.questions == ("Wie vaart er?", *first.wordings)


def test_a_title_that_asks_nothing_is_no_question(tmp_path: Path) -> None:
    assert passages(tmp_path, CHAPTER.replace("Wie vaart er?", "Varen"))[0].questions == ()


def test_wordings_without_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidCorpus, match="Wie deelt er"):
        passages(tmp_path, CHAPTER.replace("Niemand deelt.", "<!-- ook: wie geeft er wat -->"))


def test_a_section_knows_its_heading(tmp_path: Path) -> None:
    assert [each.headings for each in passages(tmp_path)] == [
        ("Varen en delen", "Wie vaart er?"),
        ("Varen en delen", "Wie deelt er?"),
    ]


def test_a_chapter_without_title_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InvalidCorpus, match=r"varen\.md.*title"):
        chapter(tmp_path, "## Wie?\n\nIedereen.\n")


def test_an_empty_chapter_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match=r"varen\.md"):
        chapter(tmp_path, "")


def test_a_section_without_anchors_is_refused_by_chapter_and_title(tmp_path: Path) -> None:
    with pytest.raises(InvalidCorpus, match=r"handboek-varen.*'Wie dan'.*bronnen"):
        passages(tmp_path, "# Varen\n\n## Wie dan\n\nIedereen.\n")


def test_the_anchors_of_the_next_section_do_not_count(tmp_path: Path) -> None:
    with pytest.raises(InvalidCorpus, match="'Een'"):
        passages(tmp_path, "# Varen\n\n## Een\n\nTekst.\n\n## Twee\n<!-- bronnen: havenboek 1-2 -->\n\nTekst.\n")


@pytest.mark.parametrize(
    "place", ["havenboek", "havenboek 10", "havenboek 20-10", "havenboek 10-10", "Haven Boek 1-2", "1-2"]
)
def test_an_anchor_that_is_no_place_is_refused_with_its_words(tmp_path: Path, place: str) -> None:
    with pytest.raises(InvalidCorpus, match=f"'Een': '{place}'"):
        passages(tmp_path, f"# Varen\n\n## Een\n<!-- bronnen: havenboek 1-2; {place} -->\n\nTekst.\n")


def test_a_section_with_anchors_but_without_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidCorpus, match="'Een'"):
        passages(
            tmp_path,
            "# Varen\n\n## Een\n<!-- bronnen: havenboek 1-2 -->\n\n## Twee\n<!-- bronnen: a 1-2 -->\n\nTekst.\n",
        )


def test_text_above_the_anchors_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidCorpus, match="'Een'"):
        passages(tmp_path, "# Varen\n\n## Een\n\nEerst dit.\n\n<!-- bronnen: havenboek 1-2 -->\n\nDan dat.\n")


def test_a_chapter_without_sections_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InvalidCorpus, match="handboek-varen"):
        passages(tmp_path, "# Varen\n\nAlleen een inleiding.\n")


def test_the_handbook_of_the_project_can_be_read_whole() -> None:
    chapters = sorted((Path(__file__).parents[2] / "corpus" / "handbook").rglob("*.md"))
    found = [each for path in chapters for each in split_chapter(read_chapter(path, 2026))]
    assert len({each.id for each in found}) == len(found) > 400
    assert all(each.text and each.origins for each in found)
