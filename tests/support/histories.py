"""Histories in memory, and drift reports to put into them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from reconciler.diagnostics import Diagnostic
from reconciler.engine.drift.result import Drift
from reconciler.engine.read.connect import ReadFailure
from reconciler.errors import AccessDenied, HistoryError, NotificationError
from reconciler.findings import TargetDrift, find_drift
from reconciler.models.desired import ManifestRef
from reconciler.models.responses import RestResponse
from reconciler.models.targets import ApiRef
from reconciler.ports import Notification
from support.live import DEFAULT, GET_PETS, TARGET, live_of
from support.states import desired_of

FIRST: Final = "2026-01-01T03:00:00Z"
SECOND: Final = "2026-01-02T03:00:00Z"
THIRD: Final = "2026-01-03T03:00:00Z"


@dataclass
class MemoryHistory:
    """A `ports.HistoryStore`; reading or writing fails while `unreadable` or `unwritable`."""

    files: dict[str, bytes] = field(default_factory=dict)
    unreadable: bool = False
    unwritable: bool = False
    place: str = "memory"

    def names(self) -> Sequence[str]:
        """The names."""
        self._fail_if(failing=self.unreadable)
        return sorted(self.files)

    def read(self, name: str, at_most: int) -> bytes | None:
        """The content."""
        self._fail_if(failing=self.unreadable)
        content = self.files.get(name)
        if content and len(content) > at_most:
            raise HistoryError(f"{name} is too large", "delete it")
        return content

    def write(self, name: str, content: bytes) -> None:
        """Keep it."""
        self._fail_if(failing=self.unwritable)
        self.files[name] = content

    def delete(self, name: str) -> None:
        """Forget it."""
        self._fail_if(failing=self.unwritable)
        self.files.pop(name, None)

    def _fail_if(self, *, failing: bool) -> None:
        if failing:
            raise HistoryError("memory is lost", "find it")

    def starting(self, prefix: str) -> list[str]:
        """The names that begin like this."""
        return [name for name in sorted(self.files) if name.startswith(prefix)]


@dataclass
class Receiver:
    """A `ports.Notifier` that keeps what it is sent; it fails while `deaf`."""

    received: list[Notification] = field(default_factory=list)
    deaf: bool = False

    def send(self, notification: Notification) -> None:
        """Keep it."""
        if self.deaf:
            raise NotificationError("nobody listens", "wake them")
        self.received.append(notification)


def target_drift(*missing: str, name: str = "petstore", environment: str | None = None) -> TargetDrift:
    """An API that lacks these statuses of GET /pets."""
    desired = desired_of({GET_PETS: dict.fromkeys(("200", *missing), DEFAULT)})
    live = live_of({GET_PETS: {"200": RestResponse()}}, target=replace(TARGET, api_id=name, environment=environment))
    manifests = (ManifestRef(name, ApiRef(name=name)),)
    drift = find_drift(desired, live)
    findings = tuple(
        replace(finding, manifest=name, address=finding.address.replace("petstore", name)) for finding in drift.findings
    )
    return replace(drift, findings=findings, manifests=manifests)


def unread(name: str = "petstore", region: str = TARGET.region, environment: str | None = None) -> ReadFailure:
    """The failure to read an API."""
    return ReadFailure((name,), AccessDenied("access denied", "ask"), None, environment, region)


def drift_at(
    at: str,
    *targets: TargetDrift,
    unread: Iterable[ReadFailure] = (),
    problems: Iterable[Diagnostic] = (),
) -> Drift:
    """The drift report of a run at some time."""
    return Drift(targets, tuple(unread), tuple(problems), at)
