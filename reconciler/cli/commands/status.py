"""reconciler status."""

from dataclasses import replace

import click

from reconciler.cli.options.common import AwsOptions, CommonOptions, printing, reaching
from reconciler.cli.options.deploy import OTHER_STAGES, stage_names
from reconciler.cli.options.select import SelectOptions, scoping
from reconciler.cli.terminal.help import Command, Example
from reconciler.cli.terminal.output import Output, emit, formatting
from reconciler.errors import ExitCode


@click.command(
    "status",
    cls=Command,
    short_help="Show manifest, live and deployed side by side; read-only.",
    examples=(
        Example("Compare the manifest, the draft and a stage", "reconciler status samples/petstore --stage prod"),
        Example("List the responses that are in sync as well", "reconciler status samples/petstore --stage prod -v"),
    ),
    exit_codes={
        ExitCode.OK: "in sync",
        ExitCode.FAILED: "an API could not be read",
        ExitCode.DIFFERENCES: "differences",
    },
)
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
    from reconciler.views.results import status_json, status_text  # noqa: PLC0415

    asked = replace(request(common, scope), deploy=True, stages=stages)
    with session(aws, asked) as now:
        found = status(now.request, now.cloud, now.files, now.clock)
    texts = {"text": lambda: status_text(found, common.style(), asked.invocation), "json": lambda: status_json(found)}
    return emit(outputs, texts, found.exit_code)
