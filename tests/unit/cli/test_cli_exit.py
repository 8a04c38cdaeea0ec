"""How the process ends."""

import signal
import subprocess
import sys
import threading

import pytest

from reconciler import deadline
from reconciler.cli import leaves_calls_behind


@pytest.mark.parametrize("code", [0, 1, 2])
@pytest.mark.parametrize("is_abandoned", [False, True])
def test_abandoned_calls_are_not_waited_for(monkeypatch: pytest.MonkeyPatch, code: int, *, is_abandoned: bool) -> None:
    """Python would wait for their threads, for ever if an answer never ends."""
    event = threading.Event()
    monkeypatch.setattr(deadline, "abandoned", event)
    if is_abandoned:
        event.set()

    assert is_abandoned is leaves_calls_behind(code)


def test_an_interrupted_command_waits_for_nothing() -> None:
    """Its second signal may have come while calls were under way."""
    assert leaves_calls_behind(130)


STOPPED = """
import importlib, os, signal, time
from reconciler.cli import main
def run(_):
    {0}
    return 0
importlib.import_module("reconciler.cli.main").run = run
main([])
"""


@pytest.mark.parametrize(
    ("what", "code", "err"),
    [
        ("os.kill(os.getpid(), signal.SIGTERM); time.sleep(9)", 130, "error: interrupted\n"),
        ("if not os.fork(): os.kill(os.getpid(), signal.SIGTERM); time.sleep(9)\n    print(os.wait()[1] >> 8)", 0, ""),
    ],
)
def test_sigterm_before_the_command_handles_it(what: str, code: int, err: str) -> None:
    """It ends as after Ctrl-C, with a message; a process of a pool ends silently."""
    ran = subprocess.run([sys.executable, "-c", STOPPED.format(what)], capture_output=True, text=True, check=False)
    out = "" if code else f"{128 + signal.SIGTERM}\n"

    assert (code, out, err) == (ran.returncode, ran.stdout, ran.stderr)
