"""reconciler apply."""

import os
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self

import click

from reconciler.cli.deploying import Deploying, deploying, signature
from reconciler.cli.forcing import forcing
from reconciler.cli.journaling import calling, journaled, shelf_of
from reconciler.cli.options import Aws, Common, basing, given_paths, printing, reaching
from reconciler.cli.output import FORMATS, Output, check_apart, emit, formatting, say, write_stdout
from reconciler.cli.saving import duration, nothing_else_given
from reconciler.cli.scoping import Scope, key_of, scoping
from reconciler.errors import Interrupted, UsageError
from reconciler.guard import Rule

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from reconciler.cli.formats import Telling
    from reconciler.cli.session import Session
    from reconciler.journal import Held
    from reconciler.models.targets import Target
    from reconciler.workflows.apply import Applied, Approve, Begin, Surroundings
    from reconciler.workflows.basing import Base
    from reconciler.workflows.plan import Planned
    from reconciler.workflows.request import Request
    from reconciler.workflows.rollback import RolledBack
    from reconciler.workflows.saved import Reviewed

    Work: TypeAlias = Callable[[Surroundings, Approve | None, Begin], Applied]


@click.command("apply", short_help="Bring AWS to what the manifests say.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--plan", "plan_file", metavar="FILE", help="Apply this saved plan, and nothing else.")
@click.option(
    "--max-age", metavar="DURATION", callback=duration, help="Refuse a saved plan older than this: 30m, 24h, 7d."
)
@basing
@forcing
@deploying("Deploy what is written, once all of it is verified.")
@formatting(*FORMATS)
@reaching
@scoping()
@printing
@journaled
@click.option("--rollback-on-failure", is_flag=True, help="If a write fails, bring back what was there before.")
@click.pass_context
def command(  # noqa: PLR0913, PLR0917 - click passes every option by name
    context: click.Context,
    common: Common,
    scope: Scope,
    aws: Aws,
    outputs: tuple[Output, ...],
    forced: tuple[Rule, ...],
    yes: bool,
    plan_file: str | None,
    max_age: timedelta | None,
    base: str | None,
    where: Deploying,
    journal: str | None,
    rollback_on_failure: bool,
) -> int:
    """Plan, ask, write, and look whether it is so. Writes go to the API's draft, which --deploy deploys."""
    from reconciler.cli.asking import base_of  # noqa: PLC0415 - only what this command needs
    from reconciler.cli.formats import renderings  # noqa: PLC0415
    from reconciler.cli.results import Sequel, apply_json, apply_text  # noqa: PLC0415 - only what this command needs
    from reconciler.cli.session import session  # noqa: PLC0415
    from reconciler.workflows.journaling import alone  # noqa: PLC0415

    given_paths(common)
    if plan_file is not None:
        nothing_else_given(context)
        check_apart(outputs, plan=plan_file)
    elif max_age is not None:
        message = "--max-age goes with --plan"
        raise UsageError(message, "leave it out, or apply a saved plan")
    if not yes and not sys.stdin.isatty():
        message = "there is no terminal to ask on"
        raise UsageError(message, "look at the plan first, then apply with --yes")
    reviewed = None if plan_file is None else _reviewed(plan_file, max_age)
    request = _deploying(where, _request(reviewed, aws, common, scope, forced), reviewed)
    beside = base_of(base, common, scope)
    place = shelf_of(request, journal)
    locks = () if place.is_broken else place.locks  # what is broken is told, and nothing is written
    with session(aws, request) as now, alone(locks, "apply", now.clock) as held:
        steps = Steps(now, common, place.folder, held, outputs)
        applied = steps.apply(reviewed, beside, ask=not yes)
        rolled = steps.roll_back(applied.run) if rollback_on_failure and applied.has_failed else None
        now.stop.report()
        if applied.stale is None:  # else it is part of the result
            steps.show(applied.planned)
        sequel = Sequel(calling(applied, place.folder), rolled)

        def told() -> "Telling":
            from reconciler.cli.telling import of_apply  # noqa: PLC0415 - only what other formats need

            return of_apply(applied, key_of(request.environments), sequel)

        style = common.style()
        texts = renderings(lambda: apply_text(applied, style, sequel), lambda: apply_json(applied, sequel), told)
        return emit(outputs, texts, applied.exit_code)


def _reviewed(file: str, max_age: timedelta | None) -> "Reviewed":
    from reconciler import planfile  # noqa: PLC0415
    from reconciler.workflows.saved import Reviewed  # noqa: PLC0415

    if not file:
        message = "--plan names no file"
        raise UsageError(message, "give it the file of a saved plan, such as plan.json")
    return Reviewed(planfile.load(Path(file)), max_age)


