"""Doing something again whenever a file changes."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import click
import pytest

from reconciler.cli.terminal.input_files import RecordingDisk
from reconciler.cli.terminal.watch import POLL, SETTLE, ReadFiles, watch
from reconciler.errors import ExitCode, ReconcilerError

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

        def sleep(seconds: float) -> None:
            if seconds == SETTLE:
                return
            step = next(remaining, None)
            if step is None:
                raise KeyboardInterrupt
            step()

        monkeypatch.setattr(time, "sleep", sleep)
        assert ExitCode.INTERRUPTED is watch(counted, files)
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
    monkeypatch.setattr(time, "strftime", lambda _: "12:00:00")
    watched(reading(tmp_path / "a"), lambda: (tmp_path / "a").write_text("22"))

    assert ([True], "\n12:00:00 Watching 1 file until Ctrl-C.\n" * 2) == (cleared, capsys.readouterr().err)


def test_new_files_of_a_path_are_seen(watched: Watch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that a PATH did not stand for when the work was done is a change, and so is a PATH that vanishes."""
    folder = tmp_path / "manifests"
    folder.mkdir()

    def work(read: ReadFiles) -> None:
        RecordingDisk(read).expand(str(folder))

    runs = watched(work, (folder / "new.yaml").touch, (folder / ".new.swp").touch, (folder / "new.yaml").unlink)

    assert (3, 2) == (runs, capsys.readouterr().err.count(f"changed: {folder / 'new.yaml'} ---"))


def test_a_folder_that_cannot_be_listed_is_empty(watched: Watch) -> None:
    """A folder that vanishes while it is listed does not end the watch."""

    def listing(_: str) -> list[str]:
        raise FileNotFoundError

    assert 2 == watched(lambda read: read.add_listing("folder", listing, ["folder/a.yaml"]), nothing)


def test_a_change_is_waited_for_to_be_complete(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is written in several parts is worked on once, when nothing is added any more."""
    file = tmp_path / "a"
    file.write_text("1")
    parts = iter([POLL, SETTLE, SETTLE, SETTLE, POLL])
    contents: list[str] = []
    files = ReadFiles()

    def sleep(seconds: float) -> None:
        assert seconds == next(parts)
        if len(file.read_text()) > 3:
            if seconds == POLL:
                raise KeyboardInterrupt
            return
        file.write_text(file.read_text() + "1")

    def work() -> None:
        files.add(str(file))
        contents.append(file.read_text())

    monkeypatch.setattr(time, "sleep", sleep)
    watch(work, files)

    assert (["1", "1111"], 1) == (contents, capsys.readouterr().err.count("changed"))


def test_a_change_without_end_is_worked_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file that grows all the time does not keep others from being worked on."""
    file = tmp_path / "log"
    file.write_text("")
    rounds = iter(range(2))
    files = ReadFiles()

    def work() -> None:
        files.add(str(file))
        if next(rounds, None) is None:
            raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", lambda _: file.write_text(f"{file.read_text()}x"))

    assert ExitCode.INTERRUPTED is watch(work, files)


def test_an_error_is_shown_and_the_watch_goes_on(watched: Watch, capsys: pytest.CaptureFixture[str]) -> None:
    """What the work raises may be what the next change repairs."""

    def work(_: ReadFiles) -> None:
        raise ReconcilerError("no such environment", "add it")

    assert (1, "error: no such environment; add it\n") == (watched(work, nothing), capsys.readouterr().err)


def test_many_changes_are_counted(watched: Watch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of many changed files, such as after a checkout, only some are named."""
    files = [tmp_path / str(number) for number in range(7)]
    watched(reading(*files), lambda: [file.write_text("1") for file in files])

    assert capsys.readouterr().err.endswith(f"{files[4]} and 2 more ---\n")
