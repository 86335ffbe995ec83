"""The vector store: what is nearest, of which kind, and a hash of all that is in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from llama_index.core.schema import TextNode
from numpy.typing import NDArray

from index.errors import DamagedIndex
from index.store import VectorStore
from index.types import Kind

Vector = NDArray[np.float32]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[VectorStore]:
    opened = VectorStore(tmp_path / "chroma")
    yield opened
    opened.close()


def node(id: str, vector: Sequence[float], *, source: str = "a", kind: Kind = Kind.ESSAY) -> TextNode:
    return TextNode(id_=id, text=id, embedding=list(vector), metadata={"source": source, "kind": kind.value})


def vector(*values: float) -> Vector:
    return np.array(values, dtype=np.float32)


@pytest.fixture
def filled(store: VectorStore) -> VectorStore:
    store.llama.add(
        [
            node("oost", [1, 0], source="a"),
            node("noordoost", [1, 1], source="b", kind=Kind.HANDBOOK),
            node("noord", [0, 2], source="b"),
            node("west", [-1, 0], source="c", kind=Kind.OWN),
        ]
    )
    return store


def test_nearest_gives_cosine_similarities_best_first(filled: VectorStore) -> None:
    found = filled.nearest(vector(1, 0), 4)
    assert [id for id, _ in found] == ["oost", "noordoost", "noord", "west"]
    assert [similarity for _, similarity in found] == pytest.approx([1, 0.5**0.5, 0, -1], abs=1e-5)


def test_nearest_gives_no_more_than_asked(filled: VectorStore) -> None:
    assert [id for id, _ in filled.nearest(vector(1, 0), 1)] == ["oost"]


def test_nearest_can_be_asked_for_more_than_there_is(filled: VectorStore) -> None:
    assert len(filled.nearest(vector(1, 0), 50)) == 4


@pytest.mark.parametrize(
    ("kinds", "sources", "found"),
    [
        ([Kind.HANDBOOK], [], {"noordoost"}),
        ([Kind.HANDBOOK, Kind.OWN], [], {"noordoost", "west"}),
        ([], ["b"], {"noordoost", "noord"}),
        ([], ["a", "c"], {"oost", "west"}),
        ([Kind.ESSAY], ["b"], {"noord"}),
        ([Kind.OWN], ["a"], set()),
    ],
)
def test_nearest_keeps_to_kinds_and_sources(
    filled: VectorStore, kinds: list[Kind], sources: list[str], found: set[str]
) -> None:
    assert {id for id, _ in filled.nearest(vector(1, 0), 4, kinds=kinds, sources=sources)} == found


def test_nearest_in_an_empty_store_is_nothing(store: VectorStore) -> None:
    assert store.nearest(vector(1, 0), 3) == []


def test_the_store_counts_its_passages(filled: VectorStore) -> None:
    assert len(filled) == 4


def test_what_was_added_is_there_after_closing_and_opening(tmp_path: Path) -> None:
    first = VectorStore(tmp_path / "chroma")
    first.llama.add([node("oost", [1, 0])])
    first.close()
    second = VectorStore(tmp_path / "chroma")
    assert second.nearest(vector(1, 0), 1)[0][0] == "oost"
    second.close()


def test_batches_larger_than_the_cap_are_added_whole(store: VectorStore) -> None:
    chance = np.random.default_rng(3)
    rows = chance.normal(size=(2_500, 8))
    assert store.llama.batch_size < len(rows)
    store.llama.add([node(str(at), row, source=f"s{at % 500}") for at, row in enumerate(rows)])
    assert len(store) == 2_500


def test_no_batch_is_larger_than_chroma_accepts(store: VectorStore, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    collection = store.llama._collection
    add = collection.add

    def counted(**given: Any) -> None:
        sizes.append(len(given["ids"]))
        add(**given)

    monkeypatch.setattr(collection, "add", counted)
    llama = store.llama
    llama.batch_size = 2
    llama.add([node(str(at), [1, at]) for at in range(5)])
    assert sizes == [2, 2, 1]


def test_a_rare_source_is_found_among_many_others(store: VectorStore) -> None:
    rows = np.random.default_rng(4).normal(size=(1_500, 8))
    rare = {"7", "700", "1400"}
    store.llama.add([node(str(at), row, source="zeldzaam" if str(at) in rare else "a") for at, row in enumerate(rows)])
    assert {id for id, _ in store.nearest(rows[0].astype(np.float32), 5, sources=["zeldzaam"])} == rare


def digest_of(folder: Path, nodes: Sequence[TextNode]) -> str:
    store = VectorStore(folder)
    try:
        store.llama.add(list(nodes))
        return store.digest()
    finally:
        store.close()


def test_the_digest_does_not_depend_on_the_order_of_adding(tmp_path: Path) -> None:
    nodes = [node(str(at), [1, at]) for at in range(6)]
    assert digest_of(tmp_path / "een", nodes) == digest_of(tmp_path / "twee", nodes[::-1])


@pytest.mark.parametrize(
    "changed", [[node("x", [1, 0])], [node("a", [0, 1])], [node("a", [1, 0]), node("b", [1, 0])], []]
)
def test_the_digest_follows_ids_and_vectors(tmp_path: Path, changed: list[TextNode]) -> None:
    assert digest_of(tmp_path / "een", [node("a", [1, 0])]) != digest_of(tmp_path / "twee", changed)


def test_a_folder_that_is_no_database_is_refused_with_the_command(tmp_path: Path) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(b"geen database" * 100)
    with pytest.raises(DamagedIndex, match="opgavewijzer index build"):
        VectorStore(tmp_path)
