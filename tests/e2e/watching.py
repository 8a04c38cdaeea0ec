"""A command that runs until it is stopped."""

import signal
import subprocess
from pathlib import Path

from e2e.running import COMMAND
from support.processes import PATIENCE, send, wait_for


class Watching:
    """A watching command, whose output goes to files: waiting for it ends, whatever becomes of the command."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._out, self._err = folder / "out", folder / "err"
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self._process = subprocess.Popen(
                [COMMAND, *arguments, "--watch"], cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=err
            )

    def wait_for(self, text: str) -> None:
        """Wait until this is shown."""
        try:
            wait_for(lambda: text in self.out + self.err)
        except TimeoutError:
            self._process.kill()
            raise

    @property
    def out(self) -> str:
        """What is on stdout so far."""
        return self._out.read_text()

    @property
    def err(self) -> str:
        """What is on stderr so far."""
        return self._err.read_text()

    def stop(self, number: signal.Signals) -> int:
        """Send a signal; the exit code."""
        try:
            send(self._process.pid, number)
            return self._process.wait(PATIENCE)
        finally:
            self._process.kill()
