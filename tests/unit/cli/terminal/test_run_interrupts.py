"""Signals at every line of a run that writes: the report and the journal say the same, and it is true."""

import itertools
import json
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, Final, TypeAlias

import click
import pytest

import reconciler
from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.runs_folder import journaled_run
from reconciler.cli.session import Session
from reconciler.cli.terminal import signals
from reconciler.cli.terminal.run import RunTerminal
from reconciler.cli.terminal.signals import StopRequests
from reconciler.engine.apply import Applied
from reconciler.engine.journal_location import JournalLocation
from reconciler.engine.load.request import Request
from reconciler.engine.runs import load_run
from reconciler.errors import ExitCode, Interrupted
from reconciler.journal import Lock, run_ids
from reconciler.manifest import Disk
from reconciler.sandbox.model import faults
from support.apis import Method
from support.live import DEFAULT, GET_PETS
from support.processes import PATIENCE
from support.stage import Stage, manifest

DOING: Final = tuple(
    str(Path(reconciler.__file__).parent / name) for name in ("cli", "engine", "journal", "apply", "planfile")
)
"""The modules that do things; what only makes values of others does not know of signals."""

PUT: Final = "PutIntegrationResponse"
THREE: Final = (
    "{200: {}, 404: {selectionPattern: '404'}, 500: {selectionPattern: '5..'}, 502: {selectionPattern: '502'}}"
)
DECLARED: Final[dict[str, list[str]]] = {"200": [], "404": [], "500": [], "502": []}
SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class Scene:
    """An API that lacks three responses of its manifest, and what a user sees and hears of an apply.

    By its clock, signals are two seconds apart.
    """

    folder: Path
    stop: StopRequests = field(default_factory=lambda: StopRequests(partial(next, itertools.count(0.0, 2.0))))
    said: str = ""
    is_over: threading.Event = field(default_factory=threading.Event)
    stage: Stage = field(init=False)

    def __post_init__(self) -> None:
        self.stage = Stage(self.folder)
        self.stage.api("petstore", {GET_PETS: Method({"200": DEFAULT}, declared=DECLARED)})
        self.stage.write(manifest(THREE))
        self.stage.plane.calls.clear()

    @property
    def runs(self) -> Path:
        """Where the journal is."""
        return self.folder / "runs"

    def apply(self, *, rolls_back: bool = False, shown: str = "text") -> tuple[ExitCode, Applied | None]:
        """Run `apply --yes`; its exit code, and what came of it: None where it ended before it began.

        `rolls_back`: with --rollback-on-failure. `shown`: its format.
        """
        now = Session(Request((".",)), self.stage.cloud, self.stage.clock, Disk(), self.stop)
        location = JournalLocation(self.runs, (Lock(self.runs, "here"),))
        display = DisplayOptions(color="never", quiet=False, verbose=False)
        terminal = RunTerminal(display, (Output(shown, None),), self.stop)
        with click.Context(click.Command("apply")), self.stop.listening():
            run = journaled_run(now, terminal, location)
            try:
                result = run.apply(now.request, asks=False, rolls_back_on_failure=rolls_back)
            except Interrupted as stopped:
                self.said = stopped.message
                return stopped.exit_code, None
            return terminal.report(result, "", "apply"), result.applied

    @property
    def journaled(self) -> list[tuple[int | None, list[str]]]:
        """Of every run in the journal, how it ended and what became of its actions."""
        loaded = [load_run(self.runs, run) for run in run_ids(self.runs)]
        return [
            (one.record.end.exit_code if one.record.end else None, [became.outcome for became in one.outcomes])
            for one in loaded
        ]


Line: TypeAlias = tuple[str, int, bool]
"""File, number, and whether the main thread comes by."""


