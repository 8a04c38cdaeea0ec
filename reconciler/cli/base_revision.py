"""The revision of `--base`, as the engine takes it."""

from reconciler.cli.options.select import SelectOptions
from reconciler.engine.read.baseline import BaseRevision
from reconciler.git.discovery import Near
from reconciler.git.history import left_at, repository
from reconciler.git.revision import at_revision


def base_revision(revision: str | None, select: SelectOptions) -> BaseRevision | None:
    """Return the revision that `--base` names.

    Raises UsageError for a revision that does not exist, and outside of a git repository.
    """
    if revision is None:
        return None
    select.check_paths()
    repo = repository(Near(select.paths, select.config), "--base")
    left = left_at(revision, repo)
    return BaseRevision(revision, at_revision(left.commit, repo), is_tip=left.is_tip)
