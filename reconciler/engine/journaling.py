"""Where runs are journaled, and the journal of the run that is under way.

Promise: a run is journaled in the folder that is asked for, else where its configuration says, else in
`.reconciler/runs` beside its configuration, or in the current folder where it has none or several. What is locked for
it is each of its configurations, in the folder that this one is journaled in: runs that are journaled in different
folders do not exclude each other.
"""

import os
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from reconciler.apply import Outcome, Published, Result
from reconciler.config.projects import FoundProjects, Project, find_projects
from reconciler.deployments import StagePlan
from reconciler.documents import PlanDocument
from reconciler.engine.apply import Applied, Begin
from reconciler.engine.load.load import CONFIGURABLE_RULES
from reconciler.engine.load.request import Request
from reconciler.engine.plan import Planned
from reconciler.engine.read.read import ReadFailure, read_failure
from reconciler.engine.saved_plan import saved
from reconciler.errors import Abandoned, Interrupted, JournalError
from reconciler.journal import Beginning, Held, Holder, Lock, RunJournal, begin, locked
from reconciler.journal.writing import HOME
from reconciler.models.targets import Target
from reconciler.planfile import written
from reconciler.ports import Clock, Files, RunLog

_RUNS: Final = "runs"
_STOPPED: Final = "stopped on request"
_ABANDONED: Final = "the run was stopped during this call, which may have taken effect"
_BROKEN_OFF: Final = "the run was broken off by an error"


@dataclass(frozen=True, slots=True)
class JournalLocation:
    """Where a run is journaled, and what is locked for it.

    `is_broken`: a configuration cannot be read, so that nothing can be done anyway.
    """

    folder: Path
    locks: tuple[Lock, ...]
    is_broken: bool = False


def shelf(request: Request, files: Files, given: str | None) -> JournalLocation:
    """The shelf of what is asked for; `given` is the folder to journal in, whatever configurations say."""
    found = known_projects(request, files)
    here = files.real(".")
    locks = tuple(_lock(project, files, here, given) for project in found.projects) or (
        Lock(Path(given or _home(here)), here),
    )
    folders = {lock.folder for lock in locks}
    folder = folders.pop() if len(folders) == 1 else Path(_home(here))
    return JournalLocation(folder, locks, found.is_broken)


def _lock(project: Project, files: Files, here: str, given: str | None) -> Lock:
    configuration = project.configuration
    if configuration is None:
        return Lock(Path(given or _home(here)), here)
    folder = files.real(str(Path(configuration.file).parent))
    said = files.real(str(Path(folder, configuration.journal))) if configuration.journal else _home(folder)
    return Lock(Path(given or said), files.real(configuration.file))


def _home(folder: str) -> str:
    return str(Path(folder, HOME, _RUNS))


def known_projects(request: Request, files: Files) -> FoundProjects:
    """The configurations that a request names."""
    return find_projects(request.paths, request.config, files, CONFIGURABLE_RULES)


@contextmanager
def alone(locks: Sequence[Lock], command: str, clock: Clock) -> Iterator[Held]:
    """Nobody else on this machine is at work on what these lock. Raises Refused, JournalError."""
    with locked(locks, Holder(os.getpid(), socket.gethostname(), clock.now(), command)) as held:
        yield held


