"""reconciler plan."""

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from reconciler.cli.deploying import Deploying, deploying
from reconciler.cli.forcing import forcing
from reconciler.cli.helping import Grouped
from reconciler.cli.options import Aws, Common, basing, printing, reaching
from reconciler.cli.output import FORMATS, Output, check_apart, emit, formatting
from reconciler.cli.saving import saving
from reconciler.cli.scoping import Scope, scoping
from reconciler.guard import Rule

if TYPE_CHECKING:
    from reconciler.cli.formats import Telling


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
    common: Common,
    scope: Scope,
    aws: Aws,
    outputs: tuple[Output, ...],
    forced: tuple[Rule, ...],
    detailed_exitcode: bool,
    out: str | None,
    allow_missing: bool,
    base: str | None,
    where: Deploying,
) -> int:
    """Compare manifests with AWS and show, action by action, what apply would do."""
    from reconciler.cli.asking import base_of, request  # noqa: PLC0415 - only what this command needs
    from reconciler.cli.formats import renderings  # noqa: PLC0415
    from reconciler.cli.results import plan_json, plan_text  # noqa: PLC0415 - only what this command needs
    from reconciler.cli.saving import replacing, save  # noqa: PLC0415
    from reconciler.cli.session import session  # noqa: PLC0415
    from reconciler.workflows.plan import plan  # noqa: PLC0415

    check_apart(outputs, out=out)
    asked = where.of(replace(request(common, scope, forced), allow_missing=allow_missing))
    beside = base_of(base, common, scope)
    with session(aws, asked) as now, replacing(out):
        planned = plan(now.request, now.cloud, now.files, now.clock, beside)
        if out:
            save(out, planned, now)

    def told() -> "Telling":
        from reconciler.cli.telling import of_plan  # noqa: PLC0415 - only what other formats need

        return of_plan(planned, scope.key)

    texts = renderings(lambda: plan_text(planned, common.style()), lambda: plan_json(planned), told)
    return emit(outputs, texts, planned.exit_code(detailed=detailed_exitcode))
