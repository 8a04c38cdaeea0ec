"""Ctrl-C, SIGTERM and SIGHUP during an apply: the call under way is finished, and the report says what was done."""

import json
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable

import pytest

from e2e.running import COMMAND, EXAMPLES, SAMPLES, Ran, execute, started
from reconciler.sandbox.model import faults
from reconciler.sandbox.model.plane import ControlPlane
from support.processes import PATIENCE, send

CHANGES = 8
"""So many the seeded petstore needs."""

APART = 0.5
"""Seconds after which a second signal is a second request."""


class Gate:
    """Holds the calls of one operation back until it is opened; `reached` when the first has come."""

    def __init__(self, plane: ControlPlane, operation: str, fault: faults.Fault | None) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()
        self._fires = fault is not None
        plane.faults.add(fault or faults.server_error(), operation, when=self._hold)

    def _hold(self, _: object) -> bool:
        self.reached.set()
        assert self.opened.wait(PATIENCE)
        return self._fires


@pytest.fixture
def interrupted(plane: ControlPlane) -> Callable[..., Ran]:
    """Run an apply, send it a signal while its first call of an operation is under way, and let the call go on.

    That call meets the fault, if one is given.
    """

    def run(
        *signals: signal.Signals,
        options: Iterable[str] = (),
        operation: str = "PutIntegrationResponse",
        fault: faults.Fault | None = None,
    ) -> Ran:
        gate = Gate(plane, operation, fault)
        with started("apply", SAMPLES / "petstore", "--yes", *options) as process:
            try:
                assert gate.reached.wait(PATIENCE)
                send(process.pid, *signals)
            finally:
                gate.opened.set()
            out, err = process.communicate(timeout=PATIENCE)
            return Ran(process.returncode, out, err)

    return run


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_call_in_flight_is_finished(
    interrupted: Callable[..., Ran], plane: ControlPlane, number: signal.Signals
) -> None:
    """One call was under way and took effect, none follows; exit 130."""
    ran = interrupted(number)

    assert (130, "", 1) == (ran.code, ran.err, len(plane.calls.writes()))


@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_shell_and_a_service_that_both_signal_ask_once(
    interrupted: Callable[..., Ran], plane: ControlPlane, second: signal.Signals
) -> None:
    """Two signals at once are one request: the call under way is finished and no action is unknown."""
    ran = interrupted(signal.SIGTERM, second)

    assert (130, "", 1, f"Apply incomplete: 1 applied, {CHANGES - 1} not-run.") == (
        ran.code,
        ran.err,
        len(plane.calls.writes()),
        ran.last,
    )


@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_two_signals_at_once_while_reading(interrupted: Callable[..., Ran], second: signal.Signals) -> None:
    """The second one does not kill the command before it has said that nothing was written."""
    ran = interrupted(signal.SIGTERM, second, operation="GetResources")

    assert (130, "error: interrupted; nothing was written\n") == (ran.code, ran.err)


def test_report_tells_what_was_done(interrupted: Callable[..., Ran]) -> None:
    """One action is applied, all others are not-run."""
    document = json.loads(interrupted(signal.SIGINT, options=["--format", "json"]).out)

    assert ["applied", *["not-run"] * (CHANGES - 1)] == [one["outcome"] for one in document["outcomes"]]


def test_waiting_ends_at_once(interrupted: Callable[..., Ran]) -> None:
    """While a throttled call waits for its next try, the signal ends the wait and the try is not made."""
    ran = interrupted(signal.SIGINT, fault=faults.throttled(retry_after=50))

    assert (130, f"Apply incomplete: {CHANGES} not-run.") == (ran.code, ran.last)


def test_who_stops_a_run_gets_no_rollback(interrupted: Callable[..., Ran], plane: ControlPlane) -> None:
    """--rollback-on-failure is about failures."""
    ran = interrupted(signal.SIGINT, options=["--rollback-on-failure"])

    assert (130, 1, f"Apply incomplete: 1 applied, {CHANGES - 1} not-run.") == (
        ran.code,
        len(plane.calls.writes()),
        ran.last,
    )


def test_before_the_first_write_nothing_is_done(interrupted: Callable[..., Ran], plane: ControlPlane) -> None:
    """While AWS is still being read, the signal simply ends the command."""
    ran = interrupted(signal.SIGINT, operation="GetResources")

    assert (130, "", "error: interrupted; nothing was written", []) == (
        ran.code,
        ran.out,
        ran.err.strip(),
        plane.calls.writes(),
    )


