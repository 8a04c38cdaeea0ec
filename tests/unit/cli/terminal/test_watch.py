"""Doing something again whenever a file changes."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from reconciler.cli.terminal.watch import watch
from reconciler.errors import ExitCode


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[int]]:
    """Watch files; each wait does the next of some steps, and after the last one the user ends it."""

    def run(files: set[str], *steps: Callable[[], object]) -> list[int]:
        remaining = iter(steps)
        runs: list[int] = []

        def sleep(_: float) -> None:
            step = next(remaining, None)
            if step is None:
                raise KeyboardInterrupt
            step()

        monkeypatch.setattr(time, "sleep", sleep)
        code = watch(lambda: runs.append(len(runs)), lambda: files)
        assert code is ExitCode.OK
        return runs

    return run


def nothing() -> None:
    """A wait in which nothing changes."""


def test_work_is_done_once_without_a_change(watched: Callable[..., list[int]], tmp_path: Path) -> None:
    """Files that stay as they are cause no work."""
    (tmp_path / "a").write_text("1")

    assert [0] == watched({str(tmp_path / "a")}, nothing, nothing)


def test_work_is_done_after_each_change(
    watched: Callable[..., list[int]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that changes, appears or disappears is named, and the work is done again."""
    file, other = tmp_path / "a", tmp_path / "b"
    file.write_text("1")
    runs = watched({str(file), str(other)}, lambda: file.write_text("22"), lambda: other.write_text("1"), other.unlink)
    messages = capsys.readouterr().err.splitlines()

    assert ([0, 1, 2, 3], [f"changed: {name} ---" for name in (file, other, other)]) == (
        runs,
        [message.split(" ", 2)[2] for message in messages],
    )


def test_a_change_during_the_work_is_seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What changes while the work reads it is worked on again."""
    file = tmp_path / "a"
    file.write_text("1")
    runs: list[int] = []

    def work() -> None:
        runs.append(len(runs))
        if len(runs) == 2:
            file.write_text("333")

    waits = iter([lambda: file.write_text("22"), nothing])

    def sleep(_: float) -> None:
        step = next(waits, None)
        if step is None:
            raise KeyboardInterrupt
        step()

    monkeypatch.setattr(time, "sleep", sleep)
    watch(work, lambda: {str(file)})

    assert [0, 1, 2] == runs


def test_a_terminal_is_cleared(
    watched: Callable[..., list[int]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """On a terminal nothing separates the results: each has the screen to itself, and the way out is said."""
    (tmp_path / "a").write_text("1")
    cleared: list[bool] = []
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(click, "clear", lambda: cleared.append(True))
    monkeypatch.setenv("TERM", "xterm")
    watched({str(tmp_path / "a")}, lambda: (tmp_path / "a").write_text("22"))

    assert ([True], "\nWatching 1 file until Ctrl-C.\n" * 2) == (cleared, capsys.readouterr().err)
