"""From source to passages: verbatim, of the right size, within one heading."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dutch import sentences
from index.readers import read
from index.split import LONGEST, SHORTEST, passage, sections, split
from index.types import Heading, Kind, Passage, Source

NAMES = (
    "leren-van-doen",
    "grenzeloos-verzameld",
    "binnenstebuiten",
    "leerlijn-energie-klimaat-ruimte",
    "vragen-over-slim",
)


def source_of(text: str, *, pages: tuple[int, ...] = ()) -> Source:
    """A source in which each line that begins with # is a heading."""
    headings: list[Heading] = []
    at = 0
    for line in text.split("\n"):
        if line.startswith("#"):
            level = len(line) - len(line.lstrip("#"))
            headings.append(Heading(at, at + len(line), level, line[level:].strip()))
        at += len(line) + 1
    return Source("plan", Kind.OWN, "Plan", text, "", headings=tuple(headings), pages=pages)


def sentence(words: int) -> str:
    return " ".join(["Zand", *["waait"] * (words - 2), "weg."])


def fits(counts: list[int]) -> bool:
    """Whether sentences of these sizes can be grouped in passages of 80 to 140 words, tried in the plainest way."""
    reachable = {0}
    for end in range(1, len(counts) + 1):
        if any(start in reachable and SHORTEST <= sum(counts[start:end]) <= LONGEST for start in range(end)):
            reachable.add(end)
    return len(counts) in reachable


COUNTS = st.lists(st.integers(2, 60), min_size=1, max_size=24)
TEXTS = st.lists(
    st.sampled_from(["# Kop", "## Onder", "### Diep", sentence(12), sentence(45), sentence(90), sentence(200), ""])
    | st.text("abc .?!\n-–é", max_size=40).filter(lambda text: not text.lstrip().startswith("#")),
    max_size=14,
).map("\n\n".join)
NO_FRONT_MATTER = TEXTS.filter(lambda text: not text.startswith("---\n"))


@given(TEXTS)
def test_every_passage_is_verbatim(text: str) -> None:
    assert all(text[each.start : each.end] == each.text for each in split(source_of(text)))


@given(TEXTS)
def test_starts_and_ends_increase_without_overlap(text: str) -> None:
    assert all(one.start < one.end <= other.start for one, other in pairwise(split(source_of(text))))


@given(TEXTS)
def test_no_passage_crosses_a_heading(text: str) -> None:
    source = source_of(text)
    crossing = [
        each
        for each in split(source)
        for heading in source.headings
        if each.start < heading.end and heading.start < each.end
    ]
    assert crossing == []


@given(NO_FRONT_MATTER)
def test_nothing_but_headings_and_white_space_is_left_out(text: str) -> None:
    source = source_of(text)
    covered = [(each.start, each.end) for each in split(source)] + [(each.start, each.end) for each in source.headings]
    left = [char for at, char in enumerate(text) if not any(start <= at < end for start, end in covered)]
    assert not "".join(left).strip()


@given(TEXTS)
def test_a_passage_is_made_of_whole_sentences(text: str) -> None:
    source = source_of(text)
    starts, ends = set(), set()
    for _, (begin, end) in sections(source):
        spans = sentences(text[begin:end])
        starts |= {begin + start for start, _ in spans}
        ends |= {begin + stop for _, stop in spans}
    assert all(each.start in starts and each.end in ends for each in split(source))


@given(COUNTS)
def test_passages_have_80_to_140_words_wherever_the_section_allows(counts: list[int]) -> None:
    sizes = [len(each.text.split()) for each in split(source_of(" ".join(sentence(count) for count in counts)))]
    assert all(SHORTEST <= size <= LONGEST for size in sizes) == fits(counts)


@given(COUNTS)
def test_only_a_single_sentence_makes_a_passage_longer_than_140_words(counts: list[int]) -> None:
    text = " ".join(sentence(count * 4) for count in counts)
    assert all(len(sentences(each.text)) == 1 for each in split(source_of(text)) if len(each.text.split()) > LONGEST)


def test_a_short_section_is_one_short_passage() -> None:
    assert [each.text for each in split(source_of("# Kop\n\nKort stuk. Nog iets."))] == ["Kort stuk. Nog iets."]


def test_a_cut_falls_rather_between_paragraphs_than_within_one() -> None:
    text = "\n\n".join([" ".join([sentence(50), sentence(45)]), " ".join([sentence(40), sentence(45), sentence(35)])])
    assert [each.text for each in split(source_of(text))] == text.split("\n\n")


def test_a_passage_knows_the_path_of_headings_above_it() -> None:
    found = split(source_of("# Een\n\na.\n\n## Twee\n\nb.\n\n### Drie\n\nc.\n\n## Vier\n\nd."))
    assert [each.headings for each in found] == [("Een",), ("Een", "Twee"), ("Een", "Twee", "Drie"), ("Een", "Vier")]


def test_a_passage_knows_the_page_on_which_it_begins() -> None:
    text = f"{sentence(100)}\n\n{sentence(100)}"
    assert [each.page for each in split(source_of(text, pages=(0, len(sentence(100)))))] == [1, 2]


def test_a_source_without_pages_gives_passages_without_page() -> None:
    assert [each.page for each in split(source_of("Een zin."))] == [None]


def test_the_id_of_a_passage_tells_where_it_stands() -> None:
    assert passage(source_of("Een zin. Nog een."), 9, 17, ()).id == "plan:9-17"


def test_front_matter_is_no_passage() -> None:
    assert [each.text for each in split(source_of("---\ntitle: Plan\n---\nDe tekst zelf."))] == ["De tekst zelf."]


def test_a_rule_at_the_top_that_is_never_closed_is_text() -> None:
    assert split(source_of("---\nDe tekst zelf."))[0].end == len("---\nDe tekst zelf.")


def test_a_source_of_headings_alone_has_no_passages() -> None:
    assert split(source_of("# Een\n\n## Twee\n")) == []


@pytest.fixture(scope="module", params=NAMES)
def essay(request: pytest.FixtureRequest, essays: Path) -> tuple[Source, list[Passage]]:
    path = essays / f"{request.param}.txt"
    document = read(path)
    source = Source(request.param, Kind.ESSAY, "", document.text, "", headings=document.headings, pages=document.pages)
    return source, split(source)


def test_every_passage_of_an_essay_is_verbatim(essay: tuple[Source, list[Passage]], essays: Path) -> None:
    source, passages = essay
    with (essays / f"{source.slug}.txt").open(encoding="utf-8") as file:
        text = file.read()
    assert passages and all(text[each.start : each.end] == each.text for each in passages)


def test_the_passages_of_an_essay_follow_each_other(essay: tuple[Source, list[Passage]]) -> None:
    _, passages = essay
    assert all(one.start < other.start and one.end <= other.start for one, other in pairwise(passages))


def test_a_passage_of_an_essay_has_80_to_140_words_where_its_section_allows(
    essay: tuple[Source, list[Passage]],
) -> None:
    source, passages = essay
    for _, (begin, end) in sections(source):
        spans = sentences(source.text[begin:end])
        if fits([len(source.text[begin + start : begin + stop].split()) for start, stop in spans]):
            sizes = [len(each.text.split()) for each in passages if begin <= each.start < end]
            assert all(SHORTEST <= size <= LONGEST for size in sizes)