def _request(
    reviewed: "Reviewed | None", aws: Aws, common: Common, scope: Scope, forced: tuple[Rule, ...]
) -> "Request":
    """What is asked for: by the saved plan, if there is one, else by the command line."""
    from reconciler.cli.asking import request  # noqa: PLC0415
    from reconciler.manifest import Disk  # noqa: PLC0415
    from reconciler.workflows.request import Request  # noqa: PLC0415
    from reconciler.workflows.saved import asked_again  # noqa: PLC0415

    if reviewed is None or reviewed.document.request is None:
        return request(common, scope, forced)
    return asked_again(reviewed.document.request, Request(coordinates=aws.coordinates, process=os.environ), Disk())


def _deploying(where: Deploying, asked: "Request", reviewed: "Reviewed | None") -> "Request":
    """With what the command line says of deploying; a saved plan says it itself, and may only be said again."""
    if reviewed is None:
        return where.of(asked)
    if where.deploy and not asked.deploy:
        message = "the saved plan was made without --deploy, so nobody has seen what a deployment would publish"
        raise UsageError(message, "make another plan with --deploy, or leave it out and run reconciler deploy")
    return asked


class Steps:
    """Shows the plan before the first write, asks, begins the journal, counts the writes."""

    def __init__(self, now: "Session", common: Common, folder: Path, held: "Held", outputs: tuple[Output, ...]) -> None:
        self._now = now
        self._common = common
        self._folder = folder
        self._held = held
        self._text_on_stdout = any(one.format == "text" and one.file is None for one in outputs)
        self._shown = False
        self._writing = False

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

        now, log = self._now, _Progress(verbose=self._common.verbose, quiet=self._common.quiet)
        journal = Journaling(self._folder, command, now.clock, log, rolls_back)
        near = next(iter(now.request.paths), now.request.config)
        world = Surroundings(
            now.cloud, now.files, now.clock, journal, now.stop, signature=lambda: signature(journal.run, near)
        )
        approve = self._approve if ask else None

        def begin(planned: "Planned") -> None:
            self._held.name(journal.run)
            self.show(planned)
            log.begin(sum(1 for _ in planned.plan.numbered()))
            self._writing = True
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
            remedy = f"reconciler plan shows what is left; reconciler rollback {journal.run} undoes it"
            raise Interrupted(message, remedy) from None

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
        click.echo(f"\n{_question(planned)} Only 'yes' is taken: ", nl=False, err=True)
        try:
            return sys.stdin.readline().strip() == "yes"
        except KeyboardInterrupt:
            message = "interrupted: nothing was written"
            raise Interrupted(message) from None


def _question(planned: "Planned") -> str:
    from reconciler.render.style import printable  # noqa: PLC0415

    stages = ", ".join(dict.fromkeys(printable(one.name) for one in planned.stages if one.is_due))
    if planned.plan.is_empty:
        return f"Deploy this to {stages}?"
    return f"Apply this to the draft, and deploy it to {stages}?" if stages else "Apply this to the draft?"


class _Progress:
    """`ports.RunLog` on stderr: a bar on a terminal, lines with -v, else nothing. Called from several threads."""

    def __init__(self, *, verbose: bool, quiet: bool) -> None:
        self._verbose = verbose
        self._bar = sys.stderr.isatty() and not quiet and not verbose
        self._lock = threading.Lock()
        self._total = 0
        self._done = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar and self._total:
            click.echo("\r\033[K", nl=False, err=True)

    def begin(self, total: int) -> None:
        """So many actions follow."""
        self._total = total

    def started(self, target: "Target", action_id: str, address: str) -> None:  # noqa: ARG002 - the port's signature
        """Name what is being written."""
        from reconciler.render.style import printable  # noqa: PLC0415

        if self._bar:
            with self._lock:
                line = f"{self._done}/{self._total} {printable(address)}"[:100]
                click.echo(f"\r\033[K{line}", nl=False, err=True)

    def finished(self, target: "Target", action_id: str, outcome: str, detail: str) -> None:  # noqa: ARG002 - as above
        """Count it."""
        with self._lock:
            self._done += 1
            if self._verbose:
                say(f"{self._done}/{self._total} action {action_id} on {target.api_id}: {outcome}")

    def deployed(self, target: "Target", stage: str, before: str | None, after: str | None, detail: str) -> None:  # noqa: ARG002 - as above
        """Say so."""
        if self._verbose:
            with self._lock:
                say(f"stage {stage} of {target.api_id} serves deployment {after}")
