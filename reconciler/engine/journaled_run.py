"""A run that writes: lock, plan, approval, journal, writes, verification, and the rollback of a run that failed.

The plan is shown once, before anything is asked or written; where it cannot be shown, nothing is written. The journal
begins after that, just before the first write. From then on until the end of the run nothing that is printed, or
cannot be, affects what happens, and the first Ctrl-C stops the run between two writes. However the run ends, short of
the end of the process, its journal has an end, and the result says the same as the journal.

Nothing here prints, asks or handles a signal: that is behind the ports of `run_ports`.
"""

import os
import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Self

from reconciler.engine.apply import Applied, Approve, Context, PreparedPlan, execute, prepare, why_not_written
from reconciler.engine.journal_location import JournalLocation
from reconciler.engine.journaling import Journaling
from reconciler.engine.load.request import Request
from reconciler.engine.plan import Planned, plan
from reconciler.engine.read.baseline import BaseRevision
from reconciler.engine.rollback.rollback import RolledBack, in_run_words, plan_rollback, unasked_request
from reconciler.engine.rollback.stage_rollback import SIGNED
from reconciler.engine.run_origin import manifests_commit, run_origin
from reconciler.engine.run_ports import Interrupts, RunListener
from reconciler.engine.runs import Run, load_run
from reconciler.engine.saved_plan import ApprovedPlan, plan_saved, saved_document
from reconciler.errors import (
    Abandoned,
    ExitCode,
    Interrupted,
    ReconcilerError,
    Unfinished,
    nothing_written,
    worst_exit_code,
)
from reconciler.invocation import Invocation
from reconciler.journal import Held, Holder, locked
from reconciler.ports import Clock, Cloud, Connection, Files


@dataclass(frozen=True, slots=True)
class RunCommands:
    """The command lines that follow a run."""

    show: str
    undo: str

    @classmethod
    def of(cls, run: str, invocation: Invocation, *, deployed: bool = False) -> Self:
        """Compose them for a run; `deployed`: stages serve what it deployed, or may."""
        undo = invocation.command("rollback", run, *(("--deploy",) if deployed else ()))
        return cls(invocation.command("runs", run), undo)

    def __str__(self) -> str:
        return f"to see what was done: {self.show}; to undo it: {self.undo}"


@dataclass(frozen=True, slots=True)
class RunResult:
    """The result of a command that writes.

    `applied`: its run. `rollback`: the rollback that the command is, or that followed the failed run. `commands`: how
    to go on; None where no run began. `invocation`: the command line that asks for the same again.
    """

    applied: Applied
    rollback: RolledBack | None = None
    commands: RunCommands | None = None
    invocation: Invocation = field(default_factory=Invocation)

    @property
    def exit_code(self) -> ExitCode:
        """The code of the run, or 130 where the rollback that followed it was interrupted."""
        codes = [self.applied.exit_code]
        if self.rollback and self.rollback.exit_code is ExitCode.INTERRUPTED:
            codes.append(ExitCode.INTERRUPTED)
        return worst_exit_code(codes)

    @property
    def abandoned(self) -> Applied | None:
        """The run whose calls under way were not waited for, if any."""
        if self.rollback and self.rollback.is_abandoned:
            return self.rollback.applied or self.applied
        return self.applied if self.applied.abandoned else None

    @property
    def changes(self) -> str:
        """A sentence that says that AWS was changed and how to go on; "" where it was not."""
        return f"AWS was changed by run {self.applied.run}; {self.commands}" if self.applied.changed_aws else ""

    def check_finished(self) -> None:
        """Raise Unfinished for a run that an unexpected error broke off."""
        if self.applied.failure and self.commands:
            raise _unfinished(self.applied.run, self.applied.failure, self.commands) from self.applied.failure


@dataclass(frozen=True, slots=True)
class RunTask:
    """What a run is to do. `make_plan` is called once, under the lock; `rolls_back` is the run that it undoes."""

    command: str
    request: Request
    make_plan: Callable[[], Planned]
    asks: bool
    rolls_back: str | None = None

    @property
    def done(self) -> str:
        """What a run that ends before its first write has not done."""
        return "rolled back" if self.rolls_back else "written"


