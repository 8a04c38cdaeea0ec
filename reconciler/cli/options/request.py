"""What the command line asks for, as a request."""

import os
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from reconciler.cli.options.command_line import invocation
from reconciler.cli.options.common import CommonOptions, given_paths
from reconciler.cli.options.select import SelectOptions
from reconciler.engine.load.request import Request
from reconciler.errors import UsageError
from reconciler.rules import GuardRule

if TYPE_CHECKING:
    from reconciler.engine.read.baseline import BaseRevision


def request(common: CommonOptions, scope: SelectOptions, forced: Collection[GuardRule] = ()) -> Request:
    """Everything but how to reach AWS. Raises UsageError for an empty name and for a revision that does not exist."""
    paths = given_paths(common)
    if scope.config == "":
        # As with an empty PATH: "$UNSET" would quietly mean the nearest one
        message = "--config names no file"
        raise UsageError(message, "leave it out for the nearest reconciler.yaml")
    return Request(
        paths,
        forced=forced,
        config=scope.config,
        environments=scope.environments,
        variables=dict(map(_pair, scope.variables)),
        selectors=tuple(_labels(selector) for selector in scope.selectors),
        only=scope.only,
        touched=None if scope.changed_since is None else _touched(scope.changed_since, paths, scope.config),
        process=os.environ,
        invocation=invocation(),
    )


def base_of(revision: str | None, common: CommonOptions, scope: SelectOptions) -> "BaseRevision | None":
    """What `--base` names. Raises UsageError for a revision that does not exist, and where there is no repository."""
    if revision is None:
        return None
    from reconciler.engine.read.baseline import BaseRevision  # noqa: PLC0415
    from reconciler.git.discovery import Near  # noqa: PLC0415 - few ask for it
    from reconciler.git.history import left_at, repository  # noqa: PLC0415
    from reconciler.git.revision import at_revision  # noqa: PLC0415

    repo = repository(Near(given_paths(common), scope.config), "--base")
    left = left_at(revision, repo)
    return BaseRevision(revision, at_revision(left.commit, repo), is_tip=left.is_tip)


def _touched(revision: str, paths: tuple[str, ...], config: str | None) -> frozenset[str]:
    from reconciler.git.discovery import Near  # noqa: PLC0415 - few ask for it
    from reconciler.git.history import changed_since  # noqa: PLC0415

    return changed_since(revision, Near(paths, config))


def _labels(selector: str) -> Mapping[str, str]:
    return {name.strip(): value.strip() for name, value in map(_pair, selector.split(","))}


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip(), value
