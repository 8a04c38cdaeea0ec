"""Running the script of a step or job as a CI service does: one shell, whose signals are the service's own."""

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from support.processes import PATIENCE

Cancel: TypeAlias = Callable[["subprocess.Popen[str]"], None]
"""What somebody does to the shell while it runs; the argument is the shell, not what the shell started."""

_HEARS_INTERRUPTS: Final = (
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execvp(sys.argv[1], sys.argv[1:])"
)
"""A shell cannot trap a signal that was ignored when it was started, as it may be where the tests run."""


def run_script(
    shell: Sequence[str], folder: Path, environment: Mapping[str, str], cancel: Cancel | None = None
) -> tuple[int, str]:
    """Run a shell with its script; gives the exit code and everything that was printed."""
    with subprocess.Popen(
        [sys.executable, "-c", _HEARS_INTERRUPTS, *shell] if cancel else shell,
        cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        encoding="utf-8",
    ) as process:  # fmt: skip
        try:
            if cancel:
                cancel(process)
            log, _ = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
        return process.returncode, log
