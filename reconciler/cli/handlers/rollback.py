"""reconciler rollback, when it runs."""

import os

from reconciler.cli.journaled_run import Steps, check_can_ask
from reconciler.cli.options.aws import AwsOptions
from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.request import invocation
from reconciler.cli.runs_folder import journal_location, rollback_command, run_selection, runs_folder, undo_command
from reconciler.cli.session import session
from reconciler.engine.apply import Applied, Approve, Begin, Context, carry_out
from reconciler.engine.journaling import alone
from reconciler.engine.load.request import Request
from reconciler.engine.rollback.rollback import RolledBack, plan_rollback, rollback_request, told
from reconciler.engine.runs import asked_for
from reconciler.errors import ExitCode
from reconciler.guard import GuardRule
from reconciler.manifest import Disk
from reconciler.views.results import NextSteps, rollback_json, rollback_text


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
    check_can_ask(yes, f"look at the run first: {invocation().command('runs', run)}; then roll it back with --yes")
    folder = runs_folder(config, journal)
    selection = run_selection(environments, aws.coordinates, "rollback", folder)
    undone = asked_for(folder, run, selection)
    selection.check_whole(undone)
    given = Request(coordinates=aws.coordinates, forced=forced, process=os.environ, invocation=invocation())
    request = rollback_request(undone, given, Disk())
    locks = journal_location(request, journal).locks
    with session(aws, request) as ports, alone(locks, "rollback", ports.clock) as held:
        undone = asked_for(folder, undone.run)  # it may have gone on until we held the lock
        steps = Steps(ports, display, folder, held, outputs)

        def work(context: Context, approve: Approve | None, begin: Begin) -> Applied:
            planned = plan_rollback(undone, ports.request, ports.cloud, ports.files, ports.clock, deploy=deploy)
            return carry_out(planned, ports.request, context, approve, begin)

        applied = told(steps.run(work, ask=not yes, rolls_back=undone.run))
        rolled = RolledBack(undone.run, undone, applied, deploys=deploy)
        next_steps = NextSteps(
            undo_command(applied, folder),
            rollback_command(undone.run, folder, deployed=deploy),
            rollback_command(undone.run, folder, deployed=True),
            request.invocation.command("adopt"),
        )
        texts = {
            "text": lambda: rollback_text(rolled, display.style(), next_steps),
            "json": lambda: rollback_json(rolled),
        }
        return steps.emitted(applied, texts, rolled.exit_code, abandoned=applied if applied.abandoned else None)
