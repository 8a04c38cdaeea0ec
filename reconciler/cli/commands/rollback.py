"""reconciler rollback."""

import os
from typing import TYPE_CHECKING

import click

from reconciler.cli.journaled_run import Steps, somebody_to_ask
from reconciler.cli.options.command_line import invocation
from reconciler.cli.options.common import AwsOptions, CommonOptions, looking, reaching
from reconciler.cli.options.force import forcing_rollback
from reconciler.cli.options.journal import calling, choice_of, choosing, journaled, runs_folder, shelf_of, undoing
from reconciler.cli.terminal.help import Grouped
from reconciler.cli.terminal.output import Output, formatting
from reconciler.guard import GuardRule

if TYPE_CHECKING:
    from reconciler.engine.apply import Applied, Approve, Begin, Context


@click.command("rollback", cls=Grouped, short_help="Bring the responses that a run touched back to what they were.")
@click.argument("run", is_eager=True)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--deploy", is_flag=True, help="Let stages serve again what they served before the run.")
@forcing_rollback
@formatting("text", "json")
@reaching
@journaled
@choosing
@click.option("--config", metavar="FILE", envvar="RECONCILER_CONFIG", help="Instead of the nearest reconciler.yaml.")
@looking
def command(  # noqa: PLR0913, PLR0917 - click passes every option by name
    common: CommonOptions,
    aws: AwsOptions,
    outputs: tuple[Output, ...],
    forced: tuple[GuardRule, ...],
    run: str,
    yes: bool,
    journal: str | None,
    environments: tuple[str, ...],
    config: str | None,
    deploy: bool,
) -> int:
    """Show the plan, ask, write and verify, like apply, but back to what was there before RUN.

    RUN is an id, the beginning of one, or latest: the last run that is no rollback itself, on the endpoint that this
    command uses. Where the journal has runs of several environments, latest needs --env. One that was killed will do.
    """
    from reconciler.cli.session import session  # noqa: PLC0415
    from reconciler.engine.apply import carry_out  # noqa: PLC0415
    from reconciler.engine.journaling import alone  # noqa: PLC0415
    from reconciler.engine.load.request import Request  # noqa: PLC0415
    from reconciler.engine.rollback.rollback import RolledBack, plan_rollback, rollback_request, told  # noqa: PLC0415
    from reconciler.engine.runs import asked_for  # noqa: PLC0415
    from reconciler.manifest import Disk  # noqa: PLC0415
    from reconciler.views.rollback import RollbackFollowUp, rollback_view  # noqa: PLC0415 - only what this command needs

    somebody_to_ask(yes, f"look at the run first: {invocation().command('runs', run)}; then roll it back with --yes")
    folder = runs_folder(config, journal)
    choice = choice_of(environments, aws.coordinates, "rollback", folder)
    undone = asked_for(folder, run, choice)
    choice.check_whole(undone)
    given = Request(coordinates=aws.coordinates, forced=forced, process=os.environ, invocation=invocation())
    request = rollback_request(undone, given, Disk())
    with session(aws, request) as now, alone(shelf_of(request, journal).locks, "rollback", now.clock) as held:
        undone = asked_for(folder, undone.run)  # it may have gone on until we held the lock
        steps = Steps(now, common, folder, held, outputs)

        def work(world: "Context", approve: "Approve | None", begin: "Begin") -> "Applied":
            planned = plan_rollback(undone, now.request, now.cloud, now.files, now.clock, deploy=deploy)
            return carry_out(planned, now.request, world, approve, begin)

        applied = told(steps.run(work, ask=not yes, rolls_back=undone.run))
        rolled = RolledBack(undone.run, undone, applied, deploys=deploy)
        follow_up = RollbackFollowUp(
            calling(applied, folder),
            undoing(undone.run, folder, deployed=deploy),
            undoing(undone.run, folder, deployed=True),
            request.invocation.command("adopt"),
        )
        texts = rollback_view(rolled, common.style(), follow_up)
        return steps.emitted(applied, texts, rolled.exit_code, abandoned=applied if applied.abandoned else None)
