"""The open index: what it finds, what it refuses, and what `verify` notices."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.build import build
from index.embedding import SentenceEmbedding, load
from index.errors import DamagedIndex, InvalidRequest, LockedIndex, MissingIndex, StaleIndex
from index.fuse import CONSTANT
from index.generations import IndexFolder
from index.manifest import Manifest
from index.search import WEIGHTS, Index
from index.settings import IndexSettings
from index.store import VectorStore
from index.types import Anchor, Author, Kind

if TYPE_CHECKING:
    from tests.conftest import SmallCorpus

PROJECT = Path(__file__).parents[2]
NOTA = "De gemeente legt een fietspad aan langs de vaart. Omwonenden denken mee over de bomen."


@pytest.fixture
def settings(small_corpus: SmallCorpus, embedding: SentenceEmbedding) -> IndexSettings:
    """The settings of an index that has been built."""
    settings = small_corpus(documents={"nota.txt": NOTA})
    build(settings, embedding)
    return settings


@pytest.fixture
def index(settings: IndexSettings, embedding: SentenceEmbedding) -> Iterator[Index]:
    opened = Index.open(settings, embedding)
    yield opened
    opened.close()


def generation(settings: IndexSettings) -> Path:
    with IndexFolder(settings.index) as folder:
        return folder.require_current()


def faults(settings: IndexSettings, embedding: SentenceEmbedding) -> list[str]:
    index = Index.open(settings, embedding)
    try:
        return index.verify()
    finally:
        index.close()


def test_the_words_of_a_passage_find_it_first(index: Index) -> None:
    best = index.search("Waarom kreeg de vuurtoren een nieuwe lamp?", kinds=[Kind.ESSAY]).hits[0]
    assert "De vuurtoren kreeg een nieuwe lamp" in best.passage.text


def test_a_question_of_the_bank_finds_its_passage_without_a_word_in_common(index: Index) -> None:
    best = index.search("Waarom kwam er ander licht op de kust?", kinds=[Kind.ESSAY]).hits[0]
    assert "De vuurtoren kreeg een nieuwe lamp" in best.passage.text


def test_a_question_of_the_bank_finds_the_section_that_rests_on_its_place(index: Index) -> None:
    best = index.search("Hoe voorkom je vlammen in het woud?", kinds=[Kind.HANDBOOK]).hits[0]
    assert best.passage.heading == "Hoe blijft een bos veilig?"


def test_a_typing_error_still_finds_by_its_character_runs(index: Index) -> None:
    hits = index.search("vuuurtorren", kinds=[Kind.ESSAY]).hits
    best = next(hit for hit in hits if hit.ranks.get("grams") == 1)
    assert "De vuurtoren" in best.passage.text and "words" not in best.ranks


def test_hits_are_ordered_by_score_between_zero_and_one(index: Index) -> None:
    scores = [hit.score for hit in index.search("Wie betaalt het baggeren van de haven?").hits]
    assert scores == sorted(scores, reverse=True) and all(0 < score <= 1 for score in scores)


def test_a_hit_found_first_by_every_leg_scores_one(index: Index) -> None:
    best = index.search("Waarom kwam er ander licht op de kust?", sources=["havenboek"]).hits[0]
    assert best.ranks == {"words": 1, "grams": 1, "meaning": 1, "bank": 1} and best.score == pytest.approx(1.0)


def test_each_leg_ranks_the_passages_of_each_kind_from_one(index: Index) -> None:
    hits = index.search("Wie betaalt de haven en de gemeente?", limit=50).hits
    for kind in Kind:
        for leg in ("words", "grams", "meaning"):
            found = sorted(hit.ranks[leg] for hit in hits if hit.passage.kind is kind and leg in hit.ranks)
            assert found == list(range(1, len(found) + 1))


def test_the_bank_does_not_rank_own_documents(index: Index) -> None:
    hits = index.search("Wie betaalt het baggeren?", kinds=[Kind.OWN]).hits
    assert hits and all("bank" not in hit.ranks for hit in hits)


def test_a_leg_that_did_not_find_a_passage_gives_it_no_rank(index: Index) -> None:
    hits = index.search("fietspad", limit=50).hits
    assert [hit.passage.source for hit in hits if "words" in hit.ranks] == ["nota"]


def test_no_more_hits_than_the_limit(index: Index) -> None:
    assert len(index.search("haven", limit=2).hits) == 2


def test_the_same_question_gives_the_same_hits(index: Index) -> None:
    assert index.search("Wie betaalt?") == index.search("Wie betaalt?")


@pytest.mark.parametrize("kind", list(Kind))
def test_only_the_kinds_asked_for_are_found(index: Index, kind: Kind) -> None:
    assert {hit.passage.kind for hit in index.search("gemeente haven bomen", kinds=[kind], limit=50).hits} == {kind}


def test_several_kinds_can_be_asked_for(index: Index) -> None:
    hits = index.search("gemeente haven bomen", kinds=[Kind.OWN, Kind.HANDBOOK], limit=50).hits
    assert {hit.passage.kind for hit in hits} == {Kind.OWN, Kind.HANDBOOK}


def test_only_the_sources_asked_for_are_found(index: Index) -> None:
    hits = index.search("haven bos gemeente", sources=["bosatlas", "nota"], limit=50).hits
    assert {hit.passage.source for hit in hits} == {"bosatlas", "nota"}


def test_kinds_and_sources_narrow_together(index: Index) -> None:
    assert index.search("haven", kinds=[Kind.OWN], sources=["havenboek"]).hits == ()


def test_an_unknown_source_is_refused_by_name(index: Index) -> None:
    with pytest.raises(InvalidRequest, match="'zeeboek' bestaat niet"):
        index.search("haven", sources=["havenboek", "zeeboek"])


@pytest.mark.parametrize("question", ["", "  \n\t "])
def test_an_empty_question_is_refused(index: Index, question: str) -> None:
    with pytest.raises(InvalidRequest, match="leeg"):
        index.search(question)


@pytest.mark.parametrize(
    "question",
    ["🙂🙂🙂", "***", "?", "\x00\x01", "<script>alert(1)</script>", "de het een", "xqzj " * 4000, "a" * 20_000],
)
def test_a_strange_question_gives_numbers_and_no_error(index: Index, question: str) -> None:
    found = index.search(question)
    assert all(math.isfinite(hit.score) for hit in found.hits)
    assert math.isfinite(found.evidence.bank_similarity) and math.isfinite(found.evidence.passage_similarity)


LIGHT = "Waarom kwam er ander licht op de kust?"


@pytest.mark.parametrize("leg", list(WEIGHTS))
def test_one_leg_alone_ranks_as_that_leg_does(index: Index, leg: str) -> None:
    together = index.search(LIGHT, kinds=[Kind.ESSAY], limit=50).hits
    by_leg = sorted((hit for hit in together if leg in hit.ranks), key=lambda hit: hit.ranks[leg])
    alone = index.weighing({leg: 1.0}).search(LIGHT, kinds=[Kind.ESSAY], limit=50).hits
    assert [hit.passage.id for hit in alone] == [hit.passage.id for hit in by_leg] != []


@pytest.mark.parametrize("leg", list(WEIGHTS))
def test_a_leg_that_is_not_named_gives_no_ranks(index: Index, leg: str) -> None:
    hits = index.weighing({leg: 1.0}).search(LIGHT, limit=50).hits
    assert {name for hit in hits for name in hit.ranks} == {leg}


def test_a_leg_without_weight_counts_as_little_as_one_that_is_not_named(index: Index) -> None:
    view = index.weighing({"words": 1.0, "bank": 0.0})
    assert view.search(LIGHT) == index.weighing({"words": 1.0}).search(LIGHT)


def test_every_score_follows_the_weights(index: Index) -> None:
    weights = {"words": 4.0, "grams": 0.5, "bank": 1.0}
    hits = index.weighing(weights).search(LIGHT, kinds=[Kind.ESSAY], limit=50).hits
    shares = [sum(weights[leg] * (CONSTANT + 1) / (CONSTANT + rank) for leg, rank in hit.ranks.items()) for hit in hits]
    assert [hit.score for hit in hits] == pytest.approx([share / 5.5 for share in shares])
    assert len({hit.score for hit in hits}) > 1


def test_the_weights_of_a_search_give_what_the_index_gives(index: Index) -> None:
    assert index.weighing(WEIGHTS).search(LIGHT) == index.search(LIGHT)


def test_weighing_leaves_the_index_as_it_was(index: Index) -> None:
    before = index.search(LIGHT)
    view = index.weighing({"words": 1.0})
    assert view.search(LIGHT) != before
    assert index.search(LIGHT) == before


def test_weighing_leaves_the_weights_it_was_given_as_they_were(index: Index) -> None:
    weights = {"words": 1.0}
    view = index.weighing(weights)
    weights["bank"] = 5.0
    assert "bank" not in {name for hit in view.search(LIGHT, limit=50).hits for name in hit.ranks}


def test_an_index_can_be_weighed_again_from_the_start(index: Index) -> None:
    view = index.weighing({"words": 1.0}).weighing({"bank": 1.0})
    assert view.search(LIGHT) == index.weighing({"bank": 1.0}).search(LIGHT)


def test_an_unknown_leg_is_refused_by_name(index: Index) -> None:
    with pytest.raises(ValueError, match=r"'rook'.*words, grams, meaning, bank"):
        index.weighing({"words": 1.0, "rook": 0.0})


@pytest.mark.parametrize("weights", [{}, {"words": 0.0}, {"words": 0.0, "bank": -1.0}])
def test_weights_that_leave_no_leg_are_refused(index: Index, weights: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="weight above 0"):
        index.weighing(weights)


def test_evidence_is_complete_for_words_that_the_best_hit_holds(index: Index) -> None:
    evidence = index.search("vuurtoren lamp").evidence
    assert (evidence.term_coverage, evidence.known_terms) == (1.0, 1.0)


def test_evidence_is_none_for_words_that_the_library_does_not_know(index: Index) -> None:
    evidence = index.search("xqzj wvkp").evidence
    assert (evidence.term_coverage, evidence.known_terms, evidence.gram_coverage) == (0.0, 0.0, 0.0)


def test_evidence_knows_a_question_of_the_bank(index: Index) -> None:
    assert index.search("Waarom kwam er ander licht op de kust?").evidence.bank_similarity == pytest.approx(
        1.0, abs=1e-5
    )


def test_evidence_looks_only_at_the_sources_asked_for(index: Index) -> None:
    assert index.search("vuurtoren lamp", sources=["bosatlas"]).evidence.term_coverage == 0.0


def test_every_passage_is_verbatim(index: Index) -> None:
    assert all(index.source(each.source).text[each.start : each.end] == each.text for each in index.passages)


def test_a_source_keeps_what_is_known_about_it(index: Index) -> None:
    source = index.source("havenboek")
    assert (source.kind, source.title, source.year, source.authors) == (
        Kind.ESSAY,
        "Havenboek",
        2019,
        (Author("Zeeman", "A."),),
    )


def test_a_section_keeps_its_origins(index: Index) -> None:
    section = next(each for each in index.passages if each.heading == "Hoe blijft een bos veilig?")
    assert section.origins == (Anchor("bosatlas", 180, 420), Anchor("havenboek", 470, 700))


def test_a_section_is_grounded_in_the_essay_passages_that_it_rests_on(index: Index) -> None:
    section = next(each for each in index.passages if each.heading == "Wie betaalt voor een gedeelde haven?")
    assert any("De jachtclub betaalt de helft" in each.text for each in index.grounds(section))
    assert all(each.source == "havenboek" for each in index.grounds(section))


def test_a_passage_is_found_by_its_id(index: Index) -> None:
    assert all(index.passage(each.id) == each for each in index.passages)


def test_an_unknown_passage_or_source_is_refused_by_name(index: Index) -> None:
    with pytest.raises(InvalidRequest, match="'havenboek:1-2' bestaat niet"):
        index.passage("havenboek:1-2")
    with pytest.raises(InvalidRequest, match=r"'../geheim' bestaat niet"):
        index.source("../geheim")


def test_similarities_are_those_of_the_embedding_model(index: Index, embedding: SentenceEmbedding) -> None:
    one, other = embedding.queries(["de haven", "het bos"])
    assert index.similarities("de haven", ["de haven", "het bos"]) == pytest.approx([1.0, float(one @ other)], abs=1e-5)


def test_many_threads_find_the_same(index: Index) -> None:
    expected = index.search("Wie betaalt het baggeren?")
    found: list[object] = []
    threads = [
        threading.Thread(target=lambda: found.append(index.search("Wie betaalt het baggeren?"))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 8


def test_own_documents_alone_can_be_searched(small_corpus: SmallCorpus, embedding: SentenceEmbedding) -> None:
    settings = small_corpus(documents={"nota.txt": NOTA}).model_copy(update={"corpus": None, "essays": None})
    build(settings, embedding)
    index = Index.open(settings, embedding)
    try:
        assert [hit.passage.source for hit in index.search("Komt er een fietspad?").hits] == ["nota"]
        assert index.verify() == []
    finally:
        index.close()


def test_a_folder_that_was_not_named_is_the_one_of_the_build(
    settings: IndexSettings, embedding: SentenceEmbedding, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in IndexSettings.model_fields:
        monkeypatch.delenv(f"OPGAVEWIJZER_{name.upper()}", raising=False)
    bare = IndexSettings(index=settings.index, embedding_model=settings.embedding_model)
    index = Index.open(bare, embedding)
    index.close()
    assert "nota" in index.sources


def test_where_nothing_was_built_the_command_is_told(tmp_path: Path, embedding: SentenceEmbedding) -> None:
    with pytest.raises(MissingIndex, match="opgavewijzer index build"):
        Index.open(IndexSettings(index=tmp_path / "leeg"), embedding)


def test_an_index_of_changed_sources_is_refused_with_the_change_and_the_command(
    settings: IndexSettings, embedding: SentenceEmbedding
) -> None:
    assert settings.documents
    (settings.documents / "nota.txt").write_text("Anders.", encoding="utf-8")
    with pytest.raises(StaleIndex, match=r"documents/nota\.txt.*opgavewijzer index build --documents"):
        Index.open(settings, embedding)


def test_an_index_of_another_setting_is_refused_with_the_setting(settings: IndexSettings, tiny_model: Path) -> None:
    changed = settings.model_copy(update={"passage_prefix": "tekst: "})
    with pytest.raises(StaleIndex, match=r"instelling passage_prefix.*opgavewijzer index build"):
        Index.open(changed, load(str(tiny_model), passage_prefix="tekst: "))


def test_the_command_for_own_documents_alone_builds_them_alone(
    small_corpus: SmallCorpus, embedding: SentenceEmbedding
) -> None:
    settings = small_corpus(documents={"nota.txt": NOTA}).model_copy(update={"corpus": None, "essays": None})
    build(settings, embedding)
    small_corpus(documents={"nota.txt": "Anders."})
    with pytest.raises(StaleIndex, match="--corpus none"):
        Index.open(settings, embedding)


def test_a_refused_index_gives_the_folder_back(settings: IndexSettings, embedding: SentenceEmbedding) -> None:
    with pytest.raises(StaleIndex):
        Index.open(settings.model_copy(update={"query_prefix": "x"}), embedding)
    IndexFolder(settings.index).release()


def test_a_closed_index_gives_the_folder_back(settings: IndexSettings, embedding: SentenceEmbedding) -> None:
    Index.open(settings, embedding).close()
    Index.open(settings, embedding).close()


def test_an_open_index_cannot_be_built_or_opened_by_another(index: Index, settings: IndexSettings) -> None:
    code = "import pathlib, sys, index.generations as g; g.IndexFolder(pathlib.Path(sys.argv[1]))"
    other = subprocess.run([sys.executable, "-c", code, settings.index], cwd=PROJECT, capture_output=True, text=True)
    assert other.returncode and "LockedIndex" in other.stderr and "in gebruik" in other.stderr


def test_an_index_that_is_being_built_cannot_be_opened(settings: IndexSettings, embedding: SentenceEmbedding) -> None:
    with IndexFolder(settings.index), pytest.raises(LockedIndex, match="Stop dat proces"):
        Index.open(settings, embedding)


@pytest.mark.parametrize("name", ["passages.jsonl", "sources.jsonl", "words/size", "bank/vectors.npy", "manifest.json"])
def test_a_missing_file_is_damage_and_gives_the_folder_back(
    settings: IndexSettings, embedding: SentenceEmbedding, name: str
) -> None:
    (generation(settings) / name).unlink()
    with pytest.raises(DamagedIndex, match="opgavewijzer index build"):
        Index.open(settings, embedding)
    IndexFolder(settings.index).release()


@pytest.mark.parametrize(
    "name", ["passages.jsonl", "sources.jsonl", "bank/vectors.npy", "manifest.json", "words/vocab.index.json"]
)
def test_a_file_that_breaks_off_is_damage(settings: IndexSettings, embedding: SentenceEmbedding, name: str) -> None:
    path = generation(settings) / name
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(DamagedIndex, match="opgavewijzer index build"):
        Index.open(settings, embedding)


@pytest.mark.parametrize(
    "name",
    [
        "bank/vectors.npy",
        "bank/pairs.npy",
        "words/data.csc.index.npy",
        "words/size",
    ],
)
def test_an_empty_file_is_damage(settings: IndexSettings, embedding: SentenceEmbedding, name: str) -> None:
    (generation(settings) / name).write_bytes(b"")
    with pytest.raises(DamagedIndex, match="opgavewijzer index build"):
        Index.open(settings, embedding)


def test_verify_finds_nothing_in_a_sound_index(settings: IndexSettings, embedding: SentenceEmbedding) -> None:
    assert faults(settings, embedding) == []


def test_verify_finds_another_count_of_passages(settings: IndexSettings, embedding: SentenceEmbedding) -> None:
    manifest = Manifest.load(generation(settings))
    replace(manifest, passages=manifest.passages + 1).save(generation(settings))
    assert [fault.split(";")[0] for fault in faults(settings, embedding)] == [
        f"Het manifest noemt {manifest.passages + 1} passages"
    ]


def test_verify_finds_another_count_of_questions(settings: IndexSettings, embedding: SentenceEmbedding) -> None:
    manifest = Manifest.load(generation(settings))
    replace(manifest, questions=99).save(generation(settings))
    assert [fault.split(";")[0] for fault in faults(settings, embedding)] == ["Het manifest noemt 99 vragen"]


def test_verify_finds_a_changed_text(settings: IndexSettings, embedding: SentenceEmbedding) -> None:
    path = generation(settings) / "sources.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    changed = [{**row, "text": row["text"].replace("fietspad", "FIETSPAD")} for row in rows]
    path.write_text("".join(json.dumps(row) + "\n" for row in changed), encoding="utf-8")
    assert "De tekst van 'nota' is niet die waarvan de index is gemaakt." in faults(settings, embedding)


def test_verify_finds_a_removed_vector(settings: IndexSettings, embedding: SentenceEmbedding) -> None:
    store = VectorStore(generation(settings) / "chroma")
    collection = store.llama._collection
    collection.delete(collection.get()["ids"][:1])
    store.close()
    found = faults(settings, embedding)
    assert "in Chroma" in found[0] and found[1] == "De vectoren in Chroma zijn niet die van de bouw."


def test_verify_finds_a_changed_vector(settings: IndexSettings, embedding: SentenceEmbedding) -> None:
    store = VectorStore(generation(settings) / "chroma")
    collection = store.llama._collection
    collection.update(collection.get()["ids"][:1], embeddings=[1.0] * 64)
    store.close()
    assert faults(settings, embedding) == ["De vectoren in Chroma zijn niet die van de bouw."]


def test_verify_finds_changed_vectors_of_the_bank(settings: IndexSettings, embedding: SentenceEmbedding) -> None:
    path = generation(settings) / "bank" / "vectors.npy"
    np.save(path, -np.load(path))
    assert faults(settings, embedding) != []
