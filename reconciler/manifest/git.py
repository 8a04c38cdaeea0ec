"""git: which files changed.

Promise: only asks, never changes anything. What git cannot tell is a UsageError: no repository, no such revision.
"""

import os
import subprocess
from pathlib import Path
from typing import Final

from reconciler.errors import ReconcilerError, UsageError

_QUIET: Final = {"GIT_OPTIONAL_LOCKS": "0"}
"""Without it, asking for differences may refresh git's index."""


def changed_since(revision: str, near: str | None = None) -> frozenset[str]:
    """The real names of the files that differ from where the current branch left `revision`, new ones included.

    The repository is the one around the file or folder `near`; None: around the current folder.
    """
    folder = _folder(near)
    top = _told(folder, "rev-parse", "--show-toplevel")
    if top is None:
        raise UsageError("--changed-since needs a git repository, and there is none here", "leave it out")
    commit = _told(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        remedy = "check the name; a shallow clone may lack it: git fetch"
        raise UsageError(f"git knows no revision {revision!r}", remedy)
    # Of a clone too shallow to know where the branch left, everything that differs
    base = _told(folder, "merge-base", commit.strip(), "HEAD") or commit
    root = Path(top.rstrip("\n"))
    changed = _told(root, "diff", "--name-only", "--no-renames", "--no-ext-diff", "-z", base.strip(), "--") or ""
    new = _told(root, "ls-files", "--others", "--exclude-standard", "-z") or ""
    return frozenset(os.path.realpath(root / name) for name in f"{changed}{new}".split("\0") if name)


def _folder(near: str | None) -> Path:
    """The nearest folder that there is; a PATH may be a glob."""
    path = Path(near or ".").absolute()
    return next(one for one in (path, *path.parents) if one.is_dir())


def _told(folder: Path, *arguments: str) -> str | None:
    """What git says; None when it refuses."""
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and nothing of a user's stands where git takes an option
            ["git", *arguments],  # noqa: S607 - the user's own git
            cwd=folder,
            env={**os.environ, **_QUIET},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError as failure:
        raise ReconcilerError(
            f"git cannot be run: {failure.strerror}", "install it, or leave --changed-since out"
        ) from failure
    return os.fsdecode(done.stdout) if done.returncode == 0 else None
