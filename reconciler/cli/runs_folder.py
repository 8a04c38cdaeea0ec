"""Where the runs of a command are journaled, and the commands about them that texts suggest."""

import os
from dataclasses import replace
from pathlib import Path

from reconciler.aws.endpoints import endpoint_in_use
from reconciler.cli.request import invocation
from reconciler.cli.session import Session
from reconciler.engine.journal_location import JournalLocation, locate_journal
from reconciler.engine.journaled_run import JournaledRun, RunCommands
from reconciler.engine.load.request import Request
from reconciler.engine.run_ports import RunListener
from reconciler.engine.runs import RunSelection
from reconciler.errors import AwsError, ReconcilerError
from reconciler.invocation import Invocation
from reconciler.manifest import Disk
from reconciler.models.targets import Coordinates


def run_selection(environments: tuple[str, ...], coordinates: Coordinates, command: str, folder: Path) -> RunSelection:
    """Return the runs that a command is about."""

    def endpoint() -> str | None:
        try:
            return endpoint_in_use(coordinates)
        except AwsError:
            return None  # a missing profile, say: reported where it is used

    return RunSelection(environments, endpoint, command, invocation_for(folder))


def journal_location(request: Request, journal: str | None) -> JournalLocation:
    """Return where the runs of a request are journaled; `journal` is --journal."""
    return locate_journal(request, Disk(), journal)


def journaled_run(ports: Session, listener: RunListener, location: JournalLocation) -> JournaledRun:
    """Return the controller of a run that is journaled at this location."""
    commands = invocation_for(location.folder)
    return JournaledRun(ports.cloud, ports.files, ports.clock, ports.stop, listener, location, commands)


def runs_folder(config: str | None, journal: str | None) -> Path:
    """Return the journal folder of a command without PATHs. Raises ReconcilerError for an unreadable configuration."""
    location = journal_location(Request(config=config), journal)
    if location.is_broken and journal is None:
        message = "the configuration cannot be read, so the journal folder is unknown"
        raise ReconcilerError(
            message, f"to see why: {invocation().command('validate')}; or give the folder with --journal DIR"
        )
    return location.folder


def rollback_command(run: str, folder: Path, *, deployed: bool) -> str:
    """Return the command that rolls back a run; `deployed`: stages serve its result, or may."""
    return RunCommands.of(run, invocation_for(folder), deployed=deployed).undo


def invocation_for(folder: Path) -> Invocation:
    """Return the running command line, for commands about this journal folder: with --journal if they need it."""
    typed = invocation()
    try:
        exported = os.environ.get("RECONCILER_JOURNAL") or None
        is_default = runs_folder(typed.config, exported).resolve() == folder.resolve()
        near = os.path.relpath(folder) if folder.is_relative_to(Path.cwd()) else str(folder)
    except (ReconcilerError, OSError):
        is_default, near = False, str(folder)
    return replace(typed, journal=None if is_default else near)
