"""reconciler runs, when it runs."""

import shutil
import sys
import threading

from reconciler.aws.clock import SystemClock
from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.runs_folder import rollback_command, run_selection, runs_folder
from reconciler.cli.terminal.output import emit
from reconciler.engine.runs import has_deployed, one_run_document, runs_document
from reconciler.errors import ExitCode
from reconciler.models.targets import Coordinates
from reconciler.views.moments import Moments
from reconciler.views.one_run import one_run_view
from reconciler.views.runs import RunsDisplay, runs_view


def run(  # noqa: PLR0913 - the options of the command
    *,
    display: DisplayOptions,
    outputs: tuple[Output, ...],
    run: str | None,
    number: int | None,
    journal: str | None,
    environments: tuple[str, ...],
    config: str | None,
) -> ExitCode:
    """List the runs, or show one of them."""
    folder = runs_folder(config, journal)
    selection = run_selection(environments, Coordinates(), "runs", folder)
    shown = _display(display)
    if run is None:
        document = runs_document(folder, selection, number)
        return emit(outputs, runs_view(document, shown, ",".join(environments)), ExitCode.OK)
    one = one_run_document(folder, run, selection)
    undo = rollback_command(one.run.run, folder, deployed=has_deployed(one))
    return emit(outputs, one_run_view(one, shown, undo), ExitCode.OK)


def _display(display: DisplayOptions) -> RunsDisplay:
    """Return how to show runs on stdout: relative to now and within the width of a terminal, exact in files."""
    if not sys.stdout.isatty():
        return RunsDisplay(display.style())
    return RunsDisplay(
        display.style(), Moments(SystemClock(threading.Event()).now()), shutil.get_terminal_size().columns
    )
