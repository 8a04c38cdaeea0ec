"""reconciler status, when it runs."""

from dataclasses import replace

from reconciler.cli.options.aws import AwsOptions
from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.options.select import SelectOptions
from reconciler.cli.request import request
from reconciler.cli.session import session
from reconciler.cli.terminal.output import emit
from reconciler.cli.terminal.reading import reading_shown
from reconciler.engine.status import status
from reconciler.errors import ExitCode
from reconciler.views.status import status_view


def run(
    display: DisplayOptions,
    select: SelectOptions,
    aws: AwsOptions,
    outputs: tuple[Output, ...],
    stages: tuple[str, ...],
) -> ExitCode:
    """Compare manifests, drafts and stages, and show the result."""
    load_request = replace(request(select), stages=stages)
    with session(aws, load_request) as ports, reading_shown(display, ports.clock):
        result = status(ports.request, ports.cloud, ports.files, ports.clock)
    view = status_view(result, select.report_key, display.style(), load_request.invocation)
    return emit(outputs, view, result.exit_code)
