"""What the command line asks for, as a request."""

import os
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from reconciler.cli.options import Common, given_paths
from reconciler.cli.scoping import Scope
from reconciler.errors import UsageError
from reconciler.workflows.request import Request

if TYPE_CHECKING:
    from reconciler.guard import Rule  # as in `Request`


def request(common: Common, scope: Scope, forced: Collection["Rule"] = ()) -> Request:
    """Everything but how to reach AWS. Raises UsageError for an empty name and for a revision that does not exist."""
    paths = given_paths(common)
    if scope.config == "":
        # As with an empty PATH: "$UNSET" would quietly mean the nearest one
        message = "--config names no file"
        raise UsageError(message, "leave it out for the nearest reconciler.yaml")
    near = paths[0] if paths else scope.config
    return Request(
        paths,
        forced=forced,
        config=scope.config,
        environments=scope.environments,
        variables=dict(map(_pair, scope.variables)),
        selectors=tuple(_labels(one) for one in scope.selectors),
        only=scope.only,
        touched=None if scope.changed_since is None else _touched(scope.changed_since, near),
        process=os.environ,
    )


def _touched(revision: str, near: str | None) -> frozenset[str]:
    from reconciler.manifest.git import changed_since  # noqa: PLC0415 - few ask for it

    return changed_since(revision, near)


def _labels(selector: str) -> Mapping[str, str]:
    return {name.strip(): value.strip() for name, value in map(_pair, selector.split(","))}


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip(), value
