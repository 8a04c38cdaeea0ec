"""Doing something again whenever a file changes."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import click
import pytest

from reconciler.cli.terminal.watch import ReadFiles, watch
from reconciler.errors import ExitCode

Step: TypeAlias = Callable[[], object]
Watch: TypeAlias = Callable[..., int]


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Watch some work; each wait does the next of some steps, and after the last one the user ends it."""

    def run(work: Callable[[ReadFiles], object], *steps: Step) -> int:
        remaining = iter(steps)
        files, runs = ReadFiles(), 0

        def counted() -> None:
            nonlocal runs
            runs += 1
            work(files)

        def sleep(_: float) -> None:
            step = next(remaining, None)
            if step is None:
                raise KeyboardInterrupt
            step()

        monkeypatch.setattr(time, "sleep", sleep)
        assert ExitCode.OK is watch(counted, files)
        return runs

    return run


def reading(*files: Path) -> Callable[[ReadFiles], None]:
    """Work that reads these files."""

    def work(read: ReadFiles) -> None:
        for file in files:
            read.add(str(file))

    return work


def nothing() -> None:
    """A wait in which nothing changes."""


def test_work_is_done_once_without_a_change(watched: Watch, tmp_path: Path) -> None:
    """Files that stay as they are cause no work."""
    (tmp_path / "a").write_text("1")

    assert 1 == watched(reading(tmp_path / "a"), nothing, nothing)


def test_work_is_done_after_each_change(watched: Watch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that changes, appears or disappears is named, and the work is done again."""
    file, other = tmp_path / "a", tmp_path / "b"
    file.write_text("1")
    runs = watched(reading(file, other), lambda: file.write_text("22"), lambda: other.write_text("1"), other.unlink)
    messages = capsys.readouterr().err.splitlines()

    assert (4, [f"changed: {name} ---" for name in (file, other, other)]) == (
        runs,
        [message.split(" ", 2)[2] for message in messages],
    )


def test_a_change_during_the_work_is_seen(watched: Watch, tmp_path: Path) -> None:
    """What changes after the work has read it is worked on again."""
    file = tmp_path / "a"
    file.write_text("1")
    texts = iter(["22", "333"])

    def work(read: ReadFiles) -> None:
        read.add(str(file))
        if text := next(texts, None):
            file.write_text(text)

    assert 3 == watched(work, nothing, nothing, nothing)


def test_only_what_the_work_has_read_is_watched(watched: Watch, tmp_path: Path) -> None:
    """A file that is read no more has no say."""
    first, then = tmp_path / "a", tmp_path / "b"
    first.write_text("1")
    rounds = iter([first])

    def work(read: ReadFiles) -> None:
        reading(next(rounds, then))(read)

    assert 2 == watched(work, lambda: first.write_text("22"), lambda: first.write_text("333"))


def test_a_terminal_is_cleared(
    watched: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a terminal nothing separates the results: each has the screen to itself, and the way out is said."""
    (tmp_path / "a").write_text("1")
    cleared: list[bool] = []
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(click, "clear", lambda: cleared.append(True))
    monkeypatch.setenv("TERM", "xterm")
    watched(reading(tmp_path / "a"), lambda: (tmp_path / "a").write_text("22"))

    assert ([True], "\nWatching 1 file until Ctrl-C.\n" * 2) == (cleared, capsys.readouterr().err)
