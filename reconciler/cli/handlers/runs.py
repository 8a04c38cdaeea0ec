"""reconciler runs, when it runs."""

import shutil
import sys
import threading

from reconciler.aws.clock import SystemClock
from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.options.prune import PRUNE, PruneOptions
from reconciler.cli.request import invocation
from reconciler.cli.runs_folder import journal_location, rollback_command, run_selection, runs_folder
from reconciler.cli.terminal.output import emit, show
from reconciler.cli.terminal.prompt import read_line
from reconciler.cli.terminal.run import check_can_ask
from reconciler.documents import PrunedRunsDocument
from reconciler.engine.load.request import Request
from reconciler.engine.prune_runs import Retention, RunPruning
from reconciler.engine.runs import has_deployed, one_run_document, runs_document
from reconciler.errors import ExitCode, UsageError
from reconciler.models.targets import Coordinates
from reconciler.render.style import plural
from reconciler.views.moments import Moments
from reconciler.views.one_run import one_run_view
from reconciler.views.prune_runs import planned_lines, prune_view
from reconciler.views.runs import RunsDisplay, runs_view


def run(  # noqa: PLR0913 - the options of the command
    *,
    display: DisplayOptions,
    outputs: tuple[Output, ...],
    pruning: PruneOptions,
    run: str | None,
    number: int | None,
    journal: str | None,
    environments: tuple[str, ...],
    config: str | None,
) -> ExitCode:
    """List the runs, show one of them, or delete old ones."""
    pruning.check(run)
    folder = runs_folder(config, journal)
    selection = run_selection(environments, Coordinates(), "runs", folder)
    shown = _display(display)
    if run == PRUNE:
        clock = SystemClock(threading.Event())
        location = journal_location(Request(config=config), journal)
        return _prune(RunPruning(folder, location, selection, _retention(pruning), clock), pruning, shown, outputs)
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


def _retention(options: PruneOptions) -> Retention:
    keep = options.keep or ""
    retention = Retention.parse(keep, incomplete=options.incomplete)
    if retention is None:
        message = f"--keep {keep!r} is neither an age nor a number"
        raise UsageError(message, "write 90d, 12w or 36h for an age, 50 for a number of runs")
    return retention


def _prune(pruning: RunPruning, options: PruneOptions, display: RunsDisplay, outputs: tuple[Output, ...]) -> ExitCode:
    """Show what would be deleted, ask, and delete it."""
    if not options.dry_run:
        preview = invocation().command("runs", PRUNE, "--keep", options.keep or "", "--dry-run")
        check_can_ask(options.yes, f"to see what would be deleted: {preview}; then delete it with --yes")
    planned = pruning.plan()
    if options.dry_run or not planned.deleted:
        return emit(outputs, prune_view(planned, display, is_shown=False), ExitCode.OK)
    if not options.yes and not _approved(planned, display):
        show("Nothing was deleted.")
        return ExitCode.REFUSED
    return emit(outputs, prune_view(pruning.carry_out(planned), display, is_shown=not options.yes), ExitCode.OK)


def _approved(planned: PrunedRunsDocument, display: RunsDisplay) -> bool:
    show("\n".join(planned_lines(planned, display)))
    show(f"\nDelete {plural(len(planned.deleted), 'run')}? Enter 'yes' to continue: ", end="")
    return read_line().strip() == "yes"
