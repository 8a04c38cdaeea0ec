"""reconciler coverage, when it runs."""

from reconciler.cli.options.aws import AwsOptions
from reconciler.cli.options.coverage import CoverageOptions
from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.options.select import SelectOptions
from reconciler.cli.options.timeouts import TimeoutOptions
from reconciler.cli.request import request
from reconciler.cli.session import session
from reconciler.cli.terminal.earlier_metrics import earlier_metrics
from reconciler.cli.terminal.output import emit
from reconciler.cli.terminal.reading import reading_shown
from reconciler.engine.coverage.coverage import coverage as find_coverage
from reconciler.errors import ExitCode
from reconciler.fleet.coverage import CoverageThresholds
from reconciler.views.coverage import coverage_view
from reconciler.views.coverage_metrics import earlier_coverage


def run(  # noqa: PLR0913 - the options of the command
    *,
    display: DisplayOptions,
    select: SelectOptions,
    aws: AwsOptions,
    coverage: CoverageOptions,
    outputs: tuple[Output, ...],
    timeouts: TimeoutOptions,
) -> ExitCode:
    """Count the APIs that have a manifest, and show those that have none."""
    load_request = timeouts.added_to(request(select))
    thresholds = CoverageThresholds(coverage.min_apis, coverage.min_methods)
    with session(aws, load_request) as ports, reading_shown(display, ports.clock):
        result = find_coverage(
            ports.request, thresholds, ports.cloud, ports.files, ports.clock, methods=coverage.methods
        )
    view = coverage_view(
        result,
        select.report_key,
        display.style(),
        load_request.invocation,
        lambda: earlier_metrics(outputs, earlier_coverage),
    )
    return emit(outputs, view, result.exit_code)
