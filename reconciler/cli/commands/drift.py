"""reconciler drift."""

from dataclasses import replace

import click

from reconciler.cli.options.common import AwsOptions, CommonOptions, printing, reaching
from reconciler.cli.options.deploy import OTHER_STAGES, stage_names
from reconciler.cli.options.select import SelectOptions, scoping
from reconciler.cli.terminal.help import Grouped
from reconciler.cli.terminal.output import FORMATS, Output, emit, formatting
from reconciler.errors import UsageError


@click.command("drift", cls=Grouped, short_help="Show where AWS differs from the manifests; read-only.")
@click.option("--stage", "stages", multiple=True, metavar="NAME", callback=stage_names, help=OTHER_STAGES)
@click.option("--no-stages", is_flag=True, help="Compare drafts only.")
@formatting(*FORMATS)
@reaching
@scoping()
@printing
def command(  # noqa: PLR0913, PLR0917 - click passes every option by name
    common: CommonOptions,
    scope: SelectOptions,
    aws: AwsOptions,
    outputs: tuple[Output, ...],
    stages: tuple[str, ...],
    no_stages: bool,
) -> int:
    """Compare drafts, and what stages serve, with the manifests; exit 2 on drift, 1 when an API could not be read."""
    from reconciler.cli.options.request import request  # noqa: PLC0415 - only what this command needs
    from reconciler.cli.session import session  # noqa: PLC0415
    from reconciler.engine.drift import drift  # noqa: PLC0415
    from reconciler.views.drift import drift_view  # noqa: PLC0415

    if stages and no_stages:
        message = "--stage and --no-stages contradict each other"
        raise UsageError(message, "leave one of them out")
    asked = replace(request(common, scope), deploy=not no_stages, stages=stages)
    with session(aws, asked) as now:
        report = drift(now.request, now.cloud, now.files, now.clock)
    return emit(outputs, drift_view(report, scope.key, common.style()), report.exit_code)
