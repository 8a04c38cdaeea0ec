"""git: what a revision is, where a branch left it, and which files changed.

Only asks, never changes anything, and runs no program that a repository names (`open_sealed`). Which repository it is, and
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
"""What may be the name of a branch or tag on the remote, or a commit; `HEAD~1` is none."""

_REFERENCE: Final = re.compile(r"[^-~^:@{}\s\\][^~^:@{}\s\\]*")
_UNAMBIGUOUS: Final = re.compile(r"refs/.*|([A-Z_]*_)?HEAD|[0-9a-f]{40}|[0-9a-f]{64}")
"""What has one meaning, whatever branches are called."""

_IGNORE_TIMEOUT_SECONDS: Final = 8
"""Seconds. Matching many names with .gitignore files of megabytes takes git minutes."""

_IGNORE_PURPOSE: Final = "finding what git ignores"

_DEFAULT_BRANCHES: Final = ("main", "master")
_DIFF_OPTIONS: Final = ("--name-only", "--no-renames", "--no-ext-diff", "--no-textconv", "-z")
_SUBMODULE_MODE: Final = "160000"


@dataclass(frozen=True, slots=True)
class BaseCommit:
    """A commit to compare with: the revision that was asked for, and the commit where the branch left it.

    `is_tip`: the two have no common history here, so it is the revision's own commit: in a clone too shallow, say.
    """

    revision: str
    commit: str
    is_tip: bool = False


def changed_since(revision: str, near: RepositorySearch = FROM_CURRENT_FOLDER) -> frozenset[str]:
    """The real names of the files that differ from where the current branch left `revision`, new ones included.

    Of a submodule at another commit, and of a new repository inside of this one, the name of the folder: all files in
    it count as changed. Raises ReconcilerError where git cannot compare.
    """
    repo = open_repository(near, "--changed-since", "leave it out")
    base = merge_base(revision, repo).commit
    new = _list_names(repo, "ls-files", "--others", "--exclude-standard", "-z")
    changed = {*_staged_changes(repo, base), *_unstaged_changes(repo), *new}
    return frozenset(os.path.realpath(repo.top / name) for name in changed)


def default_branch(repo: Repository) -> str:
    """The revision that branches are taken from: the remote's default branch, else main, else master.

    In full: no branch of another name can take its place. A branch as the remote has it goes before the local one,
    which may be old. Raises UsageError when there is none.
    """
    for revision in _default_branch_candidates(repo):
        if _find_commit(repo, revision):
            return revision
    message = "there is no branch to compare with: no default branch of a remote, no main, no master"
    raise UsageError(message, f"name one: --base REV{_shallow_hint(repo, '')}")


def open_repository(
    near: RepositorySearch = FROM_CURRENT_FOLDER, what: str = "this", remedy: str = RUN_IN_REPOSITORY
) -> Repository:
    """The repository around what a command is about.

    `what` is what needs it. Raises UsageError where there is none, where it is not one to be used, and where git does
    not open it.
    """
    return open_sealed(find_checkout(near, what, remedy), what)


def merge_base(revision: str, repo: Repository, tip: str = "HEAD") -> BaseCommit:
    """Return the commit where `tip` left `revision`. Raises UsageError for a revision that does not exist."""
    commit = commit_of(revision, repo)
    base = _output(repo, "merge-base", commit, tip if tip == "HEAD" else commit_of(tip, repo))
    return BaseCommit(revision, base.strip(), is_tip=False) if base else BaseCommit(revision, commit, is_tip=True)


def commit_of(revision: str, repo: Repository) -> str:
    """The commit that a revision means, as a hexadecimal id.

    Raises UsageError when git does not know it, and for a name that means several: a branch `origin/main` of a pull
    request would win over the branch `main` of the remote `origin`.
    """
    meanings = _meanings(repo, revision)
    if len(set(meanings.values())) > 1:
        message = f"the revision {revision!r} is ambiguous: it names {' and '.join(meanings)}"
        raise UsageError(message, f"write one of them in full, as in {list(meanings)[-1]}")
    commit = _find_commit(repo, revision)
    if commit is None:
        remedy = f"check the name{_shallow_hint(repo, revision) or '; of a branch that was not fetched: git fetch'}"
        raise UsageError(f"git knows no revision {revision!r}", remedy)
    return commit


def describe_head(near: RepositorySearch = FROM_CURRENT_FOLDER) -> str | None:
    """The commit that is checked out, in short, with a `+` where files that git tracks differ from it.

    Other files do not count (a pipeline leaves artifacts behind), nor does what is inside of a submodule. None without
    a repository, a commit or git itself: it is a note, which a deployment can do without.
    """
    try:
        repo = open_repository(near)
        commit = _output(repo, "rev-parse", "--verify", "--short", "HEAD")
        return commit and f"{commit.strip()}{'+' if {*_staged_changes(repo, 'HEAD'), *_unstaged_changes(repo)} else ''}"
    except ReconcilerError:
        return None


def ignored_files(repo: Repository, files: Iterable[str]) -> frozenset[str]:
    """Those of the files (real names in the working tree) that git ignores; a tracked one never is.

    One git process for all of them. Raises ReconcilerError when git does not say.
    """
    names = {os.path.join(os.curdir, os.path.relpath(file, repo.top)): file for file in files}  # noqa: PTH118 - keeps ./
    asked = b"".join(os.fsencode(name) + b"\0" for name in names)
    done = _run(repo, "check-ignore", "-z", "--stdin", given=asked, patience=_IGNORE_TIMEOUT_SECONDS)
    if done.returncode not in {0, 1}:
        said = " ".join(os.fsdecode(done.stderr).removeprefix("fatal: ").split())
        raise ReconcilerError(f"git cannot say which files of {repo.top} it ignores: {said}", "check the repository")
    return frozenset(names[name] for name in os.fsdecode(done.stdout).split("\0") if name)


def open_nearest(folder: Path) -> Repository | None:
    """The nearest repository around a folder, to ask what it ignores; None where there is none, or no git.

    Its history is not used, so any repository will do. Raises ReconcilerError when git does not open it.
    """
    found = nearest_checkout(folder) if shutil.which("git") else None
    try:
        return open_sealed(found, _IGNORE_PURPOSE) if found else None
    except UsageError as failure:
        raise ReconcilerError(failure.message, failure.remedy) from failure


def _staged_changes(repo: Repository, commit: str) -> frozenset[str]:
    """What differs between a commit and git's index; a submodule by its commit there."""
    return _list_names(repo, "diff", "--cached", *_DIFF_OPTIONS, "--ignore-submodules=none", commit, "--")


