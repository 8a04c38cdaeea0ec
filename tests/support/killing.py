"""Runs that are journaled on disk, against AWS in memory, and killed at a chosen write."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from reconciler.engine.apply import Applied
from reconciler.engine.journal_location import JournalLocation
from reconciler.engine.journaled_run import JournaledRun, RunTask
from reconciler.engine.load.request import Request
from reconciler.engine.plan import Planned
from reconciler.engine.rollback.rollback import rollback_request
from reconciler.engine.run_ports import StopEvent, Unattended
from reconciler.engine.runs import find_run
from reconciler.invocation import Invocation
from reconciler.manifest import Disk
from reconciler.models.targets import Coordinates
from reconciler.ports import Cloud, Connection
from reconciler.rules import GuardRule
from reconciler.sandbox.gateway import InMemoryCloud, InMemoryWriter
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.model.state import Json
from support.accounts import Accounts
from support.clock import FakeClock

EVERYTHING = frozenset(rule for rule in GuardRule if rule.can_be_forced and rule is not GuardRule.CHANGED_SINCE)


class Killed(BaseException):
    """Nothing of the run happens after it."""


@dataclass
class Death:
    """Comes at the n-th write, counted from 1, before it takes effect or after; 0: never."""

    at: int = 0
    after: bool = False
    writes: int = 0
    came: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def of(self, call: Callable[[], Json]) -> Json:
        """Make a call, unless death is first."""
        with self._lock:
            self.check()
            self.writes += 1
            is_now = self.writes == self.at
            if is_now and not self.after:
                self._come()
            answer = call()
            if is_now:
                self._come()
            return answer

    def check(self) -> None:
        """Who is dead does nothing."""
        if self.came:
            raise Killed

    def _come(self) -> None:
        self.came = True
        raise Killed


class _Doomed(ControlPlane):
    """A control plane as its writer sees it."""

    def __init__(self, plane: ControlPlane, death: Death) -> None:
        super().__init__(plane.account_id, plane.region)
        self._plane = plane
        self._death = death

    def call(self, operation: str, /, **parameters: Any) -> Json:  # noqa: ANN401 - as its parent
        """Do it, or die."""
        return self._death.of(lambda: self._plane.call(operation, **parameters))


@dataclass
class DoomedCloud:
    """An AWS in memory whose writers die."""

    cloud: InMemoryCloud | Accounts
    death: Death

    def connect(self, coordinates: Coordinates) -> Connection:
        """As the cloud does."""
        there = self.cloud.connect(coordinates)
        plane = self.cloud.aws.plane(there.account_id, there.region)
        return replace(there, open_writer=lambda: InMemoryWriter(_Doomed(plane, self.death)))


@dataclass
class _MortalClock:
    """A clock that nobody dead looks at: what was not yet written into the journal by then never is."""

    clock: FakeClock
    death: Death

    def monotonic(self) -> float:
        """As the clock."""
        return self.clock.monotonic()

    def now(self) -> str:
        """As the clock, while alive."""
        self.death.check()
        return self.clock.now()

    def sleep(self, seconds: float) -> None:
        """As the clock."""
        self.clock.sleep(seconds)


@dataclass
class Desk:
    """Where runs are made and journaled."""

    runs: Path
    cloud: InMemoryCloud | Accounts = field(default_factory=InMemoryCloud)
    clock: FakeClock = field(default_factory=FakeClock)

    @property
    def plane(self) -> ControlPlane:
        """The control plane of the default region."""
        return self.cloud.aws.plane()

    def apply(self, request: Request, death: Death | None = None) -> Applied:
        """Run `apply --yes`."""
        return self._controller(death).apply(request, asks=False).applied

    def carry_out(self, make: Callable[[Cloud], Planned], request: Request, death: Death | None = None) -> Applied:
        """Run an apply of what `make` plans."""
        controller = self._controller(death)
        task = RunTask("apply", request, lambda: make(controller.cloud), asks=False)
        return controller.carry_out(task).applied

    def rollback(
        self,
        name: str = "latest",
        death: Death | None = None,
        *,
        forced: frozenset[GuardRule] = EVERYTHING,
        deploy: bool = False,
        coordinates: Coordinates | None = None,
    ) -> Applied:
        """Run `rollback RUN --yes`, with `deploy` stages too."""
        run = find_run(self.runs, name)
        request = rollback_request(run, Request(coordinates=coordinates or Coordinates(), forced=forced), Disk())
        result, _ = self._controller(death).roll_back(run.run, request, deploys=deploy, asks=False)
        return result.applied

    def _controller(self, death: Death | None) -> JournaledRun:
        doom = death or Death()
        return JournaledRun(
            DoomedCloud(self.cloud, doom),
            Disk(),
            _MortalClock(self.clock, doom),
            StopEvent(),
            Unattended(),
            JournalLocation(self.runs, ()),
            Invocation(),
        )


def killed(run: Callable[[], Applied]) -> bool:
    """Whether a run was killed."""
    try:
        run()
    except Killed:
        return True
    return False


def snapshot(plane: ControlPlane, *, declarations: bool = True) -> Mapping[str, object]:
    """All that is configured of every API, but the ids of WebSocket responses; method responses if `declarations`."""
    found: dict[str, object] = {}
    calls = list(plane.calls)
    for api in plane.call("GetRestApis", limit=500)["items"]:
        resources = plane.call("GetResources", restApiId=api["id"], limit=500, embed=["methods"])["items"]
        found[api["id"]] = [
            resource if declarations else {**resource, "resourceMethods": _undeclared(resource)}
            for resource in sorted(resources, key=lambda one: one["path"])
        ]
    for api in plane.call("GetApis")["Items"]:
        found[api["ApiId"]] = _integrations(plane, api["ApiId"]) if api["ProtocolType"] == "WEBSOCKET" else api
    plane.calls.clear()
    plane.calls.extend(calls)
    return found


def _undeclared(resource: Json) -> Json:
    methods = (resource.get("resourceMethods") or {}).items()
    return {verb: {key: value for key, value in one.items() if key != "methodResponses"} for verb, one in methods}


def _integrations(plane: ControlPlane, api_id: str) -> Json:
    found: dict[str, object] = {}
    for one in plane.call("GetIntegrations", ApiId=api_id, MaxResults="100")["Items"]:
        where = {"ApiId": api_id, "IntegrationId": one["IntegrationId"]}
        is_proxy = one["IntegrationType"].endswith("_PROXY")
        responses = [] if is_proxy else plane.call("GetIntegrationResponses", **where, MaxResults="100")["Items"]
        found[one["IntegrationId"]] = [
            one,
            {
                response["IntegrationResponseKey"]: {
                    key: value for key, value in response.items() if key != "IntegrationResponseId"
                }
                for response in responses
            },
        ]
    return found


def put_back(plane: ControlPlane, kept: ControlPlane) -> None:
    """Let a plane be in the state of another."""
    twin = kept.copy()
    plane._state, plane._v2 = twin._state, twin._v2
