"""The journal of the run that is under way.

It records every action before its call is sent and every outcome as it comes, and knows at any moment what became of
the run: a run can be stopped between any two lines, and the journal and the report still say the same.
"""

import os
import socket
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from reconciler.apply import ActionResult, Outcome, Published
from reconciler.deployments import StagePlan
from reconciler.documents import PlanDocument
from reconciler.engine.apply import Applied
from reconciler.engine.plan import Planned
from reconciler.engine.read.read import ReadFailure, target_failure
from reconciler.errors import Interrupted, JournalError
from reconciler.journal import Beginning, RunJournal, RunOrigin, begin
from reconciler.models.targets import Target
from reconciler.planfile import written
from reconciler.ports import Clock, RunLog

_STOPPED: Final = "stopped on request"
_ABANDONED: Final = "the run was stopped during this call, which may have taken effect"
_BROKEN_OFF: Final = "the run was aborted by an error"


class Journaling:
    """`ports.RunLog` that journals every event from `begin` on, and passes it on to a listener.

    It keeps the state of every action, so that a run can be stopped at any moment. `run` is "" before it begins.
    """

    def __init__(
        self, folder: Path, command: str, clock: Clock, listener: RunLog, rolls_back: str | None = None
    ) -> None:
        self._folder = folder
        self._command = command
        self._clock = clock
        self._listener = listener
        self._rolls_back = rolls_back
        self._journal: RunJournal | None = None
        self._lock = threading.Lock()
        self._is_closed = False
        self._under_way: set[str] = set()
        self._results: dict[str, tuple[ActionResult, str]] = {}
        self._deploying: set[tuple[Target, str]] = set()
        self._deployed: dict[tuple[Target, str], tuple[str, str]] = {}

    @property
    def run(self) -> str:
        """The run's id; "" before it begins."""
        return self._journal.run if self._journal else ""

    def begin(self, document: PlanDocument, endpoint_url: str | None = None, origin: RunOrigin | None = None) -> None:
        """Record, just before the first write, what the run will do, at which endpoint and for whom.

        Raises JournalError.
        """
        beginning = Beginning(
            self._command,
            socket.gethostname(),
            os.getpid(),
            self._clock.now(),
            self._rolls_back,
            endpoint_url,
            origin or RunOrigin(),
        )
        self._journal = begin(self._folder, written(document), beginning, self._clock.now)

    def started(self, target: Target, action_id: str, address: str) -> None:
        """Record that an action's call is about to be sent. Raises JournalError: then it must not be sent."""
        with self._lock:
            self._open_journal().started(target, action_id, address)
            self._under_way.add(action_id)
        self._listener.started(target, action_id, address)

    def finished(self, target: Target, action_id: str, outcome: str, detail: str) -> None:
        """Record the outcome of an action. Raises JournalError."""
        with self._lock:
            journal = self._open_journal()
            self._under_way.discard(action_id)
            self._results[action_id] = ActionResult(outcome), detail
            journal.finished(target, action_id, outcome, detail)
        self._listener.finished(target, action_id, outcome, detail)

    def deploying(self, target: Target, stage: str) -> None:
        """Record that a deployment is about to be made. Raises JournalError: then it must not be made."""
        with self._lock:
            self._open_journal().deploying(target, stage)
            self._deploying.add((target, stage))
        self._listener.deploying(target, stage)

    def deployed(self, target: Target, stage: str, before: str | None, after: str | None, detail: str = "") -> None:
        """Record which deployment a stage served before, and which one it serves now. Raises JournalError."""
        with self._lock:
            journal = self._open_journal()
            self._deployed[target, stage] = after or "", detail
            journal.deployed(target, stage, before, after, detail)
        self._listener.deployed(target, stage, before, after, detail)

    def leave(self, planned: Planned, *, abandoned: bool = False, failure: Exception | None = None) -> Applied:
        """Stop the run here and return what is known of it. No further action begins, and no outcome is recorded.

        Actions under way become `unknown`, in the journal too; those that have not begun become `not-run`. `failure` is
        the error that broke the run off, None where the user asked to stop; `abandoned`: calls were not waited for.
        """
        reason = _BROKEN_OFF if failure else _STOPPED
        with self._lock:
            self._is_closed = True
            targets = {action_id: target_plan.target for action_id, target_plan, _ in planned.plan.numbered()}
            unlogged = ""
            for action_id in sorted(self._under_way, key=int):
                self._results[action_id] = ActionResult.UNKNOWN, _ABANDONED
                unlogged = unlogged or self._record_unknown(targets[action_id], action_id)
        outcomes = tuple(
            Outcome(action_id, action, *self._results.get(action_id, (ActionResult.NOT_RUN, reason)))
            for action_id, _, action in planned.plan.numbered()
        )
        applied = Applied(
            planned,
            outcomes,
            stopped=failure is None,
            abandoned=abandoned,
            published=tuple(self._published(stage, reason) for stage in planned.stages if stage.is_due),
            unlogged=unlogged,
            failure=failure,
        )
        if not applied.wrote:
            return applied
        unverified = tuple(self._unverified(planned, outcomes))
        is_done = all(outcome.is_done for outcome in outcomes)
        return replace(applied, verified=is_done and not unverified, unverified=unverified)

    def end(self, exit_code: int) -> str:
        """Record the end of a run that has begun; return why that failed, "" if it did not."""
        try:
            if self._journal:
                self._journal.end(exit_code)
        except JournalError as failure:
            return str(failure)
        return ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._journal:
            self._journal.close()

    def _open_journal(self) -> RunJournal:
        if self._journal is None:
            raise JournalError("the run has no journal yet: nothing is written without one")
        if self._is_closed:
            raise JournalError("the run has ended")
        return self._journal

    def _record_unknown(self, target: Target, action_id: str) -> str:
        """Record an action as unknown; return why that failed, "" if it did not."""
        try:
            if self._journal:
                self._journal.finished(target, action_id, ActionResult.UNKNOWN, _ABANDONED)
        except JournalError as failure:
            return str(failure)
        return ""

    def _published(self, stage: StagePlan, reason: str) -> Published:
        key = stage.target, stage.name
        if key in self._deployed:
            after, detail = self._deployed[key]
            details = "; ".join(filter(None, (detail, "not checked again")))
            return Published(stage, stage.serves, after, ActionResult.APPLIED, details, is_verified=False)
        if key in self._deploying:
            return Published(stage, stage.serves, "", ActionResult.UNKNOWN, _ABANDONED)
        return Published(stage, stage.serves, stage.serves, ActionResult.NOT_RUN, reason)

    def _unverified(self, planned: Planned, outcomes: Sequence[Outcome]) -> Iterator[ReadFailure]:
        """Yield the APIs whose writes are all done and which were not read again; a deployed API was read before."""
        by_id = {outcome.action_id: outcome for outcome in outcomes}
        done: dict[Target, bool] = {}
        for action_id, target_plan, _ in planned.plan.numbered():
            done[target_plan.target] = done.get(target_plan.target, True) and by_id[action_id].is_done
        read_again = {target for target, _ in self._deploying}
        for read in planned.reads:
            if done.get(read.live.target) and read.live.target not in read_again:
                yield target_failure([read.desired], Interrupted("stopped before it was read again"), read.live.target)
