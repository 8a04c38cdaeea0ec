"""Files that options name."""

import io
import sys

import pytest

from reconciler.cli.terminal.input_files import InputFiles
from reconciler.errors import ReconcilerError


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> InputFiles:
    """Files, and a stdin of five bytes."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"typed")))
    return InputFiles()


def test_stdin_is_remembered(files: InputFiles) -> None:
    """It can be read once only, and a watching command needs it again; it is no file to watch."""
    assert ([b"typed"] * 2, 0) == ([files.read("--body", "-").content for _ in range(2)], len(files.read_files))


@pytest.mark.usefixtures("files")
def test_large_input_is_refused() -> None:
    """Not more than the limit is read, be it from a device without an end."""
    with pytest.raises(ReconcilerError, match="--body stdin is larger than 0 MiB; make it smaller"):
        InputFiles(4, "make it smaller").read("--body", "-")
