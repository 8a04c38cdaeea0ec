"""The journal of commands that write: its option, and its place."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click
from click.core import ParameterSource

from reconciler.cli.options.command_line import invocation
from reconciler.errors import AwsError, ReconcilerError, UsageError
from reconciler.invocation import Invocation

if TYPE_CHECKING:
    from reconciler.engine.apply import Applied
    from reconciler.engine.journaling import JournalLocation
    from reconciler.engine.load.request import Request
    from reconciler.engine.runs import RunSelection
    from reconciler.models.targets import Coordinates

F = TypeVar("F", bound=Callable[..., object])


def journaled(function: F) -> F:
    """--journal DIR."""
    return click.option(
        "--journal",
        metavar="DIR",
        envvar="RECONCILER_JOURNAL",
        callback=_named,
        help="Where runs are journaled, instead of the configuration's folder for them (.reconciler/runs).",
    )(function)


def _named(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value == "":
        message = "--journal names no folder"
        raise UsageError(message, "leave it out for the configuration's own")
    return value


def choosing(function: F) -> F:
    """--env NAME, of runs that are there."""
    return click.option(
        "--env",
        "environments",
        multiple=True,
        metavar="NAME",
        envvar="RECONCILER_ENV",
        callback=_chosen,
        help="Only runs of this environment, or all. Repeatable.",
    )(function)


def _chosen(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """What is exported is about `latest`, and about the list; it does not speak against a run that is named."""
    if "" in values:
        message = "--env names no environment"
        raise UsageError(message, "give it a name, or leave it out")
    is_exported = context.get_parameter_source(parameter.name or "") is ParameterSource.ENVIRONMENT
    is_named = context.params.get("run") not in {None, "latest"}
    return () if is_exported and is_named else values


def choice_of(environments: tuple[str, ...], coordinates: "Coordinates", command: str, folder: Path) -> "RunSelection":
    """The runs that a command is about."""
    from reconciler.aws.endpoints import endpoint_in_use  # noqa: PLC0415 - only who asks for it pays
    from reconciler.engine.runs import RunSelection  # noqa: PLC0415

    def here() -> str | None:
        try:
            return endpoint_in_use(coordinates)
        except AwsError:
            return None  # a profile that is not there, say: it is reported where it is used

    return RunSelection(environments, here, command, asked_of(folder))


def shelf_of(request: "Request", given: str | None) -> "JournalLocation":
    """Where the runs of a request are journaled."""
    from reconciler.engine.journaling import shelf  # noqa: PLC0415
    from reconciler.manifest import Disk  # noqa: PLC0415 - only who asks for it pays

    return shelf(request, Disk(), given)


def runs_folder(config: str | None, given: str | None) -> Path:
    """The runs that a command without PATHs is about. Raises ReconcilerError when a configuration cannot be read."""
    from reconciler.engine.load.request import Request  # noqa: PLC0415 - only who asks for it pays

    found = shelf_of(Request(config=config), given)
    if found.is_broken and given is None:
        message = "the configuration cannot be read, so nobody knows where its runs are journaled"
        raise ReconcilerError(
            message, f"to see why: {invocation().command('validate')}; or name the folder with --journal DIR"
        )
    return found.folder


def calling(applied: "Applied", folder: Path) -> str:
    """What to type to roll a run back, from here; "" for one that never began."""
    if not applied.run:
        return ""
    return undoing(applied.run, folder, deployed=any(one.after != one.before for one in applied.published))


def undoing(run: str, folder: Path, *, deployed: bool) -> str:
    """What to type to roll a run of this folder back, from here; `deployed`: stages serve what it made, or may."""
    return asked_of(folder).command("rollback", run, *(("--deploy",) if deployed else ()))


def showing(run: str, folder: Path) -> str:
    """What to type to see what a run of this folder did, from here."""
    return asked_of(folder).command("runs", run)


def asked_of(folder: Path) -> Invocation:
    """The command line, to compose others about this folder of runs: with --journal where that is needed."""
    asked = invocation()
    try:
        is_found = runs_folder(asked.config, os.environ.get("RECONCILER_JOURNAL") or None).resolve() == folder.resolve()
        near = os.path.relpath(folder) if folder.is_relative_to(Path.cwd()) else str(folder)
    except (ReconcilerError, OSError):
        is_found, near = False, str(folder)
    return replace(asked, journal=None if is_found else near)
