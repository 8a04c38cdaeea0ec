"""How the process ends."""

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
