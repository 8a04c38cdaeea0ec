"""reconciler test, when it runs."""

import sys

from reconciler.cli.options.aws import DEFAULT_PARALLELISM, AwsOptions
from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.options.live import LiveOptions
from reconciler.cli.options.select import SelectOptions
from reconciler.cli.request import request
from reconciler.cli.terminal.output import emit, say
from reconciler.engine.response_tests.run import ResponseTestOptions, ResponseTestRun, run_tests
from reconciler.errors import ExitCode, UsageError
from reconciler.manifest import Disk
from reconciler.views.test import response_tests_view


def run(  # noqa: PLR0913 - the options of the command
    display: DisplayOptions,
    select: SelectOptions,
    live_options: LiveOptions,
    outputs: tuple[Output, ...],
    *,
    update: bool,
    parallelism: int | None,
    allows_no_tests: bool,
) -> ExitCode:
    """Run the tests, offline and perhaps live, and show the results."""
    if live_options.enabled and update:
        message = "--live and --update cannot be used together"
        raise UsageError(message, "write the files first, then run the tests with --live")
    options = ResponseTestOptions(select.only, update, parallelism or 1, allows_no_tests)
    result = run_tests(request(select), Disk(), options)
    if live_options.enabled:
        result = _live(result, select, live_options, parallelism or DEFAULT_PARALLELISM, quiet=display.quiet)
    view = response_tests_view(result, select.report_key, display.style())
    return emit(outputs, view, result.exit_code, _written(result))


def _live(
    result: ResponseTestRun, select: SelectOptions, options: LiveOptions, parallelism: int, *, quiet: bool
) -> ResponseTestRun:
    from reconciler.cli.session import session  # noqa: PLC0415 - offline runs need none of these
    from reconciler.engine.response_tests.live import call_live, prepare_live  # noqa: PLC0415
    from reconciler.views.live_tests import live_notice  # noqa: PLC0415

    aws = AwsOptions(options.coordinates, parallelism, options.quota_share)
    with session(aws, request(select)) as ports:
        plan = prepare_live(result, ports.request, ports.cloud)
        for line in live_notice(plan) if sys.stderr.isatty() and not quiet else ():
            say(line)
        return call_live(plan, parallelism, options.timeout)


def _written(result: ResponseTestRun) -> str:
    return f"these files were written: {', '.join(result.written)}" if result.written else ""
