"""git: what a revision is, where a branch left it, and which files changed.

Promise: only asks, never changes anything. What git cannot tell is a UsageError: no repository, no such revision.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reconciler.errors import ReconcilerError, UsageError

_QUIET: Final = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
"""No refreshing of git's index while asking for differences, no questions to anybody, and messages in one language."""

_ELSEWHERE: Final = frozenset(("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"))
"""In a hook, git is told by these which repository is meant, and finds no other; we ask for the one around a folder."""

_NAME: Final = re.compile(r"(?!HEAD\b|-)[\w./-]+")
"""What may be the name of a branch or tag on the remote, or a commit; `HEAD~1` is none."""

_TRUNKS: Final = ("main", "master")
_GO_THERE: Final = "run it in one, or name a PATH in one"


@dataclass(frozen=True, slots=True)
class Base:
    """A commit to compare with: the revision that was asked for, and the commit where the branch left it.

    `is_tip`: the two have no common history here, so it is the revision's own commit: in a clone too shallow, say.
    """

    revision: str
    commit: str
    is_tip: bool = False


def changed_since(revision: str, near: str | None = None) -> frozenset[str]:
    """The real names of the files that differ from where the current branch left `revision`, new ones included.

    The repository is the one around the file or folder `near`; None: around the current folder.
    """
    root = repository(near, "--changed-since", "leave it out")
    base = left_at(revision, root).commit
    changed = _told(root, "diff", "--name-only", "--no-renames", "--no-ext-diff", "-z", base, "--") or ""
    new = _told(root, "ls-files", "--others", "--exclude-standard", "-z") or ""
    return frozenset(os.path.realpath(root / name) for name in f"{changed}{new}".split("\0") if name)


def trunk(near: str | None = None) -> str:
    """The revision that branches are taken from: the remote's default branch, else main, else master.

    A branch as the remote has it goes before the local one, which may be old. Raises UsageError when there is none.
    """
    root = repository(near, "a base revision")
    for revision in _trunks(root):
        if _commit(root, revision):
            return revision
    message = "there is no branch to compare with: no default branch of a remote, no main, no master"
    raise UsageError(message, f"name one: --base REV{_shallow(root, '')}")


def repository(near: str | None, what: str, remedy: str = _GO_THERE) -> Path:
    """The top folder of the repository around `near`; `what` is what needs it. Raises UsageError when there is none."""
    folder = _folder(near)
    done = _run(folder, "rev-parse", "--show-toplevel")
    if done.returncode == 0:
        return Path(os.fsdecode(done.stdout).rstrip("\n"))
    if any((around / ".git").exists() for around in (folder, *folder.parents)):
        said = " ".join(os.fsdecode(done.stderr).removeprefix("fatal: ").split()) or "it does not say why"
        raise UsageError(f"{what} needs a git repository, and git does not open this one: {said}")
    raise UsageError(f"{what} needs a git repository, and there is none here", remedy)


def left_at(revision: str, root: Path, head: str = "HEAD") -> Base:
    """Where `head` left `revision`. Raises UsageError for a revision that does not exist."""
    commit = commit_of(revision, root)
    shared = _told(root, "merge-base", commit, head if head == "HEAD" else commit_of(head, root))
    return Base(revision, shared.strip(), is_tip=False) if shared else Base(revision, commit, is_tip=True)


def commit_of(revision: str, root: Path) -> str:
    """The commit that a revision means, as a hexadecimal id. Raises UsageError when git does not know it."""
    commit = _commit(root, revision)
    if commit is None:
        remedy = f"check the name{_shallow(root, revision) or '; of a branch that was not fetched: git fetch'}"
        raise UsageError(f"git knows no revision {revision!r}", remedy)
    return commit


def head(near: str | None = None) -> str | None:
    """The commit that is checked out around `near`, in short, with a `+` where files that git knows differ from it.

    Others do not count: a pipeline has its artifacts lying around. None without a repository, a commit or git itself:
    who only wants to note it can do without.
    """
    folder = _folder(near)
    try:
        commit = _told(folder, "rev-parse", "--verify", "--short", "HEAD")
        changed = _told(folder, "status", "--porcelain", "--untracked-files=no") if commit else None
    except ReconcilerError:
        return None
    return commit and f"{commit.strip()}{'+' if changed else ''}"


def surroundings() -> dict[str, str]:
    """The environment in which git is run."""
    return {name: value for name, value in os.environ.items() if name not in _ELSEWHERE} | _QUIET


def _commit(root: Path, revision: str) -> str | None:
    found = _told(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    return found.strip() if found else None


def _trunks(root: Path) -> Iterator[str]:
    """What may be the trunk, likeliest first."""
    remotes = (_told(root, "remote") or "").split()
    remote = "origin" if "origin" in remotes or not remotes else remotes[0]
    default = _told(root, "symbolic-ref", "--quiet", "--short", f"refs/remotes/{remote}/HEAD")
    if default:
        yield default.strip()
    for name in _TRUNKS:
        yield f"refs/remotes/{remote}/{name}"
        yield f"refs/heads/{name}"


def _shallow(root: Path, revision: str) -> str:
    """How to fetch what a shallow clone lacks, after a remedy; "" for a clone that is whole."""
    if (_told(root, "rev-parse", "--is-shallow-repository") or "").strip() != "true":
        return ""
    branch = f", or git fetch origin {revision.removeprefix('origin/')}" if _NAME.fullmatch(revision) else ""
    return f"; this clone is shallow: git fetch --unshallow{branch}; in a checkout action, fetch-depth: 0"


def _folder(near: str | None) -> Path:
    """The nearest folder that there is; a PATH may be a glob."""
    path = Path(near or ".").absolute()
    return next(one for one in (path, *path.parents) if one.is_dir())


def _told(folder: Path, *arguments: str) -> str | None:
    """What git says; None when it refuses."""
    done = _run(folder, *arguments)
    return os.fsdecode(done.stdout) if done.returncode == 0 else None


def _run(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(  # noqa: S603 - no shell, and nothing of a user's stands where git takes an option
            ["git", *arguments],  # noqa: S607 - the user's own git
            cwd=folder,
            env=surroundings(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError as failure:
        raise ReconcilerError(f"git cannot be run: {failure.strerror}", "install it, or do without") from failure
