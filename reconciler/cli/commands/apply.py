"""reconciler apply."""

import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.journaled_run import Steps, somebody_to_ask
from reconciler.cli.options.command_line import invocation
from reconciler.cli.options.common import AwsOptions, CommonOptions, basing, given_paths, printing, reaching
from reconciler.cli.options.deploy import DeployOptions, deploying
from reconciler.cli.options.force import forcing
from reconciler.cli.options.journal import journaled, shelf_of
from reconciler.cli.options.saved_plan import duration, nothing_else_given
from reconciler.cli.options.select import SelectOptions, key_of, scoping
from reconciler.cli.terminal.help import Command, Example
from reconciler.cli.terminal.output import FORMATS, Output, check_apart, formatting
from reconciler.errors import ExitCode, UsageError
from reconciler.guard import GuardRule

if TYPE_CHECKING:
    from reconciler.engine.load.request import Request
    from reconciler.engine.saved_plan import ApprovedPlan


@click.command(
    "apply",
    cls=Command,
    short_help="Bring AWS to what the manifests say.",
    examples=(
        Example("Show the plan, ask, apply it", "reconciler apply samples/petstore"),
        Example("Apply exactly the plan that was reviewed", "reconciler apply --plan plan.json --yes"),
    ),
    exit_codes={
        ExitCode.OK: "all applied and verified, or nothing to do",
        ExitCode.FAILED: "failed before the first write",
        ExitCode.STOPPED: "stopped part-way, or AWS still differs",
        ExitCode.REFUSED: "refused by a safety rule; nothing was written",
    },
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--plan", "plan_file", metavar="FILE", help="Apply this saved plan, and nothing else.")
@click.option(
    "--max-age", metavar="DURATION", callback=duration, help="Refuse a saved plan older than this: 30m, 24h, 7d."
)
@basing
@forcing
@deploying("Deploy what is written, once all of it is verified.")
@formatting(*FORMATS)
@reaching
@scoping()
@printing
@journaled
@click.option("--rollback-on-failure", is_flag=True, help="If a write fails, bring back what was there before.")
@click.pass_context
def command(  # noqa: PLR0913, PLR0917 - click passes every option by name
    context: click.Context,
    common: CommonOptions,
    scope: SelectOptions,
    aws: AwsOptions,
    outputs: tuple[Output, ...],
    forced: tuple[GuardRule, ...],
    yes: bool,
    plan_file: str | None,
    max_age: timedelta | None,
    base: str | None,
    where: DeployOptions,
    journal: str | None,
    rollback_on_failure: bool,
) -> int:
    """Plan, ask, write, and look whether it is so. Writes go to the API's draft, which --deploy deploys."""
    from reconciler.cli.options.request import base_of  # noqa: PLC0415 - only what this command needs
    from reconciler.cli.session import session  # noqa: PLC0415
    from reconciler.engine.journaling import alone  # noqa: PLC0415

    given_paths(common)
    if plan_file is not None:
        nothing_else_given(context)
        check_apart(outputs, plan=plan_file)
    elif max_age is not None:
        message = "--max-age goes with --plan"
        raise UsageError(message, "leave it out, or apply a saved plan")
    somebody_to_ask(yes, f"{_looking(plan_file, where, forced, base)}; then apply with --yes")
    reviewed = None if plan_file is None else _reviewed(plan_file, max_age)
    request = _deploying(where, _request(reviewed, aws, common, scope, forced), reviewed)
    beside = base_of(base, common, scope)
    place = shelf_of(request, journal)
    locks = () if place.is_broken else place.locks  # what is broken is told, and nothing is written
    with session(aws, request) as now, alone(locks, "apply", now.clock) as held:
        steps = Steps(now, common, place.folder, held, outputs)
        applied = steps.apply(reviewed, beside, ask=not yes)
        rolled = steps.roll_back(applied.run) if rollback_on_failure and applied.has_failed else None
        return steps.told(applied, key_of(request.environments), rolled)


def _looking(plan_file: str | None, where: DeployOptions, forced: tuple[GuardRule, ...], base: str | None) -> str:
    """What to do where there is nobody to ask."""
    if plan_file is not None:
        return "review the saved plan first"
    rules = (word for rule in forced for word in ("--force", rule.value))
    beside = ("--base", base) if base else ()
    return f"look at the plan first: {invocation().command('plan', *rules, *beside, *where.words)}"


def _reviewed(file: str, max_age: timedelta | None) -> "ApprovedPlan":
    from reconciler import planfile  # noqa: PLC0415
    from reconciler.engine.saved_plan import ApprovedPlan  # noqa: PLC0415

    if not file:
        message = "--plan names no file"
        raise UsageError(message, "give it the file of a saved plan, such as plan.json")
    return ApprovedPlan(planfile.load(Path(file)), max_age)


def _request(
    reviewed: "ApprovedPlan | None",
    aws: AwsOptions,
    common: CommonOptions,
    scope: SelectOptions,
    forced: tuple[GuardRule, ...],
) -> "Request":
    """What is asked for: by the saved plan, if there is one, else by the command line."""
    from reconciler.cli.options.request import request  # noqa: PLC0415
    from reconciler.engine.load.request import Request  # noqa: PLC0415
    from reconciler.engine.saved_plan import asked_again  # noqa: PLC0415
    from reconciler.manifest import Disk  # noqa: PLC0415

    if reviewed is None or reviewed.document.request is None:
        return request(common, scope, forced)
    given = Request(coordinates=aws.coordinates, process=os.environ, invocation=invocation())
    return asked_again(reviewed.document.request, given, Disk())


def _deploying(where: DeployOptions, asked: "Request", reviewed: "ApprovedPlan | None") -> "Request":
    """With what the command line says of deploying; a saved plan says it itself, and may only be said again."""
    if reviewed is None:
        return where.of(asked)
    if where.deploy and not asked.deploy:
        message = "the saved plan was made without --deploy, so nobody has seen what a deployment would publish"
        raise UsageError(
            message, f"make another plan with --deploy, or leave it out and run: {asked.invocation.command('deploy')}"
        )
    return asked
