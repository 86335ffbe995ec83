"""Building an index: read, split, embed, count words, and switch to the new generation as the last act."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from llama_index.core.ingestion import DocstoreStrategy, IngestionPipeline
from llama_index.core.schema import BaseNode, NodeRelationship, TextNode, TransformComponent
from llama_index.core.schema import Document as LlamaDocument
from llama_index.core.storage.docstore import SimpleDocumentStore

from index import dutch, sentences
from index.embedding import SentenceEmbedding, Vectors
from index.errors import InvalidCorpus, LibraryError
from index.generations import IndexFolder
from index.handbook import read_chapter, split_chapter
from index.lexical import WordIndex
from index.manifest import Inputs, Manifest, changes, digests, inputs_of, readable
from index.questions import BankQuestion, assign, read_bank, read_wordings
from index.settings import IndexSettings
from index.sources import Publication, documents, read_essay, read_own, read_register, supported
from index.split import split
from index.store import VectorStore
from index.types import Passage, Source
from index.vocabulary import Vocabulary

Item = TypeVar("Item")

Progress = Callable[[str, int, int], None]
"""Told the stage in Dutch, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that is read: sources, their passages, the question bank, and the files that were left out."""

    sources: tuple[Source, ...]
    passages: tuple[Passage, ...]
    bank: tuple[BankQuestion, ...]
    skipped: tuple[str, ...] = ()
    publications: tuple[Publication, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did: whether anything was built, the manifest, and how many passages were embedded anew."""

    built: bool
    manifest: Manifest
    embedded: int = 0


class _LostVectors(Exception):
    """The vectors that were taken over are not those of the passages: build without them."""


def _silent(stage: str, done: int, total: int) -> None:
    return None


def build(
    settings: IndexSettings, embedding: SentenceEmbedding, *, fresh: bool = False, progress: Progress = _silent
) -> Report:
    """Bring the index up to date with its sources and settings; a second build of the same adds nothing.

    A file that cannot be read is left out and listed in the manifest. What was embedded before is taken over, unless
    `fresh` asks to build everything anew or a vector has been lost. Raises LockedIndex when another process uses
    the folder, InvalidCorpus when there is nothing to index or our own texts hold a mistake.
    """
    with IndexFolder(settings.index) as folder:
        inputs = inputs_of(settings)
        current = folder.current()
        before = None if fresh else readable(current)
        if before and not changes(before.inputs, inputs):
            return Report(False, before)
        library = read_library(settings, progress=progress)
        generation = folder.begin()
        if current and before and _same_vectors(before.inputs, inputs):
            for name in ("chroma", "docstore.json"):
                origin = current / name
                (shutil.copytree if origin.is_dir() else shutil.copyfile)(origin, generation / name)
        try:
            manifest, embedded = _fill(generation, library, inputs, embedding, progress)
        except _LostVectors:
            generation = folder.begin()
            manifest, embedded = _fill(generation, library, inputs, embedding, progress)
        manifest.save(generation)
        folder.switch(generation)
        folder.sweep()
        return Report(True, manifest, embedded)


def read_library(settings: IndexSettings, *, progress: Progress = _silent) -> Library:
    """Read all sources and the question bank. Raises InvalidCorpus when there is nothing to read."""
    sources: list[Source] = []
    passages: list[Passage] = []
    bank: list[BankQuestion] = []
    skipped: list[str] = []
    publications: list[Publication] = []
    if settings.corpus:
        register = read_register(settings.corpus / "sources.toml")
        publications = list(register.publications.values())
        chapters = list(documents(settings.corpus / "handbook"))
        for path in _told(chapters, "Handboek lezen", progress):
            chapter = read_chapter(path, register.handbook_year)
            if chapter.slug in {source.slug for source in sources}:
                raise InvalidCorpus(f"Er zijn twee hoofdstukken met de naam {path.name}; geef er een een andere naam.")
            sources.append(chapter)
            passages.extend(split_chapter(chapter))
        passages = list(_worded(passages, read_wordings(settings.corpus / "wordings.jsonl")))
        for path in _told(_files(settings.essays), "Essays lezen", progress):
            publication = register.publications.get(path.stem)
            if publication is None:
                skipped.append(f"{path.name}: staat niet in het register sources.toml en is overgeslagen.")
                continue
            try:
                essay = read_essay(path, publication)
            except LibraryError as error:
                skipped.append(str(error))
                continue
            if essay.slug in {source.slug for source in sources}:
                skipped.append(f"{path.name}: dit essay is er al en is overgeslagen.")
                continue
            sources.append(essay)
            passages.extend(split(essay))
        bank = read_bank(settings.corpus / "questions")
    if settings.documents:
        if not settings.documents.is_dir():
            raise InvalidCorpus(f"De map met documenten '{settings.documents}' bestaat niet; controleer --documents.")
        own, refused = _read_own(settings.documents, {source.slug for source in sources}, progress)
        sources.extend(own)
        passages.extend(passage for source in own for passage in split(source))
        skipped.extend(refused)
    if not passages:
        told = " ".join(skipped)
        raise InvalidCorpus(f"Er is niets om te indexeren: geen bron met leesbare tekst gevonden. {told}".strip())
    return Library(tuple(sources), tuple(passages), tuple(bank), tuple(skipped), tuple(publications))


