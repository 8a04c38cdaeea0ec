"""reconciler plan."""

from dataclasses import replace

import click

from reconciler.cli.options.common import AwsOptions, CommonOptions, basing, printing, reaching
from reconciler.cli.options.deploy import DeployOptions, deploying
from reconciler.cli.options.force import forcing
from reconciler.cli.options.saved_plan import saving
from reconciler.cli.options.select import SelectOptions, scoping
from reconciler.cli.terminal.help import Grouped
from reconciler.cli.terminal.output import FORMATS, Output, check_apart, emit, formatting
from reconciler.guard import GuardRule


@click.command("plan", cls=Grouped, short_help="Show what apply would do; read-only.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 when there are changes.")
@click.option("--out", metavar="FILE", callback=saving, help="Save the plan, for apply --plan FILE.")
@click.option("--allow-missing", is_flag=True, help="Defer responses of methods that do not exist yet.")
@basing
@forcing
@deploying("Also show everything that a deployment would publish.")
@formatting(*FORMATS)
@reaching
@scoping()
@printing
def command(  # noqa: PLR0913, PLR0917 - click passes every option by name
    common: CommonOptions,
    scope: SelectOptions,
    aws: AwsOptions,
    outputs: tuple[Output, ...],
    forced: tuple[GuardRule, ...],
    detailed_exitcode: bool,
    out: str | None,
    allow_missing: bool,
    base: str | None,
    where: DeployOptions,
) -> int:
    """Compare manifests with AWS and show, action by action, what apply would do."""
    from reconciler.cli.options.request import base_of, request  # noqa: PLC0415 - only what this command needs
    from reconciler.cli.options.saved_plan import replacing, save  # noqa: PLC0415
    from reconciler.cli.session import session  # noqa: PLC0415
    from reconciler.engine.plan import plan  # noqa: PLC0415
    from reconciler.views.plan import plan_view  # noqa: PLC0415

    check_apart(outputs, out=out)
    asked = where.of(replace(request(common, scope, forced), allow_missing=allow_missing))
    beside = base_of(base, common, scope)
    with session(aws, asked) as now, replacing(out):
        planned = plan(now.request, now.cloud, now.files, now.clock, beside)
        if out:
            save(out, planned, now)
    return emit(outputs, plan_view(planned, scope.key, common.style()), planned.exit_code(detailed=detailed_exitcode))
