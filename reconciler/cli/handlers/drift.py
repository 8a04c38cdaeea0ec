"""reconciler drift, when it runs."""

from dataclasses import replace

from reconciler.cli.options.aws import AwsOptions
from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.options.select import SelectOptions
from reconciler.cli.request import request
from reconciler.cli.session import session
from reconciler.cli.terminal.earlier_metrics import earlier_metrics
from reconciler.cli.terminal.output import emit
from reconciler.engine.coverage.drift_coverage import with_coverage as add_coverage
from reconciler.engine.drift.drift import drift
from reconciler.engine.read.misaddressed import ListingCache
from reconciler.errors import ExitCode, UsageError
from reconciler.views.drift import drift_view
from reconciler.views.drift_metrics import earlier_drift


def run(  # noqa: PLR0913 - the options of the command
    *,
    display: DisplayOptions,
    select: SelectOptions,
    aws: AwsOptions,
    outputs: tuple[Output, ...],
    stages: tuple[str, ...],
    no_stages: bool,
    with_coverage: bool,
) -> ExitCode:
    """Compare AWS with the manifests and show the drift."""
    if stages and no_stages:
        message = "--stage and --no-stages cannot be used together"
        raise UsageError(message, "omit one of them")
    load_request = replace(request(select), compares_stages=not no_stages, stages=stages)
    with session(aws, load_request) as ports:
        cache = ListingCache()
        result = drift(ports.request, ports.cloud, ports.files, ports.clock, cache)
        if with_coverage:
            result = add_coverage(result, ports.request, ports.cloud, ports.files, ports.clock, cache)
    view = drift_view(result, select.report_key, display.style(), lambda: earlier_metrics(outputs, earlier_drift))
    return emit(outputs, view, result.exit_code)
