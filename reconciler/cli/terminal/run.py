"""A run that writes, on a terminal: the plan, the question, the progress, the result.

The plan is shown once. If the result cannot be shown, stderr and the exit code still say what was done.
"""

import sys
from contextlib import AbstractContextManager
from dataclasses import replace

from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.terminal.output import emit, say, show, write_lines
from reconciler.cli.terminal.progress import Progress
from reconciler.cli.terminal.prompt import confirmed
from reconciler.cli.terminal.signals import StopRequests
from reconciler.engine.journaled_run import RunResult
from reconciler.engine.plan import Planned
from reconciler.errors import ExitCode, Interrupted, UsageError
from reconciler.render.style import printable
from reconciler.views.apply import ApplyFollowUp, apply_view
from reconciler.views.plan import plan_text
from reconciler.views.view import Renderings


def check_can_ask(yes: bool, remedy: str) -> None:
    """Raise UsageError with this remedy if confirmation is needed and there is no terminal."""
    if not yes and not sys.stdin.isatty():
        message = "cannot ask for confirmation without a terminal"
        raise UsageError(message, remedy)


class RunTerminal:
    """`RunListener` on a terminal: the plan on stdout, the question and the progress on stderr."""

    def __init__(self, display: DisplayOptions, outputs: tuple[Output, ...], stop: StopRequests) -> None:
        self._display = display
        self._outputs = outputs
        self._stop = stop
        self._text_on_stdout = any(output.format == "text" and output.file is None for output in outputs)
        self._is_shown = False

    def show(self, planned: Planned) -> None:
        """Show the plan once, unless the format on stdout is not text, or with -q."""
        if self._text_on_stdout and not self._is_shown and not (self._display.quiet and planned.may_run):
            self._is_shown = True
            write_lines(plan_text(planned, self._display.style()))

    def approve(self, planned: Planned) -> bool:
        """Ask for confirmation of the plan. With -q or another format on stdout, the plan is shown on stderr."""
        if self._text_on_stdout and not self._display.quiet:
            self.show(planned)
        else:
            show(plan_text(planned, replace(self._display.style(), quiet=False)))
        # The answer may arrive before we wait for it
        return confirmed(_question(planned), planned.protected_environments)

    def progress(self) -> AbstractContextManager[Progress]:
        """Show progress on stderr."""
        return Progress(verbose=self._display.verbose, quiet=self._display.quiet)

    def report(self, result: RunResult, environments: str, command: str) -> ExitCode:
        """Show the result of `apply` or `deploy`, in each format that was asked for; return the exit code."""
        undo = result.commands.undo if result.commands else ""
        follow_up = ApplyFollowUp(undo, result.rollback, result.invocation, command)
        return self.emit(result, apply_view(result.applied, environments, self._display.style(), follow_up))

    def emit(self, result: RunResult, texts: Renderings) -> ExitCode:
        """Show the result and return the exit code; report on stderr a change of AWS whose result cannot be shown.

        Then raises Unfinished for a run that stopped with an unexpected error.
        """
        self._stop.report()
        if abandoned := result.abandoned:
            effect = ": some changes may have been applied" if abandoned.has_unknown else ""
            message = f"interrupted again during a write{effect}"
            say(f"error: {message}; {printable(str(result.commands or ''))}")
        changes, lost = result.changes, ExitCode.STOPPED if result.changes else ExitCode.FAILED
        try:
            if result.applied.stale is None:  # otherwise the plan is part of the result
                self.show(result.applied.planned)
            code = emit(self._outputs, texts, result.exit_code, changes, lost)
        except KeyboardInterrupt:
            raise Interrupted("interrupted before the whole result was shown", changes) from None
        result.check_finished()
        return code


def _question(planned: Planned) -> str:
    due = [stage for stage in planned.stages if stage.is_due]
    stages = ", ".join(dict.fromkeys(printable(stage.name) for stage in due))
    is_back = any(stage.back_to for stage in due)
    if planned.plan.is_empty:
        return f"Restore the earlier deployment of {stages}?" if is_back else f"Deploy this to {stages}?"
    also = f" and {f'restore the earlier deployment of {stages}' if is_back else f'deploy it to {stages}'}"
    return f"Apply this plan to the draft{also if stages else ''}?"
