"""The commit and the branch that are checked out, read from the repository's files: a note for reports.

No git process runs, and nothing that is read is more than a name: a file of the repository that does not look as git
writes it is as good as none.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reconciler.git.discovery import Checkout, nearest_checkout

_COMMIT: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_BRANCH: Final = re.compile(r"ref: (refs/heads/(?!.*\.\.)[^\x00-\x20\x7f~^:?*\[\\]{1,200})")
_MAX_BYTES: Final = 4 * 1024 * 1024
"""Bytes that are read of `packed-refs`: some 50,000 branches and tags."""


@dataclass(frozen=True, slots=True)
class Head:
    """The commit that is checked out, in hexadecimal, and its branch; "" for what is unknown, as on a detached head."""

    commit: str = ""
    branch: str = ""


def head_of(folder: Path) -> Head:
    """Return what is checked out in the nearest working tree around a folder; an empty head without one."""
    checkout = nearest_checkout(Path(os.path.realpath(folder)))
    return _head(checkout) if checkout else Head()


def _head(checkout: Checkout) -> Head:
    text = _text(checkout.git_dir / "HEAD").strip()
    if match := _BRANCH.fullmatch(text):
        ref = match[1]
        return Head(_commit(checkout, ref), ref.removeprefix("refs/heads/"))
    return Head(text if _COMMIT.fullmatch(text) else "")


def _commit(checkout: Checkout, ref: str) -> str:
    loose = _text(checkout.common / ref).strip()
    if _COMMIT.fullmatch(loose):
        return loose
    packed = (line.split(" ", 1) for line in _text(checkout.common / "packed-refs").splitlines())
    return next((words[0] for words in packed if words[1:] == [ref] and _COMMIT.fullmatch(words[0])), "")


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return os.fsdecode(opened.read(_MAX_BYTES))
    except OSError:
        return ""
