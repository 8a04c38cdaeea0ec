"""Plan the deployments to the stages of a run.

Nothing is written. A stage that cannot be read is a `ReadFailure` that names its manifests. What a stage of a REST API
serves comes from its export, and who may call it from its deployment. AWS shows nothing of what a stage of a WebSocket
API serves, so the description of the deployment carries a fingerprint (`reconciler.deployments.fingerprint`). Models,
request validators and gateway responses of a draft are read once for all stages of an API, and only where they are
compared (`with_definitions`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from reconciler.deployments import (
    StagePlan,
    Uncompared,
    UnexportedChanges,
    as_planned,
    not_compared,
    not_exported,
    undeployed,
    websocket_items,
)
from reconciler.diagnostics import Diagnostic, Location, warning
from reconciler.engine.load.request import Request
from reconciler.engine.read.connect import ReadFailure, target_failure
from reconciler.engine.read.read import TargetState
from reconciler.errors import Interrupted, ReconcilerError, UsageError
from reconciler.models.desired import Desired
from reconciler.models.live import LiveApi
from reconciler.models.stages import Deployment, Stage
from reconciler.models.targets import Kind, Target
from reconciler.parallel import in_parallel
from reconciler.plan import TargetPlan
from reconciler.ports import Reader
from reconciler.rules import RunRule

__all__ = [
    "ServedState",
    "StageStates",
    "not_compared_warnings",
    "plan_stages",
    "read_served",
    "read_stage",
    "require_stages",
    "stage_plan",
    "target_stages",
    "with_definitions",
]

_DECLARE: Final = "add `deploy: {stages: [prod]}` to the spec of the manifests, or pass --stage NAME"


@dataclass(frozen=True, slots=True)
class ServedState:
    """A stage and what it serves, as far as it is known.

    `stage` None: the API has no stage of that name. `live` is what a REST API serves there, None if it was not read.
    `deployment` is the one that is served, None for none.
    """

    name: str
    stage: Stage | None
    live: LiveApi | None = None
    deployment: Deployment | None = None


@dataclass(frozen=True, slots=True)
class StageStates:
    """The planned deployments to all stages of a run, and what could not be read or compared."""

    stages: tuple[StagePlan, ...] = ()
    unread: tuple[ReadFailure, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


_Outcome: TypeAlias = StagePlan | ReadFailure


def target_stages(desired: Desired, names: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the stages of an API, each once: the given ones, else those that its manifests declare."""
    return tuple(dict.fromkeys(names or (stage for ref in desired.manifests for stage in ref.stages)))


def require_stages(desireds: Iterable[Desired], request: Request) -> None:
    """Raise UsageError if there is no stage at all to deploy to."""
    if not any(target_stages(desired, request.stages) for desired in desireds):
        raise UsageError("no manifest declares a stage to deploy to", _DECLARE)


def plan_stages(states: Sequence[TargetState], plans: Sequence[TargetPlan], request: Request) -> StageStates:
    """Plan a deployment to each stage, for the time when the plans are applied. Raises Interrupted."""
    selected = [
        (state, plan, target_stages(state.desired, request.stages))
        for state, plan in zip(states, plans, strict=True)
        if state.is_selected
    ]
    staged = [(state, plan, names) for state, plan, names in selected if names]
    planned = in_parallel(lambda job: _stage_plans(*job), staged, request.parallelism)
    outcomes = [outcome for of_target in planned for outcome in of_target]
    stages = tuple(outcome for outcome in outcomes if isinstance(outcome, StagePlan))
    unread = tuple(outcome for outcome in outcomes if isinstance(outcome, ReadFailure))
    without_stage = (_no_stage(state) for state, _, names in selected if not names)
    return StageStates(stages, unread, (*without_stage, *(problem for stage in stages for problem in _warnings(stage))))


def _stage_plans(state: TargetState, plan: TargetPlan, names: Sequence[str]) -> list[_Outcome]:
    defined = with_definitions(state)
    return [defined] if isinstance(defined, ReadFailure) else [stage_plan(defined, plan, name) for name in names]


def with_definitions(state: TargetState) -> TargetState | ReadFailure:
    """Read the definitions of the draft too, if deployments of its kind can be compared. Raises Interrupted."""
    target = state.live.target
    if target.kind is not Kind.REST_API:
        return state
    try:
        definitions = state.connection.reader.definitions(target)
    except Interrupted:
        raise
    except ReconcilerError as failure:
        return target_failure([state.desired], failure, target)
    return replace(state, live=replace(state.live, definitions=definitions))


