"""Manifests in a folder, AWS in memory, and the workflows run on both."""

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from reconciler.engine.apply import Applied, Context, execute, prepare, why_not_written
from reconciler.engine.drift.blame import with_blame
from reconciler.engine.drift.connections import ConnectionLog
from reconciler.engine.drift.drift import drift
from reconciler.engine.drift.result import Drift
from reconciler.engine.plan import Planned, Request, plan
from reconciler.manifest import Disk
from reconciler.models.keys import MethodKey
from reconciler.models.targets import Target
from reconciler.rules import GuardRule
from reconciler.sandbox.gateway import InMemoryCloud
from reconciler.sandbox.model.plane import ControlPlane
from support.apis import Method, make_api
from support.clock import FakeClock
from support.runs import Journal

CHAT = """\
apiVersion: reconciler/v1
kind: WebSocketApi
metadata: {name: chat}
spec:
  api: {name: chat}
  routes: {send: {responses: {$default: {}}}}
"""
"""A manifest of a WebSocket API with one route."""


class Stopper(Journal):
    """A run log in which somebody presses Ctrl-C as soon as so many actions are finished."""

    def __init__(self, after: int, stop: threading.Event) -> None:
        super().__init__()
        self._left = after
        self._stop = stop

    def finished(self, target: Target, action_id: str, outcome: str, detail: str) -> None:
        """Remember, and stop when it is time."""
        super().finished(target, action_id, outcome, detail)
        self._left -= 1
        if self._left == 0:
            self._stop.set()


@dataclass
class Stage:
    """One user's world. `before_writes` happens between the approval of a plan and its first write."""

    folder: Path
    cloud: InMemoryCloud = field(default_factory=InMemoryCloud)
    clock: FakeClock = field(default_factory=FakeClock)
    before_writes: Callable[[], object] = lambda: None

    @property
    def plane(self) -> ControlPlane:
        """The control plane of the default region."""
        return self.cloud.plane()

    def api(self, name: str, methods: Mapping[MethodKey, Method]) -> str:
        """Set an API up; gives its id."""
        return make_api(self.plane, name, methods)

    def write(self, text: str, file: str = "petstore.yaml") -> None:
        """Write a manifest."""
        (self.folder / file).write_text(text, encoding="utf-8")

    def request(self, forced: Collection[GuardRule] = ()) -> Request:
        """All manifests of the folder."""
        return Request((".",), forced=forced)

    def plan(self, forced: Collection[GuardRule] = ()) -> Planned:
        """Run `plan`."""
        return plan(self.request(forced), self.cloud, Disk(), self.clock)

    def drift(self, *, strict: bool = False, only: Sequence[str] = ()) -> Drift:
        """Run `drift`."""
        request = replace(self.request(), is_strict=strict, only=only)
        return drift(request, self.cloud, Disk(), self.clock)

    def blamed(self, *, stages: Sequence[str] = ()) -> Drift:
        """Run `drift --blame`."""
        request = replace(self.request(), stages=stages, compares_stages=bool(stages))
        connections = ConnectionLog(self.cloud)
        return with_blame(drift(request, connections, Disk(), self.clock), connections, 2)

    def apply(
        self,
        approve: Callable[[Planned], bool] | None = None,
        *,
        forced: Collection[GuardRule] = (),
        stop_after: int | None = None,
        request: Request | None = None,
    ) -> Applied:
        """Run `apply`, as with `--yes` unless somebody approves; Ctrl-C comes after so many actions."""
        stop = threading.Event()
        if stop_after == 0:
            stop.set()
        log = Stopper(stop_after or -1, stop)
        world = Context(self.cloud, Disk(), self.clock, log, stop)
        request = request or self.request(forced)
        planned = plan(request, self.cloud, Disk(), self.clock)
        if unwritten := why_not_written(planned, request, self.clock, approve):
            return unwritten
        self.before_writes()
        return execute(prepare(planned, world), request, world)


def manifest(
    responses: str = "{200: {}}",
    *,
    name: str = "petstore",
    api: str = "{name: petstore}",
    path: str = "/pets",
    spec: str = "",
) -> str:
    """A manifest of one GET; `spec` is a line more of its spec."""
    return (
        "apiVersion: reconciler/v1\n"
        "kind: RestApi\n"
        f"metadata: {{name: {name}}}\n"
        "spec:\n"
        f"  api: {api}\n"
        f"  {spec}\n"
        "  resources:\n"
        f"    {path}:\n"
        f"      GET: {{responses: {responses}}}\n"
    )
