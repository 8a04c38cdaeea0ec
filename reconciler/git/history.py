"""git: what a revision is, where a branch left it, and which files changed.

Only asks, never changes anything, and runs no program that a repository names (`sealed`). Which repository it is, and
which ones are refused: `discovery`. What git cannot say is a UsageError: no repository, no such revision.
"""

import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reconciler.errors import ReconcilerError, UsageError
from reconciler.git.discovery import HERE, IN_A_REPOSITORY, Near, checkout, nearest
from reconciler.git.program import Done
from reconciler.git.sealed import INDEX, Repository, sealed

_NAME: Final = re.compile(r"(?!HEAD\b|-)[\w./-]+")
"""What may be the name of a branch or tag on the remote, or a commit; `HEAD~1` is none."""

_REFERENCE: Final = re.compile(r"[^-~^:@{}\s\\][^~^:@{}\s\\]*")
_CLEAR: Final = re.compile(r"refs/.*|([A-Z_]*_)?HEAD|[0-9a-f]{40}|[0-9a-f]{64}")
"""What has one meaning, whatever branches are called."""

_PATIENCE: Final = 8
"""Seconds. Matching many names with .gitignore files of megabytes takes git minutes."""

_IGNORED: Final = "finding what git ignores"

_TRUNKS: Final = ("main", "master")
_NAMES: Final = ("--name-only", "--no-renames", "--no-ext-diff", "--no-textconv", "-z")
_SUBMODULE: Final = "160000"


@dataclass(frozen=True, slots=True)
class BaseCommit:
    """A commit to compare with: the revision that was asked for, and the commit where the branch left it.

    `is_tip`: the two have no common history here, so it is the revision's own commit: in a clone too shallow, say.
    """

    revision: str
    commit: str
    is_tip: bool = False


def changed_since(revision: str, near: Near = HERE) -> frozenset[str]:
    """The real names of the files that differ from where the current branch left `revision`, new ones included.

    Of a submodule at another commit, and of a new repository inside of this one, the name of the folder: all files in
    it count as changed. Raises ReconcilerError where git cannot compare.
    """
    repo = repository(near, "--changed-since", "omit it")
    base = left_at(revision, repo).commit
    new = _names(repo, "ls-files", "--others", "--exclude-standard", "-z")
    changed = {*_staged(repo, base), *_edited(repo), *new}
    return frozenset(os.path.realpath(repo.top / name) for name in changed)


def trunk(repo: Repository) -> str:
    """The revision that branches are taken from: the remote's default branch, else main, else master.

    In full: no branch of another name can take its place. A branch as the remote has it goes before the local one,
    which may be old. Raises UsageError when there is none.
    """
    for revision in _trunks(repo):
        if _commit(repo, revision):
            return revision
    message = "there is no branch to compare with: no default branch of a remote, no main, no master"
    raise UsageError(message, f"name one: --base REV{_shallow(repo, '')}")


def repository(near: Near = HERE, what: str = "this", remedy: str = IN_A_REPOSITORY) -> Repository:
    """The repository around what a command is about.

    `what` is what needs it. Raises UsageError where there is none, where it is not one to be used, and where git does
    not open it.
    """
    return sealed(checkout(near, what, remedy), what)


def left_at(revision: str, repo: Repository, head: str = "HEAD") -> BaseCommit:
    """Where `head` left `revision`. Raises UsageError for a revision that does not exist."""
    commit = commit_of(revision, repo)
    shared = _told(repo, "merge-base", commit, head if head == "HEAD" else commit_of(head, repo))
    return BaseCommit(revision, shared.strip(), is_tip=False) if shared else BaseCommit(revision, commit, is_tip=True)


def commit_of(revision: str, repo: Repository) -> str:
    """The commit that a revision means, as a hexadecimal id.

    Raises UsageError when git does not know it, and for a name that means several: a branch `origin/main` of a pull
    request would win over the branch `main` of the remote `origin`.
    """
    meanings = _meanings(repo, revision)
    if len(set(meanings.values())) > 1:
        message = f"the revision {revision!r} is ambiguous: it names {' and '.join(meanings)}"
        raise UsageError(message, f"write one of them in full, as in {list(meanings)[-1]}")
    commit = _commit(repo, revision)
    if commit is None:
        remedy = f"check the name{_shallow(repo, revision) or '; if its branch was not fetched: git fetch'}"
        raise UsageError(f"git knows no revision {revision!r}", remedy)
    return commit


def head(near: Near = HERE) -> str | None:
    """The commit that is checked out, in short, with a `+` where files that git tracks differ from it.

    Other files do not count (a pipeline leaves artifacts behind), nor does what is inside of a submodule. None without
    a repository, a commit or git itself: it is a note, which a deployment can do without.
    """
    try:
        repo = repository(near)
        commit = _told(repo, "rev-parse", "--verify", "--short", "HEAD")
        return commit and f"{commit.strip()}{'+' if {*_staged(repo, 'HEAD'), *_edited(repo)} else ''}"
    except ReconcilerError:
        return None


