"""The index folder: one owner, one current generation, nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import LibraryError, LockedIndex, MissingIndex
from index.generations import IndexFolder

PROJECT = Path(__file__).parents[2]
OWN_AND_WAIT = """
import sys
from pathlib import Path
from index.generations import IndexFolder
folder = IndexFolder(Path(sys.argv[1]))
print("mijn", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[IndexFolder]:
    with IndexFolder(tmp_path / "index") as owned:
        yield owned


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that owns the index folder."""
    command = [sys.executable, "-c", OWN_AND_WAIT, str(tmp_path / "index")]
    with subprocess.Popen(command, cwd=PROJECT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdout.readline() == "mijn\n"
        yield process
        process.kill()


def test_a_second_process_is_refused_at_once_and_told_who_owns_the_folder(
    tmp_path: Path, owner: subprocess.Popen[str]
) -> None:
    started = time.monotonic()
    with pytest.raises(LockedIndex, match=rf"in gebruik.*proces {owner.pid}\).*Stop dat proces"):
        IndexFolder(tmp_path / "index")
    assert time.monotonic() - started < 1


def test_a_killed_owner_leaves_the_folder_free(tmp_path: Path, owner: subprocess.Popen[str]) -> None:
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    IndexFolder(tmp_path / "index").release()


def test_a_second_owner_in_the_same_process_is_refused(folder: IndexFolder) -> None:
    with pytest.raises(LockedIndex, match=str(os.getpid())):
        IndexFolder(folder.root)


def test_a_refused_owner_leaves_the_name_of_the_owner(folder: IndexFolder) -> None:
    with pytest.raises(LockedIndex):
        IndexFolder(folder.root)
    assert (folder.root / "owner").read_text(encoding="utf-8") == str(os.getpid())


def test_a_released_folder_can_be_owned_again(tmp_path: Path) -> None:
    IndexFolder(tmp_path).release()
    IndexFolder(tmp_path).release()


def test_an_error_releases_the_folder(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), IndexFolder(tmp_path):
        raise RuntimeError
    IndexFolder(tmp_path).release()


def test_another_thread_can_release_the_folder(tmp_path: Path) -> None:
    folder = IndexFolder(tmp_path)
    thread = threading.Thread(target=folder.release)
    thread.start()
    thread.join()
    try:
        IndexFolder(tmp_path).release()
    finally:
        folder.release()


def test_a_file_in_the_place_of_the_folder_is_told_in_dutch(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("geen map", encoding="utf-8")
    with pytest.raises(LibraryError, match="map"):
        IndexFolder(tmp_path / "index")


def test_a_new_folder_has_no_current_generation(folder: IndexFolder) -> None:
    assert folder.current() is None
    with pytest.raises(MissingIndex, match="opgavewijzer index build"):
        folder.require_current()


def test_a_generation_is_current_only_after_the_switch(folder: IndexFolder) -> None:
    generation = folder.begin()
    assert folder.current() is None
    folder.switch(generation)
    assert folder.current() == folder.require_current() == generation


def test_a_new_generation_begins_empty_beside_the_current_one(folder: IndexFolder) -> None:
    first = folder.begin()
    (first / "iets").touch()
    folder.switch(first)
    second = folder.begin()
    assert first.is_dir() and second != first and not list(second.iterdir())


def test_what_an_interrupted_build_left_is_swept_when_the_next_begins(folder: IndexFolder) -> None:
    first = folder.begin()
    folder.switch(first)
    left = folder.begin()
    (left / "half").touch()
    fresh = folder.begin()
    assert sorted(first.parent.iterdir()) == sorted({first, fresh}) and not list(fresh.iterdir())


def test_sweep_removes_every_generation_but_the_current_one(folder: IndexFolder) -> None:
    first = folder.begin()
    folder.switch(first)
    second = folder.begin()
    folder.switch(second)
    folder.sweep()
    assert list(second.parent.iterdir()) == [second]


def test_a_switch_survives_a_draft_that_an_earlier_one_left(folder: IndexFolder) -> None:
    (folder.root / "current.new").write_text("half", encoding="utf-8")
    generation = folder.begin()
    folder.switch(generation)
    assert folder.current() == generation


@pytest.mark.parametrize("name", ["", "000009"])
def test_a_current_that_names_no_generation_counts_as_none(folder: IndexFolder, name: str) -> None:
    folder.begin()
    (folder.root / "current").write_text(name, encoding="utf-8")
    assert folder.current() is None
