"""runs prune: delete the journals of old runs, and none that anybody may still need.

These are kept, however old: the newest run of each environment and endpoint and the newest one that is no rollback,
which `latest` names; incomplete runs that nobody has rolled back, and damaged ones, because they say what may have
happened to AWS (`Retention.incomplete` deletes both); and runs in progress. A run of several environments is deleted
only if all of them are selected. The time of a run is that of its id, which a damaged journal has, too.

The history of `drift --history` is not a journal: each drift run deletes what `history.keep` allows.
"""

import os
import re
import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Self

from reconciler import __version__
from reconciler.documents import FORMAT_VERSION, PrunedRunsDocument
from reconciler.documents.runs import KeptRun
from reconciler.engine.journal_location import JournalLocation
from reconciler.engine.runs import CorruptRun, Run, RunSelection, rolled_back, run_document, runs
from reconciler.errors import Refused
from reconciler.journal import Holder, delete_run, locked, under_way
from reconciler.ports import Clock

_AGE: Final = re.compile(r"([0-9]{1,4})([hdw])")
_UNITS: Final = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_NUMBER: Final = re.compile(r"[0-9]{1,6}")
_ID_TIME: Final = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Retention:
    """What to keep: the runs that are younger than `age`, or the newest of this `number`; `text` is as it was given.

    `incomplete`: incomplete and damaged runs may be deleted, too.
    """

    text: str
    age: timedelta | None = None
    number: int | None = None
    incomplete: bool = False

    @classmethod
    def parse(cls, text: str, *, incomplete: bool = False) -> Self | None:
        """Return what `90d`, `12h`, `2w` or `50` mean; None for anything else, and for nothing to keep."""
        match = _AGE.fullmatch(text)
        if match and int(match[1]):
            return cls(text, age=int(match[1]) * _UNITS[match[2]], incomplete=incomplete)
        is_number = _NUMBER.fullmatch(text) and int(text)
        return cls(text, number=int(text), incomplete=incomplete) if is_number else None

    def covers(self, run: str, position: int, now: datetime) -> bool:
        """Whether a run is to be kept; `position` counts the newer ones."""
        if self.number is not None:
            return position < self.number
        # As texts: the name of a folder may look like an id and be no moment
        return self.age is None or run.partition("-")[0] > (now - self.age).strftime(_ID_TIME)


def plan_prune(folder: Path, selection: RunSelection, retention: Retention, clock: Clock) -> PrunedRunsDocument:
    """Return what would be deleted, and which old runs are kept and why. Raises JournalError."""
    running = under_way(folder)
    every = runs(folder)
    undone = rolled_back(every)
    needed = dict(_needed(every))
    now = datetime.fromisoformat(clock.now())
    selected = [run for run in every if _is_selected(run, selection)]
    deleted: list[Run | CorruptRun] = []
    kept: list[KeptRun] = []
    for position, run in enumerate(selected):
        if retention.covers(run.run, position, now):
            continue
        reason = _reason(run, retention, undone) if run.run not in running else "in progress"
        if reason := reason or needed.get(run.run, ""):
            kept.append(KeptRun(run=run.run, reason=reason))
        else:
            deleted.append(run)
    return PrunedRunsDocument(
        format_version=FORMAT_VERSION,
        kind="PrunedRuns",
        tool_version=__version__,
        folder=str(folder),
        keep=retention.text,
        is_done=False,
        deleted=[run_document(run, undone, running) for run in deleted],
        kept=kept,
        remaining=len(every) - len(deleted),
    )


def _is_selected(run: Run | CorruptRun, selection: RunSelection) -> bool:
    """Whether all environments of a run are selected; those of a damaged one are unknown."""
    if selection.is_open:
        return True
    return isinstance(run, Run) and run.environments <= set(selection.environments)


def _needed(every: Sequence[Run | CorruptRun]) -> Iterator[tuple[str, str]]:
    """Yield the newest run, and the newest that is no rollback, of each environment and endpoint, with the reason."""
    seen: set[tuple[str | None, str | None, bool]] = set()
    for run in every:
        if isinstance(run, CorruptRun):
            continue
        is_rollback = bool(run.record.begin.rolls_back)
        for environment in sorted(run.environments, key=str):
            if (environment, run.endpoint_url, is_rollback) not in seen:
                yield run.run, f"the newest of {environment}" if environment else "the newest"
        seen |= {(environment, run.endpoint_url, is_rollback) for environment in run.environments}
        if not is_rollback:
            # An older rollback is neither the newest run nor one that `latest` names
            seen |= {(environment, run.endpoint_url, True) for environment in run.environments}


def _reason(run: Run | CorruptRun, retention: Retention, undone: Mapping[str, str]) -> str:
    """Return why a run is kept whatever its age, "" if it need not be."""
    if retention.incomplete:
        return ""
    if isinstance(run, CorruptRun):
        return "damaged"
    return "incomplete" if run.state == "torn" and run.run not in undone else ""


@dataclass(frozen=True, slots=True)
class RunPruning:
    """Deletes old runs: the ones that are selected, at one location."""

    folder: Path
    location: JournalLocation
    selection: RunSelection
    retention: Retention
    clock: Clock

    def plan(self) -> PrunedRunsDocument:
        """Return what would be deleted. Raises JournalError."""
        return plan_prune(self.folder, self.selection, self.retention, self.clock)

    def carry_out(self, planned: PrunedRunsDocument) -> PrunedRunsDocument:
        """Delete what was planned and still may be deleted.

        Raises Refused while a run is in progress, JournalError for a run that cannot be deleted.
        """
        holder = Holder(os.getpid(), socket.gethostname(), self.clock.now(), "runs prune")
        with locked(self.location.locks, holder):
            running = under_way(self.folder)
            if running:  # a run of another configuration that is journaled in the same folder
                raise Refused(f"run {max(running)} is in progress in {self.folder}", "wait until it has finished")
            approved = {run.run for run in planned.deleted}
            current = self.plan()
            deleted = [run for run in current.deleted if run.run in approved]
            for run in reversed(deleted):
                delete_run(self.folder, run.run)
        left = len(current.deleted) - len(deleted)
        return current.model_copy(update={"deleted": deleted, "is_done": True, "remaining": current.remaining + left})
