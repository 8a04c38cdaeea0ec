"""The stages that a run is about, and what they serve.

Promise: reads only. A stage that cannot be read is a value (`ReadFailure`) that names its manifests. What a stage of a
REST API serves is read out of its export, and who may call it out of its deployment; of a WebSocket API AWS shows
nothing, so that the deployment's description has to tell (`reconciler.deployments.fingerprint`). Models, request
validators and gateway responses of a draft are read once for all stages of an API, and only where they are compared
(`defined`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from reconciler.deployments import (
    StagePlan,
    Uncompared,
    Unseen,
    as_planned,
    undeployed,
    unseen,
    untold,
    websocket_items,
)
from reconciler.diagnostics import Diagnostic, Location, warning
from reconciler.engine.load.request import Request
from reconciler.engine.read.connect import ReadFailure, unread
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
    "Served",
    "StageStates",
    "check_declared",
    "declared_stages",
    "defined",
    "not_compared",
    "read_stage",
    "stage_plan",
    "survey",
]

_DECLARE: Final = "add `deploy: {stages: [prod]}` to the spec of the manifests, or give --stage"


@dataclass(frozen=True, slots=True)
class Served:
    """A stage and what is known of what it serves.

    `stage` None: the API has none of that name. `live` is what is served (REST), None where it was not read.
    `deployment` is the one that is served, None for none.
    """

    name: str
    stage: Stage | None
    live: LiveApi | None = None
    deployment: Deployment | None = None


@dataclass(frozen=True, slots=True)
class StageStates:
    """What deployments to all stages of a run would publish, and what stands in the way of knowing it."""

    stages: tuple[StagePlan, ...] = ()
    unread: tuple[ReadFailure, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


_Found: TypeAlias = StagePlan | ReadFailure


def declared_stages(desired: Desired, given: Sequence[str] = ()) -> tuple[str, ...]:
    """The stages of an API: those that are given, else those that its manifests declare, each once."""
    return tuple(dict.fromkeys(given or (stage for ref in desired.manifests for stage in ref.stages)))


def check_declared(desireds: Iterable[Desired], request: Request) -> None:
    """Raises UsageError where there is no stage at all to deploy to."""
    if not any(declared_stages(desired, request.stages) for desired in desireds):
        raise UsageError("no manifest declares a stage to deploy to", _DECLARE)


def survey(reads: Sequence[TargetState], plans: Sequence[TargetPlan], request: Request) -> StageStates:
    """What a deployment to each stage would publish once the plans are carried out. Raises Interrupted."""
    every = [
        (read, one, declared_stages(read.desired, request.stages))
        for read, one in zip(reads, plans, strict=True)
        if read.is_selected
    ]
    due = [one for one in every if one[2]]
    found = [one for each in in_parallel(lambda one: _stage_plans(*one), due, request.parallelism) for one in each]
    stages = tuple(one for one in found if isinstance(one, StagePlan))
    lost = tuple(one for one in found if isinstance(one, ReadFailure))
    nowhere = (read for read in reads if read.is_selected and not declared_stages(read.desired, request.stages))
    told = (*map(_nowhere, nowhere), *(said for stage in stages for said in _remarks(stage)))
    return StageStates(stages, lost, told)


def _stage_plans(read: TargetState, one: TargetPlan, names: Sequence[str]) -> list[_Found]:
    whole = defined(read)
    return [whole] if isinstance(whole, ReadFailure) else [stage_plan(whole, one, name) for name in names]


def defined(read: TargetState) -> TargetState | ReadFailure:
    """The API with the definitions of its draft, if deployments of its kind can be compared. Raises Interrupted."""
    target = read.live.target
    if target.kind is not Kind.REST_API:
        return read
    try:
        definitions = read.connection.reader.definitions(target)
    except Interrupted:
        raise
    except ReconcilerError as failure:
        return unread([read.desired], failure, target.environment)
    return replace(read, live=replace(read.live, definitions=definitions))


def _nowhere(read: TargetState) -> Diagnostic:
    ref = read.desired.manifests[0]
    environment = read.live.target.environment
    where = f" ({environment})" if environment else ""
    return warning(
        RunRule.NO_STAGE, f"{ref.name}{where} declares no stage to deploy to: it stays a draft", _DECLARE, ref.location
    )


def _remarks(one: StagePlan) -> Iterator[Diagnostic]:
    where = f" ({one.target.environment}, {one.target.region})" if one.target.environment else ""
    name = f"{', '.join(one.manifests)}{where}: stage {one.name}"
    if one.found is not None and one.found.auto_deploys:
        last = f"; AWS says of the last time: {one.found.message}" if one.found.message else ""
        message = f"{name} deploys every change by itself, so there is nothing to deploy{last}"
        yield warning(RunRule.AUTO_DEPLOY, message, "it serves each write as soon as it is made")
    elif one.can_deploy and not one.is_known:
        message = f"{name}: what it serves cannot be told, so more may be published than is shown"
        remedy = "AWS shows it of no WebSocket API; it is known again after the next deployment from here"
        yield warning(RunRule.DEPLOYED_UNKNOWN, message, remedy)
    yield from not_compared(name, one.untold)


_SEE_LIMITS: Final = "a deployment publishes it as it is in the draft; the README lists what cannot be compared"
_FREE_THE_KEY: Final = "give the response with the pattern `default` another one, such as `'[d]efault'`"


def not_compared(name: str, untold: Iterable[Uncompared], location: Location | None = None) -> Iterator[Diagnostic]:
    """What cannot be compared at a stage; `name` says which one."""
    for one in untold:
        remedy = _FREE_THE_KEY if one.scope and one.what.endswith("responses") else _SEE_LIMITS
        yield warning(RunRule.NOT_COMPARED, f"{name}: cannot be compared: {one}", remedy, location)


def stage_plan(read: TargetState, one: TargetPlan, name: str, known_unseen: Unseen | None = None) -> _Found:
    """What a deployment to one stage would publish once the plan is carried out; `read` is as `defined` gives it.

    `known_unseen`: of what no export tells, this was written before, None for what the plan writes of it.
    """
    try:
        served = read_stage(read.connection.reader, one.target, name, skip_canary=True)
    except Interrupted:
        raise
    except ReconcilerError as failure:
        return unread([read.desired], failure, one.target.environment)
    manifests = tuple(ref.name for ref in read.desired.manifests)
    known = StagePlan(one.target, manifests, name, served.stage)
    if not known.can_deploy:
        return known
    draft = replace(as_planned(one.live, one.actions), definitions=read.live.definitions)
    if served.live is not None:
        access = served.deployment.access if served.deployment else None
        of_plan = unseen(one.live, draft, one.actions) if known_unseen is None else known_unseen
        found = undeployed(served.live, draft, read.declared, access, read.aim.awaited, of_plan)
        return replace(known, items=found, untold=untold(served.live, draft))
    items = websocket_items(served.deployment, draft, read.declared)
    return replace(known, items=items or (), is_known=items is not None)


def read_stage(reader: Reader, target: Target, name: str, *, skip_canary: bool = False) -> Served:
    """A stage, and what it serves. `skip_canary`: of one with a canary, that is enough. Raises AwsError."""
    stage = reader.stage(target, name)
    if stage is None or (skip_canary and stage.has_canary):
        return Served(name, stage)
    deployment = reader.deployment(target, stage.deployment_id) if stage.deployment_id else None
    live = reader.deployed(target, name) if target.kind is Kind.REST_API else None
    return Served(name, stage, live, deployment)
