"""runs: the runs in a journal, and what became of them.

Read-only and offline. A damaged journal of one run does not affect the others. What a run touched is also known for one
that was killed: the actions with an outcome, and those that were sent and have none. (Versions that did not journal
what they sent: the first action of each API without an outcome, which may have been under way.)
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from reconciler.documents.plan import ActionDocument
from reconciler.errors import ExitCode, JournalError, ReconcilerError, Refused, UsageError, nothing_written
from reconciler.invocation import Invocation
from reconciler.journal import OutcomeLine, Recorded, SentLine, find, recorded, run_ids, under_way

LATEST: Final = "latest"
ALL: Final = "all"

State: TypeAlias = Literal["ok", "failed", "interrupted", "torn"]

_SENT: Final = frozenset({"applied", "failed", "unknown"})
"""Outcomes of actions that changed something, or may have; a skipped one was done by others."""

_DONE: Final = frozenset({"applied", "skipped"})

_SENT_LAST: Final = "the run ended during this call, which may have taken effect"
_UNDER_WAY: Final = "the run ended before this was known: it may have been under way"


@dataclass(frozen=True, slots=True)
class Run:
    """A run: the record in its folder, and its plan."""

    record: Recorded
    plan: PlanDocument

    @property
    def run(self) -> str:
        """Its id."""
        return self.record.run

    @property
    def environments(self) -> frozenset[str | None]:
        """Its environments; None where its configuration has none."""
        return frozenset(target.environment for target in self.plan.targets)

    @property
    def endpoint_url(self) -> str | None:
        """The endpoint that it used instead of AWS; None for AWS."""
        return self.record.begin.endpoint_url

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
        """The actions that changed something, or may have, in the plan's order."""
        return tuple(action for action, document in self._outcomes() if document.outcome in _SENT)

    @property
    def stages(self) -> tuple[str, ...]:
        """The names of the stages that it made serve another deployment."""
        return tuple(dict.fromkeys(line.stage for line in self.record.deployments))

    @property
    def outcomes(self) -> tuple[OutcomeDocument, ...]:
        """The outcome of every action, in the plan's order."""
        return tuple(document for _, document in self._outcomes())

    def _outcomes(self) -> Iterator[tuple[ActionDocument, OutcomeDocument]]:
        known = {line.id: line for line in self.record.outcomes}
        under_way = self._under_way(known)
        for action in self.plan.actions:
            line = known.get(action.id)
            if line:
                outcome, detail = line.outcome, line.detail
            elif action.id in under_way:
                outcome, detail = "unknown", _SENT_LAST if self.record.begin.marks_sent else _UNDER_WAY
            else:
                outcome, detail = "not-run", ""
            yield action, OutcomeDocument(id=action.id, address=action.address, outcome=outcome, detail=detail)

    def _under_way(self, known: Mapping[str, object]) -> Collection[str]:
        """Return the actions that may have been under way when the run was killed; none for a run with an end."""
        if self.record.end:
            return ()
        if self.record.begin.marks_sent:
            return {line.id for line in self.record.sent}.difference(known)
        return {action.id for action in self._first_unknown(known)}

    def _first_unknown(self, known: Mapping[str, object]) -> Iterable[ActionDocument]:
        """Return the first action of each API without an outcome."""
        firsts: dict[TargetId, ActionDocument] = {}
        for action in self.plan.actions:
            if action.id not in known:
                firsts.setdefault(target_id(action.target), action)
        return firsts.values()


@dataclass(frozen=True, slots=True)
class CorruptRun:
    """A run whose journal cannot be read, and why."""

    run: str
    failure: ReconcilerError


def load_run(folder: Path, run: str) -> Run:
    """Load a run by its id. Raises JournalError."""
    record = recorded(folder, run)
    try:
        plan = planfile.understood(record.plan, str(record.plan_file))
    except ReconcilerError as failure:
        raise JournalError(f"{failure.message}: run {run} cannot be read", _COPY) from failure
    ids = {action.id for action in plan.actions}
    apis = {target_id(target) for target in plan.targets}
    if len(ids) < len(plan.actions) or any(target_id(action.target) not in apis for action in plan.actions):
        raise JournalError(f"{record.plan_file}: this is not the plan of a run", _COPY)
    _check_ids(record, record.sent, ids, "a second call of")
    _check_ids(record, record.outcomes, ids, "a second outcome of")
    return Run(record, plan)


