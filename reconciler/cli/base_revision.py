"""The revision of `--base`, as the engine takes it."""

from reconciler.cli.options.select import SelectOptions
from reconciler.engine.read import baseline


def base_revision(revision: str | None, select: SelectOptions) -> baseline.BaseRevision | None:
    """Return the revision that `--base` names.

    Raises UsageError for a revision that does not exist, and outside of a git repository.
    """
    if revision is None:
        return None
    select.check_paths()
    return baseline.base_revision(revision, select.paths, select.config)
