"""The one way in: an open index that finds passages for a question."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index import dutch
from index.embedding import SentenceEmbedding
from index.errors import DamagedIndex, InvalidRequest, StaleIndex
from index.fuse import fuse, ranks
from index.generations import IndexFolder
from index.lexical import Scores, WordIndex
from index.manifest import Manifest, changes, digests, inputs_of
from index.questions import mean_of_nearest
from index.sentences import SentenceVectors
from index.settings import IndexSettings
from index.sources import Publication, sha256
from index.store import VectorStore
from index.types import Anchor, Author, Evidence, Heading, Hit, Kind, Passage, Source
from index.vocabulary import Vocabulary

WEIGHTS: Mapping[str, float] = {"words": 1.0, "grams": 1.0, "meaning": 1.0, "bank": 1.0}
NEAREST = 200
_BEST = 5
_ROOTS = ("corpus", "essays", "documents")


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gives: hits, best first, and the evidence that they answer the question."""

    hits: tuple[Hit, ...]
    evidence: Evidence


class Index:
    """An open index. It owns its folder until it is closed; any number of threads may search it."""

    def __init__(self, folder: IndexFolder, manifest: Manifest, embedding: SentenceEmbedding) -> None:
        self._folder = folder
        self._embedding = embedding
        self._weights = WEIGHTS
        self.manifest = manifest
        generation = folder.require_current()
        self.sources: Mapping[str, Source] = {
            source.slug: source for source in _read_sources(generation / "sources.jsonl")
        }
        self.publications: Mapping[str, Publication] = {
            known.slug: known for known in _read_publications(generation / "publications.jsonl")
        }
        self.passages = tuple(_read_passages(generation / "passages.jsonl", self.sources))
        self._position = {passage.id: at for at, passage in enumerate(self.passages)}
        self._essays = _by_essay(self.passages)
        self._of_kind = {kind: np.array([p.kind is kind for p in self.passages]) for kind in Kind}
        self._store = VectorStore(generation / "chroma")
        self._words = WordIndex.load(generation / "words")
        self._grams = WordIndex.load(generation / "grams")
        self._sentences = SentenceVectors.load(generation / "sentences")
        self._vocabulary = Vocabulary.load(generation / "vocabulary.json")
        self._bank = _Bank(generation / "bank", len(self.passages))

    @classmethod
    def open(cls, settings: IndexSettings, embedding: SentenceEmbedding) -> Self:
        """Open the current index.

        Raises MissingIndex when nothing was built, StaleIndex when the index no longer fits its sources or the
        settings, LockedIndex when another process uses it, DamagedIndex when its files cannot be read.
        """
        folder = IndexFolder(settings.index)
        try:
            manifest = Manifest.load(folder.require_current())
            _require_fit(manifest, settings)
            return cls(folder, manifest, embedding)
        except (OSError, ValueError, KeyError, EOFError) as error:
            folder.release()
            raise DamagedIndex(
                f"De index in {settings.index} is beschadigd ({error}); draai: opgavewijzer index build"
            ) from error
        except BaseException:
            folder.release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the index and give the folder back."""
        self._store.close()
        self._folder.release()

    def weighing(self, weights: Mapping[str, float]) -> Self:
        """The same open index with other weights for its legs; a leg that is not named counts for nothing.

        Raises ValueError for a leg that does not exist, and when no leg has weight.
        """
        if unknown := weights.keys() - WEIGHTS.keys():
            raise ValueError(f"there is no leg {min(unknown)!r}; there are {', '.join(WEIGHTS)}")
        if not any(weight > 0 for weight in weights.values()):
            raise ValueError("at least one leg needs a weight above 0")
        view = copy(self)
        view._weights = dict.fromkeys(WEIGHTS, 0.0) | dict(weights)
        return view

    def search(
        self, question: str, *, limit: int = 10, kinds: Sequence[Kind] = (), sources: Sequence[str] = ()
    ) -> Found:
        """Find the passages that best answer a question, optionally of some kinds or sources only.

        Every leg ranks the passages of each kind by themselves, so that an essay, a handbook section and an own
        document can each come first. Raises InvalidRequest for an empty question or an unknown source.
        """
        if not question.strip():
            raise InvalidRequest("De vraag is leeg; typ een vraag.")
        if unknown := [slug for slug in sources if slug not in self.sources]:
            raise InvalidRequest(f"De bron '{unknown[0][:80]}' bestaat niet; zie de lijst van bronnen.")
        vector = self._embedding.queries([dutch.search_text(question)])[0]
        terms, grams = dutch.terms(question), dutch.grams(question)
        allowed = self._allowed(kinds, sources)
        similar = self._bank.similarities(vector)
        legs = {
            "words": self._words.scores(terms),
            "grams": self._grams.scores(grams),
            "meaning": self._meaning(vector, kinds, sources),
            "bank": self._bank.best(similar),
        }
        scores, places = self._fuse(legs, allowed)
        order = [int(at) for at in np.argsort(-scores, kind="stable")[:limit] if scores[at] > 0]
        hits = tuple(Hit(self.passages[at], float(scores[at]), _ranks_at(places, at)) for at in order)
        return Found(hits, self._evidence(question, order[:_BEST], similar, legs["meaning"]))

    def floor(self, question: str) -> None:
        """The least that any search does, to measure by: embed the question, ask Chroma once and bm25s once."""
        vector = self._embedding.passages([question])[0]
        self._store.nearest(vector, min(NEAREST, len(self.passages)))
        self._words.scores(dutch.terms(question))

    def source(self, slug: str) -> Source:
        """The source with this slug. Raises InvalidRequest when there is none."""
        if slug not in self.sources:
            raise InvalidRequest(f"De bron '{slug[:80]}' bestaat niet; zie de lijst van bronnen.")
        return self.sources[slug]

    def passage(self, id: str) -> Passage:
        """The passage with this id. Raises InvalidRequest when there is none."""
        if id not in self._position:
            raise InvalidRequest(f"De passage '{id[:80]}' bestaat niet.")
        return self.passages[self._position[id]]

    def grounds(self, section: Passage) -> list[Passage]:
        """The essay passages that a handbook section rests on, as far as the essays were imported."""
        found: dict[str, Passage] = {}
        for origin in section.origins:
            starts, essay = self._essays.get(origin.source, ((), ()))
            for passage in essay[max(0, bisect_right(starts, origin.start) - 1) : bisect_left(starts, origin.end)]:
                if 2 * origin.overlap(passage.anchor) >= min(origin.length, passage.anchor.length):
                    found[passage.id] = passage
        return list(found.values())

    def similarities(self, question: str, texts: Sequence[str]) -> list[float]:
        """The cosine similarity of a question to each of some other texts, by the embedding model."""
        rows = self._sentences.rows(texts)
        unknown = np.flatnonzero(rows < 0)
        asked = self._embedding.queries([dutch.search_text(question)])[0]
        scores = np.zeros(len(texts), dtype=np.float32)
        known = np.flatnonzero(rows >= 0)
        scores[known] = self._sentences.vectors(rows[known]) @ asked if len(known) else 0.0
        if len(unknown):
            scores[unknown] = self._embedding.queries([texts[int(at)] for at in unknown]) @ asked
        return [float(score) for score in scores]

    def verify(self) -> list[str]:
        """Compare counts, hashes and embeddings with the manifest; in Dutch, what does not agree."""
        faults: list[str] = []
        if len(self._store) != self.manifest.passages or len(self.passages) != self.manifest.passages:
            faults.append(
                f"Het manifest noemt {self.manifest.passages} passages; er staan er {len(self.passages)} op de lijst "
                f"en {len(self._store)} in Chroma."
            )
        if self._bank.size != self.manifest.questions:
            faults.append(f"Het manifest noemt {self.manifest.questions} vragen; er zijn er {self._bank.size}.")
        for slug, digest in self.manifest.sources.items():
            if slug not in self.sources or sha256(self.sources[slug].text) != digest:
                faults.append(f"De tekst van '{slug}' is niet die waarvan de index is gemaakt.")
        stored = digests(self._folder.require_current())
        faults += [
            f"Het bestand {name} is niet dat van de bouw."
            for name, digest in self.manifest.files.items()
            if stored.get(name) != digest
        ]
        if self._store.digest() != self.manifest.embeddings:
            faults.append("De vectoren in Chroma zijn niet die van de bouw.")
        return faults

    def _allowed(self, kinds: Sequence[Kind], sources: Sequence[str]) -> NDArray[np.bool_]:
        allowed = np.ones(len(self.passages), dtype=bool)
        if kinds:
            allowed &= np.any([self._of_kind[kind] for kind in kinds], axis=0)
        if sources:
            wanted = set(sources)
            allowed &= np.array([passage.source in wanted for passage in self.passages])
        return allowed

    def _meaning(self, vector: Scores, kinds: Sequence[Kind], sources: Sequence[str]) -> Scores:
        scores = np.zeros(len(self.passages), dtype=np.float32)
        limit = min(NEAREST, len(self.passages))
        for id, similarity in self._store.nearest(vector, limit, kinds=kinds, sources=sources):
            scores[self._position[id]] = max(similarity, 0.0)
        return scores

    def _fuse(self, legs: Mapping[str, Scores], allowed: NDArray[np.bool_]) -> tuple[Scores, Mapping[str, Scores]]:
        fused = np.zeros(len(self.passages), dtype=np.float32)
        places = {leg: np.full(len(self.passages), np.inf, dtype=np.float32) for leg in legs}
        for kind, of_kind in self._of_kind.items():
            here = np.flatnonzero(of_kind & allowed)
            used = [leg for leg in legs if self._weights[leg] > 0 and (leg != "bank" or kind is not Kind.OWN)]
            if not len(here) or not used:
                continue
            rankings = {leg: ranks(legs[leg][here]) for leg in used}
            fused[here] = fuse(rankings, self._weights)
            for leg, ranking in rankings.items():
                places[leg][here] = ranking
        return fused, places

    def _evidence(self, question: str, best: Sequence[int], similar: Scores, meaning: Scores) -> Evidence:
        terms, grams = dutch.terms(question), dutch.grams(question)
        specific = self._vocabulary.specificity(question) or [0.0]
        return Evidence(
            term_coverage=self._words.coverage(terms, best),
            gram_coverage=self._grams.coverage(grams, best),
            known_terms=self._words.coverage(terms),
            bank_similarity=float(similar.max(initial=0.0)),
            passage_similarity=float(meaning.max(initial=0.0)),
            specificity=float(np.mean(specific)),
            least_specific=float(np.mean(specific[:2])),
        )


class _Bank:
    """The questions of the bank as vectors, and the passages that each belongs to."""

    def __init__(self, folder: Path, passages: int) -> None:
        self._vectors = np.asarray(np.load(folder / "vectors.npy", mmap_mode="r"))
        pairs = np.load(folder / "pairs.npy")
        self.size = len(self._vectors)
        self._passages = passages
        self._questions = pairs[:, 1]
        self._places, self._starts = np.unique(pairs[:, 0], return_index=True)

    def similarities(self, vector: Scores) -> Scores:
        """The cosine similarity of each question of the bank."""
        return np.asarray(self._vectors @ vector if self.size else np.zeros(0), dtype=np.float32)

    def best(self, similarities: Scores) -> Scores:
        """For each passage the mean similarity of its nearest questions."""
        scores = np.zeros(self._passages, dtype=np.float32)
        if len(self._places):
            scores[self._places] = mean_of_nearest(similarities[self._questions], self._starts)
        return scores


def _by_essay(passages: Sequence[Passage]) -> Mapping[str, tuple[Sequence[int], Sequence[Passage]]]:
    """The passages of each essay in order, with their starts to look up a place in."""
    essays: dict[str, list[Passage]] = defaultdict(list)
    for passage in passages:
        if passage.kind is Kind.ESSAY:
            essays[passage.source].append(passage)
    return {slug: ([passage.start for passage in ordered], ordered) for slug, ordered in essays.items()}


def _require_fit(manifest: Manifest, settings: IndexSettings) -> None:
    """Folders that were not named now are those that the index was built from."""
    built = {"corpus": manifest.inputs.settings.get("register"), **manifest.inputs.settings}
    named = {
        root: Path(built[root] or "") if root != "corpus" else Path(built["corpus"] or "").parent
        for root in _ROOTS
        if root not in settings.model_fields_set and built.get(root)
    }
    absent = {root: None for root in _ROOTS if root not in settings.model_fields_set and not built.get(root)}
    differing = changes(manifest.inputs, inputs_of(settings.model_copy(update={**named, **absent})))
    if differing:
        told = ", ".join(differing[:3]) + (f" en {len(differing) - 3} meer" if len(differing) > 3 else "")
        flags = "" if built["corpus"] else " --corpus none"
        flags += f" --documents {built['documents']}" if built.get("documents") else ""
        flags += f" --index {settings.index}" if "index" in settings.model_fields_set else ""
        raise StaleIndex(f"De index past niet meer ({told}); draai: opgavewijzer index build{flags}")


def _ranks_at(places: Mapping[str, Scores], at: int) -> dict[str, int]:
    return {leg: int(ranking[at]) for leg, ranking in places.items() if np.isfinite(ranking[at])}


def _read_sources(path: Path) -> Iterator[Source]:
    for row in _lines(path):
        row["kind"] = Kind(row["kind"])
        row["authors"] = tuple(Author(**author) for author in row["authors"])
        row["headings"] = tuple(Heading(**heading) for heading in row["headings"])
        row["pages"] = tuple(row["pages"])
        yield Source(**row)


def _read_publications(path: Path) -> Iterator[Publication]:
    for row in _lines(path):
        yield Publication(**{**row, "authors": tuple(Author(**author) for author in row["authors"])})


def _read_passages(path: Path, sources: Mapping[str, Source]) -> Iterator[Passage]:
    for row in _lines(path):
        row["kind"] = Kind(row["kind"])
        row["headings"] = tuple(row["headings"])
        row["origins"] = tuple(Anchor(**origin) for origin in row["origins"])
        row["wordings"] = tuple(row["wordings"])
        row["text"] = sources[row["source"]].text[row["start"] : row["end"]]
        yield Passage(**row)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