def _check_ids(record: Recorded, lines: Iterable[SentLine | OutcomeLine], ids: Collection[str], again: str) -> None:
    """Check that every line is about an action of the plan, and no two about the same one. Raises JournalError."""
    seen = set[str]()
    for line in lines:
        if line.id not in ids or line.id in seen:
            what = again if line.id in seen else "there is no"
            raise JournalError(f"{record.place(line)}: {what} action {line.id}", _COPY)
        seen.add(line.id)


_COPY: Final = "restore the folder from a copy, or make a plan of the manifests to see what AWS holds"


def runs(folder: Path, after: str = "") -> tuple[Run | CorruptRun, ...]:
    """Return all runs after one, newest first. Raises JournalError when the folder cannot be read."""
    return tuple(_any_run(folder, run) for run in run_ids(folder) if run > after)


def _any_run(folder: Path, run: str) -> Run | CorruptRun:
    try:
        return load_run(folder, run)
    except ReconcilerError as failure:
        return CorruptRun(run, failure)


@dataclass(frozen=True, slots=True)
class RunSelection:
    """The runs that a command is about.

    `environments`: their names, `all` for any; none where nobody chose. `endpoint_url` gives the endpoint that the
    command itself uses, None for AWS. `verb` and `invocation` are the command, for others to be suggested.
    """

    environments: tuple[str, ...] = ()
    endpoint_url: Callable[[], str | None] = lambda: None
    verb: str = "runs"
    invocation: Invocation = field(default_factory=Invocation)

    @property
    def is_open(self) -> bool:
        """Whether every environment is selected."""
        return not self.environments or ALL in self.environments

    def covers(self, run: Run) -> bool:
        """Whether a run has one of the environments."""
        return self.is_open or not run.environments.isdisjoint(self.environments)

    def check_whole(self, run: Run) -> None:
        """Raise Refused for a run that has other environments as well."""
        others = set() if self.is_open else run.environments.difference(self.environments)
        if others:
            message = f"run {run.run} was for {_named(others)} too, which --env does not select"
            with nothing_written():
                raise Refused(message, f"to undo all of it: {self.command(run.run, run.environments)}")

    def command(self, run: str, environments: Iterable[str | None]) -> str:
        """Return the same command for a run of these environments, or the latest one."""
        return replace(self.invocation, environments=sorted(filter(None, environments))).command(self.verb, run)


def find_run(folder: Path, name: str, choice: RunSelection | None = None) -> Run:
    """Find the run with this id or unique prefix, or the `latest`.

    That is the newest one that is no rollback, of the environments that are chosen, whose calls went where those of the
    command go. Raises JournalError, and UsageError where there is no such run, and where nobody chose an environment
    and the runs are of different ones.
    """
    choice = choice or RunSelection()
    if name == LATEST:
        return _latest(folder, choice)
    run = load_run(folder, find(folder, name))
    if not choice.covers(run):
        message = f"run {run.run} was for {_named(run.environments)}, not for {_named(choice.environments)}"
        raise UsageError(message, "omit --env, or name another run")
    return run


def _latest(folder: Path, choice: RunSelection) -> Run:
    all_runs = [run for run in runs(folder) if isinstance(run, CorruptRun) or not run.record.begin.rolls_back]
    marked = any(isinstance(run, Run) and run.endpoint_url for run in all_runs)
    endpoint = choice.endpoint_url() if marked else None
    candidates = [run for run in all_runs if isinstance(run, CorruptRun) or run.endpoint_url == endpoint]
    usable = [run for run in candidates if isinstance(run, Run)]
    _check_chosen(folder, usable, choice)
    for run in candidates:
        if isinstance(run, CorruptRun):
            raise run.failure  # it may be the latest
        if choice.covers(run):
            return run
    raise _no_latest(folder, all_runs, usable, choice, endpoint)


def _check_chosen(folder: Path, usable: Iterable[Run], choice: RunSelection) -> None:
    kinds = {run.environments for run in usable}
    if choice.environments or len(kinds) <= 1:
        return
    every = frozenset[str | None]().union(*kinds)
    commands = [choice.command(LATEST, [name]) for name in sorted(filter(None, every))]
    message = f"the runs in {folder} are for different environments ({_named(every)}), so latest is ambiguous"
    raise UsageError(message, f"choose one: {' or '.join(commands)}")


def _no_latest(
    folder: Path,
    all_runs: Iterable[Run | CorruptRun],
    usable: Sequence[Run],
    choice: RunSelection,
    endpoint: str | None,
) -> UsageError:
    if usable:
        every = frozenset[str | None]().union(*(run.environments for run in usable))
        message = f"no run in {folder} was for {_named(choice.environments)}"
        return UsageError(message, f"there are runs for {_named(every)}")
    endpoints = sorted({run.endpoint_url or "AWS" for run in all_runs if isinstance(run, Run)})
    if not endpoints:
        return UsageError(f"there is no run in {folder}", "--journal DIR names another folder")
    message = f"no run in {folder} was on {endpoint or 'AWS'}, only on {', '.join(endpoints)}"
    listing = choice.invocation.command("runs")
    return UsageError(message, f"name a run by its id (to list them: {listing}), or choose its --endpoint-url")


