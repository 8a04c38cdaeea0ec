"""reconciler plan, when it runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from reconciler import planfile
from reconciler.cli.base_revision import base_revision
from reconciler.cli.options.aws import AwsOptions
from reconciler.cli.options.deploy import DeployOptions
from reconciler.cli.options.format import DisplayOptions, Output, check_distinct_files
from reconciler.cli.options.select import SelectOptions
from reconciler.cli.request import request
from reconciler.cli.session import Session, session
from reconciler.cli.terminal.output import emit, say
from reconciler.cli.terminal.reading import reading_shown
from reconciler.engine.plan import Planned, plan
from reconciler.engine.saved_plan import saved_document
from reconciler.errors import ExitCode, UsageError
from reconciler.render.style import printable
from reconciler.rules import GuardRule
from reconciler.views.plan import plan_view


def run(  # noqa: PLR0913 - the options of the command
    *,
    display: DisplayOptions,
    select: SelectOptions,
    aws: AwsOptions,
    outputs: tuple[Output, ...],
    forced: tuple[GuardRule, ...],
    detailed_exitcode: bool,
    out: str | None,
    allow_missing: bool,
    base: str | None,
    deploy: DeployOptions,
    show_effect: bool,
) -> ExitCode:
    """Make the plan, save it, show it."""
    check_distinct_files(outputs, out=out)
    load_request = deploy.added_to(
        replace(request(select, forced), allow_missing=allow_missing, shows_effect=show_effect)
    )
    revision = base_revision(base, select)
    with session(aws, load_request) as ports, reading_shown(display, ports.clock), _discarded_on_failure(out):
        planned = plan(ports.request, ports.cloud, ports.files, ports.clock, revision)
        if out:
            _save(out, planned, ports)
    return emit(
        outputs,
        plan_view(planned, select.report_key, display.style()),
        planned.exit_code(detailed=detailed_exitcode),
    )


@contextmanager
def _discarded_on_failure(file: str | None) -> Iterator[None]:
    """Remove an older plan from the file if the new one cannot be made."""
    try:
        yield
    except UsageError:
        raise
    except BaseException:
        if file and (older := _discard(file)):
            say(f"no plan was saved to {printable(file)}{older}")
        raise


def _discard(file: str) -> str:
    """Remove an older plan: a script that ignores the exit code would apply it as the one that this run showed."""
    return " (the older plan there was removed)" if planfile.discard(Path(file)) else ""


def _save(file: str, planned: Planned, ports: Session) -> None:
    """Save a plan, also one that the guard refused (the file says so), unless it has errors."""
    if planned.has_errors:
        say(f"no plan was saved to {printable(file)}{_discard(file)}: fix the errors first")
        return
    planfile.save(Path(file), saved_document(planned, ports.request, ports.files))
