"""The options that say where runs are journaled, and which of them a command is about."""

from collections.abc import Callable
from typing import Any, Final

import click
from click.core import ParameterSource

from reconciler.cli.options.select import EnvironmentsType, environment_names
from reconciler.errors import UsageError


def folder_name(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """Return the name of the journal folder. Raises UsageError for an empty one."""
    if value == "":
        message = "--journal is empty"
        raise UsageError(message, "omit it to use the configured folder")
    return value


def _environments(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Return the environments. RECONCILER_ENV applies to the list, to `latest` and `prune`, not to the id of a run."""
    names = environment_names(values)
    if "" in names:
        message = "--env is empty"
        raise UsageError(message, "give it a name, or omit it")
    is_exported = context.get_parameter_source(parameter.name or "") is ParameterSource.ENVIRONMENT
    is_named = context.params.get("run") not in {None, "latest", "prune"}
    return () if is_exported and is_named else names


journal_option: Final[Callable[[Any], Any]] = click.option(
    "--journal",
    metavar="DIR",
    envvar="RECONCILER_JOURNAL",
    callback=folder_name,
    help="Journal folder; default: .reconciler/runs of the configuration.",
)

run_environments_option: Final[Callable[[Any], Any]] = click.option(
    "--env",
    "environments",
    multiple=True,
    type=EnvironmentsType(),
    metavar="NAME",
    envvar="RECONCILER_ENV",
    callback=_environments,
    help="Only runs of this environment, several as in dev,test, or all.",
)
"""--env NAME, as `environments`, for commands that take the eager argument `run`."""
