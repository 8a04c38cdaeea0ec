"""reconciler deploy, when it runs."""

from dataclasses import replace

from reconciler.cli.journaled_run import Steps, check_can_ask
from reconciler.cli.options.aws import AwsOptions
from reconciler.cli.options.deploy import DeployOptions
from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.options.select import SelectOptions
from reconciler.cli.request import invocation, request
from reconciler.cli.runs_folder import journal_location
from reconciler.cli.session import session
from reconciler.engine.journaling import alone
from reconciler.errors import ExitCode


def run(  # noqa: PLR0913 - the options of the command
    *,
    display: DisplayOptions,
    select: SelectOptions,
    aws: AwsOptions,
    outputs: tuple[Output, ...],
    deploy: DeployOptions,
    yes: bool,
    journal: str | None,
) -> ExitCode:
    """Deploy the drafts and show the result."""
    stages = tuple(word for name in deploy.stages for word in ("--stage", name))
    check_can_ask(yes, f"check first: {invocation().command('status', *stages)}; then deploy with --yes")
    asked = replace(deploy.added_to(request(select)), writes=False)
    location = journal_location(asked, journal)
    locks = () if location.is_broken else location.locks  # a broken configuration is reported, and nothing is deployed
    with session(aws, asked) as ports, alone(locks, "deploy", ports.clock) as held:
        steps = Steps(ports, display, location.folder, held, outputs)
        applied = steps.apply(None, None, ask=not yes, command="deploy")
        return steps.told(applied, select.report_key)
