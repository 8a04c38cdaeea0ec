"""Open the two revisions of a repository that a review compares."""

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.diagnostics import Diagnostic, warning
from reconciler.errors import UsageError
from reconciler.git import history
from reconciler.git.discovery import FROM_CURRENT_FOLDER, RepositorySearch
from reconciler.git.revision import open_revision
from reconciler.manifest import Disk
from reconciler.ports import Files
from reconciler.review import State
from reconciler.rules import RunRule


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two revisions, with its files."""

    state: State
    files: Files


def open_sides(
    base: str | None, head: str | None, near: RepositorySearch = FROM_CURRENT_FOLDER
) -> tuple[Side, Side, tuple[Diagnostic, ...]]:
    """Open the two sides in the repository that holds the manifests, and return warnings about them.

    `base` None: the branch that others start from. `head` None: the working tree. Raises UsageError if there is no
    repository or no such revision.
    """
    for option, revision in (("--base", base), ("--head", head)):
        if revision == "":
            # "$UNSET" in a script must not silently select the default
            raise UsageError(f"{option} is empty", f"name a revision, or omit {option} for the default")
    repo = history.open_repository(near, "review")
    base_commit = history.merge_base(base or history.default_branch(repo), repo, head or "HEAD")
    name = base_commit.revision.removeprefix("refs/heads/").removeprefix("refs/remotes/")
    state = State(name, base_commit.commit, is_fork=not base_commit.is_tip)
    old = Side(state, open_revision(base_commit.commit, repo))
    warnings = tuple(_unrelated(base_commit, name))
    if head is None:
        return old, Side(State(), Disk()), warnings
    commit = history.commit_of(head, repo)
    return old, Side(State(head, commit), open_revision(commit, repo)), warnings


def _unrelated(base_commit: history.BaseCommit, name: str) -> Iterator[Diagnostic]:
    if base_commit.is_tip:
        message = f"git finds no common history with {name}: later changes there are shown as undone here"
        yield warning(
            RunRule.NO_MERGE_BASE, message, "fetch the whole history: git fetch --unshallow, or fetch-depth: 0"
        )