def test_who_insists_is_not_kept_waiting(plane: ControlPlane) -> None:
    """A second signal abandons the call under way, which is unknown; the journal says so, and how the run ended."""
    gate = Gate(plane, "PutIntegrationResponse", None)
    with started("apply", SAMPLES / "petstore", "--yes", "--format", "json") as process:
        assert gate.reached.wait(PATIENCE)
        send(process.pid, signal.SIGINT)
        time.sleep(APART)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=PATIENCE)  # the call is never answered
        gate.opened.set()
    document = json.loads(out)
    shown = json.loads(execute("runs", document["run"], "--format", "json").out)
    expected = ["unknown", *["not-run"] * (CHANGES - 1)]

    assert (130, expected, expected, "interrupted") == (
        process.returncode,
        [one["outcome"] for one in document["outcomes"]],
        [one["outcome"] for one in shown["outcomes"]],
        shown["run"]["state"],
    )
    assert err.startswith("error: interrupted again during a write: some changes may have been applied; ")


def test_who_insists_does_not_wait_for_any_api(plane: ControlPlane) -> None:
    """Where several APIs are written at once, each on a thread of its own, the process ends all the same."""
    gate = Gate(plane, "PutIntegrationResponse", None)
    with started("apply", *EXAMPLES, "--yes", "--format", "json") as process:
        assert gate.reached.wait(PATIENCE)
        send(process.pid, signal.SIGTERM)
        time.sleep(APART)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=PATIENCE)  # the calls are never answered
        gate.opened.set()
    became = {load["outcome"] for load in json.loads(out)["outcomes"]}

    assert (130, set()) == (process.returncode, became - {"unknown", "not-run"})


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_a_shell_runs_in_the_background_can_be_stopped(plane: ControlPlane, number: signal.Signals) -> None:
    """There SIGINT arrives as ignored; the call under way is finished all the same, and none follows."""
    gate = Gate(plane, "PutIntegrationResponse", None)
    script = f"'{COMMAND}' apply '{SAMPLES / 'petstore'}' --yes --format json & echo $! >&2; wait $!; exit $?"
    with subprocess.Popen(
        ["/usr/bin/env", "bash", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as shell:
        assert shell.stderr is not None
        child = int(shell.stderr.readline())
        assert gate.reached.wait(PATIENCE)
        send(child, number)
        gate.opened.set()
        out, _ = shell.communicate(timeout=PATIENCE)

    assert (130, ["applied", *["not-run"] * (CHANGES - 1)]) == (
        shell.returncode,
        [load["outcome"] for load in json.loads(out)["outcomes"]],
    )


def drift_of_two(plane: ControlPlane, *signals: signal.Signals, answered: bool = True) -> Ran:
    """Send signals, a while apart, to a drift run over two APIs while its first read is under way."""
    gate = Gate(plane, "GetResources", None)
    with started("drift", *EXAMPLES, "--parallelism", "1", "--format", "json", "--log-format", "json") as process:
        try:
            assert gate.reached.wait(PATIENCE)
            send(process.pid, signals[0])
            for number in signals[1:]:
                time.sleep(APART)
                process.send_signal(number)
            if answered:
                gate.opened.set()
            out, err = process.communicate(timeout=PATIENCE)
        finally:
            gate.opened.set()
        return Ran(process.returncode, out, err)


def test_a_stopped_drift_run_reports_what_it_has_read(plane: ControlPlane) -> None:
    """The call under way is finished; what was not read is an error, in the document and in the log; exit 130."""
    ran = drift_of_two(plane, signal.SIGTERM)
    document = json.loads(ran.out)
    *_, logged, run = map(json.loads, ran.err.splitlines())

    assert (130, "interrupted", 1, ["stopped before it was read"]) == (
        ran.code,
        document["run"]["stopped"],
        len(document["targets"]),
        [finding["message"] for finding in document["findings"] if finding["type"] == "error"],
    )
    assert ("stopped before it was read", "interrupted", 130) == (logged["error"], run["stopped"], run["exitCode"])


def test_a_second_signal_ends_a_drift_run_at_once(plane: ControlPlane) -> None:
    """Without waiting for the call under way, which is never answered, and without a report."""
    ran = drift_of_two(plane, signal.SIGINT, signal.SIGTERM, answered=False)

    assert (130, "", "interrupted") == (ran.code, ran.out, json.loads(ran.err)["message"])
