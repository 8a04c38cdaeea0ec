"""Let the user edit a text in the editor of their choice."""

import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from reconciler.errors import ReconcilerError

_DEFAULT: Final = "vi"
_MAX_BYTES: Final = 16 * 1024 * 1024


def edit(text: str, name: str) -> bytes:
    """Return a text as the user leaves it; the file has this name, in a folder that only the user can read.

    The editor is $VISUAL, else $EDITOR, else vi, split into words as a shell does; no shell runs it. Raises
    ReconcilerError if it cannot be started, does not exit with 0, or leaves a file that cannot be read.
    """
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or _DEFAULT
    with tempfile.TemporaryDirectory(prefix="reconciler-") as folder:
        file = Path(folder, name)
        file.write_text(text, encoding="utf-8")
        _run(command, file)
        try:
            with file.open("rb") as edited:
                content = edited.read(_MAX_BYTES + 1)
        except OSError as failure:
            raise ReconcilerError(f"the edited file cannot be read: {failure.strerror}", "edit it again") from failure
    if len(content) > _MAX_BYTES:
        raise ReconcilerError(f"the edited file is larger than {_MAX_BYTES >> 20} MiB", "make it smaller")
    return content


def _run(command: str, file: Path) -> None:
    remedy = "set $VISUAL or $EDITOR to the command of an editor that waits, as in 'code --wait'"
    try:
        words = shlex.split(command)
        code = subprocess.run([*words, str(file)], check=False).returncode  # noqa: S603 - the user's own editor
    except (OSError, ValueError) as failure:
        why = failure.strerror if isinstance(failure, OSError) and failure.strerror else str(failure)
        raise ReconcilerError(f"the editor {command!r} cannot be started: {why}", remedy) from failure
    if code:
        raise ReconcilerError(f"the editor {command!r} failed (exit code {code})", remedy)