def _worded(sections: Sequence[Passage], wordings: Mapping[str, tuple[str, ...]]) -> Iterator[Passage]:
    """The sections with the wordings of their titles. Raises InvalidCorpus for wordings of what is no section."""
    if unknown := wordings.keys() - {section.heading for section in sections}:
        raise InvalidCorpus(
            f"wordings.jsonl: er is geen sectie '{min(unknown)}'; pas de titel aan of haal de regel weg."
        )
    for section in sections:
        others = dict.fromkeys((*section.wordings, *wordings.get(section.heading, ())))
        yield replace(section, wordings=tuple(others))


def _read_own(folder: Path, taken: set[str], progress: Progress) -> tuple[list[Source], list[str]]:
    found: dict[str, Source] = {}
    seen: dict[str, str] = {}
    refused: list[str] = []
    for path in _told(list(documents(folder)), "Documenten lezen", progress):
        try:
            source = read_own(path, folder)
        except LibraryError as error:
            refused.append(str(error))
            continue
        if source.sha256 in seen:
            refused.append(f"{path.name}: heeft dezelfde inhoud als {seen[source.sha256]} en is overgeslagen.")
            continue
        seen[source.sha256] = path.name
        slug, number = source.slug, 2
        while slug in taken or slug in found:
            slug, number = f"{source.slug}-{number}", number + 1
        found[slug] = replace(source, slug=slug)
    return list(found.values()), refused


def searched_texts(library: Library) -> list[str]:
    """What the word indexes see of each passage: headings, repaired text, and the questions that belong to it."""
    texts = [dutch.search_text(" ".join([*passage.headings, passage.text])) for passage in library.passages]
    asked: dict[int, list[str]] = defaultdict(list)
    for position, passage in enumerate(library.passages):
        asked[position].extend(passage.wordings)
    for question, places in zip(library.bank, assign([q.anchor for q in library.bank], library.passages), strict=True):
        for place in places:
            asked[place].append(question.text)
    return [" ".join([text, *asked[position]]) for position, text in enumerate(texts)]


def embedded_text(passage: Passage) -> str:
    """What the embedding model sees of a passage: its nearest headings and its repaired text."""
    return dutch.search_text(" ".join([*passage.headings[-2:], passage.text]))


def _fill(
    generation: Path, library: Library, inputs: Inputs, embedding: SentenceEmbedding, progress: Progress
) -> tuple[Manifest, int]:
    _write_lines(generation / "sources.jsonl", (asdict(source) for source in library.sources))
    _write_lines(generation / "publications.jsonl", (asdict(publication) for publication in library.publications))
    _write_lines(generation / "passages.jsonl", ({**asdict(p), "text": None} for p in library.passages))
    store = VectorStore(generation / "chroma")
    try:
        embedded = _embed(generation / "docstore.json", library, store, embedding, progress)
        digest, count = store.digest(), len(store)
    finally:
        store.close()
    if count != len(library.passages):
        raise _LostVectors
    texts = searched_texts(library)
    progress("Woorden tellen", 0, 2)
    WordIndex.build([dutch.terms(text) for text in texts]).save(generation / "words")
    progress("Woorden tellen", 1, 2)
    WordIndex.build([dutch.grams(text) for text in texts]).save(generation / "grams")
    Vocabulary.build(texts).save(generation / "vocabulary.json")
    progress("Woorden tellen", 2, 2)
    texts_known = sentences.texts_of(library.passages)
    sentences.save(
        generation / "sentences", texts_known, _vectors(texts_known, "Zinnen insluiten", embedding, progress)
    )
    questions = _fill_bank(generation / "bank", library, embedding, progress)
    manifest = Manifest(
        inputs=inputs,
        passages=len(library.passages),
        sources={source.slug: source.sha256 for source in library.sources},
        questions=questions,
        embeddings=digest,
        skipped=library.skipped,
        files=digests(generation),
    )
    return manifest, embedded


