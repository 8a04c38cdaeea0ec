"""Stages back to the deployments that they served before a run.

Promise: a stage goes back only where it still serves what the run made it serve, unless that is forced; what it served
before has to be there still. Nothing is deployed: the draft is restored on its own account.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from reconciler.deploying import StagePlan
from reconciler.diagnostics import Diagnostic, error, warning
from reconciler.documents.shapes import PlanDocument
from reconciler.errors import Interrupted, ReconcilerError
from reconciler.guard import Refusal, Rule
from reconciler.journal.lines import DeploymentLine
from reconciler.models.stages import Stage
from reconciler.models.targets import Kind, Target
from reconciler.ports import Connection, Reader

Connect = Callable[[Target], Connection]


@dataclass(frozen=True, slots=True)
class Returns:
    """The stages of a run, how to reach them, and what stands against it."""

    stages: tuple[StagePlan, ...] = ()
    connections: Mapping[Target, Connection] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class _Way:
    """A stage by its name, with what it served before the run and what the run left."""

    target: Target
    stage: str
    before: str
    after: str


def returns(lines: Iterable[DeploymentLine], plan: PlanDocument, connect: Connect) -> Returns:
    """What is to become of the stages that a run deployed to. Raises Refused, Interrupted."""
    stages: list[StagePlan] = []
    connections: dict[Target, Connection] = {}
    refusals: list[Refusal] = []
    diagnostics: list[Diagnostic] = []
    for way in _ways(lines, plan):
        if way.target not in connections:
            connections[way.target] = connect(way.target)
        connection = connections[way.target]
        found = _found(way, _names(way.target, plan), connection.reader)
        if isinstance(found, Diagnostic):
            diagnostics.append(found)
        else:
            stages.append(found)
            refusals.extend(_refusals(found, way))
    return Returns(tuple(stages), connections, tuple(refusals), tuple(diagnostics))


def looked_again(one: StagePlan, connection: Connection) -> StagePlan:
    """The same stage as it is now; where that cannot be read, as one that is not there."""
    try:
        found = connection.reader.stage(one.target, one.name)
    except Interrupted:
        raise
    except ReconcilerError:
        found = None
    return StagePlan(one.target, one.manifests, one.name, found, back_to=one.back_to)


def _ways(lines: Iterable[DeploymentLine], plan: PlanDocument) -> Iterator[_Way]:
    """Each stage once: from the first deployment before to the last one after."""
    known: dict[tuple[Target, str], _Way] = {}
    names = {(one.account_id, one.region, one.api_id): one.api_name for one in plan.targets}
    for line in lines:
        target = Target(
            line.account_id,
            line.region,
            line.api_id,
            Kind(line.kind),
            names.get((line.account_id, line.region, line.api_id)),
            line.environment,
        )
        first = known.get((target, line.stage))
        before = first.before if first else line.before or ""
        known[target, line.stage] = _Way(target, line.stage, before, line.after or "")
    yield from known.values()


def _names(target: Target, plan: PlanDocument) -> tuple[str, ...]:
    """The manifests of an API."""
    return tuple(
        name
        for one in plan.targets
        if (one.account_id, one.region, one.api_id) == (target.account_id, target.region, target.api_id)
        for name in one.manifests
    )


def _found(way: _Way, names: tuple[str, ...], reader: Reader) -> StagePlan | Diagnostic:
    about = f"{', '.join(names)}: stage {way.stage} of {way.target}"
    if not way.before:
        message = f"{about} served nothing before the run, and stays as it is"
        return warning("nothing-before", message, "deploy the draft once it is restored: reconciler deploy")
    try:
        stage: Stage | None = reader.stage(way.target, way.stage)
        is_there = reader.deployment(way.target, way.before) is not None
    except Interrupted:
        raise
    except ReconcilerError as failure:
        return error(failure.rule, f"{about}: {failure.message}", failure.remedy)
    if not is_there:
        message = f"{about} served deployment {way.before} before the run, and that is gone"
        return error("deployment-gone", message, "roll back without --deploy, then deploy the draft: reconciler deploy")
    return StagePlan(way.target, names, way.stage, stage, back_to=way.before)


def _refusals(one: StagePlan, way: _Way) -> Iterator[Refusal]:
    if one.found is None or not one.can_deploy or one.found.deployment_id in {way.before, way.after}:
        return
    name = f"{', '.join(one.manifests)}, {one.target}"
    message = (
        f"stage {one.name} serves deployment {one.found.deployment_id or '(none)'} by now, not {way.after}, "
        "which the run made; going back would undo that"
    )
    yield Refusal(Rule.CHANGED_SINCE, name, message)
