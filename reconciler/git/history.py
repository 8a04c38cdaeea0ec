"""Resolve revisions, find where a branch left one, and list the files that changed since.

Only asks git, never changes anything, and runs no program that a repository names (`sealed`). `discovery` decides which
repository is used, and which ones are refused. Raises UsageError if there is no repository or no such revision.
"""

import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reconciler.errors import ReconcilerError, UsageError
from reconciler.git.discovery import (
    FROM_CURRENT_FOLDER,
    RUN_IN_REPOSITORY,
    RepositorySearch,
    find_checkout,
    nearest_checkout,
)
from reconciler.git.program import CompletedCommand
from reconciler.git.sealed import INDEX_FILE, Repository, open_sealed

_REMOTE_NAME: Final = re.compile(r"(?!HEAD\b|-)[\w./-]+")
"""Matches what may name a branch or tag on the remote, or a commit; `HEAD~1` cannot."""

_REFERENCE: Final = re.compile(r"[^-~^:@{}\s\\][^~^:@{}\s\\]*")
_UNAMBIGUOUS: Final = re.compile(r"refs/.*|([A-Z_]*_)?HEAD|[0-9a-f]{40}|[0-9a-f]{64}")
"""Matches what has one meaning, whatever branches are called."""

_IGNORE_TIMEOUT_SECONDS: Final = 8
"""Git takes minutes to match many names against .gitignore files of megabytes."""

_IGNORE_PURPOSE: Final = "finding what git ignores"

_DEFAULT_BRANCHES: Final = ("main", "master")
_DIFF_OPTIONS: Final = ("--name-only", "--no-renames", "--no-ext-diff", "--no-textconv", "-z")
_SUBMODULE_MODE: Final = "160000"


@dataclass(frozen=True, slots=True)
class BaseCommit:
    """A commit to compare with: the requested revision, and the commit where the branch left it.

    `is_tip`: it is the revision's own commit, because the two have no common history here, as in a shallow clone.
    """

    revision: str
    commit: str
    is_tip: bool = False


def changed_since(revision: str, search: RepositorySearch = FROM_CURRENT_FOLDER) -> frozenset[str]:
    """Return the real names of the files that differ from where the current branch left `revision`, new ones included.

    For a submodule at another commit, and for a new repository inside this one, it is the name of the folder: all files
    in it count as changed. Raises ReconcilerError if git cannot compare.
    """
    repo = open_repository(search, "--changed-since", "omit it")
    return _differing(repo, merge_base(revision, repo).commit)


def differing_from(revision: str, search: RepositorySearch = FROM_CURRENT_FOLDER) -> frozenset[str]:
    """Return the real names of the files that differ from `revision` itself, new ones included.

    Raises UsageError for a revision that does not exist, ReconcilerError if git cannot compare.
    """
    repo = open_repository(search, "--expect-revision", "omit it")
    return _differing(repo, commit_of(revision, repo))


def _differing(repo: Repository, commit: str) -> frozenset[str]:
    new = _list_names(repo, "ls-files", "--others", "--exclude-standard", "-z")
    changed = {*_staged_changes(repo, commit), *_unstaged_changes(repo), *new}
    return frozenset(os.path.realpath(repo.top / name) for name in changed)


def default_branch(repo: Repository) -> str:
    """Return the full name of the branch that others start from: the remote's default branch, else main, else master.

    The full name (`refs/...`) cannot be confused with another branch. The remote's branch is preferred to the local
    one, which may be out of date. Raises UsageError if there is none.
    """
    for revision in _default_branch_candidates(repo):
        if _find_commit(repo, revision):
            return revision
    message = "there is no branch to compare with: no default branch on a remote, no main, no master"
    raise UsageError(message, f"pass one: --base REV{_shallow_hint(repo, '')}")


def open_repository(
    search: RepositorySearch = FROM_CURRENT_FOLDER, what: str = "this", remedy: str = RUN_IN_REPOSITORY
) -> Repository:
    """Return the repository that a command works on.

    `what` names the option or command that needs it. Raises UsageError if there is none, if `discovery` refuses it, and
    if git does not open it.
    """
    return open_sealed(find_checkout(search, what, remedy), what)


def merge_base(revision: str, repo: Repository, tip: str = "HEAD") -> BaseCommit:
    """Return the commit where `tip` left `revision`. Raises UsageError for a revision that does not exist."""
    commit = commit_of(revision, repo)
    base = _output(repo, "merge-base", commit, tip if tip == "HEAD" else commit_of(tip, repo))
    return BaseCommit(revision, base.strip(), is_tip=False) if base else BaseCommit(revision, commit, is_tip=True)


def commit_of(revision: str, repo: Repository) -> str:
    """Return the commit that a revision means, as a hexadecimal id.

    Raises UsageError if git does not know it, and for an ambiguous name: a branch `origin/main` of a pull request would
    win over the branch `main` of the remote `origin`.
    """
    meanings = _meanings(repo, revision)
    if len(set(meanings.values())) > 1:
        message = f"the revision {revision!r} is ambiguous: it names {' and '.join(meanings)}"
        raise UsageError(message, f"use a full name, such as {list(meanings)[-1]}")
    commit = _find_commit(repo, revision)
    if commit is None:
        remedy = f"check the name{_shallow_hint(repo, revision) or '; if the branch was not fetched: git fetch'}"
        raise UsageError(f"git does not know the revision {revision!r}", remedy)
    return commit