class At:
    """Sends signals the first time that a line of the package is come by, from where the run stops reading on.

    The writes wait until the main thread has come by every line in which it waits for them.
    """

    def __init__(self, scene: Scene, line: Line | None, signals: tuple[signal.Signals, ...]) -> None:
        self.lines: dict[Line, None] = {}
        self._scene = scene
        self._line = line
        self._signals = signals
        self._has_begun = False
        self._has_looped = threading.Event()

    @property
    def is_sent(self) -> bool:
        """Whether the line was come by."""
        return self._line in self.lines

    def trace(self, frame: FrameType, event: str, _: object) -> Any:  # noqa: ANN401 - as sys.settrace wants it
        """Look at a step of the program."""
        name, function = frame.f_code.co_filename, frame.f_code.co_name
        if not name.startswith(DOING) or function in {"_receive", "_wake"}:
            return None
        self._has_begun = self._has_begun or function == "begin_writes"
        if self._has_begun and event == "line" and not self._scene.stage.plane.calls.writes():
            line = name, frame.f_lineno, threading.current_thread() is threading.main_thread()
            is_first = line not in self.lines
            if function == "attend" and not is_first:
                self._has_looped.set()
            if name == signals.__file__ and function == "run":
                self._wait_for_main()
            self.lines[line] = None
            if is_first and line == self._line:
                send(self._scene.stop, *self._signals)
                if not line[2] and len(self._signals) > 1:
                    self._scene.is_over.wait(0.3)  # who insists does not wait for this thread
        return self.trace

    def _wait_for_main(self) -> None:
        for _ in range(2000):
            if self._has_looped.is_set() or self._scene.is_over.is_set():
                return
            time.sleep(0.001)


def send(stop: StopRequests, *signals: signal.Signals) -> bool:
    """Send signals to the main thread, and wait until each is heard; False, as a fault that does not fire."""
    main = threading.main_thread().ident
    assert main is not None
    heard: tuple[Callable[[], bool], ...] = (stop.is_set, partial(getattr, stop, "insists"))
    for one, is_heard in zip(signals, heard, strict=False):
        signal.pthread_kill(main, one)
        for _ in range(5000):
            if is_heard():
                break
            time.sleep(0.001)
    return False


def traced(scene: Scene, line: Line | None, *signals: signal.Signals) -> tuple[At, ExitCode, Applied | None]:
    """Run an apply that hears signals at a line."""
    at = At(scene, line, signals)
    before = sys.gettrace()
    sys.settrace(at.trace)
    threading.settrace(at.trace)
    try:
        code, applied = scene.apply()
    finally:
        sys.settrace(before)
        threading.settrace(before)
        scene.is_over.set()
    return at, code, applied


