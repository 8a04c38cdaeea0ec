"""The steps of a command that writes, as a person meets them.

Promise: the plan is shown once, before anything is asked or written; the journal begins just before the first write;
from then on a first Ctrl-C stops between two writes.
"""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.answers import typed
from reconciler.cli.deploying import signature
from reconciler.cli.journaling import undoing
from reconciler.cli.options import Common
from reconciler.cli.output import Output, emit, say, write_stdout
from reconciler.cli.progress import Progress
from reconciler.errors import ExitCode, Interrupted, UsageError
from reconciler.render.style import printable

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from reconciler.cli.formats import Telling
    from reconciler.cli.results import Sequel
    from reconciler.cli.session import Session
    from reconciler.journal import Held
    from reconciler.workflows.apply import Applied, Approve, Begin, Surroundings
    from reconciler.workflows.basing import Base
    from reconciler.workflows.plan import Planned
    from reconciler.workflows.request import Request
    from reconciler.workflows.rollback import RolledBack
    from reconciler.workflows.saved import Reviewed

    Work: TypeAlias = Callable[[Surroundings, Approve | None, Begin], Applied]


def somebody_to_ask(yes: bool, remedy: str) -> None:
    """Raises UsageError, with this remedy, where nobody has said yes and nobody can be asked."""
    if not yes and not sys.stdin.isatty():
        message = "there is no terminal to ask on"
        raise UsageError(message, remedy)


class Steps:
    """Shows the plan before the first write, asks, begins the journal, counts the writes, tells what became of them."""

    def __init__(self, now: "Session", common: Common, folder: Path, held: "Held", outputs: tuple[Output, ...]) -> None:
        self._now = now
        self._common = common
        self._folder = folder
        self._held = held
        self._outputs = outputs
        self._text_on_stdout = any(one.format == "text" and one.file is None for one in outputs)
        self._shown = False
        self._writing = False
        self._deploys = False

    def apply(
        self, reviewed: "Reviewed | None", base: "Base | None", *, ask: bool, command: str = "apply"
    ) -> "Applied":
        """Run the workflow."""
        from reconciler.workflows.apply import apply  # noqa: PLC0415
        from reconciler.workflows.saved import apply_saved  # noqa: PLC0415

        def work(world: "Surroundings", approve: "Approve | None", begin: "Begin") -> "Applied":
            if reviewed:
                return apply_saved(reviewed, self._now.request, world, approve, begin)
            return apply(self._now.request, replace(world, base=base), approve, begin)

        return self.run(work, ask=ask, command=command)

    def roll_back(self, run: str) -> "RolledBack":
        """Undo a run of a moment ago, unasked; its plan is part of the result."""
        from reconciler.workflows.apply import carry_out  # noqa: PLC0415
        from reconciler.workflows.rollback import undo  # noqa: PLC0415

        def journaled(planned: "Planned", request: "Request") -> "Applied":
            def work(world: "Surroundings", approve: "Approve | None", begin: "Begin") -> "Applied":
                return carry_out(planned, request, world, approve, begin)

            return self.run(work, ask=False, rolls_back=run, request=request)

        now = self._now
        return undo(self._folder, run, now.request, (now.cloud, now.files, now.clock), journaled)

    def run(
        self,
        work: "Work",
        *,
        ask: bool,
        command: str = "rollback",
        rolls_back: str | None = None,
        request: "Request | None" = None,
    ) -> "Applied":
        """What `work` gives, journaled from the first write on."""
        from reconciler.workflows.apply import Surroundings  # noqa: PLC0415
        from reconciler.workflows.journaling import Journaling, journaled  # noqa: PLC0415

        now, log = self._now, Progress(verbose=self._common.verbose, quiet=self._common.quiet)
        journal = Journaling(self._folder, command, now.clock, log, rolls_back)
        paths, config = now.request.paths, now.request.config

        def signed() -> str:
            return signature(journal.run, paths, config)

        world = Surroundings(now.cloud, now.files, now.clock, journal, now.stop, signature=signed)
        approve = self._approve if ask else None

        def begin(planned: "Planned") -> None:
            self._held.name(journal.run)
            self.show(planned)
            log.begin(sum(1 for _ in planned.plan.numbered()))
            self._writing = True
            self._deploys = any(one.is_due for one in planned.stages)
            now.stop.finish_calls()

        try:
            with log:
                return journaled(
                    lambda begun: work(world, approve, begun), journal, request or now.request, now.files, begin
                )
        except KeyboardInterrupt:
            if not self._writing:
                raise
            message = "interrupted a second time, while writing: what was done cannot be told"
            undo = undoing(journal.run, self._folder, deployed=self._deploys)
            remedy = f"to see what is left: {now.request.invocation.command('plan')}; to undo it: {undo}"
            raise Interrupted(message, remedy) from None

    def told(self, applied: "Applied", key: str, sequel: "Sequel") -> ExitCode:
        """Tell what became of it, in each format that was asked for; `key` is the environments. Gives the exit code."""
        from reconciler.cli.formats import renderings  # noqa: PLC0415
        from reconciler.cli.results import apply_json, apply_text  # noqa: PLC0415

        def telling() -> "Telling":
            from reconciler.cli.telling import of_apply  # noqa: PLC0415 - only what other formats need

            return of_apply(applied, key, sequel)

        self._now.stop.report()
        if applied.stale is None:  # else it is part of the result
            self.show(applied.planned)
        style = self._common.style()
        texts = renderings(lambda: apply_text(applied, style, sequel), lambda: apply_json(applied, sequel), telling)
        return emit(self._outputs, texts, applied.exit_code)

    def show(self, planned: "Planned") -> None:
        """The plan, once; in other formats than text it is part of the result."""
        from reconciler.cli.results import plan_text  # noqa: PLC0415

        if self._text_on_stdout and not self._shown:
            self._shown = True
            write_stdout(plan_text(planned, self._common.style()))

    def _approve(self, planned: "Planned") -> bool:
        """Nobody is asked about what was not shown: quiet, or in another format, the plan goes beside the results."""
        from reconciler.cli.results import plan_text  # noqa: PLC0415

        if self._text_on_stdout and not self._common.quiet:
            self.show(planned)
        else:
            say(plan_text(planned, replace(self._common.style(), quiet=False)))
        try:
            # Who reads the question may be quicker than we are at waiting for the answer
            click.echo(f"\n{_question(planned)} Only 'yes' is taken: ", nl=False, err=True)
            return typed().strip() == "yes"
        except KeyboardInterrupt:
            message = "interrupted: nothing was written"
            raise Interrupted(message) from None


def _question(planned: "Planned") -> str:
    due = [one for one in planned.stages if one.is_due]
    stages = ", ".join(dict.fromkeys(printable(one.name) for one in due))
    is_back = any(one.back_to for one in due)
    if planned.plan.is_empty:
        return f"Take {stages} back?" if is_back else f"Deploy this to {stages}?"
    also = f", and {f'take {stages} back' if is_back else f'deploy it to {stages}'}" if stages else ""
    return f"Apply this to the draft{also}?"