def _no_stage(state: TargetState) -> Diagnostic:
    ref = state.desired.manifests[0]
    environment = state.live.target.environment
    place = f" ({environment})" if environment else ""
    message = f"{ref.name}{place} declares no stage to deploy to; its changes stay in the draft"
    return warning(RunRule.NO_STAGE, message, _DECLARE, ref.location)


def _warnings(stage: StagePlan) -> Iterator[Diagnostic]:
    place = f" ({stage.target.environment}, {stage.target.region})" if stage.target.environment else ""
    name = f"{', '.join(stage.manifests)}{place}: stage {stage.name}"
    if stage.live is not None and stage.live.auto_deploys:
        last = f"; AWS reports for the last deployment: {stage.live.message}" if stage.live.message else ""
        message = f"{name} deploys every change automatically, so there is nothing to deploy{last}"
        yield warning(RunRule.AUTO_DEPLOY, message, "it serves each write immediately")
    elif stage.can_deploy and not stage.is_known:
        message = f"{name}: what it serves is unknown, so the deployment may publish more than is shown"
        remedy = "AWS does not show it for WebSocket APIs; it is known after the next deployment with reconciler"
        yield warning(RunRule.DEPLOYED_UNKNOWN, message, remedy)
    yield from not_compared_warnings(name, stage.not_compared)


_SEE_LIMITS: Final = "a deployment publishes it as it is in the draft; the README lists what cannot be compared"
_FREE_THE_KEY: Final = "give the response with the pattern `default` another one, such as `'[d]efault'`"


def not_compared_warnings(
    name: str, uncompared: Iterable[Uncompared], location: Location | None = None
) -> Iterator[Diagnostic]:
    """Warn of what cannot be compared at a stage; `name` identifies the stage."""
    for part in uncompared:
        remedy = _FREE_THE_KEY if part.scope and part.what.endswith("responses") else _SEE_LIMITS
        yield warning(RunRule.NOT_COMPARED, f"{name}: cannot be compared: {part}", remedy, location)


def stage_plan(
    state: TargetState, plan: TargetPlan, name: str, known_not_exported: UnexportedChanges | None = None
) -> _Outcome:
    """Plan a deployment to one stage, for the time when the plan is applied; `state` is from `with_definitions`.

    `known_not_exported`: fields that no export shows and that were written before; None: those that the plan writes.
    """
    try:
        served = read_stage(state.connection.reader, plan.target, name, skip_canary=True)
    except Interrupted:
        raise
    except ReconcilerError as failure:
        return target_failure([state.desired], failure, plan.target)
    manifests = tuple(ref.name for ref in state.desired.manifests)
    stage = StagePlan(plan.target, manifests, name, served.stage)
    if not stage.can_deploy:
        return stage
    draft = replace(as_planned(plan.live, plan.actions), definitions=state.live.definitions)
    if served.live is not None:
        access = served.deployment.access if served.deployment else None
        of_plan = not_exported(plan.live, draft, plan.actions) if known_not_exported is None else known_not_exported
        changes = undeployed(served.live, draft, state.declared, access, state.request.awaited, of_plan)
        return replace(stage, items=changes, not_compared=not_compared(served.live, draft))
    items = websocket_items(served.deployment, draft, state.declared)
    return replace(stage, items=items or (), is_known=items is not None)


def read_stage(reader: Reader, target: Target, name: str, *, skip_canary: bool = False) -> ServedState:
    """Read a stage and what it serves. Raises AwsError.

    `skip_canary`: what a stage with a canary serves is not read.
    """
    stage = reader.stage(target, name)
    if stage is None or (skip_canary and stage.has_canary):
        return ServedState(name, stage)
    return read_served(reader, target, stage)


def read_served(reader: Reader, target: Target, stage: Stage) -> ServedState:
    """Read what a known stage serves. Raises AwsError."""
    name = stage.name
    deployment = reader.deployment(target, stage.deployment_id) if stage.deployment_id else None
    live = reader.deployed(target, name) if target.kind is Kind.REST_API else None
    return ServedState(name, stage, live, deployment)
