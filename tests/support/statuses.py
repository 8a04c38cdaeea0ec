"""The status of an API with stages, from the states of its draft and of what the stages serve."""

from collections.abc import Iterable, Mapping

from reconciler.deployments import Item
from reconciler.deployments.sync_status import ApiStatus, StageStatus, draft_rows, rows
from reconciler.diagnostics import Diagnostic
from reconciler.engine.status import Status
from reconciler.findings import StageDrift, find_drift
from reconciler.models.desired import Desired
from reconciler.models.keys import MethodKey
from reconciler.models.responses import RestResponse
from reconciler.models.stages import Stage
from support.live import live_of

State = Mapping[MethodKey, Mapping[str, RestResponse]]


def stage_of(  # noqa: PLR0913 - what is known of a stage
    desired: Desired,
    draft: State,
    served: State | None,
    name: str = "prod",
    *,
    counts: bool = True,
    others: tuple[Item, ...] = (),
    lag: str = "",
    stage: Stage | None = None,
) -> StageStatus:
    """A stage that serves this state, None if that is unknown."""
    here = find_drift(desired, live_of(draft))
    there = None if served is None else find_drift(desired, live_of(served))
    compared = rows(desired, here, there, lags=bool(lag))
    known = None if there is None else StageDrift(name, there, lag)
    return StageStatus(stage or Stage(name, "d1"), here, compared, others, served=known, counts=counts)


def api_of(desired: Desired, draft: State, *stages: StageStatus) -> ApiStatus:
    """An API with these stages."""
    here = find_drift(desired, live_of(draft))
    return ApiStatus(here, draft_rows(desired, here), stages)


def status_of(*apis: ApiStatus, problems: Iterable[Diagnostic] = ()) -> Status:
    """The status of these APIs."""
    return Status(apis, (), (), tuple(problems), "2026-12-01T00:00:00Z")