def _unstaged_changes(repo: Repository) -> frozenset[str]:
    """What differs between git's index and the working tree. Into submodules git does not look."""
    listed = (one.partition("\t") for one in _list_names(repo, "ls-files", "--stage", "-z"))
    submodules = [name for mode, _, name in listed if mode.startswith(_SUBMODULE_MODE)]
    index = repo.index_without(submodules) if submodules else INDEX_FILE
    return _list_names(repo, "diff", *_DIFF_OPTIONS, "--ignore-submodules=all", index=index)


def _list_names(repo: Repository, *arguments: str, index: str = INDEX_FILE) -> frozenset[str]:
    """What git lists. Raises ReconcilerError when it cannot."""
    done = repo.run(*arguments, index=index)
    if done.returncode:
        said = " ".join(os.fsdecode(done.stderr).removeprefix("fatal: ").split())
        message = f"git cannot tell which files of {repo.top} changed: {said}"
        raise ReconcilerError(message, f"fetch what the clone lacks: {repo.fetch}{_shallow_hint(repo, '')}")
    return frozenset(one for one in os.fsdecode(done.stdout).split("\0") if one)


def _find_commit(repo: Repository, revision: str) -> str | None:
    if revision.startswith("-"):
        return None  # git takes it for an option, and old versions know no --end-of-options here
    found = _output(repo, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    return found.strip() if found else None


def _meanings(repo: Repository, revision: str) -> Mapping[str, str]:
    """The tags and branches that the name in a revision may mean, and their objects; none for a full name or an id."""
    name = _REFERENCE.match(revision)
    if name is None or _UNAMBIGUOUS.fullmatch(name[0]):
        return {}
    meant = [f"{folder}/{name[0]}" for folder in ("refs", "refs/tags", "refs/heads", "refs/remotes")]
    listed = _output(repo, "for-each-ref", "--format=%(refname) %(objectname) %(*objectname)", *meant) or ""
    found = (line.split() for line in listed.splitlines())
    return {reference: ids[-1] for reference, *ids in found if reference in meant}


def _default_branch_candidates(repo: Repository) -> Iterator[str]:
    """What may be the trunk, likeliest first."""
    remotes = (_output(repo, "remote") or "").split()
    remote = "origin" if "origin" in remotes or not remotes else remotes[0]
    default = _output(repo, "symbolic-ref", "--quiet", f"refs/remotes/{remote}/HEAD")
    if default:
        yield default.strip()
    for name in _DEFAULT_BRANCHES:
        yield f"refs/remotes/{remote}/{name}"
        yield f"refs/heads/{name}"


def _shallow_hint(repo: Repository, revision: str) -> str:
    """How to fetch what a shallow clone lacks, after a remedy; "" for a clone that is whole."""
    if (_output(repo, "rev-parse", "--is-shallow-repository") or "").strip() != "true":
        return ""
    branch = f", or git fetch origin {revision.removeprefix('origin/')}" if _REMOTE_NAME.fullmatch(revision) else ""
    return f"; this clone is shallow: git fetch --unshallow{branch}; in a checkout action, fetch-depth: 0"


def _output(repo: Repository, *arguments: str) -> str | None:
    """What git says; None when it refuses."""
    done = _run(repo, *arguments)
    return os.fsdecode(done.stdout) if done.returncode == 0 else None


def _run(repo: Repository, *arguments: str, given: bytes = b"", patience: float | None = None) -> CompletedCommand:
    """What came of a git command, run at the top of the repository; `patience` is in seconds."""
    return repo.run(*arguments, given=given, patience=patience)
