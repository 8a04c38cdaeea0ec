"""reconciler runs."""

import click

from reconciler.cli.options.common import CommonOptions, looking
from reconciler.cli.options.journal import choice_of, choosing, journaled, runs_folder, undoing
from reconciler.cli.terminal.help import Grouped
from reconciler.cli.terminal.output import Output, emit, formatting
from reconciler.errors import ExitCode


@click.command("runs", cls=Grouped, short_help="List the journal of earlier applies, or show one of them.")
@click.argument("run", required=False, is_eager=True)
@formatting("text", "json")
@journaled
@choosing
@click.option("--config", metavar="FILE", envvar="RECONCILER_CONFIG", help="Instead of the nearest reconciler.yaml.")
@looking
def command(  # noqa: PLR0913, PLR0917 - click passes every option by name
    common: CommonOptions,
    outputs: tuple[Output, ...],
    run: str | None,
    journal: str | None,
    environments: tuple[str, ...],
    config: str | None,
) -> int:
    """List what was applied, newest first; with RUN (an id, the beginning of one, or latest) every action of that.

    Offline: it reads what each apply left on this machine. A run on a sandbox or another endpoint is marked, and is
    latest only for commands that use the same endpoint.
    """
    from reconciler.engine.runs import has_deployed, one_run_document, runs_document  # noqa: PLC0415
    from reconciler.models.targets import Coordinates  # noqa: PLC0415
    from reconciler.views.runs import one_run_view, runs_view  # noqa: PLC0415

    folder = runs_folder(config, journal)
    choice = choice_of(environments, Coordinates(), "runs", folder)
    if run is None:
        return emit(outputs, runs_view(runs_document(folder, choice), common.style()), ExitCode.OK)
    document = one_run_document(folder, run, choice)
    undo = undoing(document.run.run, folder, deployed=has_deployed(document))
    return emit(outputs, one_run_view(document, common.style(), undo), ExitCode.OK)
