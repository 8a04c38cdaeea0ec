"""runs: what the journal says of the runs so far.

Promise: read-only, offline. A run whose journal is damaged spoils no other one's. What a run touched is known also of
one that was killed: the actions with an outcome, and of each API the first without one, which may have been under way.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from reconciler import __version__, planfile
from reconciler.documents import (
    FORMAT_VERSION,
    DeploymentDocument,
    OneRunDocument,
    OutcomeDocument,
    PlanDocument,
    RunDocument,
    RunsDocument,
    outcome_counts,
)
from reconciler.documents.canonical import TargetId, target_id
from reconciler.documents.shapes import ActionDocument
from reconciler.errors import ExitCode, JournalError, ReconcilerError, UsageError
from reconciler.journal import Recorded, find, recorded, run_ids, under_way

LATEST: Final = "latest"

State: TypeAlias = Literal["ok", "failed", "interrupted", "torn"]

_SENT: Final = frozenset({"applied", "failed", "unknown"})
"""Outcomes of actions that did or may have done something; what was skipped was so by somebody else's hand."""

_UNDER_WAY: Final = "the run ended before this was known: it may have been under way"


@dataclass(frozen=True, slots=True)
class Run:
    """A run: what its folder says, and its plan."""

    record: Recorded
    plan: PlanDocument

    @property
    def run(self) -> str:
        """Its id."""
        return self.record.run

    @property
    def state(self) -> State:
        """How it ended."""
        end = self.record.end
        if end is None:
            return "torn"
        if end.exit_code == ExitCode.INTERRUPTED:
            return "interrupted"
        return "ok" if end.exit_code == ExitCode.OK else "failed"

    @property
    def touched(self) -> tuple[ActionDocument, ...]:
        """The actions that were, or may have been, carried out, in the plan's order."""
        return tuple(action for action, became in self._became() if became.outcome in _SENT)

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that it made serve another deployment, by their names."""
        return tuple(dict.fromkeys(line.stage for line in self.record.deployments))

    @property
    def outcomes(self) -> tuple[OutcomeDocument, ...]:
        """What became of every action, in the plan's order."""
        return tuple(became for _, became in self._became())

    def _became(self) -> Iterator[tuple[ActionDocument, OutcomeDocument]]:
        known = {line.id: line for line in self.record.outcomes}
        under_way = set() if self.record.end else {one.id for one in self._first_unknown(known)}
        for action in self.plan.actions:
            line = known.get(action.id)
            if line:
                became, detail = line.outcome, line.detail
            elif action.id in under_way:
                became, detail = "unknown", _UNDER_WAY
            else:
                became, detail = "not-run", ""
            yield action, OutcomeDocument(id=action.id, address=action.address, outcome=became, detail=detail)

    def _first_unknown(self, known: Mapping[str, object]) -> Iterable[ActionDocument]:
        """Of each API the first action without an outcome."""
        firsts: dict[TargetId, ActionDocument] = {}
        for action in self.plan.actions:
            if action.id not in known:
                firsts.setdefault(target_id(action.target), action)
        return firsts.values()


@dataclass(frozen=True, slots=True)
class Damaged:
    """A run whose journal cannot be used, and why."""

    run: str
    failure: ReconcilerError


def load_run(folder: Path, run: str) -> Run:
    """A run by its id. Raises JournalError."""
    record = recorded(folder, run)
    try:
        plan = planfile.understood(record.plan, str(record.plan_file))
    except ReconcilerError as failure:
        raise JournalError(f"{failure.message}: run {run} cannot be read", _COPY) from failure
    ids, seen = {action.id for action in plan.actions}, set[str]()
    apis = {target_id(target) for target in plan.targets}
    if len(ids) < len(plan.actions) or any(target_id(action.target) not in apis for action in plan.actions):
        raise JournalError(f"{record.plan_file}: this is not the plan of a run", _COPY)
    for line in record.outcomes:
        if line.id not in ids or line.id in seen:
            what = "a second outcome of" if line.id in seen else "there is no"
            raise JournalError(f"{record.place(line)}: {what} action {line.id}", _COPY)
        seen.add(line.id)
    return Run(record, plan)


