"""APIs as they are after reading, and drift reports made of them."""

from collections.abc import Iterable

from reconciler.deployments import StagePlan
from reconciler.diagnostics import Diagnostic
from reconciler.engine.drift.result import Drift
from reconciler.engine.load.project import AccountRegion, ResolvedProject
from reconciler.engine.plan import Planned
from reconciler.engine.read.read import ReadRequest, TargetState
from reconciler.findings import StageDrift, TargetDrift, find_drift
from reconciler.guard import Verdict
from reconciler.models.desired import Desired
from reconciler.models.live import LiveApi
from reconciler.models.targets import Coordinates
from reconciler.plan import Plan
from reconciler.sandbox.gateway import InMemoryCloud


def planned_of(
    plan: Plan,
    problems: Iterable[Diagnostic] = (),
    verdict: Verdict | None = None,
    stages: Iterable[StagePlan] = (),
) -> Planned:
    """A plan with what prevents an apply."""
    return Planned(plan, verdict or Verdict(), tuple(problems), "", stages=tuple(stages))


def read_of(desired: Desired, live: LiveApi) -> TargetState:
    """An API that was read."""
    connection = InMemoryCloud().connect(Coordinates())
    request = ReadRequest(AccountRegion(ResolvedProject((desired,)), connection), live.target, desired)
    return TargetState(desired, desired, live, request)


def drift_of(*targets: TargetDrift, problems: Iterable[Diagnostic] = ()) -> Drift:
    """A drift report without stages."""
    return Drift(targets, (), tuple(problems), "")


def stage_drift_of(desired: Desired, live: LiveApi, *stages: StageDrift) -> Drift:
    """A drift report of an API and its stages."""
    return Drift((find_drift(desired, live),), (), (), "", stages)
