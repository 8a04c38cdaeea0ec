"""reconciler rollback, when it runs."""

import os
from dataclasses import replace

from reconciler.cli.options.aws import AwsOptions
from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.request import invocation
from reconciler.cli.runs_folder import journal_location, journaled_run, rollback_command, run_selection, runs_folder
from reconciler.cli.session import session
from reconciler.cli.terminal.run import RunTerminal, check_can_ask
from reconciler.engine.load.request import Request
from reconciler.engine.rollback.rollback import rollback_request
from reconciler.engine.runs import find_run
from reconciler.errors import ExitCode
from reconciler.manifest import Disk
from reconciler.rules import GuardRule
from reconciler.views.rollback import RollbackFollowUp, rollback_view


def run(  # noqa: PLR0913 - the options of the command
    *,
    display: DisplayOptions,
    aws: AwsOptions,
    outputs: tuple[Output, ...],
    forced: tuple[GuardRule, ...],
    run: str,
    yes: bool,
    journal: str | None,
    environments: tuple[str, ...],
    config: str | None,
    deploy: bool,
) -> ExitCode:
    """Roll a run back and show the result."""
    check_can_ask(yes, f"review the run first: {invocation().command('runs', run)}; then roll it back with --yes")
    folder = runs_folder(config, journal)
    selection = run_selection(environments, aws.coordinates, "rollback", folder)
    undone = find_run(folder, run, selection)
    selection.check_whole(undone)
    base_request = Request(coordinates=aws.coordinates, forced=forced, process=os.environ, invocation=invocation())
    request = rollback_request(undone, base_request, Disk())
    location = replace(journal_location(request, journal), folder=folder)
    with session(aws, request) as ports:
        terminal = RunTerminal(display, outputs, ports.stop)
        controller = journaled_run(ports, terminal, location)
        result, rolled = controller.roll_back(undone.run, ports.request, deploys=deploy, asks=not yes)
        follow_up = RollbackFollowUp(
            result.commands.undo if result.commands else "",
            rollback_command(undone.run, folder, deployed=deploy),
            rollback_command(undone.run, folder, deployed=True),
            request.invocation.command("adopt"),
        )
        return terminal.emit(result, rollback_view(rolled, display.style(), follow_up))
