"""The files that options name: read once each, `-` is stdin."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from reconciler.cli.terminal.watch import ReadFiles
from reconciler.engine.call_inputs import InputFile
from reconciler.errors import ReconcilerError, UsageError
from reconciler.manifest import Disk

STDIN: Final = "-"

MAX_BYTES: Final = 64 * 1024 * 1024
"""More than any payload of API Gateway (10 MB, Developer Guide, quotas)."""

_TOO_LARGE: Final = "API Gateway takes payloads of up to 10 MB"


class InputFiles:
    """Reads files, which may be pipes; stdin is read once and remembered. `read_files` has the others.

    `at_most` is the largest size in bytes; `remedy` says what to do about a larger file.
    """

    def __init__(self, at_most: int = MAX_BYTES, remedy: str = _TOO_LARGE) -> None:
        self._at_most = at_most
        self._remedy = remedy
        self.read_files = ReadFiles()
        self._stdin: bytes | None = None

    def read(self, option: str, name: str) -> InputFile:
        """Return the content of a file. Raises ReconcilerError if it cannot be read."""
        if name == STDIN:
            if self._stdin is None:
                self._stdin = self._content(option, "stdin", sys.stdin.buffer)
            return InputFile("stdin", self._stdin)
        self.read_files.add(name)
        try:
            with Path(name).open("rb") as opened:
                return InputFile(name, self._content(option, name, opened))
        except (OSError, ValueError) as failure:
            raise _unreadable(option, name, failure) from failure

    def _content(self, option: str, name: str, stream: BinaryIO) -> bytes:
        content = stream.read(self._at_most + 1)
        if len(content) > self._at_most:
            raise ReconcilerError(f"{option} {name} is larger than {self._at_most >> 20} MiB", self._remedy)
        return content


class RecordingDisk(Disk):
    """The files on disk; adds those that are read to `read_files`, and what PATHs stand for."""

    def __init__(self, read_files: ReadFiles) -> None:
        super().__init__()
        self._read_files = read_files

    def read(self, file: str, at_most: int) -> bytes:
        """Read a file as `Disk` does, and note that."""
        self._read_files.add(file)
        return super().read(file, at_most)

    def expand(self, path: str) -> Sequence[str]:
        """Return the files that a PATH stands for as `Disk` does, and note that."""
        files = super().expand(path)
        self._read_files.add_listing(path, super().expand, files)
        return files


def check_files(options: Mapping[str, str | None]) -> None:
    """Raise UsageError if several of the options (option -> FILE) read stdin, or one has an empty name."""
    for option, name in options.items():
        if name == "":
            raise UsageError(f"{option} is empty", "give it the name of a file, or - for stdin")
    from_stdin = [option for option, name in options.items() if name == STDIN]
    if len(from_stdin) > 1:
        message = f"{from_stdin[0]} and {from_stdin[1]} both read stdin"
        raise UsageError(message, "put one of them into a file")


def _unreadable(option: str, name: str, failure: OSError | ValueError) -> ReconcilerError:
    why = failure.strerror if isinstance(failure, OSError) and failure.strerror else str(failure)
    return ReconcilerError(f"{option} {name} cannot be read: {why}", "check the name and its permissions")