class Journaling:
    """`ports.RunLog` that writes down what it hears, from `begin` on, and passes it on.

    It knows of every action whether it has begun and what became of it, so that a run can be left at any moment.
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
        self._is_left = False
        self._under_way: set[str] = set()
        self._became: dict[str, tuple[Result, str]] = {}
        self._deploying: set[tuple[Target, str]] = set()
        self._serves: dict[tuple[Target, str], tuple[str, str]] = {}

    @property
    def run(self) -> str:
        """The run's id; "" before it begins."""
        return self._journal.run if self._journal else ""

    def begin(self, document: PlanDocument, endpoint_url: str | None = None) -> None:
        """Just before the first write: put down what is going to be done, and where. Raises JournalError."""
        said = Beginning(
            self._command, socket.gethostname(), os.getpid(), self._clock.now(), self._rolls_back, endpoint_url
        )
        self._journal = begin(self._folder, written(document), said, self._clock.now)

    def started(self, target: Target, action_id: str, address: str) -> None:
        """Raises JournalError where it could not be written down what became of it."""
        with self._lock:
            self._begun().started(target, action_id, address)
            self._under_way.add(action_id)
        self._listener.started(target, action_id, address)

    def finished(self, target: Target, action_id: str, outcome: str, detail: str) -> None:
        """Write it down. Raises JournalError."""
        with self._lock:
            journal = self._begun()
            self._under_way.discard(action_id)
            self._became[action_id] = Result(outcome), detail
            journal.finished(target, action_id, outcome, detail)
        self._listener.finished(target, action_id, outcome, detail)

    def deploying(self, target: Target, stage: str) -> None:
        """Raises JournalError where it could not be written down what became of it."""
        with self._lock:
            self._begun().deploying(target, stage)
            self._deploying.add((target, stage))
        self._listener.deploying(target, stage)

    def deployed(self, target: Target, stage: str, before: str | None, after: str | None, detail: str = "") -> None:
        """Write down which deployment a stage served and serves. Raises JournalError."""
        with self._lock:
            journal = self._begun()
            self._serves[target, stage] = after or "", detail
            journal.deployed(target, stage, before, after, detail)
        self._listener.deployed(target, stage, before, after, detail)

    def left(self, planned: Planned, *, abandoned: bool = False, failure: Exception | None = None) -> Applied:
        """What is known of the run at this moment. Nothing of it begins any more, and nothing else is written down.

        Actions that are under way are unknown, in the journal too; those that have not begun are not run. `failure`:
        the error that broke the run off, None where somebody asked to stop.
        """
        why = _BROKEN_OFF if failure else _STOPPED
        with self._lock:
            self._is_left = True
            targets = {action_id: one.target for action_id, one, _ in planned.plan.numbered()}
            unlogged = ""
            for action_id in sorted(self._under_way, key=int):
                self._became[action_id] = Result.UNKNOWN, _ABANDONED
                unlogged = unlogged or self._settled(targets[action_id], action_id)
        outcomes = tuple(
            Outcome(action_id, action, *self._became.get(action_id, (Result.NOT_RUN, why)))
            for action_id, _, action in planned.plan.numbered()
        )
        published = tuple(self._published(stage, why) for stage in planned.stages if stage.is_due)
        applied = Applied(
            planned,
            outcomes,
            stopped=failure is None,
            abandoned=abandoned,
            published=published,
            unlogged=unlogged,
            failure=failure,
        )
        if not applied.wrote:
            return applied
        unverified = tuple(self._unverified(planned, outcomes))
        is_done = all(outcome.is_done for outcome in outcomes)
        return replace(applied, verified=is_done and not unverified, unverified=unverified)

    def end(self, exit_code: int) -> str:
        """Write down that it came to its end, if it ever began; why that cannot be written, if so."""
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

    def _begun(self) -> RunJournal:
        if self._journal is None:
            raise JournalError("the run has no journal yet: nothing is written without one")
        if self._is_left:
            raise JournalError("the run has ended")
        return self._journal

    def _settled(self, target: Target, action_id: str) -> str:
        """Write down that nobody knows; why that cannot be written, if so."""
        try:
            if self._journal:
                self._journal.finished(target, action_id, Result.UNKNOWN, _ABANDONED)
        except JournalError as failure:
            return str(failure)
        return ""

    def _published(self, one: StagePlan, why: str) -> Published:
        place = one.target, one.name
        if place in self._serves:
            after, detail = self._serves[place]
            told = "; ".join(filter(None, (detail, "not checked again")))
            return Published(one, one.serves, after, Result.APPLIED, told, is_verified=False)
        if place in self._deploying:
            return Published(one, one.serves, "", Result.UNKNOWN, _ABANDONED)
        return Published(one, one.serves, one.serves, Result.NOT_RUN, why)

    def _unverified(self, planned: Planned, outcomes: Sequence[Outcome]) -> Iterator[ReadFailure]:
        """The APIs of which everything was written and nothing read again; what is deployed was read before that."""
        became = {outcome.action_id: outcome for outcome in outcomes}
        done: dict[Target, bool] = {}
        for action_id, one, _ in planned.plan.numbered():
            done[one.target] = done.get(one.target, True) and became[action_id].is_done
        read_again = {target for target, _ in self._deploying}
        for read in planned.reads:
            if done.get(read.live.target) and read.live.target not in read_again:
                yield read_failure([read.desired], Interrupted("stopped before it was read again"))


def _endpoint(planned: Planned) -> str | None:
    """Where a run's calls go that do not go to AWS; of several endpoints one, None for AWS alone."""
    connections = [*(read.connection for read in planned.reads), *planned.connections.values()]
    return next((connection.endpoint_url for connection in connections if connection.endpoint_url), None)


def journaled(  # noqa: PLR0913, PLR0917 - a run's parts, and what is done around them
    work: Callable[[Begin], Applied],
    journal: Journaling,
    request: Request,
    files: Files,
    ready: Begin,
    named: Callable[[str], None] = lambda _: None,
) -> Applied:
    """What `work` gives, journaled from its first write on; `journal` is its run log.

    `ready` is called just before the journal begins, and keeps it from beginning where it raises; `named` is given the
    run's id. However `work` ends from then on, short of the end of the process, the journal says so, and so does what
    this gives. Raises JournalError, and what `ready` and `work` raise, only where the run did not begin.
    """
    begun: list[Planned] = []

    def begin(planned: Planned) -> None:
        ready(planned)
        journal.begin(saved(planned, request, files), _endpoint(planned))
        begun.append(planned)
        named(journal.run)

    with journal:
        try:
            applied = work(begin)
        except Interrupted as stopped:
            if not begun:
                raise
            applied = journal.left(begun[0], abandoned=isinstance(stopped, Abandoned))
        except Exception as failure:
            if not begun:
                raise
            applied = journal.left(begun[0], failure=failure)
        unlogged = journal.end(applied.exit_code)
        return replace(applied, run=journal.run, unlogged=applied.unlogged or unlogged)
