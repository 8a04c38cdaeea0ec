"""What stages serve, beside what the manifests want and what the drafts hold.

Promise: reads only. Of a REST API, what is served is compared with the manifests as the draft is: fields that they do
not own, and what is to be left alone, count as they are served. Of a WebSocket API AWS does not show what is served;
what can be said is whether it is the draft (`reconciler.deployments.fingerprint`), and where not even that, so it is
said.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from reconciler.deployments import Item, Uncompared, incomparable, undeployed, untold, websocket_items
from reconciler.diagnostics import Diagnostic, warning
from reconciler.engine.deploy.stages import Served, declared_stages, defined, not_compared, read_stage
from reconciler.engine.load.request import Request
from reconciler.engine.read.connect import ReadFailure, unread
from reconciler.engine.read.read import TargetState, beside
from reconciler.errors import Interrupted, ReconcilerError, UnknownStage
from reconciler.findings import StageDrift, TargetDrift, find_drift
from reconciler.models.desired import Desired
from reconciler.models.live import LiveApi
from reconciler.models.responses import RestResponse
from reconciler.models.stages import Stage
from reconciler.models.targets import Target
from reconciler.normal import as_exported, response_as_exported
from reconciler.parallel import in_parallel
from reconciler.rules import RunRule

_NAMED: Final = 3
"""How many undeployed changes are named."""

_LAG: Final = "the listed responses of the draft are not what they were when it was deployed"


@dataclass(frozen=True, slots=True)
class StageComparison:
    """A stage beside its API.

    `draft` is what the draft holds otherwise than the manifests want, `served` what the stage does; None: that cannot
    be told. `lag` as in `StageDrift`. `deploy` is the command that deploys to it.
    """

    stage: Stage
    read: TargetState
    draft: TargetDrift
    served: TargetDrift | None
    lag: str = ""
    others: tuple[Item, ...] = ()
    untold: tuple[Uncompared, ...] = ()
    deploy: str = ""

    @property
    def about(self) -> str:
        """Which stage this is, for a sentence: `orders (prod, eu-west-1): stage live`."""
        names = ", ".join(manifest.name for manifest in self.read.desired.manifests)
        target = self.read.live.target
        where = f" ({target.environment}, {target.region})" if target.environment else ""
        return f"{names}{where}: stage {self.stage.name}"

    @property
    def drift(self) -> StageDrift | None:
        """What drift says of it; None where nothing can be said."""
        return StageDrift(self.stage.name, self.served, self.lag) if self.served else None

    @property
    def remarks(self) -> Iterator[Diagnostic]:
        """What is to be said of what cannot be compared."""
        ref = self.read.desired.manifests[0]
        if not self.served:
            message = f"{self.about}: what it serves is unknown: it was deployed by other means"
            remedy = f"AWS does not show it for WebSocket APIs; after a deployment from here it is known: {self.deploy}"
            yield warning(RunRule.DEPLOYED_UNKNOWN, message, remedy, ref.location)
        yield from not_compared(self.about, self.untold, ref.location)


@dataclass(frozen=True, slots=True)
class StageFailure:
    """A stage that could not be compared."""

    stage: str
    unread: ReadFailure


_Found: TypeAlias = StageComparison | StageFailure


def compare_stages(
    reads: Sequence[TargetState], request: Request, *, definitions: bool = False
) -> tuple[tuple[StageComparison, ...], tuple[StageFailure, ...]]:
    """Every stage of these APIs, and those that could not be compared. Raises Interrupted.

    `definitions`: models, request validators and gateway responses are compared too, which takes three calls an API.
    """
    names = {
        read.live.target: declared_stages(read.desired, request.stages) if read.is_selected else () for read in reads
    }
    staged = [read for read in reads if names[read.live.target]]
    whole = in_parallel(defined, staged, request.parallelism) if definitions else staged
    pairs = [(one, name) for one, read in zip(whole, staged, strict=True) for name in names[read.live.target]]
    found = in_parallel(lambda pair: _compared(*pair, request), pairs, request.parallelism)
    return (
        tuple(one for one in found if isinstance(one, StageComparison)),
        tuple(one for one in found if isinstance(one, StageFailure)),
    )


def _compared(read: TargetState | ReadFailure, name: str, request: Request) -> _Found:
    if isinstance(read, ReadFailure):
        return StageFailure(name, read)
    target = read.live.target
    try:
        served = read_stage(read.connection.reader, target, name)
    except Interrupted:
        raise
    except ReconcilerError as failure:
        return StageFailure(name, unread([read.desired], failure, target.environment))
    if served.stage is None:
        missing = UnknownStage(f"{target} has no stage {name}", "check `deploy.stages` and --stage")
        return StageFailure(name, unread([read.desired], missing, target.environment))
    draft = find_drift(read.desired, read.live)
    if served.live is not None:
        access = served.deployment.access if served.deployment else None
        items = undeployed(served.live, read.live, read.declared, access)
        at_stage = _served(read, served.live)
        return StageComparison(
            served.stage, read, draft, at_stage, others=_others(read, items), untold=untold(served.live, read.live)
        )
    return replace(_websocket(read, served.stage, served, draft), deploy=_deploy(request, target, name))


def _deploy(request: Request, target: Target, stage: str) -> str:
    return request.invocation.of(target.environment).command("deploy", "--stage", stage)


def _served(read: TargetState, served: LiveApi) -> TargetDrift:
    here = beside(read.aim, served)
    found = find_drift(_exported(here.desired), as_exported(here.live))
    unclear = incomparable(read.live)
    known = (finding for finding in found.findings if finding.subject != "response" or finding.key.scope not in unclear)
    return replace(found, findings=tuple(known))


def _others(read: TargetState, items: Iterable[Item]) -> tuple[Item, ...]:
    of_ours = ("response", "responses")
    return tuple(
        item
        for item in items
        if item.outside and (item.subject not in of_ours or (item.scope and item.scope not in read.declared.owns))
    )


def _exported(desired: Desired) -> Desired:
    """With as much of what is wanted as an export can tell."""
    return replace(
        desired,
        responses={
            key: response_as_exported(wanted) if isinstance(wanted, RestResponse) else wanted
            for key, wanted in desired.responses.items()
        },
    )


def _websocket(read: TargetState, stage: Stage, served: Served, draft: TargetDrift) -> StageComparison:
    if stage.auto_deploys:
        return StageComparison(stage, read, draft, draft)
    items = websocket_items(served.deployment, read.live, read.declared)
    if items is None:
        return StageComparison(stage, read, draft, None)
    others = _others(read, items)
    if any(item.subject == "responses" for item in items):
        return StageComparison(stage, read, draft, replace(draft, findings=()), _LAG, others)
    return StageComparison(stage, read, draft, draft, others=others)


def undeployed_changes(compared: Iterable[StageComparison]) -> Iterator[Diagnostic]:
    """What a deployment would publish besides listed responses, for who shows no list of it."""
    for one in compared:
        if one.others:
            ref = one.read.desired.manifests[0]
            named = list(dict.fromkeys(item.title for item in one.others))
            more = f" and {len(named) - _NAMED:,} more" if len(named) > _NAMED else ""
            shown = "; ".join(named[:_NAMED]) + more
            message = f"{one.about}: a deployment would also publish: {shown}"
            yield warning(RunRule.UNDEPLOYED, message, "deploy it, or revert it in the draft", ref.location)


def remarks(compared: Sequence[StageComparison]) -> Iterator[Diagnostic]:
    """What is to be said of stages that cannot be compared."""
    return (said for one in compared for said in one.remarks)
