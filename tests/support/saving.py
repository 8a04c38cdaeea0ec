"""Plans that are saved and applied, in a folder and an AWS in memory."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from reconciler import planfile
from reconciler.documents import PlanDocument
from reconciler.engine.apply import Applied, Approve, Context, carry_out
from reconciler.engine.load.request import Request
from reconciler.engine.plan import Planned, plan
from reconciler.engine.saved_plan import ApprovedPlan, plan_saved, saved_document, saved_request
from reconciler.manifest import Disk
from reconciler.models.targets import Coordinates
from reconciler.sandbox.model.plane import ControlPlane
from support.accounts import Accounts
from support.clock import FakeClock
from support.runs import Journal


class PassingClock(FakeClock):
    """A clock whose date goes on while somebody sleeps."""

    def now(self) -> str:
        """The date."""
        return (START + timedelta(seconds=self.time)).isoformat().replace("+00:00", "Z")


START: Final = datetime(2026, 1, 31, 12, tzinfo=UTC)


@dataclass
class Pipeline:
    """A folder of manifests, and AWS with several accounts and regions."""

    folder: Path
    cloud: Accounts = field(default_factory=Accounts)
    clock: PassingClock = field(default_factory=PassingClock)

    @property
    def plane(self) -> ControlPlane:
        """The control plane of the default account and region."""
        return self.cloud.plane()

    @property
    def writes(self) -> int:
        """How many calls that write were sent there."""
        return len(self.plane.calls.writes())

    def write(self, text: str, file: str = "petstore.yaml") -> None:
        """Write a manifest."""
        (self.folder / file).write_text(text, encoding="utf-8")

    def plan(self, *paths: str, **asked: Any) -> Planned:  # noqa: ANN401 - whatever a request has
        """Run `plan`."""
        return plan(Request(paths or (".",), **asked), self.cloud, Disk(), self.clock)

    def save(self, *paths: str, **asked: Any) -> PlanDocument:  # noqa: ANN401 - whatever a request has
        """Run `plan --out`; the plan, once it was on disk."""
        request = Request(paths or (".",), **asked)
        document = saved_document(plan(request, self.cloud, Disk(), self.clock), request, Disk())
        self.plane.calls.clear()
        return planfile.understood(planfile.written(document).encode(), "plan.json")

    def apply(
        self,
        document: PlanDocument,
        approve: Approve | None = None,
        *,
        max_age: timedelta | None = None,
        coordinates: Coordinates | None = None,
    ) -> Applied:
        """Run `apply --plan`, as with `--yes` unless somebody approves."""
        assert document.request is not None
        given = Request(coordinates=coordinates or Coordinates())
        world = Context(self.cloud, Disk(), self.clock, Journal(), threading.Event())
        request = saved_request(document.request, given, Disk())
        planned = plan_saved(ApprovedPlan(document, max_age), request, self.cloud, Disk(), self.clock)
        return carry_out(planned, request, world, approve)


def addresses(applied: Applied) -> Sequence[str]:
    """What was done."""
    return [outcome.action.address for outcome in applied.outcomes]
