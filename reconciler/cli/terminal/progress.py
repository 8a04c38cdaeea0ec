"""The progress of a run, on stderr."""

import sys
import threading
from typing import TYPE_CHECKING, Self

from reconciler.cli.terminal.output import say
from reconciler.render.style import printable

if TYPE_CHECKING:
    from reconciler.models.targets import Target


class Progress:
    """`ports.RunLog` on stderr: a bar on a terminal, lines with -v, else nothing. Called from several threads.

    A stderr that cannot be written does not affect the run.
    """

    def __init__(self, *, verbose: bool, quiet: bool) -> None:
        self._verbose = verbose
        self._bar = sys.stderr.isatty() and not quiet and not verbose
        self._lock = threading.Lock()
        self._total = 0
        self._done = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar and self._total:
            say("\r\033[K", end="")

    def begin(self, total: int) -> None:
        """Set the number of actions that follow."""
        self._total = total

    def started(self, target: "Target", action_id: str, address: str) -> None:  # noqa: ARG002 - the port's signature
        """Show the address that is being written."""
        if self._bar:
            with self._lock:
                line = f"{self._done}/{self._total} {printable(address)}"[:100]
                say(f"\r\033[K{line}", end="")

    def finished(self, target: "Target", action_id: str, outcome: str, detail: str) -> None:  # noqa: ARG002 - as above
        """Count a finished action."""
        with self._lock:
            self._done += 1
            if self._verbose:
                say(f"{self._done}/{self._total} action {action_id} on {target.api_id}: {outcome}")

    def deploying(self, target: "Target", stage: str) -> None:
        """Show nothing: a deployment is shown when it is done."""

    def deployed(self, target: "Target", stage: str, before: str | None, after: str | None, detail: str) -> None:  # noqa: ARG002 - as above
        """Show a finished deployment."""
        if self._verbose:
            with self._lock:
                say(f"stage {stage} of {target.api_id} serves deployment {after}")
