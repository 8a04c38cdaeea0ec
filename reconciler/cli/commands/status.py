"""reconciler status."""

from dataclasses import replace

import click

from reconciler.cli.options.common import AwsOptions, CommonOptions, printing, reaching
from reconciler.cli.options.deploy import OTHER_STAGES, stage_names
from reconciler.cli.options.select import SelectOptions, scoping
from reconciler.cli.terminal.help import Grouped
from reconciler.cli.terminal.output import Output, emit, formatting


@click.command("status", cls=Grouped, short_help="Show manifest, live and deployed side by side; read-only.")
@click.option("--stage", "stages", multiple=True, metavar="NAME", callback=stage_names, help=OTHER_STAGES)
@formatting("text", "json")
@reaching
@scoping()
@printing
def command(
    common: CommonOptions, scope: SelectOptions, aws: AwsOptions, outputs: tuple[Output, ...], stages: tuple[str, ...]
) -> int:
    """Compare each response in the manifest, as it is live and as deployed; exit 2 when they differ, -v shows all.

    Changes that a deployment would also publish are listed. What cannot be compared is a warning, and in the README.
    """
    from reconciler.cli.options.request import request  # noqa: PLC0415 - only what this command needs
    from reconciler.cli.session import session  # noqa: PLC0415
    from reconciler.engine.status import status  # noqa: PLC0415
    from reconciler.views.status import status_view  # noqa: PLC0415

    asked = replace(request(common, scope), deploy=True, stages=stages)
    with session(aws, asked) as now:
        result = status(now.request, now.cloud, now.files, now.clock)
    return emit(outputs, status_view(result, common.style(), asked.invocation), result.exit_code)