def _named(environments: Iterable[str | None]) -> str:
    return ", ".join(sorted(environment or "no environment" for environment in environments))


def later_runs(run: Run) -> tuple[Run, ...]:
    """Return the runs after it on the same endpoint, oldest first, without damaged ones."""
    all_runs = runs(run.record.folder.parent, after=run.run)
    return tuple(
        other for other in reversed(all_runs) if isinstance(other, Run) and other.endpoint_url == run.endpoint_url
    )


def runs_document(folder: Path, choice: RunSelection | None = None, most: int | None = None) -> RunsDocument:
    """Return the list of the selected runs, with every damaged one: its environment is unknown.

    `most`: older runs than so many are neither listed nor read.
    """
    choice = choice or RunSelection()
    running = under_way(folder)  # before their journals are read: what ends meanwhile has its end in there
    ids = run_ids(folder)
    read: list[Run | CorruptRun] = []
    listed: list[Run | CorruptRun] = []
    for run_id in ids:
        if most is not None and len(listed) >= most:
            break
        run = _any_run(folder, run_id)
        read.append(run)
        listed += [run] if isinstance(run, CorruptRun) or choice.covers(run) else []
    undone = rolled_back(read)  # a run is rolled back by newer ones only
    return RunsDocument(
        format_version=FORMAT_VERSION,
        kind="Runs",
        tool_version=__version__,
        folder=str(folder),
        runs=[run_document(run, undone, running) for run in listed],
        omitted=len(ids) - len(read),
    )


def one_run_document(folder: Path, name: str, choice: RunSelection | None = None) -> OneRunDocument:
    """Return one run in full. Raises UsageError, JournalError."""
    running = under_way(folder)
    run = find_run(folder, name, choice)
    return OneRunDocument(
        format_version=FORMAT_VERSION,
        kind="Run",
        tool_version=__version__,
        run=run_document(run, rolled_back(runs(folder)), running),
        plan=run.plan,
        outcomes=list(run.outcomes),
        deployments=[DeploymentDocument(**line.model_dump(exclude={"line", "at"})) for line in run.record.deployments],
    )


def has_deployed(run: OneRunDocument) -> bool:
    """Whether a run deployed, or was killed or left when it may have: after all of its writes."""
    was_written = all(document.outcome in _DONE for document in run.outcomes)
    may_have = run.run.state == "torn" or (run.run.state == "interrupted" and was_written)
    return bool(run.deployments) or (may_have and any(stage.due for stage in run.plan.deployments))


def rolled_back(all_runs: Iterable[Run | CorruptRun]) -> Mapping[str, str]:
    """Return run -> the last run that rolled it back completely."""
    undone: dict[str, str] = {}
    for run in all_runs:
        if isinstance(run, Run) and run.state == "ok" and run.record.begin.rolls_back:
            undone.setdefault(run.record.begin.rolls_back, run.run)
    return undone


def run_document(run: Run | CorruptRun, undone: Mapping[str, str], running: Collection[str]) -> RunDocument:
    """Return a run for programs; `undone` is what `rolled_back` returns, `running` are the runs in progress."""
    if isinstance(run, CorruptRun):
        return RunDocument(
            run=run.run,
            command=None,
            started_at=None,
            ended_at=None,
            state="damaged",
            rolls_back=None,
            rolled_back_by=None,
            endpoint_url=None,
            targets=[],
            summary=None,
            deployed=0,
            is_cut_off=False,
            problem=run.failure.message,
        )
    record = run.record
    return RunDocument(
        run=run.run,
        command=record.begin.command,
        started_at=record.begin.at,
        ended_at=record.end.at if record.end else None,
        state="running" if run.state == "torn" and run.run in running else run.state,
        rolls_back=record.begin.rolls_back,
        rolled_back_by=undone.get(run.run),
        endpoint_url=run.endpoint_url,
        targets=run.plan.targets,
        summary=outcome_counts(run.outcomes),
        deployed=len(record.deployments),
        is_cut_off=record.is_cut_off,
        problem=None,
        actor=record.begin.actor,
        principals=list(record.begin.principals),
        commit=record.begin.commit,
        job=record.begin.job,
    )
