"""Two states of a repository, to be compared."""

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.diagnostics import Diagnostic, warning
from reconciler.errors import UsageError
from reconciler.git import history
from reconciler.git.discovery import HERE, Near
from reconciler.git.revision import at_revision
from reconciler.manifest import Disk
from reconciler.ports import Files
from reconciler.review import State
from reconciler.rules import RunRule


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two states, and its files."""

    state: State
    files: Files


def sides(base: str | None, head: str | None, near: Near = HERE) -> tuple[Side, Side, tuple[Diagnostic, ...]]:
    """What to compare, in the repository of what the command is about, and what is to be said of that.

    `base` None: what branches are taken from. `head` None: the working tree. Raises UsageError where there is no
    repository or no such revision.
    """
    for option, given in (("--base", base), ("--head", head)):
        if given == "":
            # "$UNSET" in a script would quietly mean another revision
            raise UsageError(f"{option} names no revision", "leave it out for the default")
    repo = history.repository(near, "review")
    left = history.left_at(base or history.trunk(repo), repo, head or "HEAD")
    name = left.revision.removeprefix("refs/heads/").removeprefix("refs/remotes/")
    before = Side(State(name, left.commit, is_fork=not left.is_tip), at_revision(left.commit, repo))
    if head is None:
        return before, Side(State(), Disk()), tuple(_unrelated(left, name))
    commit = history.commit_of(head, repo)
    return before, Side(State(head, commit), at_revision(commit, repo)), tuple(_unrelated(left, name))


def _unrelated(left: history.BaseCommit, name: str) -> Iterator[Diagnostic]:
    if left.is_tip:
        message = f"git finds no common history with {name}: what changed there since shows as undone here"
        yield warning(
            RunRule.NO_MERGE_BASE, message, "fetch the whole history: git fetch --unshallow, or fetch-depth: 0"
        )