def describe_head(search: RepositorySearch = FROM_CURRENT_FOLDER) -> str | None:
    """Return the short id of the commit that is checked out, followed by `+` if tracked files differ from it.

    Untracked files do not count (a pipeline leaves artifacts behind), nor does anything inside a submodule. None
    without a repository, a commit or git itself: this is a note that a deployment can do without.
    """
    try:
        repo = open_repository(search)
        commit = _output(repo, "rev-parse", "--verify", "--short", "HEAD")
        return commit and f"{commit.strip()}{'+' if {*_staged_changes(repo, 'HEAD'), *_unstaged_changes(repo)} else ''}"
    except ReconcilerError:
        return None


def ignored_files(repo: Repository, files: Iterable[str]) -> frozenset[str]:
    """Return those of the files (real names in the working tree) that git ignores; a tracked file never is.

    Runs one git process for all of them. Raises ReconcilerError if git fails.
    """
    names = {os.path.join(os.curdir, os.path.relpath(file, repo.top)): file for file in files}  # noqa: PTH118 - keeps ./
    listed = b"".join(os.fsencode(name) + b"\0" for name in names)
    completed = _run(repo, "check-ignore", "-z", "--stdin", stdin=listed, timeout=_IGNORE_TIMEOUT_SECONDS)
    if completed.returncode not in {0, 1}:
        reason = " ".join(os.fsdecode(completed.stderr).removeprefix("fatal: ").split())
        raise ReconcilerError(f"git cannot list the ignored files of {repo.top}: {reason}", "check it: git fsck")
    return frozenset(names[name] for name in os.fsdecode(completed.stdout).split("\0") if name)


def open_nearest(folder: Path) -> Repository | None:
    """Return the nearest repository around a folder, to ask which files it ignores; None if there is none, or no git.

    Its history is not used, so any repository will do. Raises ReconcilerError if git does not open it.
    """
    checkout = nearest_checkout(folder) if shutil.which("git") else None
    try:
        return open_sealed(checkout, _IGNORE_PURPOSE) if checkout else None
    except UsageError as failure:
        raise ReconcilerError(failure.message, failure.remedy) from failure


def _staged_changes(repo: Repository, commit: str) -> frozenset[str]:
    """Return what differs between a commit and git's index; for a submodule, its commit counts."""
    return _list_names(repo, "diff", "--cached", *_DIFF_OPTIONS, "--ignore-submodules=none", commit, "--")


def _unstaged_changes(repo: Repository) -> frozenset[str]:
    """Return what differs between git's index and the working tree, submodules excluded."""
    listed = (line.partition("\t") for line in _list_names(repo, "ls-files", "--stage", "-z"))
    submodules = [name for mode, _, name in listed if mode.startswith(_SUBMODULE_MODE)]
    index = repo.index_without(submodules) if submodules else INDEX_FILE
    return _list_names(repo, "diff", *_DIFF_OPTIONS, "--ignore-submodules=all", index=index)


def _list_names(repo: Repository, *arguments: str, index: str = INDEX_FILE) -> frozenset[str]:
    """Return the names that git lists. Raises ReconcilerError if it cannot."""
    completed = repo.run(*arguments, index=index)
    if completed.returncode:
        reason = " ".join(os.fsdecode(completed.stderr).removeprefix("fatal: ").split())
        message = f"git cannot list the changed files of {repo.top}: {reason}"
        raise ReconcilerError(message, f"fetch the missing objects: {repo.fetch}{_shallow_hint(repo, '')}")
    return frozenset(filter(None, os.fsdecode(completed.stdout).split("\0")))


def _find_commit(repo: Repository, revision: str) -> str | None:
    if revision.startswith("-"):
        return None  # git would take it for an option, and old versions have no --end-of-options here
    commit = _output(repo, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    return commit.strip() if commit else None


def _meanings(repo: Repository, revision: str) -> Mapping[str, str]:
    """Return the tags and branches that a revision may name, with their objects; empty for a full name or an id."""
    name = _REFERENCE.match(revision)
    if name is None or _UNAMBIGUOUS.fullmatch(name[0]):
        return {}
    meant = [f"{folder}/{name[0]}" for folder in ("refs", "refs/tags", "refs/heads", "refs/remotes")]
    listed = _output(repo, "for-each-ref", "--format=%(refname) %(objectname) %(*objectname)", *meant) or ""
    words = (line.split() for line in listed.splitlines())
    return {reference: ids[-1] for reference, *ids in words if reference in meant}


def _default_branch_candidates(repo: Repository) -> Iterator[str]:
    """Yield what may be the default branch, likeliest first."""
    remotes = (_output(repo, "remote") or "").split()
    remote = "origin" if "origin" in remotes or not remotes else remotes[0]
    default = _output(repo, "symbolic-ref", "--quiet", f"refs/remotes/{remote}/HEAD")
    if default:
        yield default.strip()
    for name in _DEFAULT_BRANCHES:
        yield f"refs/remotes/{remote}/{name}"
        yield f"refs/heads/{name}"


def _shallow_hint(repo: Repository, revision: str) -> str:
    """Return how to fetch the history that a shallow clone lacks, to follow a remedy; "" for a complete clone."""
    if (_output(repo, "rev-parse", "--is-shallow-repository") or "").strip() != "true":
        return ""
    branch = f", or git fetch origin {revision.removeprefix('origin/')}" if _REMOTE_NAME.fullmatch(revision) else ""
    return f"; this clone is shallow: git fetch --unshallow{branch}; in a checkout action, fetch-depth: 0"


def _output(repo: Repository, *arguments: str) -> str | None:
    """Return what git prints, None if it fails."""
    completed = _run(repo, *arguments)
    return os.fsdecode(completed.stdout) if completed.returncode == 0 else None


def _run(repo: Repository, *arguments: str, stdin: bytes = b"", timeout: float | None = None) -> CompletedCommand:
    """Run a git command at the top of the repository; `timeout` is in seconds."""
    return repo.run(*arguments, stdin=stdin, timeout=timeout)
