"""The options of a command line, as a request to the engine."""

import os
from collections.abc import Collection, Mapping
from typing import Any

import click
from click.core import ParameterSource

from reconciler.cli.options.select import SelectOptions
from reconciler.engine.load.request import Request
from reconciler.errors import UsageError
from reconciler.git.discovery import RepositorySearch
from reconciler.git.history import changed_since
from reconciler.invocation import OPTIONS, Invocation
from reconciler.rules import GuardRule


def invocation() -> Invocation:
    """Return the running command line, for the commands that texts suggest: what was typed, no environment variables.

    Outside of a command nothing was typed.
    """
    context = click.get_current_context(silent=True)
    if context is None:
        return Invocation()
    typed: dict[str, Any] = {
        name: value
        for name in ("paths", *OPTIONS)
        if (value := context.params.get(name)) and context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    }
    return Invocation(**typed)


def request(select: SelectOptions, forced: Collection[GuardRule] = ()) -> Request:
    """Return the request, without how to reach AWS.

    Raises UsageError for an empty name, and for a revision that does not exist.
    """
    select.check_paths()
    if select.config == "":
        # As with an empty PATH: "$UNSET" would quietly mean the nearest one
        message = "--config is empty"
        raise UsageError(message, "omit it to use the nearest reconciler.yaml")
    near = RepositorySearch(select.paths, select.config)
    return Request(
        select.paths,
        forced=forced,
        config=select.config,
        environments=select.environments,
        variables=dict(map(_pair, select.variables)),
        selectors=tuple(_labels(selector) for selector in select.selectors),
        only=select.only,
        touched=None if select.changed_since is None else changed_since(select.changed_since, near),
        process=os.environ,
        invocation=invocation(),
    )


def _labels(selector: str) -> Mapping[str, str]:
    return {name.strip(): value.strip() for name, value in map(_pair, selector.split(","))}


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip(), value
