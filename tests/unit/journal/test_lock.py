"""One run per machine and configuration at a time."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.errors import JournalError, Refused
from reconciler.journal import Holder, Lock, locked, under_way

_DIES = """
import os, pathlib, sys
from reconciler.journal import Holder, Lock, locked
with locked([Lock(pathlib.Path(sys.argv[1]), "/a")], Holder(8, "there", "now", "apply")):
    os._exit(9)
"""
HOLDER = Holder(7, "here", "2026-01-31T12:00:00Z", "apply")


def try_again(*locks: Lock) -> str:
    """What somebody else is told who wants these."""
    try:
        with locked(locks, HOLDER):
            return "held"
    except Refused as refused:
        return refused.message


def test_a_second_one_is_told_by_whom(tmp_path: Path) -> None:
    """Process, machine, since when, and the run once there is one."""
    lock = Lock(tmp_path, "/a/reconciler.yaml")
    with locked([lock], HOLDER) as held:
        before = try_again(lock)
        held.name("20260131T120000Z-aaaaaa")
        after = try_again(lock)
    head = "another run is in progress on /a/reconciler.yaml (reconciler apply"

    assert (
        f"{head}, process 7 on here since 2026-01-31T12:00:00Z)",
        f"{head} 20260131T120000Z-aaaaaa, process 7 on here since 2026-01-31T12:00:00Z)",
        "held",
    ) == (before, after, try_again(lock))


def test_a_run_is_under_way_as_long_as_its_lock_is_held(tmp_path: Path) -> None:
    """What a file says of one that was killed is not believed."""
    lock, seen = Lock(tmp_path, "/a"), []
    with locked([lock], HOLDER) as held:
        seen.append(under_way(tmp_path))
        held.name("20260131T120000Z-aaaaaa")
        seen.append(under_way(tmp_path))
        said = lock.file.read_bytes()
    seen.append(under_way(tmp_path))
    lock.file.write_bytes(said)

    assert [set(), {"20260131T120000Z-aaaaaa"}, set(), set()] == [*seen, under_way(tmp_path)]


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"run": 7}', "\0", "[" * 4000])
def test_a_file_that_names_no_run_is_of_none(tmp_path: Path, text: str) -> None:
    """Whatever it says."""
    Lock(tmp_path, "/a").file.write_text(text, encoding="utf-8")

    assert frozenset() == under_way(tmp_path)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """Whoever put it there."""
    os.mkfifo(Lock(tmp_path, "/a").file)

    assert frozenset() == under_way(tmp_path)


def test_configurations_do_not_lock_each_other(tmp_path: Path) -> None:
    """Also where they are journaled in one folder."""
    with locked([Lock(tmp_path, "/a")], HOLDER):
        assert "held" == try_again(Lock(tmp_path, "/b"))


def test_all_or_none(tmp_path: Path) -> None:
    """Where one of several is held by somebody else, the others are free again."""
    one, two = Lock(tmp_path, "/a"), Lock(tmp_path, "/b")
    with locked([two], HOLDER):
        refused = try_again(one, two)

        assert (True, "held") == (refused.startswith("another run is in progress on /b"), try_again(one))


def test_locks_are_taken_in_one_order(tmp_path: Path) -> None:
    """However they are given: of two runs that need the same ones, the first to come gets them all."""
    locks = sorted((Lock(tmp_path / "a", "/x"), Lock(tmp_path / "b", "/y")), key=lambda lock: str(lock.folder))
    with locked(locks[:1], HOLDER):
        try_again(*reversed(locks))

        assert [True, False] == [lock.file.exists() for lock in locks]


def test_the_same_twice_is_once(tmp_path: Path) -> None:
    """No run waits for itself."""
    assert "held" == try_again(Lock(tmp_path, "/a"), Lock(tmp_path, "/a"))


def test_a_lock_ends_with_its_process(tmp_path: Path) -> None:
    """However that ends: it is the kernel's."""
    lock = Lock(tmp_path, "/a")
    done = subprocess.run([sys.executable, "-c", _DIES, str(tmp_path)], check=False)

    assert (9, "there", "held") == (
        done.returncode,
        json.loads(lock.file.read_text(encoding="ascii"))["host"],
        try_again(lock),
    )


@pytest.mark.parametrize("content", ["", "not JSON", "[]", "{}", "[" * 4000, '{"pid": 1}'])
def test_a_file_that_says_nothing_of_its_holder(tmp_path: Path, content: str) -> None:
    """It is locked all the same."""
    lock = Lock(tmp_path, "/a")
    with locked([lock], HOLDER):
        lock.file.write_text(content, encoding="ascii")

        assert "another run is in progress on /a" == try_again(lock)


def _is_link(lock: Lock) -> None:
    lock.folder.mkdir()
    lock.file.symlink_to(lock.folder.parent / "precious")


def _is_folder(lock: Lock) -> None:
    lock.file.mkdir(parents=True)


@pytest.mark.parametrize("spoil", [_is_link, _is_folder])
def test_a_file_that_cannot_be_used(tmp_path: Path, spoil: Callable[[Lock], None]) -> None:
    """A link is not followed: what it leads to stays as it is."""
    (tmp_path / "precious").write_text("precious", encoding="ascii")
    lock = Lock(tmp_path / "runs", "/a")
    spoil(lock)
    with pytest.raises(JournalError, match="cannot be locked"), locked([lock], HOLDER):
        pytest.fail("it was locked")

    assert "precious" == (tmp_path / "precious").read_text(encoding="ascii")
