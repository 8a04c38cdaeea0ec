"""What follows a drift run on the command line: --history and --notify."""

import os

from reconciler.cli.options.history import HistoryOptions
from reconciler.cli.terminal.output import say
from reconciler.engine.drift import follow_up as steps
from reconciler.engine.drift.result import Drift
from reconciler.engine.load.request import Request
from reconciler.ports import Clock, Files
from reconciler.render.style import printable
from reconciler.rules import RunRule
from reconciler.views.notification import drift_notification


def follow_up(options: HistoryOptions, request: Request, files: Files, clock: Clock) -> steps.FollowUp:
    """Prepare what the options ask for. Raises UsageError."""
    compose = drift_notification(os.environ)
    return steps.follow_up(options.history, options.notify, request, files, clock, compose)


def report_quietly(drift: Drift) -> None:
    """Report on stderr that history or notifications failed, where the report is quiet and shows no warnings."""
    for problem in drift.diagnostics:
        if problem.rule in {RunRule.HISTORY, RunRule.NOTIFICATION}:
            say(printable(str(problem)))
