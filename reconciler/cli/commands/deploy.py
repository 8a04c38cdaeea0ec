"""reconciler deploy."""

from dataclasses import replace

import click

from reconciler.cli.journaled_run import Steps, somebody_to_ask
from reconciler.cli.options.command_line import invocation
from reconciler.cli.options.common import AwsOptions, CommonOptions, printing, reaching
from reconciler.cli.options.deploy import DeployOptions, deploying
from reconciler.cli.options.journal import journaled, shelf_of
from reconciler.cli.options.select import SelectOptions, scoping
from reconciler.cli.terminal.help import Command, Example
from reconciler.cli.terminal.output import FORMATS, Output, formatting
from reconciler.errors import ExitCode


@click.command(
    "deploy",
    cls=Command,
    short_help="Deploy the drafts as they are.",
    examples=(
        Example("Show what a deployment would publish, ask, deploy", "reconciler deploy samples/petstore --stage prod"),
        Example("Deploy without a terminal", "reconciler deploy samples/petstore --stage prod --yes"),
    ),
    exit_codes={
        ExitCode.OK: "deployed, or nothing to deploy",
        ExitCode.FAILED: "failed before the first deployment",
        ExitCode.STOPPED: "a deployment failed",
        ExitCode.REFUSED: "refused by a safety rule; nothing was deployed",
    },
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@deploying("", always=True)
@formatting(*FORMATS)
@reaching
@scoping(reading=False)
@printing
@journaled
def command(  # noqa: PLR0913, PLR0917 - click passes every option by name
    common: CommonOptions,
    scope: SelectOptions,
    aws: AwsOptions,
    outputs: tuple[Output, ...],
    where: DeployOptions,
    yes: bool,
    journal: str | None,
) -> int:
    """Show what a deployment would publish, ask, deploy. The draft is not written to.

    Without --publish-all, changes that the manifests do not want or do not list are refused.
    """
    from reconciler.cli.options.request import request  # noqa: PLC0415 - only what this command needs
    from reconciler.cli.session import session  # noqa: PLC0415
    from reconciler.engine.journaling import alone  # noqa: PLC0415

    stages = tuple(word for name in where.stages for word in ("--stage", name))
    somebody_to_ask(yes, f"check first: {invocation().command('status', *stages)}; then deploy with --yes")
    asked = replace(where.of(request(common, scope)), writes=False)
    place = shelf_of(asked, journal)
    locks = () if place.is_broken else place.locks  # what is broken is told, and nothing is deployed
    with session(aws, asked) as now, alone(locks, "deploy", now.clock) as held:
        steps = Steps(now, common, place.folder, held, outputs)
        applied = steps.apply(None, None, ask=not yes, command="deploy")
        return steps.told(applied, scope.key)
