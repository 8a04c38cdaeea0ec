"""Other processes: how long a test waits for them, and signals that they have heard before it goes on."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

PATIENCE: Final = 120
"""Seconds after which a test gives up on another process; a machine may be busy."""

_TURN: Final = 0.4
"""Seconds in which a main thread that waits in turns of 0.1 seconds has looked, on a busy machine, too."""

_PROCESSES: Final = Path("/proc")
_LOOK: Final = 0.02
_LOOKS: Final = 2
"""So many looks in a row have to find a process at rest."""


def send(process: int, *numbers: signal.Signals) -> None:
    """Send signals, all at one moment, and wait until the process and those that it started have heard them.

    A process has heard when no signal is pending any more and its main thread waits again. The ones that it started are
    looked at after it, as a shell passes on what it hears. After that, a pause: the kernel may give a signal to another
    thread, and the main thread looks every 0.1 seconds whether there is one. Where there is no /proc, half a second.
    """
    if len(numbers) > 1:
        os.kill(process, signal.SIGSTOP)
    for number in numbers:
        os.kill(process, number)
    if len(numbers) > 1:
        os.kill(process, signal.SIGCONT)
    if not (_PROCESSES / "self" / "status").exists():
        time.sleep(0.5)
        return
    for one in _family(process):
        _wait_for_rest(one)
    time.sleep(_TURN)


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds. Raises TimeoutError when it does not come to that."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(PATIENCE)
        time.sleep(_LOOK)


def _family(process: int) -> Iterator[int]:
    """The process, and whatever it has started by the time that it is asked for."""
    yield process
    for file in _PROCESSES.glob("[0-9]*/status"):
        if f"\nPPid:\t{process}\n" in _read(file):
            yield from _family(int(file.parent.name))


def _wait_for_rest(process: int) -> None:
    looks = iter(range(_LOOKS))

    def is_at_rest() -> bool:
        nonlocal looks
        if not _is_at_rest(process):
            looks = iter(range(_LOOKS))
        return next(looks, None) is None

    wait_for(is_at_rest)


def _is_at_rest(process: int) -> bool:
    """Whether nothing is pending and the main thread waits, or the process is over."""
    status = dict(line.split(":", 1) for line in _read(_PROCESSES / str(process) / "status").splitlines())
    if not status or status["State"].split()[0] == "Z":
        return True
    is_pending = any(int(status[name], 16) for name in ("SigPnd", "ShdPnd"))
    return status["State"].split()[0] == "S" and not is_pending


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):  # it is over
        return ""
