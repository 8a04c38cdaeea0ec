"""The journal of commands that write: its option, and its place."""

import os
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from reconciler.errors import ReconcilerError, UsageError

if TYPE_CHECKING:
    from reconciler.workflows.apply import Applied
    from reconciler.workflows.journaling import Shelf
    from reconciler.workflows.request import Request

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


def shelf_of(request: "Request", given: str | None) -> "Shelf":
    """Where the runs of a request are journaled."""
    from reconciler.manifest import Disk  # noqa: PLC0415 - only who asks for it pays
    from reconciler.workflows.journaling import shelf  # noqa: PLC0415

    return shelf(request, Disk(), given)


def runs_folder(config: str | None, given: str | None) -> Path:
    """The runs that a command without PATHs is about. Raises ReconcilerError when a configuration cannot be read."""
    from reconciler.workflows.request import Request  # noqa: PLC0415 - only who asks for it pays

    found = shelf_of(Request(config=config), given)
    if found.is_broken and given is None:
        message = "the configuration cannot be read, so nobody knows where its runs are journaled"
        raise ReconcilerError(message, "see reconciler validate, or name the folder: --journal DIR")
    return found.folder


def calling(applied: "Applied", folder: Path) -> str:
    """What to type to roll a run back, from here; "" for one that never began."""
    if not applied.run:
        return ""
    return undoing(applied.run, folder, deployed=any(one.after != one.before for one in applied.published))


def undoing(run: str, folder: Path, *, deployed: bool) -> str:
    """What to type to roll a run of this folder back, from here; `deployed`: stages serve, or may serve, what it made."""
    return f"reconciler rollback {run}{' --deploy' if deployed else ''}{journal_option(folder)}"


def showing(run: str, folder: Path) -> str:
    """What to type to see what a run of this folder did, from here."""
    return f"reconciler runs {run}{journal_option(folder)}"


def journal_option(folder: Path) -> str:
    """The option that leads to this folder of runs, with a blank before it; "" where none is needed."""
    try:
        is_found = runs_folder(None, os.environ.get("RECONCILER_JOURNAL") or None).resolve() == folder.resolve()
        near = os.path.relpath(folder) if folder.is_relative_to(Path.cwd()) else str(folder)
    except (ReconcilerError, OSError):
        is_found, near = False, str(folder)
    return "" if is_found else f" --journal {shlex.quote(near)}"
