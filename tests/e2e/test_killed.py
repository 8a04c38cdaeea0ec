"""The installed command, killed with SIGKILL at every write: apply goes on, and rollback goes back."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from e2e.running import SAMPLES, InProcess, started
from reconciler.sandbox.model import faults
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.model.state import Json
from support.killing import put_back, snapshot
from support.processes import PATIENCE

WRITES: Final = {"petstore": 8, "chat": 6}
"""How many each sample makes on a fresh sandbox."""

_OPERATIONS: Final = (
    "PutIntegrationResponse",
    "DeleteIntegrationResponse",
    "CreateIntegrationResponse",
    "UpdateIntegrationResponse",
)


class Grave:
    """Holds the n-th write, until who made it is dead; then the write takes effect or does not."""

    def __init__(self, plane: ControlPlane, at: int, *, takes_effect: bool) -> None:
        self._left = at
        self._reached = threading.Event()
        self._opened = threading.Event()
        fault = faults.LostAnswer() if takes_effect else faults.Dropped()
        for operation in _OPERATIONS:
            plane.faults.add(fault, operation, when=self._hold)

    def _hold(self, _: Json) -> bool:
        self._left -= 1
        if self._left:
            return False
        self._reached.set()
        assert self._opened.wait(PATIENCE)
        return True

    def bury(self, *arguments: str | Path) -> int:
        """Run a command line until it is there, and kill it; gives its exit code."""
        with started(*arguments) as process:
            try:
                assert self._reached.wait(PATIENCE)
                process.kill()
                process.communicate(timeout=PATIENCE)
            finally:
                self._opened.set()
            return process.returncode


@pytest.fixture
def kill(plane: ControlPlane) -> Callable[..., int]:
    """Kill an apply at one of its writes."""

    def run(sample: str, journal: Path, at: int, *, takes_effect: bool) -> int:
        grave = Grave(plane, at, takes_effect=takes_effect)
        try:
            return grave.bury("apply", SAMPLES / sample, "--yes", "--journal", journal)
        finally:
            snapshot(plane)  # waits until the write that was held is over
            plane.faults.clear()

    return run


@pytest.mark.parametrize("sample", WRITES)
def test_every_write(
    sample: str, plane: ControlPlane, kill: Callable[..., int], reconciler: InProcess, tmp_path: Path
) -> None:
    """From what is left, apply makes what an apply that is not killed makes, and rollback makes the first state."""
    fresh, first = plane.copy(), snapshot(plane)
    reconciler("apply", SAMPLES / sample, "--yes", "--journal", tmp_path / "whole")
    whole = snapshot(plane)
    found = []
    for at in range(1, WRITES[sample] + 1):
        put_back(plane, fresh)
        journal = tmp_path / str(at)
        code = kill(sample, journal, at, takes_effect=at % 2 == 0)
        left = plane.copy()
        undone = reconciler("rollback", "latest", "--yes", "--journal", journal)
        undone_to = snapshot(plane)
        put_back(plane, left)
        again = reconciler("apply", SAMPLES / sample, "--yes", "--journal", journal)
        found.append((code, undone.code, undone_to == first, again.code, snapshot(plane) == whole))

    assert [(-9, 0, True, 0, True)] * WRITES[sample] == found


def test_there_are_no_more_writes(plane: ControlPlane, reconciler: InProcess) -> None:
    """Than those at which it is killed above."""
    made = {}
    for sample in WRITES:
        reconciler("apply", SAMPLES / sample, "--yes")
        made[sample] = len(plane.calls.writes())
        plane.calls.clear()

    assert made == WRITES


def test_a_killed_run_is_torn(kill: Callable[..., int], reconciler: InProcess, tmp_path: Path) -> None:
    """It holds no lock any more, and `runs` says of each action what is known."""
    kill("chat", tmp_path, 3, takes_effect=True)
    ran = reconciler("runs", "latest", "--journal", tmp_path)

    assert (0, True, ["applied", "applied", "unknown", "not-run", "not-run", "not-run"]) == (
        ran.code,
        "incomplete" in ran.out.splitlines()[0],
        [line.split()[0] for line in ran.out.splitlines() if ": chat" in line or " chat: " in line],
    )
