"""Compare what stages serve with the manifests and with the drafts.

Nothing is written. What a stage of a REST API serves is compared with the manifests just as the draft is: fields that
the manifests do not own and ignored values count as they are served. AWS does not show what a stage of a WebSocket API
serves; all that can be known is whether it equals the draft (`reconciler.deployments.fingerprint`), and if not even
that is known, a warning says so.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from reconciler.deployments import Item, Uncompared, incomparable, not_compared, undeployed, websocket_items
from reconciler.diagnostics import Diagnostic, warning
from reconciler.engine.deploy.stages import (
    ServedState,
    not_compared_warnings,
    read_stage,
    target_stages,
)
from reconciler.engine.load.request import Request
from reconciler.engine.read.connect import ReadFailure, target_failure
from reconciler.engine.read.read import TargetState, target_state
from reconciler.errors import Interrupted, ReconcilerError, UnknownStage
from reconciler.findings import StageDrift, TargetDrift, find_drift
from reconciler.models.desired import Desired
from reconciler.models.live import LiveApi
from reconciler.models.responses import RestResponse
from reconciler.models.stages import Stage
from reconciler.models.targets import Target
from reconciler.normal import as_exported, response_as_exported
from reconciler.rules import RunRule

_MOST_NAMED: Final = 3
"""How many undeployed changes are named."""

_LAG: Final = "the listed responses of the draft have changed since the last deployment"


@dataclass(frozen=True, slots=True)
class StageComparison:
    """A stage compared with its API.

    `draft` is the drift of the draft, `served` the drift of the stage; None: it is unknown. `lag` as in `StageDrift`.
    `others` are undeployed changes outside the listed responses. `deploy` is the command that deploys to the stage.
    """

    stage: Stage
    state: TargetState
    draft: TargetDrift
    served: TargetDrift | None
    lag: str = ""
    others: tuple[Item, ...] = ()
    not_compared: tuple[Uncompared, ...] = ()
    deploy: str = ""

    @property
    def label(self) -> str:
        """The stage in a sentence: `orders (prod, eu-west-1): stage live`."""
        names = ", ".join(manifest.name for manifest in self.state.desired.manifests)
        target = self.state.live.target
        place = f" ({target.environment}, {target.region})" if target.environment else ""
        return f"{names}{place}: stage {self.stage.name}"

    @property
    def drift(self) -> StageDrift | None:
        """The drift of the stage; None if it is unknown."""
        return StageDrift(self.stage.name, self.served, self.lag) if self.served else None

    @property
    def warnings(self) -> Iterator[Diagnostic]:
        """The warnings about what cannot be compared."""
        ref = self.state.desired.manifests[0]
        if not self.served:
            message = f"{self.label}: what it serves is unknown, because it was not deployed with reconciler"
            remedy = f"AWS does not show it for WebSocket APIs; it is known after the next deployment: {self.deploy}"
            yield warning(RunRule.DEPLOYED_UNKNOWN, message, remedy, ref.location)
        yield from not_compared_warnings(self.label, self.not_compared, ref.location)


@dataclass(frozen=True, slots=True)
class StageFailure:
    """A stage that could not be compared."""

    stage: str
    unread: ReadFailure


def compare_target_stages(state: TargetState, request: Request) -> tuple[StageComparison | StageFailure, ...]:
    """Compare every stage of one API, one after the other. Raises Interrupted."""
    return tuple(_compare(state, name, request) for name in _stage_names(state, request))


def _stage_names(state: TargetState, request: Request) -> tuple[str, ...]:
    return target_stages(state.desired, request.stages) if state.is_selected else ()


def _compare(state: TargetState, name: str, request: Request) -> StageComparison | StageFailure:
    target = state.live.target
    try:
        served = read_stage(state.connection.reader, target, name)
    except Interrupted:
        raise
    except ReconcilerError as failure:
        return StageFailure(name, target_failure([state.desired], failure, target))
    if served.stage is None:
        return unknown_stage(state, name)
    return compare_served(state, served.stage, served, request)


def unknown_stage(state: TargetState, name: str) -> StageFailure:
    """Return the failure to compare a stage that the API does not have."""
    target = state.live.target
    missing = UnknownStage(f"{target} has no stage {name}", "check `deploy.stages` and --stage")
    return StageFailure(name, target_failure([state.desired], missing, target))


def compare_served(state: TargetState, stage: Stage, served: ServedState, request: Request) -> StageComparison:
    """Compare what a stage serves with the manifests and the draft."""
    target = state.live.target
    draft = find_drift(state.desired, state.live)
    if served.live is not None:
        access = served.deployment.access if served.deployment else None
        others = _outside_listed(state, undeployed(served.live, state.live, state.declared, access))
        drift = _served_drift(state, served.live)
        return StageComparison(
            stage, state, draft, drift, others=others, not_compared=not_compared(served.live, state.live)
        )
    return replace(_websocket(state, stage, served, draft), deploy=_deploy_command(request, target, stage.name))


def _deploy_command(request: Request, target: Target, stage: str) -> str:
    return request.invocation.of(target.environment).command("deploy", "--stage", stage)


def _served_drift(state: TargetState, served: LiveApi) -> TargetDrift:
    at_stage = target_state(state.request, served)
    drift = find_drift(_as_exported(at_stage.desired), as_exported(at_stage.live))
    unclear = incomparable(state.live)
    known = (finding for finding in drift.findings if finding.subject != "response" or finding.key.scope not in unclear)
    return replace(drift, findings=tuple(known))


def _outside_listed(state: TargetState, items: Iterable[Item]) -> tuple[Item, ...]:
    """Return the undeployed changes outside the plan that are not responses of listed methods."""
    subjects = ("response", "responses")
    return tuple(
        item
        for item in items
        if item.outside and (item.subject not in subjects or (item.scope and item.scope not in state.declared.owns))
    )


def _as_exported(desired: Desired) -> Desired:
    """Return the desired state with only those values that an export shows."""
    return replace(
        desired,
        responses={
            key: response_as_exported(wanted) if isinstance(wanted, RestResponse) else wanted
            for key, wanted in desired.responses.items()
        },
    )


def _websocket(state: TargetState, stage: Stage, served: ServedState, draft: TargetDrift) -> StageComparison:
    if stage.auto_deploys:
        return StageComparison(stage, state, draft, draft)
    items = websocket_items(served.deployment, state.live, state.declared)
    if items is None:
        return StageComparison(stage, state, draft, None)
    others = _outside_listed(state, items)
    if any(item.subject == "responses" for item in items):
        return StageComparison(stage, state, draft, replace(draft, findings=()), _LAG, others)
    return StageComparison(stage, state, draft, draft, others=others)


def undeployed_changes(compared: Iterable[StageComparison]) -> Iterator[Diagnostic]:
    """Warn of undeployed changes outside the listed responses, for reports that do not list them."""
    for comparison in compared:
        if comparison.others:
            ref = comparison.state.desired.manifests[0]
            titles = list(dict.fromkeys(item.title for item in comparison.others))
            more = f" and {len(titles) - _MOST_NAMED:,} more" if len(titles) > _MOST_NAMED else ""
            listing = "; ".join(titles[:_MOST_NAMED]) + more
            message = f"{comparison.label}: a deployment would also publish: {listing}"
            yield warning(RunRule.UNDEPLOYED, message, "deploy it, or revert it in the draft", ref.location)


def stage_warnings(compared: Sequence[StageComparison]) -> Iterator[Diagnostic]:
    """Warn of everything at these stages that cannot be compared."""
    return (problem for comparison in compared for problem in comparison.warnings)
