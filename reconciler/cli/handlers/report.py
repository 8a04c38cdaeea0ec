"""reconciler report merge, when it runs."""

import os
import threading

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
from reconciler.errors import ExitCode
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
    request = Request(config=config, coordinates=coordinates(None, profile, None), process=os.environ)
    steps = follow_up(following, request, Disk(), SystemClock(threading.Event()))
    drift = steps.finish(steps.begin(merge(read_parts(reports, Disk()))))
    if display.quiet:
        report_quietly(drift)
    return emit(outputs, drift_view(drift, report_key(environments(drift)), display.style()), drift.exit_code)