def ignored(repo: Repository, files: Iterable[str]) -> frozenset[str]:
    """Those of the files (real names in the working tree) that git ignores; a tracked one never is.

    One git process for all of them. Raises ReconcilerError when git does not say.
    """
    names = {os.path.join(os.curdir, os.path.relpath(file, repo.top)): file for file in files}  # noqa: PTH118 - keeps ./
    asked = b"".join(os.fsencode(name) + b"\0" for name in names)
    done = _run(repo, "check-ignore", "-z", "--stdin", given=asked, patience=_PATIENCE)
    if done.returncode not in {0, 1}:
        said = " ".join(os.fsdecode(done.stderr).removeprefix("fatal: ").split())
        raise ReconcilerError(f"git cannot say which files of {repo.top} it ignores: {said}", "check the repository")
    return frozenset(names[name] for name in os.fsdecode(done.stdout).split("\0") if name)


def ignoring(folder: Path) -> Repository | None:
    """The nearest repository around a folder, to ask what it ignores; None where there is none, or no git.

    Its history is not used, so any repository will do. Raises ReconcilerError when git does not open it.
    """
    found = nearest(folder) if shutil.which("git") else None
    try:
        return sealed(found, _IGNORED) if found else None
    except UsageError as failure:
        raise ReconcilerError(failure.message, failure.remedy) from failure


def _staged(repo: Repository, commit: str) -> frozenset[str]:
    """What differs between a commit and git's index; a submodule by its commit there."""
    return _names(repo, "diff", "--cached", *_NAMES, "--ignore-submodules=none", commit, "--")


def _edited(repo: Repository) -> frozenset[str]:
    """What differs between git's index and the working tree. Into submodules git does not look."""
    listed = (one.partition("\t") for one in _names(repo, "ls-files", "--stage", "-z"))
    submodules = [name for mode, _, name in listed if mode.startswith(_SUBMODULE)]
    index = repo.index_without(submodules) if submodules else INDEX
    return _names(repo, "diff", *_NAMES, "--ignore-submodules=all", index=index)


def _names(repo: Repository, *arguments: str, index: str = INDEX) -> frozenset[str]:
    """What git lists. Raises ReconcilerError when it cannot."""
    done = repo.run(*arguments, index=index)
    if done.returncode:
        said = " ".join(os.fsdecode(done.stderr).removeprefix("fatal: ").split())
        message = f"git cannot tell which files of {repo.top} changed: {said}"
        raise ReconcilerError(message, f"fetch what the clone lacks: {repo.fetch}{_shallow(repo, '')}")
    return frozenset(one for one in os.fsdecode(done.stdout).split("\0") if one)


def _commit(repo: Repository, revision: str) -> str | None:
    if revision.startswith("-"):
        return None  # git takes it for an option, and old versions know no --end-of-options here
    found = _told(repo, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    return found.strip() if found else None


def _meanings(repo: Repository, revision: str) -> Mapping[str, str]:
    """The tags and branches that the name in a revision may mean, and their objects; none for a full name or an id."""
    name = _REFERENCE.match(revision)
    if name is None or _CLEAR.fullmatch(name[0]):
        return {}
    meant = [f"{folder}/{name[0]}" for folder in ("refs", "refs/tags", "refs/heads", "refs/remotes")]
    listed = _told(repo, "for-each-ref", "--format=%(refname) %(objectname) %(*objectname)", *meant) or ""
    found = (line.split() for line in listed.splitlines())
    return {reference: ids[-1] for reference, *ids in found if reference in meant}


def _trunks(repo: Repository) -> Iterator[str]:
    """What may be the trunk, likeliest first."""
    remotes = (_told(repo, "remote") or "").split()
    remote = "origin" if "origin" in remotes or not remotes else remotes[0]
    default = _told(repo, "symbolic-ref", "--quiet", f"refs/remotes/{remote}/HEAD")
    if default:
        yield default.strip()
    for name in _TRUNKS:
        yield f"refs/remotes/{remote}/{name}"
        yield f"refs/heads/{name}"


def _shallow(repo: Repository, revision: str) -> str:
    """How to fetch what a shallow clone lacks, after a remedy; "" for a clone that is whole."""
    if (_told(repo, "rev-parse", "--is-shallow-repository") or "").strip() != "true":
        return ""
    branch = f", or git fetch origin {revision.removeprefix('origin/')}" if _NAME.fullmatch(revision) else ""
    return f"; this clone is shallow: git fetch --unshallow{branch}; in a checkout action, fetch-depth: 0"


def _told(repo: Repository, *arguments: str) -> str | None:
    """What git says; None when it refuses."""
    done = _run(repo, *arguments)
    return os.fsdecode(done.stdout) if done.returncode == 0 else None


def _run(repo: Repository, *arguments: str, given: bytes = b"", patience: float | None = None) -> Done:
    """What came of a git command, run at the top of the repository; `patience` is in seconds."""
    return repo.run(*arguments, given=given, patience=patience)