def _fill_bank(folder: Path, library: Library, embedding: SentenceEmbedding, progress: Progress) -> int:
    """The bank's questions and those of the sections themselves as vectors, with the passages that each belongs to."""
    folder.mkdir()
    belongs = assign([question.anchor for question in library.bank], library.passages)
    own = [(at, question) for at, passage in enumerate(library.passages) for question in passage.questions]
    asked = [question.text for question in library.bank] + [question for _, question in own]
    np.save(folder / "vectors.npy", _vectors(asked, "Vragenbank insluiten", embedding, progress))
    pairs = sorted(
        [(place, question) for question, places in enumerate(belongs) for place in places]
        + [(place, question) for question, (place, _) in enumerate(own, start=len(library.bank))]
    )
    np.save(folder / "pairs.npy", np.asarray(pairs, dtype=np.int32).reshape(-1, 2))
    return len(asked)


def _vectors(texts: Sequence[str], stage: str, embedding: SentenceEmbedding, progress: Progress) -> Vectors:
    batches = _told(range(0, len(texts), 2048), stage, progress)
    rows = [embedding.queries(texts[at : at + 2048]) for at in batches]
    return np.concatenate(rows) if rows else np.zeros((0, 0), dtype=np.float32)


class _Split(TransformComponent):
    """Gives the passages of each document as nodes, with the text that the embedding model sees."""

    passages: dict[str, list[Passage]]

    def __call__(self, nodes: Sequence[BaseNode], **kwargs: Any) -> list[BaseNode]:
        return [_node(passage, node) for node in nodes for passage in self.passages[node.id_]]


class _Embed(TransformComponent):
    """The embedding model, telling its progress after each batch."""

    embedding: SentenceEmbedding
    progress: Progress

    def __call__(self, nodes: Sequence[BaseNode], **kwargs: Any) -> list[BaseNode]:
        embedded: list[BaseNode] = []
        size = self.embedding.embed_batch_size
        for start in _told(range(0, len(nodes), size), "Passages insluiten", self.progress):
            embedded.extend(self.embedding(nodes[start : start + size]))
        return embedded


def _embed(path: Path, library: Library, store: VectorStore, embedding: SentenceEmbedding, progress: Progress) -> int:
    by_source: dict[str, list[Passage]] = {source.slug: [] for source in library.sources}
    for passage in library.passages:
        by_source[passage.source].append(passage)
    docstore = SimpleDocumentStore.from_persist_path(str(path)) if path.exists() else SimpleDocumentStore()
    pipeline = IngestionPipeline(
        transformations=[_Split(passages=by_source), _Embed(embedding=embedding, progress=progress)],
        docstore=docstore,
        vector_store=store.llama,
        docstore_strategy=DocstoreStrategy.UPSERTS_AND_DELETE,
        disable_cache=True,
    )
    nodes = pipeline.run(
        documents=[
            LlamaDocument(id_=slug, text="\n".join(f"{p.id} {embedded_text(p)}" for p in passages))
            for slug, passages in by_source.items()
        ],
    )
    docstore.persist(str(path))
    return len(nodes)


def _node(passage: Passage, document: BaseNode) -> TextNode:
    return TextNode(
        id_=passage.id,
        text=embedded_text(passage),
        metadata={"source": passage.source, "kind": passage.kind.value},
        excluded_embed_metadata_keys=["source", "kind"],
        relationships={NodeRelationship.SOURCE: document.as_related_node_info()},
    )


def _same_vectors(old: Inputs, new: Inputs) -> bool:
    shaping = ("format", "model", "query_prefix", "passage_prefix")
    return all(old.settings.get(name) == new.settings.get(name) for name in shaping)


def _files(folder: Path | None) -> list[Path]:
    return [path for path in documents(folder) if supported(path)] if folder and folder.is_dir() else []


def _told(items: Sequence[Item], stage: str, progress: Progress) -> Iterable[Item]:
    for done, item in enumerate(items):
        progress(stage, done, len(items))
        yield item
    if items:
        progress(stage, len(items), len(items))


def _write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
