"""A terminal, and a person who sits at it."""

import codecs
import fcntl
import os
import pty
import select
import subprocess
import termios
from pathlib import Path

from e2e.running import COMMAND
from support.processes import PATIENCE


class Terminal:
    """A person at a terminal, who runs one command.

    `controls`: the terminal is the controlling one of the command, which finds it although its stdin is another.
    """

    def __init__(self, *arguments: str | Path, controls: bool = False) -> None:
        self._ours, theirs = pty.openpty()
        self._decode = codecs.getincrementaldecoder("utf-8")().decode
        self.text = ""
        self._process = subprocess.Popen(
            [COMMAND, *arguments],
            stdin=subprocess.DEVNULL if controls else theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=_take_control if controls else None,  # noqa: PLW1509 - one call, before exec
        )
        os.close(theirs)

    @property
    def process_group(self) -> int:
        """Who hears Ctrl-C."""
        return self._process.pid

    def wait_for(self, text: str) -> None:
        """Read until this is shown."""
        while text not in self.text:
            assert self._read(), self.text

    def type(self, text: str) -> None:
        """Press these keys."""
        os.write(self._ours, text.encode())

    def answer(self, question: str, keys: str) -> None:
        """Wait until this is asked, and press keys."""
        self.wait_for(question)
        self.type(keys)

    def end(self) -> int:
        """Read the rest; the exit code."""
        while self._read():
            pass
        os.close(self._ours)
        try:
            return self._process.wait(timeout=PATIENCE)
        finally:
            self._process.kill()

    def _read(self) -> bool:
        ready, _, _ = select.select([self._ours], [], [], PATIENCE)
        try:
            got = os.read(self._ours, 65536) if ready else b""
        except OSError:  # the other side is closed
            return False
        self.text += self._decode(got)
        return bool(got)


def _take_control() -> None:
    fcntl.ioctl(1, termios.TIOCSCTTY, 0)
