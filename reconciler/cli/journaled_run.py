"""The steps of a command that writes, as a person meets them.

Promise: the plan is shown once, before anything is asked or written, and where it cannot be shown nothing is. The
journal begins after that, just before the first write; from then on until its end nothing that is printed, or cannot
be, has a say in what happens, and a first Ctrl-C stops between two writes. What was done is not lost when the result
cannot be shown: that is said on stderr, and by the exit code.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.cli.options.common import CommonOptions
from reconciler.cli.options.deploy import signature
from reconciler.cli.options.journal import calling, showing, undoing
from reconciler.cli.terminal.output import Output, emit, nothing_written, say, show, write_stdout
from reconciler.cli.terminal.progress import Progress
from reconciler.cli.terminal.prompt import typed
from reconciler.errors import ExitCode, Interrupted, ReconcilerError, Unfinished, UsageError, worst_exit_code
from reconciler.render.style import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    from reconciler.cli.session import Session
    from reconciler.engine.apply import Applied, Approve, Begin, Context
    from reconciler.engine.load.request import Request
    from reconciler.engine.plan import Planned
    from reconciler.engine.read.baseline import BaseRevision
    from reconciler.engine.rollback.rollback import RolledBack
    from reconciler.engine.saved_plan import ApprovedPlan
    from reconciler.journal import Held

    Work: TypeAlias = Callable[[Context, Approve | None, Begin], Applied]


def somebody_to_ask(yes: bool, remedy: str) -> None:
    """Raises UsageError, with this remedy, where nobody has said yes and nobody can be asked."""
    if not yes and not sys.stdin.isatty():
        message = "cannot ask for confirmation without a terminal"
        raise UsageError(message, remedy)


class Steps:
    """Shows the plan before the first write, asks, begins the journal, counts the writes, shows what became of them."""

    def __init__(
        self, now: "Session", common: CommonOptions, folder: Path, held: "Held", outputs: tuple[Output, ...]
    ) -> None:
        self._now = now
        self._common = common
        self._folder = folder
        self._held = held
        self._outputs = outputs
        self._text_on_stdout = any(output.format == "text" and output.file is None for output in outputs)
        self._shown = False
        self._command = "apply"

    def apply(
        self, reviewed: "ApprovedPlan | None", base: "BaseRevision | None", *, ask: bool, command: str = "apply"
    ) -> "Applied":
        """Run the workflow."""
        from reconciler.engine.apply import apply  # noqa: PLC0415
        from reconciler.engine.saved_plan import apply_saved  # noqa: PLC0415

        def work(world: "Context", approve: "Approve | None", begin: "Begin") -> "Applied":
            if reviewed:
                return apply_saved(reviewed, self._now.request, world, approve, begin)
            return apply(self._now.request, replace(world, base=base), approve, begin)

        self._command = command
        return self.run(work, ask=ask, command=command)

    def roll_back(self, run: str) -> "RolledBack":
        """Undo a run of a moment ago, unasked; its plan is part of the result."""
        from reconciler.engine.apply import carry_out  # noqa: PLC0415
        from reconciler.engine.rollback.rollback import undo  # noqa: PLC0415

        def journaled(planned: "Planned", request: "Request") -> "Applied":
            def work(world: "Context", approve: "Approve | None", begin: "Begin") -> "Applied":
                return carry_out(planned, request, world, approve, begin)

            applied = self.run(work, ask=False, rolls_back=run, request=request, undone="rolled back")
            self._check_whole(applied)
            return applied

        now = self._now
        with self._safe(run):
            return undo(self._folder, run, now.request, (now.cloud, now.files, now.clock), journaled, now.stop.attend)

    def run(  # noqa: PLR0913 - what a run is
        self,
        work: "Work",
        *,
        ask: bool,
        command: str = "rollback",
        rolls_back: str | None = None,
        request: "Request | None" = None,
        undone: str = "written",
    ) -> "Applied":
        """What `work` gives, journaled from the first write on. Raises Interrupted where nothing was written.

        An error that breaks the run off after that is part of the result. `undone`: what an interruption kept from
        being done.
        """
        from reconciler.engine.apply import Context  # noqa: PLC0415
        from reconciler.engine.journaling import Journaling, journaled  # noqa: PLC0415

        now, log = self._now, Progress(verbose=self._common.verbose, quiet=self._common.quiet)
        asked = request or now.request
        journal = Journaling(self._folder, command, now.clock, log, rolls_back)
        paths, config = now.request.paths, now.request.config

        def signed() -> str:
            return signature(journal.run, paths, config)

        world = Context(now.cloud, now.files, now.clock, journal, now.stop, signature=signed, attend=now.stop.attend)
        approve = self._approve if ask else None

        def ready(planned: "Planned") -> None:
            with nothing_written():
                self.show(planned)
            log.begin(sum(1 for _ in planned.plan.numbered()))
            now.stop.begin_writes()

        try:
            with log:
                return journaled(
                    lambda begin: work(world, approve, begin), journal, asked, now.files, ready, self._held.name
                )
        except (KeyboardInterrupt, Interrupted):
            raise Interrupted(f"interrupted: nothing was {undone}") from None
        except Exception as failure:
            if not journal.run:
                raise
            raise self._unfinished(journal.run, failure) from failure

    @contextmanager
    def _safe(self, run: str) -> Iterator[None]:
        """For what follows a run that wrote: an unforeseen failure does not hide that."""
        try:
            yield
        except ReconcilerError:
            raise
        except Exception as failure:
            raise self._unfinished(run, failure) from failure

    def _check_whole(self, applied: "Applied") -> None:
        """Raises Unfinished for a run that an error broke off."""
        if applied.failure:
            raise self._unfinished(applied.run, applied.failure) from applied.failure

    def _unfinished(self, run: str, failure: Exception) -> Unfinished:
        internal = f"internal error: {type(failure).__name__}: {failure}"
        what = failure.message if isinstance(failure, ReconcilerError) else internal
        return Unfinished(f"run {run} was broken off: {what}", self._go_on(run))

    def _go_on(self, run: str, *, deployed: bool = False) -> str:
        done, undo = showing(run, self._folder), undoing(run, self._folder, deployed=deployed)
        return f"to see what was done: {done}; to undo it: {undo}"

    def told(self, applied: "Applied", key: str, rolled: "RolledBack | None" = None) -> ExitCode:
        """Show what became of it, in each format that was asked for; `key` is the environments. Gives the exit code."""
        from reconciler.views.apply import ApplyFollowUp, apply_view  # noqa: PLC0415

        follow_up = ApplyFollowUp(calling(applied, self._folder), rolled, self._now.request.invocation, self._command)
        texts = apply_view(applied, key, self._common.style(), follow_up)
        is_stopped = rolled is not None and rolled.exit_code is ExitCode.INTERRUPTED
        code = worst_exit_code((applied.exit_code, ExitCode.INTERRUPTED)) if is_stopped else applied.exit_code
        if rolled is not None and rolled.is_abandoned:
            return self.emitted(applied, texts, code, abandoned=rolled.applied or applied)
        return self.emitted(applied, texts, code, abandoned=applied if applied.abandoned else None)

    def emitted(
        self,
        applied: "Applied",
        texts: "Mapping[str, Callable[[], str]]",
        code: ExitCode,
        *,
        abandoned: "Applied | None",
    ) -> ExitCode:
        """Show the result; where it cannot be shown and AWS was changed, say that. Gives the exit code.

        Raises Unfinished, after that, for a run that an error broke off.

        `abandoned`: the run of which calls under way were not waited for.
        """
        self._now.stop.report()
        deployed = any(one.after != one.before for one in applied.published)
        go_on = self._go_on(applied.run, deployed=deployed) if applied.run else ""
        if abandoned:
            effect = ", and may have taken effect" if abandoned.has_unknown else ""
            message = f"interrupted a second time: calls under way were not waited for{effect}"
            say(f"error: {message}; {printable(go_on)}")
        changed = f"AWS was changed by run {applied.run}; {go_on}" if applied.changed_aws else ""
        try:
            if applied.stale is None:  # else it is part of the result
                self.show(applied.planned)
            code = emit(self._outputs, texts, code, changed, ExitCode.STOPPED if changed else ExitCode.FAILED)
        except KeyboardInterrupt:
            raise Interrupted("interrupted before all of the result was shown", changed) from None
        self._check_whole(applied)
        return code

    def show(self, planned: "Planned") -> None:
        """The plan, once, unless it is part of the result (in other formats than text) or of no interest (quiet)."""
        from reconciler.views.plan import plan_text  # noqa: PLC0415

        if self._text_on_stdout and not self._shown and not (self._common.quiet and planned.may_run):
            self._shown = True
            write_stdout(plan_text(planned, self._common.style()))

    def _approve(self, planned: "Planned") -> bool:
        """Nobody is asked about what was not shown: quiet, or in another format, the plan goes to stderr."""
        from reconciler.views.plan import plan_text  # noqa: PLC0415

        with nothing_written():
            if self._text_on_stdout and not self._common.quiet:
                self.show(planned)
            else:
                show(plan_text(planned, replace(self._common.style(), quiet=False)))
            # Who reads the question may be quicker than we are at waiting for the answer
            show(f"\n{_question(planned)} Enter 'yes' to continue: ", end="")
        return typed().strip() == "yes"


def _question(planned: "Planned") -> str:
    due = [stage for stage in planned.stages if stage.is_due]
    stages = ", ".join(dict.fromkeys(printable(one.name) for one in due))
    is_back = any(one.back_to for one in due)
    if planned.plan.is_empty:
        return f"Take {stages} back?" if is_back else f"Deploy this to {stages}?"
    also = f", and {f'take {stages} back' if is_back else f'deploy it to {stages}'}" if stages else ""
    return f"Apply this to the draft{also}?"
