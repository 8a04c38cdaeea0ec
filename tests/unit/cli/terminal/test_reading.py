"""The progress of reading: a line on a terminal, lines with -v, JSON for machines, else nothing."""

import io
import json
import sys
from collections.abc import Callable

import pytest

from reconciler.cli.options.format import DisplayOptions
from reconciler.cli.terminal.reading import ReadingProgress, reading_shown
from reconciler.models.targets import Target
from reconciler.ports import TargetReading, Usage
from support.clock import FakeClock

PROD = Target("123456789012", "eu-west-1", "a1b2c3d4e5", api_name="petstore", environment="prod")
DONE = TargetReading(
    ("petstore", "pets"), "prod", "123456789012", "eu-west-1", "a1b2c3d4e5", {"changed": 2}, 1.25, Usage(3, 1)
)
FAILED = TargetReading(("orders",), "prod", "", "eu-west-1", error="no access\x1b[31m")


class Terminal(io.StringIO):
    """Takes text as a terminal does."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def test_a_list_of_apis_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is counted is said on a terminal, and what was listed with -v."""
    terminal, lines = Terminal(), io.StringIO()
    listed = TargetReading((), "prod", "123456789012", "eu-west-1", "*", {}, 0.5, Usage(2))
    for stream, verbose in ((terminal, False), (lines, True)):
        monkeypatch.setattr(sys, "stderr", stream)
        reading = ReadingProgress(FakeClock(), verbose=verbose)
        reading.begin(3, "accounts and regions")
        reading.done(listed)

    assert "reading 1/3 accounts and regions, prod" in terminal.getvalue()
    assert "the list of APIs (prod, eu-west-1): read in 0.5 s, 2 calls\n" == lines.getvalue()


def shown(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, progress: Callable[[], ReadingProgress]) -> str:
    """Return what a run of two APIs shows, of which one is not found."""
    monkeypatch.setattr(sys, "stderr", stream)
    reading = progress()
    reading.begin(2)
    reading.done(FAILED)
    reading.reading(PROD)
    reading.done(DONE)
    reading.end()
    reading.log_run({"changed": 2}, 2.0, Usage(4, 1), "interrupted", 130)
    return stream.getvalue()


def test_terminal_shows_one_line_and_erases_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """How many were read, of how many, and the environment; what was not found is not among them."""
    text = shown(monkeypatch, Terminal(), lambda: ReadingProgress(FakeClock()))
    lines = [line.removeprefix("\x1b[K") for line in text.split("\r") if line]

    assert ["reading 0/2 APIs, prod"] * 2 + ["reading 1/2 APIs, prod", ""] == lines


@pytest.mark.parametrize("quiet", [False, True])
def test_nothing_is_shown_without_a_terminal(monkeypatch: pytest.MonkeyPatch, *, quiet: bool) -> None:
    """A log is no place for a line that is rewritten."""
    assert not shown(monkeypatch, io.StringIO(), lambda: ReadingProgress(FakeClock(), quiet=quiet))


def test_quiet_terminal_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even for a moment."""
    assert not shown(monkeypatch, Terminal(), lambda: ReadingProgress(FakeClock(), quiet=True))


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_verbose_lines(monkeypatch: pytest.MonkeyPatch, stream: type[io.StringIO]) -> None:
    """One for each API; what comes from AWS cannot control the terminal."""
    text = shown(monkeypatch, stream(), lambda: ReadingProgress(FakeClock(), verbose=True))

    assert [
        r"orders (prod, eu-west-1): not read: no access\x1b[31m",
        "petstore, pets (prod, eu-west-1): read in 1.2 s, 3 calls",
    ] == text.splitlines()


def test_json_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """One for each API and one for the run, whatever else is asked for."""
    text = shown(monkeypatch, Terminal(), lambda: ReadingProgress(FakeClock(), "json", verbose=True, quiet=True))
    failed, done, run = map(json.loads, text.splitlines())
    head = {"time": "2026-01-31T12:00:00Z", "level": "error"}
    place = {"environment": "prod", "region": "eu-west-1"}

    assert {
        **head,
        **place,
        "event": "target",
        "accountId": None,
        "manifests": ["orders"],
        "api": None,
        "counts": {},
        "seconds": 0.0,
        "calls": 0,
        "throttles": 0,
        "error": "no access\x1b[31m",
    } == failed
    assert {
        **head,
        **place,
        "level": "info",
        "event": "target",
        "accountId": "123456789012",
        "manifests": ["petstore", "pets"],
        "api": "a1b2c3d4e5",
        "counts": {"changed": 2},
        "seconds": 1.25,
        "calls": 3,
        "throttles": 1,
        "error": None,
    } == done
    assert {
        **head,
        "event": "run",
        "counts": {"changed": 2},
        "differences": 2,
        "seconds": 2.0,
        "calls": 4,
        "throttles": 1,
        "stopped": "interrupted",
        "exitCode": 130,
    } == run


def test_a_closed_stderr_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """The run goes on."""
    stream = Terminal()
    stream.close()
    monkeypatch.setattr(Terminal, "isatty", lambda _: True)
    monkeypatch.setattr(sys, "stderr", stream)
    with reading_shown(DisplayOptions(color="auto", quiet=False, verbose=False), FakeClock()) as reading:
        reading.begin(1)
        reading.reading(PROD)
        reading.done(DONE)
        reading.end()
