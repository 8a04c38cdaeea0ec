"""reconciler drift, when it runs."""

from dataclasses import replace

from reconciler.cli.follow_up import follow_up
from reconciler.cli.options.aws import AwsOptions
from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.options.history import HistoryOptions
from reconciler.cli.options.select import SelectOptions
from reconciler.cli.request import request
from reconciler.cli.session import session
from reconciler.cli.terminal.output import emit
from reconciler.engine.drift.drift import drift
from reconciler.errors import ExitCode, UsageError
from reconciler.views.drift import drift_view


def run(  # noqa: PLR0913 - the options of the command
    *,
    display: DisplayOptions,
    select: SelectOptions,
    aws: AwsOptions,
    outputs: tuple[Output, ...],
    stages: tuple[str, ...],
    no_stages: bool,
    following: HistoryOptions,
) -> ExitCode:
    """Compare AWS with the manifests and show the drift."""
    if stages and no_stages:
        message = "--stage and --no-stages cannot be used together"
        raise UsageError(message, "omit one of them")
    load_request = replace(request(select), compares_stages=not no_stages, stages=stages)
    with session(aws, load_request) as ports:
        steps = follow_up(following, ports.request, ports.files, ports.clock)
        result = drift(ports.request, ports.cloud, ports.files, ports.clock)
        result = steps.begin(result)
        result = steps.finish(result)
    return emit(outputs, drift_view(result, select.report_key, display.style()), result.exit_code)
