"""reconciler deploy, when it runs."""

from dataclasses import replace

from reconciler.cli.options.aws import AwsOptions
from reconciler.cli.options.deploy import DeployOptions
from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.options.select import SelectOptions
from reconciler.cli.request import invocation, request
from reconciler.cli.runs_folder import journal_location, journaled_run
from reconciler.cli.session import session
from reconciler.cli.terminal.reading import reading_shown
from reconciler.cli.terminal.run import RunTerminal, check_can_ask
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
    check_can_ask(yes, f"compare the stages first: {invocation().command('status', *stages)}; then deploy with --yes")
    load_request = replace(deploy.added_to(request(select)), writes=False)
    with session(aws, load_request) as ports, reading_shown(display, ports.clock):
        terminal = RunTerminal(display, outputs, ports.stop)
        run = journaled_run(ports, terminal, journal_location(load_request, journal))
        result = run.apply(ports.request, asks=not yes, command="deploy")
        return terminal.report(result, select.report_key, "deploy")