@dataclass(frozen=True, slots=True)
class JournaledRun:
    """Runs one command that writes, through its ports.

    `invocation` is the command line that asks, with the journal if the commands that follow have to name it.
    """

    cloud: Cloud
    files: Files
    clock: Clock
    interrupts: Interrupts
    listener: RunListener
    location: JournalLocation
    invocation: Invocation

    def apply(  # noqa: PLR0913 - the options of a command
        self,
        request: Request,
        *,
        reviewed: ApprovedPlan | None = None,
        base: BaseRevision | None = None,
        asks: bool = True,
        rolls_back_on_failure: bool = False,
        command: str = "apply",
    ) -> RunResult:
        """Apply the manifests, or exactly the plan that was `reviewed`. `asks`: the listener has to approve the plan.

        Raises Refused where another run holds the lock, Interrupted where nothing was written, JournalError, and what
        keeps every target from being reached.
        """

        def make_plan() -> Planned:
            if reviewed:
                return plan_saved(reviewed, request, self.cloud, self.files, self.clock)
            return plan(request, self.cloud, self.files, self.clock, base)

        # A configuration that cannot be read is an error of the plan, and nothing is written
        with self._locked(command, is_needed=not self.location.is_broken) as held:
            applied = self._run(RunTask(command, request, make_plan, asks), held)
            is_undone = rolls_back_on_failure and applied.has_failed
            rollback = self._roll_back_failed(applied.run, request, held) if is_undone else None
            return self._result(applied, request, rollback)

    def roll_back(
        self, run: str, request: Request, *, deploys: bool, asks: bool = True
    ) -> tuple[RunResult, RolledBack]:
        """Restore what a run touched, with `deploys` its stages too; `request` is what `rollback_request` returns.

        Returns the result of the rollback's own run, and the rollback. Raises as `apply` does.
        """
        with self._locked("rollback") as held:
            undone = load_run(self.location.folder, run)  # it may have gone on until we held the lock
            task = self._rollback_task(undone, request, deploys=deploys, asks=asks)
            applied = in_run_words(self._run(task, held))
            rollback = RolledBack(undone.run, undone, applied, deploys=deploys)
            return self._result(applied, request, rollback), rollback

    def carry_out(self, task: RunTask) -> RunResult:
        """Do any other task as a run."""
        with self._locked(task.command) as held:
            return self._result(self._run(task, held), task.request)

    def _run(self, task: RunTask, held: Held) -> Applied:
        """Plan, ask, begin the journal, write, verify, end the journal.

        Raises Interrupted, JournalError and what planning raises only where nothing was written; Unfinished where the
        run began and its result cannot be given.
        """
        with self.listener.progress() as progress:
            journal = Journaling(self.location.folder, task.command, self.clock, progress, task.rolls_back)
            context = self._context(journal, task.request)
            try:
                planned = task.make_plan()
                if unwritten := why_not_written(planned, task.request, self.clock, self._approval(task)):
                    return unwritten
                prepared = prepare(planned, context)
                with nothing_written(task.done):
                    self.listener.show(planned)
                progress.begin(sum(1 for _ in planned.plan.numbered()))
                self.interrupts.begin_writes()
                with journal:
                    with nothing_written(task.done):
                        document = saved_document(planned, task.request, self.files)
                        connections = _connections(planned)
                        journal.begin(document, _endpoint(connections), run_origin(task.request, connections))
                    applied = self._written(prepared, task.request, context, journal, held)
                    unlogged = journal.end(applied.exit_code)
                    return replace(applied, run=journal.run, unlogged=applied.unlogged or unlogged)
            except (KeyboardInterrupt, Interrupted) as stopped:
                with nothing_written(task.done):
                    raise (Abandoned if isinstance(stopped, Abandoned) else Interrupted)("interrupted") from None
            except Exception as failure:
                if not journal.run:
                    raise
                raise self._unfinished(journal.run, failure) from failure

    def _written(
        self, prepared: PreparedPlan, request: Request, context: Context, journal: Journaling, held: Held
    ) -> Applied:
        """Write what is prepared; whatever ends that early is part of the result."""
        try:
            held.name(journal.run)
            return self.interrupts.attend(lambda: execute(prepared, request, context))
        except Interrupted as stopped:
            return journal.leave(prepared.planned, abandoned=isinstance(stopped, Abandoned))
        except Exception as failure:  # noqa: BLE001 - the result names it, and the caller raises it
            return journal.leave(prepared.planned, failure=failure)

    def _roll_back_failed(self, run: str, request: Request, held: Held) -> RolledBack:
        """Roll back, without asking, a run that just failed. Errors and interruptions are part of the result.

        Raises Unfinished on an unexpected error, which must not hide the run that wrote.
        """
        undone, deploys = None, False
        try:
            undone = load_run(self.location.folder, run)
            undo_request = unasked_request(undone, request, self.files)
            deploys = bool(undone.stages)
            task = self._rollback_task(undone, undo_request, deploys=deploys, asks=False)
            # The failed run has written: from then on a request to stop raises nothing, but for `attend`
            applied = self._run(replace(task, make_plan=lambda: self.interrupts.attend(task.make_plan)), held)
            self._result(applied, undo_request).check_finished()
            return RolledBack(run, undone, applied, deploys=deploys)
        except ReconcilerError as failure:
            return RolledBack(run, undone, failure=failure, deploys=deploys)
        except Exception as failure:
            raise self._unfinished(run, failure) from failure

    def _rollback_task(self, undone: Run, request: Request, *, deploys: bool, asks: bool) -> RunTask:
        def make_plan() -> Planned:
            return plan_rollback(undone, request, self.cloud, self.files, self.clock, deploys=deploys)

        return RunTask("rollback", request, make_plan, asks, undone.run)

    def _context(self, journal: Journaling, request: Request) -> Context:
        def signature() -> str:
            return _signature(journal.run, request)

        return Context(self.cloud, self.files, self.clock, journal, self.interrupts, signature=signature)

    def _approval(self, task: RunTask) -> Approve | None:
        """Return what asks the listener; None for a task that is approved already."""

        def approve(planned: Planned) -> bool:
            with nothing_written(task.done):
                return self.listener.approve(planned)

        return approve if task.asks else None

    @contextmanager
    def _locked(self, command: str, *, is_needed: bool = True) -> Iterator[Held]:
        """Hold the locks, so that no other run on this machine works on the same. Raises Refused, JournalError."""
        holder = Holder(os.getpid(), socket.gethostname(), self.clock.now(), command)
        with ExitStack() as stack:
            with nothing_written():
                held = stack.enter_context(locked(self.location.locks if is_needed else (), holder))
            yield held

    def _result(self, applied: Applied, request: Request, rollback: RolledBack | None = None) -> RunResult:
        run, deployed = applied.run, applied.has_deployed
        commands = RunCommands.of(run, self.invocation, deployed=deployed) if run else None
        return RunResult(applied, rollback, commands, request.invocation)

    def _unfinished(self, run: str, failure: Exception) -> Unfinished:
        return _unfinished(run, failure, RunCommands.of(run, self.invocation))


def _unfinished(run: str, failure: Exception, commands: RunCommands) -> Unfinished:
    internal = f"internal error: {type(failure).__name__}: {failure}"
    reason = failure.message if isinstance(failure, ReconcilerError) else internal
    return Unfinished(f"run {run} was aborted: {reason}", str(commands))


def _connections(planned: Planned) -> Sequence[Connection]:
    return [*(read.connection for read in planned.reads), *planned.connections.values()]


def _endpoint(connections: Iterable[Connection]) -> str | None:
    """Return where a run's calls go if not to AWS; of several endpoints one, None for AWS alone."""
    return next((connection.endpoint_url for connection in connections if connection.endpoint_url), None)


def _signature(run: str, request: Request) -> str:
    """Return how the description of a deployment begins: the run, and the git revision of the manifests, if any."""
    revision = manifests_commit(request)
    return f"{SIGNED} {run}" + (f", git {revision}" if revision else "")