@pytest.fixture(autouse=True)
def handlers_restored() -> Iterator[None]:
    """After a signal a command leaves its handlers, as it is about to end; here it is not."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def scenes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Scene]:
    """A scene for each run, in a folder of its own; requests to stop are looked for every millisecond."""
    monkeypatch.setattr(signals, "_POLL", 0.001)
    numbers = itertools.count()

    def fresh() -> Scene:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        monkeypatch.chdir(folder)
        return Scene(folder)

    return fresh


def outcomes(applied: Applied) -> list[str]:
    """What the report says of the actions."""
    return [outcome.result.value for outcome in applied.outcomes]


def lines(scenes: Callable[[], Scene]) -> tuple[Line, ...]:
    """Every line between the moment before the journal begins and the first write."""
    at, code, _ = traced(scenes(), None)
    files = {Path(name).name for name, _, _ in at.lines}

    assert (ExitCode.OK, set()) == (code, {"signals.py", "journaled_run.py", "writing.py", "executor.py"} - files)
    return tuple(at.lines)


@pytest.mark.parametrize("number", SIGNALS)
def test_one_signal_before_the_first_write(
    scenes: Callable[[], Scene], capsys: pytest.CaptureFixture[str], number: signal.Signals
) -> None:
    """At whatever line it comes, one signal is one, no action is unknown, and report and journal agree."""
    every = lines(scenes)
    for line in every if number is signal.SIGINT else every[::10]:
        scene = scenes()
        at, code, applied = traced(scene, line, number)
        assert at.is_sent, line
        writes = len(scene.stage.plane.calls.writes())
        if applied is None:
            nothing = "interrupted; nothing was written"
            assert (line, ExitCode.INTERRUPTED, 0, [], nothing) == (line, code, writes, scene.journaled, scene.said)
        else:
            became = outcomes(applied)
            assert (line, 130, [(130, became)]) == (line, code, scene.journaled)
            assert (line, ["applied"] * writes + ["not-run"] * (3 - writes)) == (line, became)
        assert "second" not in capsys.readouterr().err


def test_two_signals_before_the_first_write(scenes: Callable[[], Scene], capsys: pytest.CaptureFixture[str]) -> None:
    """The journal has an end all the same; an action is unknown only if it had begun, in report and journal alike."""
    abandoned = 0
    for line in lines(scenes):
        scene = scenes()
        at, code, applied = traced(scene, line, signal.SIGINT, signal.SIGTERM)
        assert at.is_sent, line
        said = capsys.readouterr().err
        if applied is None:
            assert (line, ExitCode.INTERRUPTED, []) == (line, code, scene.journaled)
            continue
        became = outcomes(applied)
        assert (line, 130, [(130, became)]) == (line, code, scene.journaled)
        assert (line, ["not-run", "not-run"]) == (line, became[1:])
        assert applied.abandoned == ("interrupted again during a write" in said)
        abandoned += applied.abandoned

    assert abandoned > 0


def test_a_signal_during_a_write_lets_it_finish(scenes: Callable[[], Scene]) -> None:
    """The call under way took effect, none follows, and the journal says both."""
    scene = scenes()

    press = partial(send, scene.stop, signal.SIGTERM)
    scene.stage.plane.faults.add(faults.server_error(), PUT, when=lambda _: press())
    code, applied = scene.apply()

    assert applied is not None
    assert (130, [(130, ["applied", "not-run", "not-run"])], 1) == (
        code,
        scene.journaled,
        len(scene.stage.plane.calls.writes()),
    )


def test_a_signal_after_the_writes_keeps_what_was_done(scenes: Callable[[], Scene]) -> None:
    """While AWS is read again everything is applied already; it is only not verified."""
    scene = scenes()

    def press(_: object) -> bool:
        return bool(scene.stage.plane.calls.writes()) and send(scene.stop, signal.SIGINT)

    scene.stage.plane.faults.add(faults.server_error(), "GetResources", when=press)
    code, applied = scene.apply()

    assert applied is not None
    assert (130, [(130, ["applied"] * 3)]) == (code, scene.journaled)


def test_an_ignored_interrupt_is_heard_all_the_same(scenes: Callable[[], Scene]) -> None:
    """A shell starts what runs in the background with SIGINT ignored; the run stops cleanly nevertheless."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        scene = scenes()
        scene.stage.plane.faults.add(faults.server_error(), "GetResources", when=lambda _: _pressed(signal.SIGINT))
        code, applied = scene.apply()
    finally:
        signal.signal(signal.SIGINT, before)

    assert (ExitCode.INTERRUPTED, None) == (code, applied)


def test_an_ignored_hangup_stays_ignored(scenes: Callable[[], Scene]) -> None:
    """`nohup` means that the run goes on."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        scene = scenes()
        scene.stage.plane.faults.add(faults.server_error(), PUT, when=lambda _: _pressed(signal.SIGHUP))
        code, _ = scene.apply()
    finally:
        signal.signal(signal.SIGHUP, before)

    assert (ExitCode.OK, [(0, ["applied"] * 3)]) == (code, scene.journaled)


def _pressed(number: signal.Signals) -> bool:
    signal.raise_signal(number)
    return False


def test_a_failure_that_nobody_foresaw_names_the_run(scenes: Callable[[], Scene]) -> None:
    """The journal ends, and the error says what was begun and how to undo it; exit 3."""
    scene = scenes()

    def break_down(_: object) -> bool:
        raise ZeroDivisionError

    scene.stage.plane.faults.add(faults.server_error(), PUT, when=break_down)
    with pytest.raises(reconciler.errors.Unfinished, match="was aborted: internal error: ZeroDivisionError") as failure:
        scene.apply()
    (run,) = run_ids(scene.runs)

    assert (3, [(3, ["unknown", "not-run", "not-run"])]) == (failure.value.exit_code, scene.journaled)
    assert f"reconciler rollback {run}" in failure.value.remedy


def test_a_failure_that_nobody_foresaw_leaves_a_document(
    scenes: Callable[[], Scene], capsys: pytest.CaptureFixture[str]
) -> None:
    """Programs read what is known of the run, as the journal has it."""
    scene = scenes()

    def break_down(_: object) -> bool:
        raise ZeroDivisionError

    scene.stage.plane.faults.add(
        faults.server_error(), PUT, when=lambda one: one["statusCode"] == "500" and break_down(one)
    )
    with pytest.raises(reconciler.errors.Unfinished):
        scene.apply(shown="json")
    document = json.loads(capsys.readouterr().out)
    (run,) = run_ids(scene.runs)

    became = ["applied", "unknown", "not-run"]
    assert (run, became, [(3, became)]) == (
        document["run"],
        [one["outcome"] for one in document["outcomes"]],
        scene.journaled,
    )
    assert document["outcomes"][2]["detail"] == "the run was aborted by an error"


def test_who_insists_while_aws_is_read_again_leaves_nothing_unknown(
    scenes: Callable[[], Scene], capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody claims that what was not waited for may have taken effect."""
    scene = scenes()

    def press(_: object) -> bool:
        if scene.stage.plane.calls.writes():
            send(scene.stop, signal.SIGINT, signal.SIGINT)
            scene.is_over.wait(PATIENCE)
        return False

    scene.stage.plane.faults.add(faults.server_error(), "GetResources", when=press)
    code, _ = scene.apply()
    scene.is_over.set()
    said = capsys.readouterr().err

    assert (130, [(130, ["applied"] * 3)]) == (code, scene.journaled)
    assert "interrupted again during a write; to see what was done" in said


