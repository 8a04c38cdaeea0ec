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
class _StageReturn:
    """A stage by its name, and the ids of the deployments that it served before the run and after it."""

    target: Target
    stage: str
    before: str
    after: str


def stage_returns(run: Run, connect: Connect, invocation: Invocation) -> StageReturns:
    """Return how to point the stages back that a run deployed to, or may have deployed to.

    `invocation` is the command line of the run, for the commands that are suggested. Raises Refused, Interrupted.
    """
    plan = run.plan
    stages: list[StagePlan] = []
    connections: dict[Target, Connection] = {}
    changes: list[LaterChange] = []
    diagnostics: list[Diagnostic] = []
    known = _stage_returns(run.record.deployments, plan)
    unjournaled = tuple(_unjournaled(run, known))
    for stage_return in (*known, *unjournaled):
        if stage_return.target not in connections:
            connections[stage_return.target] = connect(stage_return.target)
        reader = connections[stage_return.target].reader
        names = _names(stage_return.target, plan)
        try:
            settled = (
                _settled(stage_return, run.run, reader)
                if stage_return in unjournaled or not stage_return.after
                else stage_return
            )
            outcome = _stage_plan(settled, names, reader, invocation) if settled else None
        except Interrupted:
            raise
        except ReconcilerError as failure:
            outcome = error(failure.rule, f"{_about(stage_return, names)}: {failure.message}", failure.remedy)
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


def _unjournaled(run: Run, known: Iterable[_StageReturn]) -> Iterator[_StageReturn]:
    """Yield the due stages without a deployment in the journal: the run was killed, or an answer was lost."""
    known_stages = {(stage_return.target, stage_return.stage) for stage_return in known}
    for deployment in run.plan.deployments:
        target = _target(deployment.target, run.plan)
        if deployment.due and (target, deployment.stage) not in known_stages:
            yield _StageReturn(target, deployment.stage, deployment.serves or "", deployment.back_to or "")


def _settled(stage_return: _StageReturn, run: str, reader: Reader) -> _StageReturn | None:
    """Keep the return of a stage that still serves the run's deployment; None if it serves another one."""
    stage = reader.stage(stage_return.target, stage_return.stage)
    if stage_return.after:
        return stage_return if stage and stage.deployment_id == stage_return.after else None
    serving = reader.deployment(stage_return.target, stage.deployment_id) if stage and stage.deployment_id else None
    is_own = serving is not None and serving.description.startswith(f"{SIGNED} {run}")
    return replace(stage_return, after=serving.id) if serving and is_own else None


def _target(entry: StageTarget | DeploymentLine, plan: PlanDocument) -> Target:
    names = {(document.account_id, document.region, document.api_id): document.api_name for document in plan.targets}
    name = names.get((entry.account_id, entry.region, entry.api_id))
    return Target(entry.account_id, entry.region, entry.api_id, Kind(entry.kind), name, entry.environment)


def _stage_returns(lines: Iterable[DeploymentLine], plan: PlanDocument) -> tuple[_StageReturn, ...]:
    """Return each stage once: from the first deployment before to the last one after."""
    known: dict[tuple[Target, str], _StageReturn] = {}
    for line in lines:
        target = _target(line, plan)
        first = known.get((target, line.stage))
        before = first.before if first else line.before or ""
        known[target, line.stage] = _StageReturn(target, line.stage, before, line.after or "")
    return tuple(known.values())


def _names(target: Target, plan: PlanDocument) -> tuple[str, ...]:
    """Return the names of the manifests of an API."""
    return tuple(
        name
        for document in plan.targets
        if (document.account_id, document.region, document.api_id) == (target.account_id, target.region, target.api_id)
        for name in document.manifests
    )


def _about(stage_return: _StageReturn, names: tuple[str, ...]) -> str:
    return f"{', '.join(names)}: stage {stage_return.stage} of {stage_return.target}"


def _stage_plan(
    stage_return: _StageReturn, names: tuple[str, ...], reader: Reader, invocation: Invocation
) -> StagePlan | Diagnostic:
    about = _about(stage_return, names)
    deploy = invocation.of(stage_return.target.environment).command("deploy", "--stage", stage_return.stage)
    if not stage_return.before:
        message = f"{about} served nothing before the run, and is left as it is"
        return warning(RunRule.NOTHING_BEFORE, message, f"deploy the draft once it is restored: {deploy}")
    stage: Stage | None = reader.stage(stage_return.target, stage_return.stage)
    if reader.deployment(stage_return.target, stage_return.before) is None:
        message = f"{about} served deployment {stage_return.before} before the run, which has been deleted since"
        return error(RunRule.DEPLOYMENT_GONE, message, f"roll back without --deploy, then deploy the draft: {deploy}")
    return StagePlan(stage_return.target, names, stage_return.stage, stage, back_to=stage_return.before)


def _later_changes(stage: StagePlan, stage_return: _StageReturn) -> Iterator[LaterChange]:
    if (
        stage.live is None
        or not stage.can_deploy
        or stage.live.deployment_id in {stage_return.before, stage_return.after}
    ):
        return
    name = f"{', '.join(stage.manifests)}, {stage.target}"
    serves = stage.live.deployment_id or "(none)"
    yield LaterChange(name, f"stage {stage.name}", f"it serves deployment {serves} instead of {stage_return.after}")
