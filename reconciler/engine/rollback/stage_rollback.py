"""Return stages to the deployments that they served before a run.

A stage is changed only if it still serves what the run made it serve, unless that is forced, and if the earlier
deployment still exists. Nothing is deployed: the draft is restored separately. Where the journal does not say whether a
run deployed, the description of the served deployment does.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from reconciler.deployments import StagePlan
from reconciler.diagnostics import Diagnostic, error, warning
from reconciler.documents.parts import StageTarget
from reconciler.documents.plan import PlanDocument
from reconciler.engine.runs import Run
from reconciler.errors import Interrupted, ReconcilerError
from reconciler.guard import LaterChange
from reconciler.invocation import Invocation
from reconciler.journal.lines import DeploymentLine
from reconciler.models.stages import Stage
from reconciler.models.targets import Kind, Target
from reconciler.ports import Connection, Reader
from reconciler.rules import RunRule

Connect: TypeAlias = Callable[[Target], Connection]

SIGNED: Final = "reconciler run"
"""The beginning of the description of a run's deployment; the run's id follows."""


@dataclass(frozen=True, slots=True)
class StageReturns:
    """The stages of a run, how to reach them, and what was changed after it."""

    stages: tuple[StagePlan, ...] = ()
    connections: Mapping[Target, Connection] = field(default_factory=dict)
    changes: tuple[LaterChange, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class _Way:
    """A stage by its name, and the ids of the deployments that it served before the run and after it."""

    target: Target
    stage: str
    before: str
    after: str


def stage_returns(run: Run, connect: Connect, invocation: Invocation) -> StageReturns:
    """What is to become of the stages that a run deployed to, or may have.

    `invocation` is the command line of the run, for the commands that are suggested. Raises Refused, Interrupted.
    """
    plan = run.plan
    stages: list[StagePlan] = []
    connections: dict[Target, Connection] = {}
    changes: list[LaterChange] = []
    diagnostics: list[Diagnostic] = []
    known = _ways(run.record.deployments, plan)
    unjournaled = tuple(_unjournaled(run, known))
    for way in (*known, *unjournaled):
        if way.target not in connections:
            connections[way.target] = connect(way.target)
        reader = connections[way.target].reader
        names = _names(way.target, plan)
        try:
            settled = _settled(way, run.run, reader) if way in unjournaled or not way.after else way
            outcome = _stage_plan(settled, names, reader, invocation) if settled else None
        except Interrupted:
            raise
        except ReconcilerError as failure:
            outcome = error(failure.rule, f"{_about(way, names)}: {failure.message}", failure.remedy)
        if isinstance(outcome, Diagnostic):
            diagnostics.append(outcome)
        elif outcome and settled:
            stages.append(outcome)
            changes.extend(_later_changes(outcome, settled))
    return StageReturns(tuple(stages), connections, tuple(changes), tuple(diagnostics))


def reread_stage(plan: StagePlan, connection: Connection) -> StagePlan:
    """Read a stage again; one that cannot be read counts as deleted."""
    try:
        stage = connection.reader.stage(plan.target, plan.name)
    except Interrupted:
        raise
    except ReconcilerError:
        stage = None
    return StagePlan(plan.target, plan.manifests, plan.name, stage, back_to=plan.back_to)


def _unjournaled(run: Run, known: Iterable[_Way]) -> Iterator[_Way]:
    """Yield the due stages without a deployment in the journal: the run was killed, or an answer was lost."""
    known_stages = {(way.target, way.stage) for way in known}
    for deployment in run.plan.deployments:
        target = _target(deployment.target, run.plan)
        if deployment.due and (target, deployment.stage) not in known_stages:
            yield _Way(target, deployment.stage, deployment.serves or "", deployment.back_to or "")


def _settled(way: _Way, run: str, reader: Reader) -> _Way | None:
    """Whether the run did it, by what is served: None where that is not what the run was to let serve, or did make."""
    stage = reader.stage(way.target, way.stage)
    if way.after:
        return way if stage and stage.deployment_id == way.after else None
    serving = reader.deployment(way.target, stage.deployment_id) if stage and stage.deployment_id else None
    is_own = serving is not None and serving.description.startswith(f"{SIGNED} {run}")
    return replace(way, after=serving.id) if serving and is_own else None


def _target(entry: StageTarget | DeploymentLine, plan: PlanDocument) -> Target:
    names = {(there.account_id, there.region, there.api_id): there.api_name for there in plan.targets}
    name = names.get((entry.account_id, entry.region, entry.api_id))
    return Target(entry.account_id, entry.region, entry.api_id, Kind(entry.kind), name, entry.environment)


def _ways(lines: Iterable[DeploymentLine], plan: PlanDocument) -> tuple[_Way, ...]:
    """Return each stage once: from the first deployment before to the last one after."""
    known: dict[tuple[Target, str], _Way] = {}
    for line in lines:
        target = _target(line, plan)
        first = known.get((target, line.stage))
        before = first.before if first else line.before or ""
        known[target, line.stage] = _Way(target, line.stage, before, line.after or "")
    return tuple(known.values())


def _names(target: Target, plan: PlanDocument) -> tuple[str, ...]:
    """Return the names of the manifests of an API."""
    return tuple(
        name
        for document in plan.targets
        if (document.account_id, document.region, document.api_id) == (target.account_id, target.region, target.api_id)
        for name in document.manifests
    )


def _about(way: _Way, names: tuple[str, ...]) -> str:
    return f"{', '.join(names)}: stage {way.stage} of {way.target}"


def _stage_plan(way: _Way, names: tuple[str, ...], reader: Reader, invocation: Invocation) -> StagePlan | Diagnostic:
    about = _about(way, names)
    deploy = invocation.of(way.target.environment).command("deploy", "--stage", way.stage)
    if not way.before:
        message = f"{about} served nothing before the run, and is left as it is"
        return warning(RunRule.NOTHING_BEFORE, message, f"deploy the draft once it is restored: {deploy}")
    stage: Stage | None = reader.stage(way.target, way.stage)
    if reader.deployment(way.target, way.before) is None:
        message = f"{about} served deployment {way.before} before the run, which was deleted since"
        return error(RunRule.DEPLOYMENT_GONE, message, f"roll back without --deploy, then deploy the draft: {deploy}")
    return StagePlan(way.target, names, way.stage, stage, back_to=way.before)


def _later_changes(stage: StagePlan, way: _Way) -> Iterator[LaterChange]:
    if stage.live is None or not stage.can_deploy or stage.live.deployment_id in {way.before, way.after}:
        return
    name = f"{', '.join(stage.manifests)}, {stage.target}"
    serves = stage.live.deployment_id or "(none)"
    yield LaterChange(name, f"stage {stage.name}", f"it serves deployment {serves} instead of {way.after}")
