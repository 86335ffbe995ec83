"""Building an index: what is added, replaced and removed, what is left out, and what a killed build leaves behind."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE
from typing import TYPE_CHECKING

import pytest

from index.build import Report, build, embedded_text, read_library, searched_texts
from index.embedding import SentenceEmbedding, load
from index.errors import InvalidCorpus, LockedIndex, UnreadableDocument
from index.generations import IndexFolder
from index.search import Index
from index.settings import IndexSettings

if TYPE_CHECKING:
    from tests.conftest import SmallCorpus

PROJECT = Path(__file__).parents[2]
NOTA = "De gemeente legt een fietspad aan langs de vaart. Omwonenden denken mee over de bomen."
BRIEF = "Het zwembad krijgt een dak van glas. De kassa verhuist naar de zijkant."


@contextmanager
def opened(settings: IndexSettings, embedding: SentenceEmbedding) -> Iterator[Index]:
    index = Index.open(settings, embedding)
    try:
        yield index
    finally:
        index.close()


def texts_of(settings: IndexSettings, embedding: SentenceEmbedding) -> dict[str, str]:
    """The text of each source in the index, which must agree with its manifest."""
    with opened(settings, embedding) as index:
        assert index.verify() == []
        return {slug: source.text for slug, source in index.sources.items()}


def own(settings: IndexSettings) -> IndexSettings:
    return settings.model_copy(update={"corpus": None, "essays": None})


def test_the_first_build_embeds_every_passage(small_corpus: SmallCorpus, embedding: SentenceEmbedding) -> None:
    report = build(small_corpus(), embedding)
    assert report.built and report.embedded == report.manifest.passages > 6


def test_the_manifest_names_every_source(small_corpus: SmallCorpus, embedding: SentenceEmbedding) -> None:
    report = build(small_corpus(documents={"nota.txt": NOTA}), embedding)
    assert set(report.manifest.sources) == {"havenboek", "bosatlas", "handboek-haven-en-bos", "nota"}


def test_an_index_agrees_with_its_manifest(small_corpus: SmallCorpus, embedding: SentenceEmbedding) -> None:
    build(settings := small_corpus(documents={"nota.txt": NOTA}), embedding)
    assert texts_of(settings, embedding)["nota"] == NOTA


def test_building_twice_adds_nothing(small_corpus: SmallCorpus, embedding: SentenceEmbedding) -> None:
    settings = small_corpus()
    first = build(settings, embedding)
    generations = sorted((settings.index / "generations").iterdir())
    assert build(settings, embedding) == Report(False, first.manifest, 0)
    assert sorted((settings.index / "generations").iterdir()) == generations


def test_an_added_document_is_the_only_one_embedded(small_corpus: SmallCorpus, embedding: SentenceEmbedding) -> None:
    first = build(small_corpus(documents={"nota.txt": NOTA}), embedding)
    second = build(small_corpus(documents={"nota.txt": NOTA, "brief.txt": BRIEF}), embedding)
    assert (second.embedded, second.manifest.passages) == (1, first.manifest.passages + 1)


def test_a_changed_text_is_replaced(small_corpus: SmallCorpus, embedding: SentenceEmbedding) -> None:
    first = build(small_corpus(documents={"nota.txt": NOTA, "brief.txt": BRIEF}), embedding)
    settings = small_corpus(documents={"nota.txt": "Het fietspad gaat niet door.", "brief.txt": BRIEF})
    second = build(settings, embedding)
    assert (second.embedded, second.manifest.passages) == (1, first.manifest.passages)
    assert texts_of(settings, embedding)["nota"] == "Het fietspad gaat niet door."


def test_a_removed_text_disappears(small_corpus: SmallCorpus, embedding: SentenceEmbedding) -> None:
    build(small_corpus(documents={"nota.txt": NOTA, "brief.txt": BRIEF}), embedding)
    settings = small_corpus(documents={"nota.txt": NOTA})
    assert build(settings, embedding).embedded == 0
    with opened(settings, embedding) as index:
        assert "brief" not in index.sources and index.verify() == []
        assert all(hit.passage.source != "brief" for hit in index.search("Krijgt het zwembad een dak van glas?").hits)


def test_a_changed_essay_is_replaced_when_the_register_knows_it(
    small_corpus: SmallCorpus, embedding: SentenceEmbedding
) -> None:
    build(small_corpus(essays={"havenboek": "De haven is dicht."}), embedding)
    settings = small_corpus(essays={"havenboek": "De haven is open."})
    build(settings, embedding)
    assert texts_of(settings, embedding)["havenboek"] == "De haven is open."


def test_a_changed_question_bank_is_searched_without_embedding_passages_anew(
    small_corpus: SmallCorpus, embedding: SentenceEmbedding
) -> None:
    settings = small_corpus()
    first = build(settings, embedding)
    assert settings.corpus
    row = {"start": 0, "end": 20, "questions": ["Waar ligt Zandmeer?"]}
    (settings.corpus / "questions" / "havenboek.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    second = build(settings, embedding)
    assert (second.built, second.embedded) == (True, 0)
    assert second.manifest.questions != first.manifest.questions


@pytest.mark.parametrize("setting", ["query_prefix", "passage_prefix"])
def test_a_changed_setting_rebuilds_everything(
    small_corpus: SmallCorpus, embedding: SentenceEmbedding, tiny_model: Path, setting: str
) -> None:
    settings = small_corpus()
    first = build(settings, embedding)
    changed = settings.model_copy(update={setting: "haven: "})
    prefixed = load(str(tiny_model), query_prefix=changed.query_prefix, passage_prefix=changed.passage_prefix)
    second = build(changed, prefixed)
    assert second.embedded == first.manifest.passages
    assert (second.manifest.embeddings != first.manifest.embeddings) == (setting == "passage_prefix")


def test_two_builds_from_nothing_give_the_same_vectors(small_corpus: SmallCorpus, embedding: SentenceEmbedding) -> None:
    settings = small_corpus()
    elsewhere = settings.model_copy(update={"index": settings.index.parent / "elders"})
    one, other = (build(each, embedding).manifest for each in (settings, elsewhere))
    assert (one.embeddings, one.sources, one.passages) == (other.embeddings, other.sources, other.passages)


def test_a_build_upon_another_gives_the_vectors_of_a_build_from_nothing(
    small_corpus: SmallCorpus, embedding: SentenceEmbedding
) -> None:
    build(small_corpus(documents={"brief.txt": BRIEF, "nota.txt": NOTA}), embedding)
    settings = small_corpus(documents={"nota.txt": NOTA + " En meer.", "plan.txt": BRIEF + " Of niet."})
    elsewhere = settings.model_copy(update={"index": settings.index.parent / "elders"})
    one, other = (build(each, embedding).manifest for each in (settings, elsewhere))
    assert (one.embeddings, one.sources, one.passages) == (other.embeddings, other.sources, other.passages)


def test_progress_ends_each_stage_complete(small_corpus: SmallCorpus, embedding: SentenceEmbedding) -> None:
    told: dict[str, tuple[int, int]] = {}

    def tell(stage: str, done: int, total: int) -> None:
        told[stage] = (done, total)

    build(small_corpus(documents={"nota.txt": NOTA}), embedding, progress=tell)
    assert {"Handboek lezen", "Essays lezen", "Documenten lezen", "Passages insluiten", "Woorden tellen"} <= told.keys()
    assert all(done == total for done, total in told.values())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("leeg.txt", b""),
        ("foto.png", b"\x89PNG\r\n\x1a\n"),
        ("kapot.docx", b"PK\x03\x04kapot"),
        ("kapot.pdf", b"%PDF-1.7\n"),
        ("bytes.txt", bytes(range(256)) * 4),
    ],
)
def test_one_bad_document_never_stops_a_build_and_is_listed(
    small_corpus: SmallCorpus, embedding: SentenceEmbedding, name: str, content: bytes
) -> None:
    report = build(own(small_corpus(documents={name: content, "nota.txt": NOTA})), embedding)
    assert set(report.manifest.sources) == {"nota"}
    assert [line.startswith(f"{name}: ") for line in report.manifest.skipped] == [True]


def test_the_same_content_twice_is_listed(small_corpus: SmallCorpus, embedding: SentenceEmbedding) -> None:
    report = build(own(small_corpus(documents={"nota.txt": NOTA, "kopie.txt": NOTA})), embedding)
    assert report.manifest.skipped == ("nota.txt: heeft dezelfde inhoud als kopie.txt en is overgeslagen.",)
    assert set(report.manifest.sources) == {"kopie"}


def test_documents_with_the_same_name_get_slugs_of_their_own(
    small_corpus: SmallCorpus, embedding: SentenceEmbedding
) -> None:
    report = build(
        small_corpus(documents={"nota.txt": NOTA, "nota.md": BRIEF, "havenboek.txt": "Een haven."}), embedding
    )
    assert {"nota", "nota-2", "havenboek", "havenboek-2"} <= report.manifest.sources.keys()


def test_an_essay_that_the_register_does_not_know_is_listed(
    small_corpus: SmallCorpus, embedding: SentenceEmbedding
) -> None:
    settings = small_corpus()
    assert settings.essays
    (settings.essays / "vreemd.txt").write_text("Een vreemde tekst.", encoding="utf-8")
    report = build(settings, embedding)
    assert [line.split(":")[0] for line in report.manifest.skipped] == ["vreemd.txt"]
    assert "havenboek" in report.manifest.sources


def test_an_essay_with_another_text_is_listed(small_corpus: SmallCorpus, embedding: SentenceEmbedding) -> None:
    settings = small_corpus()
    assert settings.essays
    (settings.essays / "havenboek.txt").write_text("Een andere haven.", encoding="utf-8")
    report = build(settings, embedding)
    assert "havenboek.txt: de tekst is niet die van het register" in report.manifest.skipped[0]
    assert set(report.manifest.sources) == {"bosatlas", "handboek-haven-en-bos"}


def test_without_essays_the_handbook_is_indexed(small_corpus: SmallCorpus, embedding: SentenceEmbedding) -> None:
    settings = small_corpus().model_copy(update={"essays": None})
    assert set(build(settings, embedding).manifest.sources) == {"handboek-haven-en-bos"}


@pytest.mark.parametrize("documents", [{}, {"leeg.txt": ""}, {"kop.md": "# Alleen een kop\n"}])
def test_nothing_to_index_is_an_error(
    small_corpus: SmallCorpus, embedding: SentenceEmbedding, documents: dict[str, str]
) -> None:
    with pytest.raises(InvalidCorpus, match="niets om te indexeren"):
        build(own(small_corpus(documents=documents)), embedding)


def test_nothing_to_index_tells_what_was_left_out(small_corpus: SmallCorpus, embedding: SentenceEmbedding) -> None:
    with pytest.raises(InvalidCorpus, match=r"leeg\.txt: "):
        build(own(small_corpus(documents={"leeg.txt": ""})), embedding)


def test_a_folder_of_documents_that_is_not_there_is_an_error(
    small_corpus: SmallCorpus, embedding: SentenceEmbedding
) -> None:
    settings = small_corpus().model_copy(update={"documents": Path("/nergens/nota's")})
    with pytest.raises(InvalidCorpus, match=r"/nergens/nota's.*--documents"):
        build(settings, embedding)


def test_a_document_without_passages_does_not_stop_a_build(
    small_corpus: SmallCorpus, embedding: SentenceEmbedding
) -> None:
    settings = own(small_corpus(documents={"kop.md": "# Alleen een kop\n", "nota.txt": NOTA}))
    assert build(settings, embedding).manifest.passages == 1
    assert texts_of(settings, embedding)["kop"] == "# Alleen een kop\n"


def test_a_failed_build_leaves_the_old_index(small_corpus: SmallCorpus, embedding: SentenceEmbedding) -> None:
    settings = small_corpus()
    build(settings, embedding)
    wrong = small_corpus(handbook={"fout.md": "# Fout\n\n## Zonder bronnen\n\nTekst.\n"})
    with pytest.raises(InvalidCorpus, match="Zonder bronnen"):
        build(wrong, embedding)
    assert "havenboek" in texts_of(small_corpus(), embedding)


def test_a_build_in_a_folder_that_is_in_use_is_refused(small_corpus: SmallCorpus, embedding: SentenceEmbedding) -> None:
    settings = small_corpus()
    with IndexFolder(settings.index), pytest.raises(LockedIndex):
        build(settings, embedding)


def test_a_finished_build_gives_the_folder_back(small_corpus: SmallCorpus, embedding: SentenceEmbedding) -> None:
    build(settings := small_corpus(), embedding)
    IndexFolder(settings.index).release()


def test_two_chapters_of_the_same_name_are_told_apart_or_refused_by_name(
    small_corpus: SmallCorpus, embedding: SentenceEmbedding
) -> None:
    settings = small_corpus()
    assert settings.corpus
    chapter = settings.corpus / "handbook" / "haven-en-bos.md"
    (settings.corpus / "handbook" / "deel").mkdir()
    shutil.copy(chapter, settings.corpus / "handbook" / "deel")
    try:
        assert build(settings, embedding).manifest.passages
    except InvalidCorpus as error:
        assert "haven-en-bos" in str(error)


def test_a_chapter_that_is_no_utf8_is_refused_by_name(small_corpus: SmallCorpus, embedding: SentenceEmbedding) -> None:
    settings = small_corpus()
    assert settings.corpus
    (settings.corpus / "handbook" / "fout.md").write_bytes("# Één\n\ntekst".encode("cp1252"))
    with pytest.raises((InvalidCorpus, UnreadableDocument), match=r"fout"):
        build(settings, embedding)


def test_a_chapter_with_a_byte_order_mark_agrees_with_the_manifest(
    small_corpus: SmallCorpus, embedding: SentenceEmbedding
) -> None:
    settings = small_corpus()
    assert settings.corpus
    chapter = settings.corpus / "handbook" / "haven-en-bos.md"
    chapter.write_bytes(b"\xef\xbb\xbf" + chapter.read_bytes())
    build(settings, embedding)
    assert texts_of(settings, embedding)


def test_an_essay_that_is_there_twice_does_not_stop_a_build(
    small_corpus: SmallCorpus, embedding: SentenceEmbedding
) -> None:
    settings = small_corpus()
    assert settings.essays
    (settings.essays / "kopie").mkdir()
    shutil.copy(settings.essays / "havenboek.txt", settings.essays / "kopie")
    assert build(settings, embedding).manifest.passages


def current_of(settings: IndexSettings) -> Path:
    with IndexFolder(settings.index) as folder:
        return folder.require_current()


@pytest.mark.parametrize("name", ["passages.jsonl", "words/size", "docstore.json", "bank/pairs.npy"])
def test_a_build_repairs_a_damaged_index(small_corpus: SmallCorpus, embedding: SentenceEmbedding, name: str) -> None:
    settings = small_corpus()
    build(settings, embedding)
    (current_of(settings) / name).unlink()
    assert build(settings, embedding).built


def test_a_build_repairs_an_index_that_lost_a_vector(small_corpus: SmallCorpus, embedding: SentenceEmbedding) -> None:
    settings = small_corpus()
    build(settings, embedding)
    lose_a_vector(current_of(settings))
    build(small_corpus(documents={"nota.txt": NOTA}), embedding)


def lose_a_vector(generation: Path) -> None:
    from index.store import VectorStore

    store = VectorStore(generation / "chroma")
    store.llama._collection.delete(store.llama._collection.get()["ids"][:1])
    store.close()


def test_searched_texts_hold_the_questions_of_the_bank(small_corpus: SmallCorpus) -> None:
    library = read_library(small_corpus())
    at = next(at for at, each in enumerate(library.passages) if "jachtclub betaalt" in each.text)
    assert searched_texts(library)[at].endswith("Wie draait op voor het uitdiepen? Wat kost slib?")


def test_searched_texts_of_a_section_hold_the_questions_about_its_anchors(small_corpus: SmallCorpus) -> None:
    library = read_library(small_corpus())
    at = next(at for at, each in enumerate(library.passages) if each.heading == "Hoe blijft een bos veilig?")
    assert "Hoe voorkom je vlammen in het woud?" in searched_texts(library)[at]


def worded(settings: IndexSettings, *lines: dict[str, object]) -> IndexSettings:
    """The settings of a small corpus with wordings beside its handbook."""
    assert settings.corpus
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (settings.corpus / "wordings.jsonl").write_text(text, encoding="utf-8")
    return settings


def test_wordings_belong_to_their_section_and_are_searched(small_corpus: SmallCorpus) -> None:
    section = next(each for each in read_library(small_corpus()).passages if each.origins)
    line: dict[str, object] = {"section": section.heading, "questions": ["Zomaar een kwispelstaartje?"]}
    library = read_library(worded(small_corpus(), line))
    found = [text for text in searched_texts(library) if "kwispelstaartje" in text]
    assert len(found) == 1 and section.heading in found[0]


def test_wordings_of_no_section_are_refused_by_name(small_corpus: SmallCorpus) -> None:
    with pytest.raises(InvalidCorpus, match="Bestaat dit"):
        read_library(worded(small_corpus(), {"section": "Bestaat dit?", "questions": ["nee"]}))


def test_changed_wordings_make_an_index_stale(small_corpus: SmallCorpus, embedding: SentenceEmbedding) -> None:
    settings = small_corpus()
    section = next(each for each in read_library(settings).passages if each.origins)
    build(settings, embedding)
    assert build(worded(settings, {"section": section.heading, "questions": ["Wie?"]}), embedding).built


def test_the_embedded_text_is_repaired_and_begins_with_the_nearest_headings(small_corpus: SmallCorpus) -> None:
    text = "# A\n\n## B\n\n### C\n\nDe samen-\nwerking is financiéel."
    library = read_library(own(small_corpus(documents={"nota.md": text})))
    assert embedded_text(library.passages[0]) == "B C De samenwerking is financiëel."


KILLER = """
import json, os, shutil, signal, sys
from pathlib import Path
from index.build import build
from index.embedding import load
from index.settings import IndexSettings

