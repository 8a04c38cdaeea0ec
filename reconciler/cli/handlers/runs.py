"""reconciler runs, when it runs."""

from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.runs_folder import rollback_command, run_selection, runs_folder
from reconciler.cli.terminal.output import emit
from reconciler.engine.runs import has_deployed, one_run_document, runs_document
from reconciler.errors import ExitCode
from reconciler.models.targets import Coordinates
from reconciler.views.runs import one_run_view, runs_view


def run(  # noqa: PLR0913 - the options of the command
    *,
    display: DisplayOptions,
    outputs: tuple[Output, ...],
    run: str | None,
    journal: str | None,
    environments: tuple[str, ...],
    config: str | None,
) -> ExitCode:
    """List the runs, or show one of them."""
    folder = runs_folder(config, journal)
    selection = run_selection(environments, Coordinates(), "runs", folder)
    if run is None:
        return emit(outputs, runs_view(runs_document(folder, selection), display.style()), ExitCode.OK)
    document = one_run_document(folder, run, selection)
    undo = rollback_command(document.run.run, folder, deployed=has_deployed(document))
    return emit(outputs, one_run_view(document, display.style(), undo), ExitCode.OK)
