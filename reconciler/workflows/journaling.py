"""Where runs are journaled, and the journal of the run that is under way.

Promise: a run is journaled in the folder that is asked for, else where its configuration says, else in
`.reconciler/runs` beside its configuration, or in the current folder where it has none or several. What is locked for
it is each of its configurations, in the folder that this one is journaled in: runs that are journaled in different
folders do not exclude each other.
"""

import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from reconciler.documents import PlanDocument
from reconciler.errors import JournalError
from reconciler.journal import Beginning, Held, Holder, Lock, RunJournal, begin, locked
from reconciler.journal.writing import HOME
from reconciler.manifest import Found, Project, projects
from reconciler.models.targets import Target
from reconciler.planfile import written
from reconciler.ports import Clock, Files, RunLog
from reconciler.workflows.apply import Applied, Begin
from reconciler.workflows.declared import GRADABLE
from reconciler.workflows.plan import Planned
from reconciler.workflows.request import Request
from reconciler.workflows.saved import saved

_RUNS: Final = "runs"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where a run is journaled, and what is locked for it.

    `is_broken`: a configuration cannot be read, so that nothing can be done anyway.
    """

    folder: Path
    locks: tuple[Lock, ...]
    is_broken: bool = False


def shelf(request: Request, files: Files, given: str | None) -> Shelf:
    """The shelf of what is asked for; `given` is the folder to journal in, whatever configurations say."""
    found = known_projects(request, files)
    here = files.real(".")
    locks = tuple(_lock(one, files, here, given) for one in found.projects) or (Lock(Path(given or _home(here)), here),)
    folders = {lock.folder for lock in locks}
    folder = folders.pop() if len(folders) == 1 else Path(_home(here))
    return Shelf(folder, locks, found.is_broken)


def _lock(project: Project, files: Files, here: str, given: str | None) -> Lock:
    configuration = project.configuration
    if configuration is None:
        return Lock(Path(given or _home(here)), here)
    folder = files.real(str(Path(configuration.file).parent))
    said = files.real(str(Path(folder, configuration.journal))) if configuration.journal else _home(folder)
    return Lock(Path(given or said), files.real(configuration.file))


def _home(folder: str) -> str:
    return str(Path(folder, HOME, _RUNS))


def known_projects(request: Request, files: Files) -> Found:
    """The configurations that a request names."""
    return projects(request.paths, request.config, files, GRADABLE)


@contextmanager
def alone(locks: Sequence[Lock], command: str, clock: Clock) -> Iterator[Held]:
    """Nobody else on this machine is at work on what these lock. Raises Refused, JournalError."""
    with locked(locks, Holder(os.getpid(), socket.gethostname(), clock.now(), command)) as held:
        yield held


class Journaling:
    """`ports.RunLog` that passes on what it hears, and from `begin` on writes it down too."""

    def __init__(
        self, folder: Path, command: str, clock: Clock, listener: RunLog, rolls_back: str | None = None
    ) -> None:
        self._folder = folder
        self._command = command
        self._clock = clock
        self._listener = listener
        self._rolls_back = rolls_back
        self._journal: RunJournal | None = None

    @property
    def run(self) -> str:
        """The run's id; "" before it begins."""
        return self._journal.run if self._journal else ""

    def begin(self, document: PlanDocument) -> None:
        """Just before the first write: put down what is going to be done. Raises JournalError."""
        said = Beginning(self._command, socket.gethostname(), os.getpid(), self._clock.now(), self._rolls_back)
        self._journal = begin(self._folder, written(document), said, self._clock.now)

    def started(self, target: Target, action_id: str, address: str) -> None:
        """Raises JournalError where it could not be written down what became of it."""
        self._begun().started(target, action_id, address)
        self._listener.started(target, action_id, address)

    def finished(self, target: Target, action_id: str, outcome: str, detail: str) -> None:
        """Write it down. Raises JournalError."""
        self._listener.finished(target, action_id, outcome, detail)
        self._begun().finished(target, action_id, outcome, detail)

    def deployed(self, target: Target, stage: str, before: str | None, after: str | None, detail: str = "") -> None:
        """Write down which deployment a stage served and serves. Raises JournalError."""
        self._listener.deployed(target, stage, before, after, detail)
        self._begun().deployed(target, stage, before, after, detail)

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
        return self._journal


def journaled(
    work: Callable[[Begin], Applied], journal: Journaling, request: Request, files: Files, begin: Begin
) -> Applied:
    """What `work` gives, journaled from its first write on; `journal` is its run log. Raises JournalError."""

    def begun(planned: Planned) -> None:
        journal.begin(saved(planned, request, files))
        begin(planned)

    with journal:
        applied = work(begun)
        unlogged = journal.end(applied.exit_code)
        return replace(applied, run=journal.run, unlogged=unlogged)