_COPY: Final = "restore the folder from a copy, or make a plan of the manifests to see what AWS holds"


def runs(folder: Path, after: str = "") -> tuple[Run | Damaged, ...]:
    """All runs after one, newest first. Raises JournalError when the folder cannot be read."""
    return tuple(_any_run(folder, run) for run in run_ids(folder) if run > after)


def _any_run(folder: Path, run: str) -> Run | Damaged:
    try:
        return load_run(folder, run)
    except ReconcilerError as failure:
        return Damaged(run, failure)


def asked_for(folder: Path, name: str) -> Run:
    """The run of this id, unique prefix, or the `latest` that is no rollback. Raises UsageError, JournalError."""
    if name != LATEST:
        return load_run(folder, find(folder, name))
    for run in run_ids(folder):
        found = load_run(folder, run)
        if not found.record.begin.rolls_back:
            return found
    raise UsageError(f"there is no run in {folder}", "--journal DIR names another folder")


def later_runs(run: Run) -> tuple[Run, ...]:
    """The runs after it, oldest first; those whose journal is damaged are passed over, of which `runs` tells."""
    found = runs(run.record.folder.parent, after=run.run)
    return tuple(one for one in reversed(found) if isinstance(one, Run))


def runs_document(folder: Path) -> RunsDocument:
    """The list."""
    running = under_way(folder)  # before their journals are read: what ends meanwhile has its end in there
    found = runs(folder)
    undone = _rolled_back(found)
    return RunsDocument(
        format_version=FORMAT_VERSION,
        kind="Runs",
        tool_version=__version__,
        folder=str(folder),
        runs=[_document(one, undone, running) for one in found],
    )


def one_run_document(folder: Path, name: str) -> OneRunDocument:
    """One run in full. Raises UsageError, JournalError."""
    running = under_way(folder)
    run = asked_for(folder, name)
    return OneRunDocument(
        format_version=FORMAT_VERSION,
        kind="Run",
        tool_version=__version__,
        run=_document(run, _rolled_back(runs(folder)), running),
        plan=run.plan,
        outcomes=list(run.outcomes),
        deployments=[DeploymentDocument(**line.model_dump(exclude={"line", "at"})) for line in run.record.deployments],
    )


def has_deployed(one: OneRunDocument) -> bool:
    """Whether a run deployed, or was killed when it may have."""
    return bool(one.deployments) or (one.run.state == "torn" and any(stage.due for stage in one.plan.deployments))


def _rolled_back(found: Iterable[Run | Damaged]) -> Mapping[str, str]:
    """Run -> the last one that rolled it back to its end."""
    undone: dict[str, str] = {}
    for one in found:
        if isinstance(one, Run) and one.state == "ok" and one.record.begin.rolls_back:
            undone.setdefault(one.record.begin.rolls_back, one.run)
    return undone


def _document(one: Run | Damaged, undone: Mapping[str, str], running: Collection[str]) -> RunDocument:
    if isinstance(one, Damaged):
        return RunDocument(
            run=one.run,
            command=None,
            started_at=None,
            ended_at=None,
            state="damaged",
            rolls_back=None,
            rolled_back_by=None,
            targets=[],
            summary=None,
            deployed=0,
            is_cut_off=False,
            problem=one.failure.message,
        )
    record = one.record
    return RunDocument(
        run=one.run,
        command=record.begin.command,
        started_at=record.begin.at,
        ended_at=record.end.at if record.end else None,
        state="running" if one.state == "torn" and one.run in running else one.state,
        rolls_back=record.begin.rolls_back,
        rolled_back_by=undone.get(one.run),
        targets=one.plan.targets,
        summary=outcome_counts(one.outcomes),
        deployed=len(record.deployments),
        is_cut_off=record.is_cut_off,
        problem=None,
    )
