"""What was kept in an `adopt` that the user quit, so that continuing does not ask again.

A small file next to the journal. It goes when an adopt is completed.
"""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Final

from reconciler.atomic_write import write_file
from reconciler.cli.terminal.output import say
from reconciler.render.style import printable
from reconciler.strict_json import read_strict_json

NAME: Final = "adopt-kept.json"

_VERSION: Final = "1.0"
_MAX_BYTES: Final = 1024 * 1024
_MOST: Final = 20_000
_DIGITS: Final = 24


class AdoptMemory:
    """The marks of what was kept (`engine.adopt.choices`), in a file of this folder."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / NAME

    def recall(self) -> frozenset[str]:
        """Return the marks; none, with a warning, if the file cannot be used."""
        try:
            with self._file.open("rb") as opened:
                content = opened.read(_MAX_BYTES + 1)
            return _marks(content)
        except FileNotFoundError:
            return frozenset()
        except (OSError, ValueError, RecursionError):
            self._warn("cannot be read, so every finding is asked about again")
            return frozenset()

    def remember(self, marks: Collection[str]) -> None:
        """Replace the marks; without any, remove the file."""
        try:
            if marks:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                document = {"formatVersion": _VERSION, "kind": "AdoptKept", "kept": sorted(marks)[:_MOST]}
                write_file(self._file, f"{json.dumps(document)}\n".encode())
            else:
                self._file.unlink(missing_ok=True)
        except OSError:
            self._warn("cannot be written, so what was kept will be asked about again")

    def _warn(self, what: str) -> None:
        say(f"warning: {printable(str(self._file))} {what}")


def _marks(content: bytes) -> frozenset[str]:
    """Return the marks of a document. Raises ValueError for any other content."""
    document = read_strict_json(content) if len(content) <= _MAX_BYTES else None
    kept = document.get("kept") if isinstance(document, dict) else None
    if not isinstance(kept, list) or not all(isinstance(one, str) and len(one) == _DIGITS for one in kept):
        raise ValueError("not the document of an adopt")
    return frozenset(kept)
