"""reconciler test, when it runs."""

from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.options.select import SelectOptions
from reconciler.cli.request import request
from reconciler.cli.terminal.output import emit
from reconciler.engine.response_tests.run import ResponseTestOptions, ResponseTestRun, run_tests
from reconciler.errors import ExitCode
from reconciler.manifest import Disk
from reconciler.views.test import response_tests_view


def run(  # noqa: PLR0913 - the options of the command
    display: DisplayOptions,
    select: SelectOptions,
    outputs: tuple[Output, ...],
    *,
    update: bool,
    processes: int,
    allows_no_tests: bool,
) -> ExitCode:
    """Run the tests and show the results."""
    options = ResponseTestOptions(select.only, update, processes, allows_no_tests)
    result = run_tests(request(select), Disk(), options)
    view = response_tests_view(result, select.report_key, display.style())
    return emit(outputs, view, result.exit_code, _written(result))


def _written(result: ResponseTestRun) -> str:
    return f"these files were written: {', '.join(result.written)}" if result.written else ""
