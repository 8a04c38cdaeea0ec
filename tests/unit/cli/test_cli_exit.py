"""How the process ends."""

import os
import runpy
import threading

import pytest

from reconciler import cli, deadline

main = runpy.run_path(str(cli.__file__))["main"]
"""The function of the installed command; a module of its name takes its place in the package once it is imported."""


class Ended(BaseException):
    """The process has ended without waiting for threads."""


def end(code: int) -> None:
    """End the process, as far as a test can."""
    raise Ended(code)


@pytest.mark.parametrize("is_abandoned", [False, True])
def test_threads_of_abandoned_calls_are_not_waited_for(monkeypatch: pytest.MonkeyPatch, *, is_abandoned: bool) -> None:
    """Python would, for ever if an answer never ends; the exit code stays the same."""
    event = threading.Event()
    monkeypatch.setattr(deadline, "abandoned", event)
    monkeypatch.setattr(os, "_exit", end)
    if is_abandoned:
        event.set()
    with pytest.raises(Ended if is_abandoned else SystemExit) as ended:
        main(["--version"])

    assert (0,) == ended.value.args