def test_a_rollback_on_failure_that_is_interrupted(
    scenes: Callable[[], Scene], capsys: pytest.CaptureFixture[str]
) -> None:
    """What the apply did is reported all the same, and nobody says that nothing was written."""
    scene = scenes()
    refused = faults.access_denied("PUT", "/")
    scene.stage.plane.faults.add(refused, PUT, when=lambda one: one["statusCode"] == "500")

    def press(_: object) -> bool:
        return bool(scene.stage.plane.calls.writes()) and send(scene.stop, signal.SIGINT)

    scene.stage.plane.faults.add(faults.server_error(), "GetResources", when=press)
    code, _ = scene.apply(rolls_back=True)
    said = capsys.readouterr().out

    assert (130, [(3, ["applied", "failed", "not-run"])]) == (code, scene.journaled)
    assert "The rollback failed too: interrupted; nothing was rolled back; to continue it: reconciler rollback" in said
    assert "nothing was written" not in said


def test_the_first_signal_does_not_end_a_report(scenes: Callable[[], Scene]) -> None:
    """Everything is done by then, and has only to be shown; a second signal ends that."""
    stop = scenes().stop
    stop.begin_writes()
    stop.report()
    with stop.listening():
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)

    assert not stop.is_set()


def test_signals_that_come_together_are_one_request() -> None:
    """A cancelled job hears of it from its shell and from the service at once; later somebody insists."""
    clock = iter([10.0, 10.2, 10.4, 10.5])
    stop = StopRequests(partial(next, clock))
    stop.begin_writes()
    insists = []
    with stop.listening():
        for number in (signal.SIGTERM, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.raise_signal(number)
            insists.append(stop.insists)

    assert [False, False, True, True] == insists


def test_a_signal_of_a_request_does_not_end_the_report_of_it() -> None:
    """What belongs to the request that stopped the run is neither the first nor the second signal of the report."""
    clock = iter([10.0, 10.1, 10.2, 20.0, 20.2, 30.0])
    stop = StopRequests(partial(next, clock))
    stop.begin_writes()
    with stop.listening():
        signal.raise_signal(signal.SIGTERM)
        stop.report()
        for _ in range(4):
            signal.raise_signal(signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)

    assert not stop.insists


def test_a_command_that_was_interrupted_stays_deaf_to_the_rest_of_the_request() -> None:
    """The second signal of a request neither kills nor interrupts a command on its way out."""
    clock = iter([10.0, 10.1])
    stop = StopRequests(partial(next, clock))
    with pytest.raises(KeyboardInterrupt), stop.listening():
        signal.raise_signal(signal.SIGTERM)
    signal.raise_signal(signal.SIGTERM)

    assert stop.is_set()
