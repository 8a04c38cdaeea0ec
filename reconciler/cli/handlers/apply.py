"""reconciler apply, when it runs."""

import os
from datetime import timedelta
from pathlib import Path

from reconciler import planfile
from reconciler.cli.base_revision import base_revision
from reconciler.cli.options.aws import AwsOptions
from reconciler.cli.options.deploy import DeployOptions
from reconciler.cli.options.format import DisplayOptions, Output, check_distinct_files
from reconciler.cli.options.saved_plan import check_nothing_selected
from reconciler.cli.options.select import SelectOptions, report_key
from reconciler.cli.request import invocation, request
from reconciler.cli.runs_folder import journal_location, journaled_run
from reconciler.cli.session import session
from reconciler.cli.terminal.reading import reading_shown
from reconciler.cli.terminal.run import RunTerminal, check_can_ask
from reconciler.engine.load.request import Request
from reconciler.engine.saved_plan import ApprovedPlan, saved_request
from reconciler.errors import ExitCode, UsageError
from reconciler.manifest import Disk
from reconciler.rules import GuardRule


def run(  # noqa: PLR0913 - the options of the command
    *,
    display: DisplayOptions,
    select: SelectOptions,
    aws: AwsOptions,
    outputs: tuple[Output, ...],
    forced: tuple[GuardRule, ...],
    yes: bool,
    plan_file: str | None,
    max_age: timedelta | None,
    base: str | None,
    deploy: DeployOptions,
    journal: str | None,
    rollback_on_failure: bool,
) -> ExitCode:
    """Apply a new plan, or a saved one, and show the result."""
    select.check_paths()
    if plan_file is not None:
        check_nothing_selected()
        check_distinct_files(outputs, plan=plan_file)
    elif max_age is not None:
        message = "--max-age needs --plan"
        raise UsageError(message, "omit it, or apply a saved plan")
    check_can_ask(yes, f"{_review_first(plan_file, deploy, forced, base)}; then apply with --yes")
    approved = None if plan_file is None else _approved(plan_file, max_age)
    load_request = _with_deploy(deploy, _request(approved, aws, select, forced), approved)
    revision = base_revision(base, select)
    with session(aws, load_request) as ports, reading_shown(display, ports.clock):
        terminal = RunTerminal(display, outputs, ports.stop)
        result = journaled_run(ports, terminal, journal_location(load_request, journal)).apply(
            ports.request, reviewed=approved, base=revision, asks=not yes, rolls_back_on_failure=rollback_on_failure
        )
        return terminal.report(result, report_key(load_request.environments), "apply")


def _review_first(plan_file: str | None, deploy: DeployOptions, forced: tuple[GuardRule, ...], base: str | None) -> str:
    """Return what to do where nobody can be asked."""
    if plan_file is not None:
        return "review the saved plan first"
    rules = (word for rule in forced for word in ("--force", rule.value))
    revision = ("--base", base) if base else ()
    return f"review the plan first: {invocation().command('plan', *rules, *revision, *deploy.words)}"


def _approved(file: str, max_age: timedelta | None) -> ApprovedPlan:
    if not file:
        message = "--plan is empty"
        raise UsageError(message, "give it the file of a saved plan, such as plan.json")
    return ApprovedPlan(planfile.load(Path(file)), max_age)


def _request(
    approved: ApprovedPlan | None, aws: AwsOptions, select: SelectOptions, forced: tuple[GuardRule, ...]
) -> Request:
    """Return the request of the saved plan, or of the command line if there is none."""
    if approved is None or approved.document.request is None:
        return request(select, forced)
    base_request = Request(coordinates=aws.coordinates, process=os.environ, invocation=invocation())
    return saved_request(approved.document.request, base_request, Disk())


def _with_deploy(deploy: DeployOptions, load_request: Request, approved: ApprovedPlan | None) -> Request:
    """Add the deploy options; a saved plan contains them, so that --deploy may only be repeated."""
    if approved is None:
        return deploy.added_to(load_request)
    if deploy.deploy and not load_request.deploys:
        message = "the saved plan was made without --deploy, so it does not show what a deployment would publish"
        after = load_request.invocation.command("deploy")
        raise UsageError(message, f"make another plan with --deploy, or apply without --deploy and then run: {after}")
    return load_request
