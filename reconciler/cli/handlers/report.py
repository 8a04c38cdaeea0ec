"""reconciler report merge, when it runs."""

import os
import threading
from collections.abc import Iterable

from reconciler.aws.clock import SystemClock
from reconciler.cli.follow_up import follow_up, report_quietly
from reconciler.cli.options.aws import coordinates
from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.options.history import HistoryOptions
from reconciler.cli.options.select import report_key
from reconciler.cli.terminal.output import emit
from reconciler.engine.drift.merge import environments, merge
from reconciler.engine.drift.parts import read_parts
from reconciler.engine.load.request import Request
from reconciler.errors import ExitCode, UsageError
from reconciler.manifest import Disk
from reconciler.views.drift import drift_view


def run(  # noqa: PLR0913 - the options of the command
    *,
    display: DisplayOptions,
    outputs: tuple[Output, ...],
    reports: tuple[str, ...],
    following: HistoryOptions,
    config: str | None,
    profile: str | None,
) -> ExitCode:
    """Merge the reports and show the drift of the run."""
    _check_outputs(outputs, reports)
    request = Request(config=config, coordinates=coordinates(None, profile, None), process=os.environ)
    steps = follow_up(following, request, Disk(), SystemClock(threading.Event()))
    drift = steps.finish(steps.begin(merge(read_parts(reports, Disk()))))
    if display.quiet:
        report_quietly(drift)
    return emit(outputs, drift_view(drift, report_key(environments(drift)), display.style()), drift.exit_code)


def _check_outputs(outputs: Iterable[Output], reports: Iterable[str]) -> None:
    """Raise UsageError for an output that would replace one of the reports."""
    names = {os.path.realpath(report): report for report in reports}
    for output in outputs:
        if output.file and (report := names.get(os.path.realpath(output.file))):
            message = f"--format {output.format}={output.file} would overwrite {report}, which is to be merged"
            raise UsageError(message, "write to another file")