given = json.loads(sys.stdin.read())
root = Path(given["index"]).parent
EVENTS = ("open", "os.rename", "os.mkdir", "shutil.rmtree", "os.remove", "os.rmdir")

def child(moment):
    index = f"{root}/index-{moment:04d}"
    shutil.copytree(given["index"], index)
    embedding = load(given["embedding_model"])
    happened = []
    def happens(what):
        if len(happened) == moment:
            os.kill(os.getpid(), signal.SIGKILL)
        happened.append(what)
    def heard(name, arguments):
        if name in EVENTS and str(arguments[0]).startswith(index):
            if name != "open" or arguments[2] & (os.O_WRONLY | os.O_RDWR):
                happens(f"{name} {str(arguments[0])[len(index):]}")
    sys.addaudithook(heard)
    settings = IndexSettings(**{**given, "index": index})
    build(settings, embedding, progress=lambda stage, done, total: happens(f"{stage} {done}"))
    return happened

def run(moment):
    reading, writing = os.pipe()
    if (process := os.fork()) == 0:
        os.write(writing, json.dumps(child(moment)).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        happened = pipe.read()
    return os.waitpid(process, 0)[1], happened

status, happened = run(9999)
assert status == 0
happened = json.loads(happened)
for moment in sorted({*range(0, len(happened), 5), *range(len(happened) - 7, len(happened))}):
    status, _ = run(moment)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    print(json.dumps([moment, happened[moment]]))
"""
"""Builds once to see all that happens (each stage told, each file made), then again for one in five of these moments
and for each of the last, when the new index is switched in, and kills itself just before it. Processes are forked,
because loading the libraries takes longer than all builds together."""


@pytest.mark.skipif(sys.platform == "win32", reason="kills processes as only Unix can")
def test_a_build_killed_at_any_moment_leaves_an_index_that_answers_and_can_be_built_upon(
    small_corpus: SmallCorpus, embedding: SentenceEmbedding
) -> None:
    old = small_corpus(documents={"nota.txt": NOTA})
    build(old, embedding)
    others = old.index.parent / "andere"
    others.mkdir()
    (others / "brief.txt").write_text(BRIEF, encoding="utf-8")
    new = old.model_copy(update={"documents": others})
    done = subprocess.run(
        [sys.executable, "-c", KILLER], input=new.model_dump_json(), cwd=PROJECT, text=True, stdout=PIPE, check=True
    )
    moments = [(moment, what) for moment, what in map(json.loads, done.stdout.splitlines())]
    switch = next(moment for moment, what in moments if what == "os.rename /current.new")
    assert switch > 40 and [what.split()[0] for moment, what in moments if moment > switch] == [
        "shutil.rmtree",
        "os.rmdir",
    ]
    for moment, what in moments:
        index = {"index": old.index.parent / f"index-{moment:04d}"}
        used, slug = (old, "nota") if moment <= switch else (new, "brief")
        question = "Denken omwonenden mee over het fietspad?" if slug == "nota" else "Krijgt het zwembad een dak?"
        with opened(used.model_copy(update=index), embedding) as survivor:
            assert survivor.verify() == [], what
            assert slug in {hit.passage.source for hit in survivor.search(question).hits[:3]}, what
        report = build(new.model_copy(update=index), embedding)
        assert report.built == (moment <= switch) and "brief" in report.manifest.sources, what
        left = [path.name for path in (index["index"] / "generations").iterdir()]
        assert left == ["000002"] or moment > switch, what
